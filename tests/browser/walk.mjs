// Walks through all pages that links lead to, from the start page on, and lets axe look at each:
// of addresses that differ in what varies only, at the first few. STAFF_SHOTS names a folder for
// pictures of what is seen.
import { createRequire } from "node:module";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Pages of one pattern that are looked at. */
const OF_ONE_PATTERN = 2;
/** The screen of a hall. */
const LARGE = { width: 1920, height: 1080 };
/** What axe calls bad enough to be mended at once. */
const BAD = ["serious", "critical"];

/** Numbers of records, papers and bills, of places and machines. */
const NUMBERS = /[A-Z][A-Z_]*-[A-Z]?\d[\dA-Z-]*|[A-Z]{2}-[A-Z]\b/gu;
/** What stands on keys, and what people call by letters. */
const KNOWN = new Set(["PDF", "Excel", "WPS", "JK"]);

/** An address without what varies in it: ids, kinds, file names, queries. */
function patternOf(address) {
  const { pathname, searchParams } = new URL(address);
  const named = pathname
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gu, "{id}")
    .replaceAll(/[0-9a-f]{64}/gu, "{sha256}")
    .replace(/^\/staff\/records\/[a-z_]+/u, "/staff/records/{kind}");
  return [named, ...new Set(searchParams.keys())].join(" ");
}

/** What axe calls bad on a page. */
export async function faultsOf(page) {
  await page.addScriptTag({ path: AXE });
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations
    .filter((one) => BAD.includes(one.impact))
    .map((one) => `${one.id} (${one.impact}): ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
}

/** Foreign words on a page: letters that are no number of a record, a place, a machine or a key. */
async function foreignOn(page) {
  const words = await page.evaluate(() => `${document.title} ${document.body.innerText}`);
  return words.replaceAll(NUMBERS, " ").match(/[A-Za-z]{2,}/gu)?.filter((word) => !KNOWN.has(word)) ?? [];
}

/** That axe, as it is started here, finds what is wrong. */
export async function axeSees(page, base) {
  await page.goto(`${base}/`);
  await page.setContent("<img src='x.png'><button></button>");
  if ((await faultsOf(page)).length === 0) throw new Error("axe sees nothing wrong anywhere");
}

/** Every page that links reach from these on, with what is wrong on it; for a page that axe may look at. */
export async function pagesOf(page, base, beginnings) {
  const open = beginnings.map((path) => base + path);
  const desk = page.viewportSize();
  const seen = new Set(open);
  const counts = new Map();
  const pages = [];
  while (open.length > 0) {
    const address = open.shift();
    const pattern = patternOf(address);
    if ((counts.get(pattern) ?? 0) >= OF_ONE_PATTERN) continue;
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
    if (/export|\.xlsx|\.png|template|rejects|\/screen|\/changes|attachments\/|lists\/feedback\/|\/assets\//u.test(address)) continue;
    // the display of the hall is for a large screen, and is looked at on one
    await page.setViewportSize(address.endsWith("/display") ? LARGE : desk);
    const answer = await page.goto(address, { waitUntil: "domcontentloaded" });
    if (process.env.STAFF_SHOTS) {
      const name = `${pages.length}-${pattern.replaceAll(/[^a-z_]+/gu, "-")}.png`;
      await page.screenshot({ path: `${process.env.STAFF_SHOTS}/${name}`, fullPage: true });
    }
    const links = await page.locator("a[href]").evaluateAll((all) => all.map((a) => a.href.split("#")[0]));
    for (const link of links) {
      if (link.startsWith(base) && !seen.has(link)) {
        seen.add(link);
        open.push(link);
      }
    }
    const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    pages.push({
      path: new URL(address).pathname,
      pattern,
      status: answer.status(),
      faults: await faultsOf(page),
      foreign: await foreignOn(page),
      wide,
    });
  }
  return pages;
}
