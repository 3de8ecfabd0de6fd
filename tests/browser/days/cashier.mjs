// A cashier's day: a batch of approved subsidies goes to the bank; the bank's answer, once with a row
// missing and once whole, with one payment that failed; an invoice is handed to who books it.
import assert from "node:assert/strict";
import { day } from "../person.mjs";

export async function cashier(centre) {
  const payer = await centre.person("cashier");
  const accountant = await centre.person("accountant");
  const reviewer = await centre.person("reviewer");
  const batch = await isBuilt(payer);
  await isSent(payer, accountant, batch);
  await isAnswered(payer, batch);
  await isBooked(payer, accountant, reviewer);
  for (const one of [payer, accountant, reviewer]) await one.leaves();
}

/** The batch, with the number and amount of each member as the page told them. */
async function isBuilt(payer) {
  await payer.chooses("名单和批次");
  await payer.follows("看看有谁：补贴拨付批");
  await payer.fills({ 批号: "示例批 2026-1201", 资金: "就业补助资金" });
  await payer.presses("看看有谁");
  await payer.sees(/这一批有 \d+ 条，一共/u);
  const table = payer.main.locator("form table").first();
  const rows = await table.locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())),
  );
  assert.ok(rows.length >= 2, `${rows.length} subsidies wait to be paid`);
  await payer.shows("cashier-who");
  await payer.presses("建这一批");
  await payer.sees("已录入");
  const members = rows.map(([number, , amount]) => ({ number, amount: amount.replaceAll(/[^\d.]/gu, "") }));
  return { record: payer.page.url(), number: await payer.caseNo(), members };
}

async function isSent(payer, accountant, { record }) {
  await payer.handsIn("批准的名单", "公示截图", "审批表");
  // checked by the accountant, never by who prepared it
  await payer.sees(/复核：/u);
  await accountant.goesTo(record);
  await accountant.takes("复核");
  await payer.goesTo(record);
  await payer.takes("送银行");
  await payer.sees("已送银行");
}

function answerOf(members, failed) {
  const rows = members.map(({ number, amount }) =>
    [number, amount, number === failed ? "失败" : "成功", number === failed ? "账号户名不符" : ""].join(","),
  );
  return Buffer.from(`\u{feff}编号,拨付金额,处理结果,原因说明\n${rows.join("\n")}\n`);
}

async function brings(payer, buffer) {
  const file = { name: "回盘.csv", mimeType: "text/csv", buffer };
  await payer.page.getByLabel("银行发来的回盘文件").setInputFiles(file);
  await payer.leads(payer.main.getByRole("button", { name: "先对一遍" }));
}

async function isAnswered(payer, { record, number, members }) {
  const failed = members[0].number;
  await payer.chooses("名单和批次");
  await payer.follows(`收回盘 ${number}`);
  await brings(payer, answerOf(members.slice(1), failed));
  await payer.sees("对不上，一笔也没有收");
  await payer.sees(failed);
  await payer.shows("cashier-row-missing");
  await payer.goesTo(record);
  await payer.sees("已送银行");
  await payer.chooses("名单和批次");
  await payer.follows(`收回盘 ${number}`);
  await brings(payer, answerOf(members, failed));
  await payer.sees("逐笔对上了，还没有收");
  await payer.sees(`成功 ${members.length - 1} 笔，没有成功 1 笔`);
  await payer.sees("账号户名不符");
  await payer.shows("cashier-answer");
  await payer.presses("收下");
  await payer.goesTo(record);
  await payer.sees("部分失败");
  await payer.historyTells("复核", "送银行", "部分失败", "演示会计", "演示出纳");
  await payer.shows("cashier-batch");
  await ofTheMember(payer, record, failed, "拨付失败", ["建批拨付", "回盘失败", "账号户名不符"]);
  await ofTheMember(payer, record, members[1].number, "已拨付", ["建批拨付", "回盘成功"]);
}

/** What became of one of those who were to be paid. */
async function ofTheMember(payer, batch, number, state, acts) {
  await payer.goesTo(batch);
  await payer.follows(number);
  await payer.sees(state);
  await payer.historyTells(...acts);
}

async function isBooked(payer, accountant, reviewer) {
  await payer.chooses("业务线");
  await payer.follows("其他服务");
  const invoice = await payer.registers("原始凭证", {
    种类: "发票",
    号: "26952000000000000017",
    日期: day(-1),
    金额: "1280.50",
    来源: "示例文具有限公司",
  });
  await payer.handsIn("原件影像");
  await accountant.goesTo(invoice);
  await accountant.takes("签收", { 传递签收: `${day(0)}，演示出纳交给演示会计` });
  const [month] = /^(\d{4}-\d{2})/u.exec(day(0));
  await accountant.chooses("业务线");
  await accountant.follows("其他服务");
  const voucher = await accountant.registers("记账凭证", {
    账册: "中心",
    年月: month,
    号: "1",
    附件数: "1",
    财务会计分录: "借，5001 办公费，1280.50\n贷，1002 银行存款，1280.50",
    预算会计分录: "借，7201 行政支出，1280.50\n贷，8001 资金结存，1280.50",
  });
  await accountant.handsIn("原始凭证");
  await reviewer.goesTo(voucher);
  await reviewer.takes("审核");
  await accountant.goesTo(voucher);
  await accountant.takes("记账");
  await accountant.historyTells("收下 原始凭证", "审核", "记账", "演示复核");
  await accountant.goesTo(invoice);
  await accountant.takes("已制单");
  await accountant.historyTells("签收", "已制单", "演示会计");
  await accountant.shows("cashier-invoice");
}
