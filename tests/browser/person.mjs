// Somebody of the centre at a machine of their own: signs in, goes where buttons and links lead,
// fills forms by the labels that stand above the fields, does steps by the words on their buttons,
// and hands in pictures as materials. What a page refuses ends the story with the page's words, where
// the story does not expect it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

export const DESK = { width: 1366, height: 768 };
const HALL_OFFSET_MS = 8 * 3600e3;
const DAY_MS = 24 * 3600e3;
/** The first bytes of a workbook, which is a zip. */
const ZIP = "PK";

/** A machine of its own, in the browser of `page`. */
export async function machine(page, options = {}) {
  const context = await page.context().browser().newContext({ viewport: DESK, locale: "zh-CN", ...options });
  const other = await context.newPage();
  other.setDefaultTimeout(10_000);
  return other;
}

/** One on which axe may look, with scripts of its own; the pages' policy is tested elsewhere. */
export async function laboratory(page) {
  return machine(page, { bypassCSP: true });
}

export async function signIn(page, base, login, password) {
  await page.goto(`${base}/staff/sign-in`);
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
}

export async function text(page) {
  return (await page.locator("body").innerText()).replaceAll("\n", " ");
}

export async function says(page, words) {
  await page.getByText(words).first().waitFor();
}

/** The hall's date so many days from today, as a date field takes it. */
export function day(days) {
  return new Date(Date.now() + HALL_OFFSET_MS + days * DAY_MS).toISOString().slice(0, 10);
}

/** The words of a label, a button or a heading, and no others. */
function exactly(words) {
  const plain = words.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  return new RegExp(`^\\s*${plain}\\s*(（可不填）)?\\s*$`, "u");
}

/** A picture like no other: what is written on it differs. */
async function picture(page, words) {
  const address = await page.evaluate((words) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [400, 240];
    const drawn = canvas.getContext("2d");
    drawn.fillStyle = "#fff";
    drawn.fillRect(0, 0, 400, 240);
    drawn.fillStyle = "#000";
    drawn.font = "20px sans-serif";
    drawn.fillText(words, 12, 120);
    return canvas.toDataURL("image/png");
  }, words);
  return Buffer.from(address.split(",")[1], "base64");
}

export class Person {
  #pictures = 0;

  constructor(page, base, login) {
    Object.assign(this, { page, base, login });
  }

  /** At a machine of their own, on their start page. */
  static async at(page, base, login, password) {
    const own = await machine(page);
    await signIn(own, base, login, password);
    await own.waitForURL(`${base}/staff`);
    return new Person(own, base, login);
  }

  get main() {
    return this.page.locator("main");
  }

  async goesTo(address) {
    await this.page.goto(new URL(address, this.base).href);
  }

  /** By an entry of the menu. */
  async chooses(entry) {
    await this.leads(this.page.locator("nav").getByRole("link", { name: entry, exact: true }));
  }

  /** Follows a link of the page's own part. */
  async follows(words, within = this.main) {
    await this.leads(within.getByRole("link", { name: words }).first());
  }

  async followsExactly(words) {
    await this.follows(exactly(words));
  }

  async leads(control) {
    await Promise.all([this.page.waitForEvent("domcontentloaded"), control.click()]);
  }

  /** Presses a button, goes where it leads, and is not refused. */
  async presses(words, within = this.main) {
    await this.leads(within.getByRole("button", { name: words, exact: true }).first());
    await this.isNotRefused();
  }

  async isNotRefused() {
    const told = await this.main.getByRole("alert").allInnerTexts();
    assert.deepEqual(told, [], `${this.login} is refused at ${this.page.url()}`);
  }

  async sees(words, within = this.main) {
    await within.getByText(words).first().waitFor();
  }

  async doesNotSee(words) {
    assert.equal(await this.main.getByText(words).count(), 0, `${words} is not to be seen by ${this.login}`);
  }

  /** Fills what stands under these labels; of a group of boxes, ticks those named. */
  async fills(values, within = this.main) {
    for (const [label, value] of Object.entries(values)) {
      const group = within.getByRole("group", { name: exactly(label) });
      if (Array.isArray(value) && (await group.count()) > 0) {
        for (const one of value) await group.getByLabel(one, { exact: true }).check();
        continue;
      }
      const field = await this.field(label, within);
      const typed = Array.isArray(value) ? value.join("\n") : value;
      if ((await field.evaluate((one) => one.tagName)) === "SELECT") await field.selectOption({ label: typed });
      else await field.fill(typed);
    }
  }

