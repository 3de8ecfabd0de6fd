// Somebody signs in with a one-time password and chooses an own one, as the page asks for:
//   node password.mjs BASE LOGIN ONE-TIME-PASSWORD NEW-PASSWORD
// Prints one JSON document with what the page says afterwards.
import { withPage } from "./launch.mjs";

const [base, login, oneTime, chosen] = process.argv.slice(2);

await withPage(
  async (page) => {
    await page.goto(`${base}/staff`);
    await page.getByLabel("登录名").fill(login);
    await page.getByLabel("密码").fill(oneTime);
    await page.getByRole("button", { name: "登录" }).click();
    await page.waitForURL((url) => url.pathname === "/staff/me");
    await page.getByLabel("旧密码").fill(oneTime);
    await page.getByLabel("新密码", { exact: true }).fill(chosen);
    await page.getByLabel("新密码再输一遍").fill(chosen);
    await page.getByRole("button", { name: "改密码" }).click();
    await page.getByText("密码改好了").waitFor();
    console.log(JSON.stringify({ text: "done" }));
  },
  { width: 1366, height: 768 },
);
