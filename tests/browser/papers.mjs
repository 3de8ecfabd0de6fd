// Every document on A4, handed out by who may see whole names, and the longest ledger:
//   node papers.mjs BASE ACCOUNTS RECORDS      with RECORDS as JSON: {"name": "id of a record"}, in
// which a record from which a document is made is called as the document's template.
// Prints one JSON document: of each the number of its pages and what is wrong with them. What stands
// where is read out of the printed file by pdftotext, as a printer would set it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { withPage } from "./launch.mjs";
import { DESK, Person } from "./person.mjs";

const [base, accounts, records] = process.argv.slice(2);
const passwords = JSON.parse(accounts);
/** Nothing is printed nearer to an edge, in points: a printer's own margin. */
const EDGE_PT = 14;
/** A4 in points, with what a printer rounds. */
const [SHORT_PT, LONG_PT] = [595, 842];
const ROUNDED_PT = 2;
/** The kind of which the demonstration registers more in a month than any other. */
const LONG_LEDGER = "vacancy";

/** The pages of a printed file: their size, and their words with their places. */
function pagesOf(pdf) {
  const told = execFileSync("pdftotext", ["-bbox", "-", "-"], { input: pdf, maxBuffer: 1 << 28 }).toString();
  const number = (text, name) => Number(new RegExp(`${name}="([\\d.-]+)"`, "u").exec(text)[1]);
  return told
    .split("<page ")
    .slice(1)
    .map((page) => ({
      width: number(page, "width"),
      height: number(page, "height"),
      words: [...page.matchAll(/<word ([^>]+)>([^<]*)<\/word>/gu)].map(([, place, text]) => ({
        text,
        right: number(place, "xMax"),
        bottom: number(place, "yMax"),
      })),
    }));
}

function wordsOf(page) {
  return page.words.map((word) => word.text).join("");
}

/** What is wrong with printed pages. */
function faultsOf(pages, [width, height]) {
  const faults = [];
  for (const [n, page] of pages.entries()) {
    if (Math.abs(page.width - width) > ROUNDED_PT || Math.abs(page.height - height) > ROUNDED_PT) {
      faults.push(`page ${n + 1} is ${page.width} by ${page.height} points`);
    }
    if (page.words.length === 0) faults.push(`page ${n + 1} is empty`);
    const cut = page.words.filter((word) => word.right > page.width - EDGE_PT || word.bottom > page.height - EDGE_PT);
    if (cut.length > 0) faults.push(`page ${n + 1} is cut at ${cut[0].text}`);
  }
  return faults;
}

/** Words with stars that are no number: of numbers of people and accounts a paper shows the ends. */
function hiddenNames(pages) {
  const words = pages.flatMap((page) => page.words.map((word) => word.text));
  return words.filter((word) => word.includes("*") && !/^\d*\*+\d+X?$/u.test(word));
}

/** As paper, and for whoever wants to look in the folder STAFF_SHOTS. */
async function printed(person, name) {
  await person.page.emulateMedia({ media: "print" });
  const pdf = await person.page.pdf({ preferCSSPageSize: true, printBackground: true });
  await person.page.emulateMedia({ media: null });
  if (process.env.STAFF_SHOTS) await writeFile(`${process.env.STAFF_SHOTS}/${name}.pdf`, pdf);
  return pagesOf(pdf);
}

async function handsOut(person, template, record) {
  await person.goesTo(`/staff/record/${record}/documents/${template}`);
  await person.presses("编号并打印");
  await person.sees("查验码");
  const pages = await printed(person, template);
  const faults = faultsOf(pages, [SHORT_PT, LONG_PT]);
  const words = pages.map(wordsOf).join("");
  if (words.includes("样张")) faults.push("it is a proof");
  faults.push(...hiddenNames(pages).map((name) => `a name is hidden: ${name}`));
  if (!words.includes("查验码")) faults.push("nothing says how it is checked");
  if (pages.some((page) => wordsOf(page).startsWith("查验码"))) faults.push("the code has a page of its own");
  return { pages: pages.length, faults };
}

/** Records from which documents are made, by the templates' names. */
async function documents() {
  const files = new Set(await readdir(new URL("../../assets/documents", import.meta.url)));
  return Object.entries(JSON.parse(records)).filter(([name]) => files.has(`${name}.toml`));
}

/** The ledger with the most lines: its head on every page, nothing cut at the right. */
async function longLedger(person) {
  await person.goesTo(`/staff/records/${LONG_LEDGER}`);
  await person.follows("打印台账");
  const head = await person.main.locator("thead th").allInnerTexts();
  const pages = await printed(person, "ledger");
  const faults = faultsOf(pages, [LONG_PT, SHORT_PT]);
  for (const [n, page] of pages.entries()) {
    const words = wordsOf(page);
    // the last page may hold only the places to sign
    const has = head.every((one) => words.includes(one.replaceAll(/\s/gu, "")));
    if (!has && n < pages.length - 1) faults.push(`page ${n + 1} has no head`);
  }
  return { pages: pages.length, faults };
}

await withPage(async (page) => {
  const person = await Person.at(page, base, "demo", passwords.demo);
  const told = {};
  for (const [template, record] of await documents()) {
    try {
      told[template] = await handsOut(person, template, record);
    } catch (error) {
      told[template] = { pages: 0, faults: [`${error.stack}\n${await person.main.innerText()}`] };
    }
  }
  const ledger = await longLedger(person);
  assert.ok(ledger.pages > 1, "the ledger is long");
  console.log(JSON.stringify({ papers: told, ledger }));
}, DESK);
