// Opens one public page as a phone would and prints what can be read on it:
//   node read.mjs URL
import { withPage } from "./launch.mjs";

await withPage(
  async (page) => {
    const answer = await page.goto(process.argv[2]);
    const text = (await page.locator("body").innerText()).replaceAll("\n", " ");
    console.log(JSON.stringify({ status: answer.status(), text }));
  },
  { width: 390, height: 844 },
);