  /** The field under this label. */
  async field(label, within = this.main) {
    return within.getByLabel(exactly(label)).first();
  }

  /** What stands in the field under this label, as one chooses or types it. */
  async typedInto(label) {
    const field = await this.field(label);
    return field.evaluate((one) => (one.tagName === "SELECT" ? one.selectedOptions[0].text : one.value));
  }

  /** Registers something new from the list or the line's page that is open; answers with its address. */
  async registers(kind, values) {
    await this.followsExactly(`登记${kind}`);
    await this.saves(values);
    assert.match(this.page.url(), /\/staff\/record\/[0-9a-f-]{36}$/u, "it is there");
    return this.page.url();
  }

  async saves(values) {
    await this.fills(values);
    await this.presses("存下");
  }

  /** The step behind these words, on the record's page: its form, unfolded where it asks something. */
  async unfolds(step) {
    const card = this.page.locator(".card", { has: this.page.getByRole("heading", { name: "您现在能做的" }) });
    const asked = card.locator("details", { has: this.page.locator("summary", { hasText: exactly(step) }) });
    if ((await asked.count()) === 0) return card;
    if (!(await asked.evaluate((one) => one.open))) await asked.locator("summary").first().click();
    return asked;
  }

  /** Does a step with what it asks for. */
  async takes(step, values = {}) {
    const form = await this.unfolds(step);
    await this.fills(values, form);
    await this.presses(step, form);
  }

  /** Tries a step and is told why not. */
  async isRefused(step, values, why) {
    const form = await this.unfolds(step);
    await this.fills(values, form);
    await this.leads(form.getByRole("button", { name: step, exact: true }));
    await this.main.getByRole("alert").filter({ hasText: why }).first().waitFor();
  }

  /** Hands in a picture for each of these materials of the record that is open. */
  async handsIn(...materials) {
    for (const material of materials) {
      const row = this.main.locator("tr", { has: this.page.locator("th", { hasText: material }) });
      await this.leads(row.getByRole("link", { name: "看、收材料" }).first());
      this.#pictures += 1;
      const buffer = await picture(this.page, `${this.login} ${this.#pictures} ${Date.now()}`);
      await this.page.getByLabel("选文件").setInputFiles({ name: "1.png", mimeType: "image/png", buffer });
      const before = await this.#held();
      await this.main.getByRole("button", { name: "上传" }).click();
      await this.sees(`已收 ${before + 1} 份`);
      await this.leads(this.main.getByRole("link", { name: "回到这条记录" }));
    }
  }

  async #held() {
    const told = await this.main.getByText(/已收 \d+ 份/u).first().innerText();
    return Number(/\d+/u.exec(told)[0]);
  }

  /** The number of the record that is open. */
  async caseNo() {
    const words = await this.main.innerText();
    return /[A-Z_]+-\d{6}-\d{5}/u.exec(words)[0];
  }

  /** The addresses of the records that the open one is tied to in this way. */
  async ties(how) {
    const links = this.main.locator("p", { hasText: how }).getByRole("link");
    return links.evaluateAll((all) => all.map((link) => link.href));
  }

  /** What was done with the record that is open, newest last or first as the page has it. */
  async history() {
    const card = this.page.locator(".card", { has: this.page.getByRole("heading", { name: "经过" }) });
    return card.locator("tbody tr").allInnerTexts();
  }

  /** The record's history tells each of these acts. */
  async historyTells(...acts) {
    const told = (await this.history()).join("\n");
    for (const act of acts) assert.ok(told.includes(act), `the history tells of ${act}:\n${told}`);
  }

  /** Takes a workbook out by a link; answers with the file's name. */
  async takesOut(words) {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.main.getByRole("link", { name: words }).first().click(),
    ]);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(0, ZIP.length).toString(), ZIP, `${words} is a workbook`);
    return download.suggestedFilename();
  }

  /** A picture of the whole page, for whoever wants to look (STAFF_SHOTS names the folder). */
  async shows(name) {
    if (!process.env.STAFF_SHOTS) return;
    await this.page.screenshot({ path: `${process.env.STAFF_SHOTS}/${name}.png`, fullPage: true });
  }

  async leaves() {
    await this.page.context().close();
  }
}
