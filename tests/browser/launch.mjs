// Starts Debian's Chromium for one browser test and hands the test a page. Nothing reaches out of
// this machine: the flags keep Chromium from looking for updates or its maker's hosts. CHROMIUM
// names another binary. Closing the browser removes its profile, because Playwright made it.
import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Runs `story` with a fresh page of `size`, under further flags if there are any, and closes the
 * browser whatever happens.
 */
export async function withPage(story, size = { width: 1280, height: 900 }, flags = []) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    // root has no sandbox of its own; a person who runs the tests as themselves has
    chromiumSandbox: process.getuid() !== 0,
    args: [...FLAGS, ...flags],
  });
  try {
    const page = await browser.newPage({ viewport: size, locale: "zh-CN" });
    page.setDefaultTimeout(10_000);
    await story(page);
  } finally {
    await browser.close();
  }
}
