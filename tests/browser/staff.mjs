// What staff do in the browser, as stories with their own claims; the first claim that does not
// hold ends the program with its words:
//   node staff.mjs BASE STORY ACCOUNTS        with ACCOUNTS as JSON: {"login": "password"}
// Prints one JSON document with what the story saw.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { withPage } from "./launch.mjs";
import * as person from "./person.mjs";
import { DESK, Person, laboratory, machine, says, text } from "./person.mjs";
import { axeSees, faultsOf, pagesOf } from "./walk.mjs";

const [base, story, accounts, records] = process.argv.slice(2);
const passwords = JSON.parse(accounts);
// the first bytes of a Windows program
const PROGRAM = Buffer.from([0x4d, 0x5a, 0x90, 0x00]);

function signIn(page, login, password = passwords[login]) {
  return person.signIn(page, base, login, password);
}

// The page takes no command within 300 ms of the one before: a trembling finger.
const BETWEEN_COMMANDS_MS = 400;

/** Presses a key and waits for what the server answers. */
async function answered(page, key) {
  const answer = page.waitForNavigation();
  await page.keyboard.press(key);
  await answer;
}

/** A command of the window console by its key. */
async function pressed(page, key) {
  await page.waitForTimeout(BETWEEN_COMMANDS_MS);
  await answered(page, key);
}

async function sitAt(page, window) {
  await page.goto(`${base}/staff/console?choose=yes`);
  const answer = page.waitForNavigation();
  await page.getByRole("button", { name: `${window} 号` }).click();
  await answer;
}

/** Finishes whoever is at the window when the story begins. */
async function clearWindow(page) {
  if (await page.locator('[data-key="5"]').isEnabled()) await pressed(page, "5");
  await says(page, "窗口空着");
}

async function numberAt(page) {
  return page.locator("#now .number").innerText();
}

/** Somebody else at a machine of their own. */
async function another(page, login) {
  const other = await machine(page);
  await signIn(other, login);
  return other;
}

/** Goes on with Tab until what is focused bears these words; it must be seen where one is. */
async function tabTo(page, words) {
  for (let pressed = 0; pressed < 150; pressed += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const on = document.activeElement;
      const style = getComputedStyle(on);
      const label = on.labels?.[0]?.innerText ?? on.getAttribute("aria-label") ?? "";
      const box = on.getBoundingClientRect();
      return {
        tag: on.tagName,
        words: `${label} ${on.innerText ?? ""} ${on.value ?? ""}`,
        ring: style.outlineStyle !== "none" || style.boxShadow !== "none",
        inside: box.bottom > 0 && box.top < innerHeight,
      };
    });
    if (at.tag === "BODY") continue;
    assert.ok(at.ring && at.inside, `the focus is not seen on ${JSON.stringify(at)}`);
    if (at.words.includes(words)) return;
  }
  assert.fail(`Tab does not lead to ${words}`);
}

/** What a phone reads in a picture of a code. */
function scanned(picture) {
  return execFileSync("zbarimg", ["--quiet", "--raw", "PNG:-"], { input: picture }).toString().trim();
}

/** The first vacancy of the demonstration with this title. */
async function openVacancy(page, title) {
  await page.goto(`${base}/staff/records/vacancy?state=draft&q=${encodeURIComponent(title)}`);
  await page.getByRole("link", { name: title }).first().click();
  await page.getByRole("heading", { name: title }).waitFor();
}

/** Where links lead from the list of vacancies to who fits one that is published. */
async function matchesOfAVacancy(clerk) {
  await clerk.goesTo("/staff/records/vacancy?state=published");
  await clerk.leads(clerk.main.locator("tbody a").first());
  await clerk.follows("看合适的求职者");
  return new URL(clerk.page.url()).pathname;
}

/** A list from outside in which one person stands who gets benefits. */
async function comparesAList(clerk) {
  await clerk.chooses("名单和批次");
  await clerk.follows("选文件：领金期间就业名单");
  await clerk.fills({ 批次号: "示例 2026-12", 来源: "市局基金规财科" });
  const buffer = Buffer.from("\u{feff}身份证号,人员姓名\n999999199005104028,测试乙\n");
  await clerk.page.getByLabel("名单文件").setInputFiles({ name: "名单.csv", mimeType: "text/csv", buffer });
  await clerk.presses("先比一遍");
  await clerk.sees("要开");
  await clerk.presses("开 1 条，记下这次比对");
  await clerk.chooses("名单和批次");
  await clerk.takesOut(/下载反馈/u);
}

