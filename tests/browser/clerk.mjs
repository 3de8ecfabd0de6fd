// What a clerk does in the browser, for the whole-hall tests:
//   node clerk.mjs BASE LOGIN PASSWORD WINDOW ACT...      with acts by their keys: F2, 1 to 5, 0
//   node clerk.mjs BASE LOGIN PASSWORD scores             prints the page's table rows
// Prints one JSON document with what the page says afterwards.
import { withPage } from "./launch.mjs";

const [base, login, password, place, ...acts] = process.argv.slice(2);

async function signIn(page) {
  await page.goto(`${base}/staff`);
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL((url) => !url.pathname.includes("sign-in"));
}

// The page takes no command within 300 ms of the one before: a trembling finger.
const BETWEEN_COMMANDS_MS = 400;

async function press(page, key) {
  await page.waitForTimeout(BETWEEN_COMMANDS_MS);
  const answered = page.waitForNavigation();
  await page.keyboard.press(key);
  await answered;
}

await withPage(
  async (page) => {
    await signIn(page);
    if (place === "scores") {
      await page.goto(`${base}/staff/scores`);
      const rows = await page.locator("table tbody tr").allInnerTexts();
      console.log(JSON.stringify({ rows: rows.map((row) => row.split(/\s+/)) }));
      return;
    }
    await page.goto(`${base}/staff/console?window=${place}`);
    for (const act of acts) await press(page, act);
    const text = (await page.locator("main").innerText()).replaceAll("\n", " ");
    console.log(JSON.stringify({ text }));
  },
  { width: 1366, height: 768 },
);