const stories = {
  async door(page) {
    await signIn(page, "clerk", "not the password");
    await says(page, "登录名或密码不对");
    assert.equal(await page.getByLabel("登录名").inputValue(), "clerk");
    await signIn(page, "clerk");
    await page.waitForURL(`${base}/staff`);
    await says(page, "要办的业务");
    const locked = await page.context().browser().newPage({ locale: "zh-CN" });
    for (let n = 0; n < 5; n += 1) await signIn(locked, "reviewer", `wrong password ${n}`);
    await signIn(locked, "reviewer");
    await says(locked, "锁到");
    const told = await text(locked);
    assert.match(told, /\d{1,2}:\d{2}|分钟/u, "it is said until when");
    return { told };
  },

  async keyboard(page) {
    await page.goto(`${base}/staff/records/vacancy?state=draft`);
    // the page puts the cursor where one begins to type
    await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
    await page.keyboard.type("clerk");
    await tabTo(page, "密码");
    await page.keyboard.type(passwords.clerk);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${base}/staff/records/vacancy?state=draft`);
    await page.keyboard.press("/");
    await page.keyboard.type("yjzpg");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=yjzpg/u);
    await tabTo(page, "眼镜装配工");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "眼镜装配工" }).waitFor();
    await tabTo(page, "取消");
    await page.keyboard.press("Enter");
    await tabTo(page, "理由");
    await page.keyboard.type("单位不招了");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await says(page, "已取消");
    return { done: await page.title() };
  },

  async two_clerks(page) {
    await signIn(page, "clerk");
    const other = await another(page, "demo");
    for (const one of [page, other]) {
      await openVacancy(one, "质检员");
      await one.getByRole("link", { name: "修改" }).click();
    }
    await page.getByLabel("岗位名称").fill("镜片质检员");
    await page.getByRole("button", { name: "存下" }).click();
    await page.getByRole("heading", { name: "镜片质检员" }).waitFor();
    await other.getByLabel("人数").fill("7");
    await other.getByRole("button", { name: "存下" }).click();
    await says(other, "改过");
    assert.equal(await other.getByLabel("人数").inputValue(), "7", "what was typed stays");
    const title = await other.getByLabel("岗位名称").inputValue();
    assert.equal(title, "镜片质检员", "what the other wrote stands where nothing was typed");
    await other.getByRole("button", { name: "存下" }).click();
    await other.getByRole("heading", { name: "镜片质检员" }).waitFor();
    await page.reload();
    assert.ok((await text(page)).includes("镜片质检员"));
    await page.getByRole("link", { name: "修改" }).click();
    assert.equal(await page.getByLabel("人数").inputValue(), "7", "both are kept");
    await other.context().close();
    return {};
  },

  async one_queue(page) {
    await signIn(page, "clerk");
    const other = await another(page, "demo");
    const [here, there] = [page, other];
    await sitAt(here, 2);
    await sitAt(there, 3);
    for (const one of [here, there]) await clearWindow(one);
    const called = [];
    for (let round = 0; round < 4; round += 1) {
      // both press at once; the authority takes one after the other
      await Promise.all([pressed(here, "F2"), pressed(there, "F2")]);
      called.push(await numberAt(here), await numberAt(there));
      for (const one of [here, there]) {
        await pressed(one, "F2");
        await pressed(one, "5");
      }
    }
    assert.equal(new Set(called).size, called.length, `no ticket twice: ${called}`);
    await here.goto(`${base}/staff/console?window=3`);
    await says(here, "坐到这个窗口");
    await other.context().close();
    return { called };
  },

  async console_keys(page) {
    await signIn(page, "clerk");
    await page.goto(`${base}/staff/console`);
    await tabTo(page, "3 号");
    await answered(page, "Enter");
    await clearWindow(page);
    await pressed(page, "F2");
    await says(page, "人来了，开始办");
    await pressed(page, "1");
    await says(page, "刚叫过");
    await pressed(page, "4");
    await says(page, "叫满 3 遍");
    await pressed(page, "F2");
    await pressed(page, "2");
    await says(page, "放在本窗口的");
    await tabTo(page, "接着办");
    await answered(page, "Enter");
    const number = await numberAt(page);
    await page.waitForTimeout(BETWEEN_COMMANDS_MS);
    await page.keyboard.press("6");
    await tabTo(page, "B 创业贷款");
    await answered(page, "Enter");
    await says(page, "窗口空着");
    await page.goto(`${base}/staff/console?window=3`);
    await pressed(page, "0");
    await says(page, "打开本窗口");
    await pressed(page, "0");
    await says(page, "暂停本窗口");
    return { number };
  },

  async form_errors(page) {
    await signIn(page, "clerk");
    await page.goto(`${base}/staff/records/person/new`);
    await page.getByLabel("姓名").fill("测试丁");
    await page.getByLabel("证件类型").selectOption({ label: "居民身份证" });
    await page.getByLabel("证件号码").fill("999999198702301236");
    await page.getByLabel("手机").fill("123");
    await page.getByRole("button", { name: "存下" }).click();
    const summary = page.getByRole("alert").filter({ has: page.getByRole("link") });
    await summary.waitFor();
    const links = summary.getByRole("link");
    assert.equal(await links.count(), 3, "each fault is told on top");
    await links.first().click();
    const faulty = page.locator("[aria-invalid=true]");
    assert.ok((await faulty.count()) >= 1);
    assert.equal(await page.getByLabel("姓名").inputValue(), "测试丁", "what was typed stays");
    await page.getByLabel("手机").fill("15412345678");
    await page.getByLabel("性别").selectOption({ label: "男" });
    await page.getByLabel("出生日期").fill("1987-02-03");
    await page.getByRole("button", { name: "存下" }).click();
    await summary.waitFor();
    const told = await page.locator("main").innerText();
    assert.match(told, /日期|出生/u, "a right check digit does not save an impossible day");
    return { told: told.slice(0, 400) };
  },

  async materials(page) {
    await signIn(page, "clerk");
    await openVacancy(page, "仓库管理员");
    await page.getByRole("link", { name: "看、收材料" }).first().click();
    const choose = page.getByLabel("选文件");
    await choose.setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: PROGRAM });
    await page.getByRole("button", { name: "上传" }).click();
    await says(page, "Windows 程序");
    const picture = await page.screenshot();
    await choose.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: picture });
    await page.getByRole("button", { name: "上传" }).click();
    await says(page, "已收 1 份");
    const shown = page.locator("img.preview");
    await shown.waitFor();
    await page.waitForFunction(() => document.querySelector("img.preview").naturalWidth > 0);
    await page.getByRole("button", { name: "拍照" }).click();
    await page.waitForFunction(() => document.querySelector("video").videoWidth > 0);
    await page.getByRole("button", { name: "拍", exact: true }).click();
    await page.getByRole("button", { name: "用这张" }).click();
    await says(page, "收到了");
    await page.reload();
    await says(page, "已收 2 份");
    await page.locator("summary", { hasText: "撤下" }).first().click();
    await page.getByLabel("撤下的理由").first().fill("拍糊了");
    await page.getByRole("button", { name: "撤下这份" }).first().click();
    await says(page, "已收 1 份");
    return {};
  },

  async not_theirs(page) {
    await signIn(page, "clerk");
    await openVacancy(page, "机修工");
    const record = page.url();
    const other = await another(page, "tech");
    for (const address of [record, `${record}/change`, `${base}/staff/records/vacancy`]) {
      const answer = await other.goto(address);
      assert.ok([403, 404].includes(answer.status()), `${address}: ${answer.status()}`);
      assert.match(await text(other), /看不到|不能|没有/u);
      assert.ok((await other.getByRole("link").count()) > 0, "there is a way on");
    }
    await other.context().close();
    return {};
  },

  async print(page) {
    await signIn(page, "clerk");
    await openVacancy(page, "机修工");
    await page.emulateMedia({ media: "print" });
    const shown = await page.locator("nav:visible, button:visible, .noprint:visible").count();
    assert.equal(shown, 0, "paper has no menu and no buttons");
    assert.ok((await page.pdf({ format: "A4" })).length > 5_000);
    return {};
  },

  async boards(page) {
    await signIn(page, "demo");
    await page.waitForURL(`${base}/staff`);
    await page.goto(`${base}/staff/boards`);
    await says(page, "192×32 点，红绿双色");
    await page.getByRole("link", { name: "写一条上屏内容" }).click();
    await page.getByLabel("内容类型").selectOption({ label: "通知" });
    await page.getByLabel("标题").fill("停电半天");
    await page.getByLabel("LED-01 大厅屏").check();
    const body = page.getByLabel("正文");
    // what is wrong is told while one writes, before anything is stored
    await body.fill("停电，问 15412345678");
    await says(page, "像手机号");
    const today = await page.evaluate(() => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10));
    for (const label of ["首日", "末日"]) await page.getByLabel(label).fill(today);
    await page.getByLabel("优先级").fill("8");
    await page.getByRole("button", { name: "存下" }).click();
    await page.getByRole("alert").filter({ hasText: "像手机号" }).first().waitFor();
    const text = "11月25日下午停电\n请上午来办或改天";
    await body.fill(text);
    await page.getByText("没有敏感词").waitFor();
    const dots = page.locator("#seen img").first();
    await page.waitForFunction(() => {
      const image = document.querySelector("#seen img");
      return image?.alt.includes("改天") && image.complete && image.naturalWidth > 0;
    });
    const shown = await dots.evaluate((image) => ({
      src: image.src,
      natural: [image.naturalWidth, image.naturalHeight],
      shown: [image.clientWidth, image.clientHeight],
    }));
    assert.deepEqual(shown.shown, shown.natural, "never scaled by the browser");
    const picture = await page.evaluate(
      async (src) => [...new Uint8Array(await (await fetch(src)).arrayBuffer())],
      shown.src,
    );
    await page.getByRole("button", { name: "存下" }).click();
    await page.getByRole("heading", { name: "停电半天" }).waitFor();
    await says(page, "屏上的样子");
    await says(page, "签发：");
    assert.equal(await page.getByRole("button", { name: "签发" }).count(), 0, "not by who wrote it");
    const why = await page.locator("p.soft", { hasText: "签发：" }).innerText();
    const record = page.url();
    const refused = await page.evaluate(async (address) => {
      const value = (name) => document.querySelector(`input[name=${name}]`).value;
      const sent = new URLSearchParams({ form_token: value("form_token"), seen: "2" });
      const answer = await fetch(`${address}/step/approve_draft`, { method: "POST", body: sent });
      return [answer.status, await answer.text()];
    }, record);
    assert.equal(refused[0], 409, "nor behind the page's back");
    const other = await another(page, "led_approver");
    await other.goto(record);
    await says(other, "没有敏感词");
    await other.getByRole("button", { name: "签发" }).click();
    await says(other, "播出中");
    await other.context().close();
    return { text, why, picture };
  },

  async clear_boards(page) {
    await signIn(page, "hall_manager");
    await page.goto(`${base}/staff/hall`);
    await page.locator("summary", { hasText: "一键撤播" }).click();
    await page.getByLabel("为什么撤").fill("电话写错了");
    const press = page.getByRole("button", { name: "全部撤播" });
    await press.click();
    // the browser itself asks for the tick first
    assert.equal(new URL(page.url()).pathname, "/staff/hall");
    await page.getByLabel("我知道").check();
    await press.click();
    await page.waitForURL(`${base}/staff/boards`);
    await says(page, "撤的。原因：电话写错了");
    const other = await another(page, "led_approver");
    await other.goto(`${base}/staff/boards`);
    await other.getByRole("button", { name: "恢复播放" }).click();
    await other.waitForURL(`${base}/staff/boards`);
    assert.equal(await other.getByRole("button", { name: "恢复播放" }).count(), 0);
    await other.context().close();
    return {};
  },

  async beyond_links(before) {
    const page = await laboratory(before);
    const seen = {};
    const look = async (name) => {
      seen[name] = await faultsOf(page);
    };
    await page.goto(`${base}/staff/set-up`);
    await look("set-up");
    await page.goto(`${base}/staff/sign-in`);
    await look("sign-in");
    await signIn(page, "clerk", "not the password");
    await says(page, "登录名或密码不对");
    await look("a refused sign-in");
    await page.goto(`${base}/no/such/page`);
    await look("no page");
    await signIn(page, "clerk");
    await page.waitForURL(`${base}/staff`);
    await page.goto(`${base}/staff/records/person/new`);
    await page.getByLabel("手机").fill("123");
    await page.getByRole("button", { name: "存下" }).click();
    await page.getByRole("alert").filter({ has: page.getByRole("link") }).waitFor();
    await look("a refused form");
    await openVacancy(page, "机修工");
    await page.locator("summary", { hasText: "取消" }).first().click();
    await page.getByRole("link", { name: "看、收材料" }).first().click();
    await page.getByRole("button", { name: "用手机拍" }).click();
    const code = page.locator("main svg").first();
    await code.waitFor();
    await look("a code for a phone");
    await page.goto(scanned(await code.screenshot()));
    await look("a phone that takes pictures");
    return seen;
  },

  async every_page(before) {
    const named = JSON.parse(records);
    const clerk = await Person.at(before, base, "demo", passwords.demo);
    await comparesAList(clerk);
    await clerk.goesTo(`/staff/record/${named.dossier_certificate}/documents/dossier_certificate`);
    await clerk.presses("编号并打印");
    const page = await laboratory(before);
    await axeSees(page, base);
    await signIn(page, "demo");
    await page.waitForURL(`${base}/staff`);
    const papers = [named.dossier_certificate, named.dossier_receipt].map((of) => `/staff/record/${of}/documents`);
    // which records are looked at of all is chance, and few of them are matched or may be changed
    const matched = await matchesOfAVacancy(clerk);
    const changed = `/staff/record/${named.bank}/change`;
    const pages = await pagesOf(page, base, ["/staff", "/", "/display", ...papers, matched, changed]);
    const phone = await laboratory(before);
    await signIn(phone, "community");
    await phone.waitForURL(`${base}/staff`);
    // on a weekend no link leads to the report of the day
    pages.push(...(await pagesOf(phone, base, ["/staff/station", "/staff/station/report?at=YH-J71"])));
    return { pages };
  },
};

const CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

await withPage(
  async (page) => {
    try {
      console.log(JSON.stringify(await stories[story](page)));
    } catch (error) {
      console.error(`${page.url()} said: ${await text(page)}`);
      throw error;
    }
  },
  DESK,
  CAMERA,
);
