// A loan officer's day: an application goes from the window to the publicity of a panel's word; a
// renewal, which needs no panel, is pushed to the bank; somebody whose loan falls due is called, and
// what came of the calls is written down.
import assert from "node:assert/strict";
import { day } from "../person.mjs";

const BORROWER = "999999198702034016";
const APPLICATION = {
  给谁办: BORROWER,
  借款主体: "个人",
  人员类别: "返乡创业",
  经营项目: "示例早餐店",
  行业: "6210",
  经营地址: "月湖区示例路 8 号",
  申请额: "100000",
  期限: "24",
  第几次: "1",
  反担保: "免",
  征信授权: "是",
  续贷: "否",
};
const PAPERS = ["申请表", "身份证", "营业执照", "征信报告", "经营场所证明", "项目照片"];
/** So many photos of each survey. */
const PHOTOS = 4;
/** What a request puts on the list of calls, at any hour. */
const CALL = "回电：自助机上的请求";
const PANEL = ["演示股室负责人", "演示中心领导", "演示评议员甲", "演示评议员乙", "演示复核"];

export async function loanOfficer(centre) {
  const people = {};
  for (const login of ["clerk", "inspector", "inspector2", "reviewer", "panel", "chief", "director", "bank"]) {
    people[login] = await centre.person(login);
  }
  const bank = await numberOfTheBank(people.clerk);
  await goesToThePanel(people, bank);
  await isRenewedAndPushed(people, bank);
  await callsWhoseLoanFallsDue(people.clerk);
  await worksOffTheContacts(people.clerk);
  for (const one of Object.values(people)) await one.leaves();
}

async function toTheLine(person) {
  await person.chooses("业务线");
  await person.follows("创业服务");
}

async function numberOfTheBank(clerk) {
  await clerk.chooses("业务线");
  await clerk.follows("登记簿和公用");
  await clerk.followsExactly("合作银行");
  return clerk.caseNo();
}

/** Applied for, accepted and given out for a survey; answers with the record and its number. */
async function applies(clerk, bank, values) {
  await toTheLine(clerk);
  const record = await clerk.registers("创业担保贷款申请", { ...APPLICATION, 经办银行: bank, ...values });
  await clerk.isRefused("提交（个人）", {}, "还缺 6 项");
  await clerk.handsIn(...PAPERS);
  await clerk.takes("提交（个人）");
  await clerk.takes("受理", { 征信结果: "没有逾期" });
  await clerk.takes("派单调查");
  return { record, number: await clerk.caseNo() };
}

/** Surveyed on the spot by two, with photos; checked by somebody who was not there. */
async function isSurveyed({ inspector, inspector2, reviewer }, loan, type) {
  await toTheLine(inspector);
  const survey = await inspector.registers("贷款调查", {
    给谁办: BORROWER,
    贷款: loan.number,
    类型: type,
    调查员: ["演示巡查员甲", "演示巡查员乙"],
    日期: day(0),
    坐标: "117.0341,28.2713",
    经营真实: "是",
    月营收: "30000",
    月成本: "18000",
    带动就业: "2",
    建议额: "100000",
    结论: "同意",
  });
  await inspector.handsIn(...Array.from({ length: PHOTOS }, () => "调查照片"));
  await inspector.shows("loan-survey");
  await inspector.takes("调查完成");
  // neither of the two who were there checks it
  await inspector2.goesTo(survey);
  await inspector2.sees(/核对通过：/u);
  await reviewer.goesTo(survey);
  await reviewer.isRefused("核对通过", {}, "还有照片没有核对");
  const checks = await reviewer.ties("影像核对：");
  assert.equal(checks.length, PHOTOS, "each photo has its check");
  for (const check of checks) {
    await reviewer.goesTo(check);
    await reviewer.takes("核对", { 拍摄时刻: `${day(0)}T09:00`, 结果: "可用" });
  }
  await reviewer.goesTo(survey);
  await reviewer.takes("核对通过");
  await reviewer.historyTells("收下 调查照片", "调查完成", "核对通过", "演示巡查员甲");
  await inspector.goesTo(loan.record);
  await inspector.takes("调查完成");
  await reviewer.goesTo(loan.record);
  await reviewer.takes("影像核对通过");
}

async function goesToThePanel(people, bank) {
  const { clerk, panel, chief, director } = people;
  const loan = await applies(clerk, bank, {});
  await isSurveyed(people, loan, "贷前");
  await clerk.goesTo(loan.record);
  await clerk.takes("排评议会");
  await holdsTheMeeting(clerk, chief, loan.number);
  await panel.goesTo(loan.record);
  await panel.isRefused("评议通过", { 批准额: "120000", 批准期限: "24" }, "批准额不能高于申请额");
  await panel.takes("评议通过", { 批准额: "90000", 批准期限: "24" });
  await chief.goesTo(loan.record);
  await chief.isRefused("送公示", { 公示末日: day(1) }, "公示");
  await chief.takes("送公示", { 公示末日: aWednesday() });
  await chief.sees("公示中");
  await director.goesTo(loan.record);
  await director.isRefused("批准", {}, "公示期还没有满");
  await director.historyTells("受理", "派单调查", "影像核对通过", "评议通过", "送公示", "演示评议员甲");
  await director.shows("loan-publicity");
}

/** The first one that leaves more than a week of working days. */
function aWednesday() {
  const days = Array.from({ length: 7 }, (_, n) => day(12 + n));
  return days.find((one) => new Date(`${one}T00:00:00Z`).getUTCDay() === 3);
}

async function holdsTheMeeting(clerk, chief, loan) {
  await toTheLine(clerk);
  const meeting = await clerk.registers("贷款评议会", {
    会期: day(0),
    开会时刻: `${day(0)}T09:00`,
    主持: "演示股室负责人",
    出席: PANEL,
    议题: loan,
  });
  await clerk.takes("已开会", {
    表决: "5，0，0，90000 元，24 个月",
    纪要: "会议听取了调查情况，逐笔讨论，投票表决，同意九万元，二十四个月。",
    签字: PANEL,
  });
  await chief.goesTo(meeting);
  await chief.takes("签发纪要");
  await clerk.goesTo(meeting);
  await clerk.handsIn("纪要签字页");
  await clerk.takes("办结");
  await clerk.historyTells("已开会", "签发纪要", "办结");
  await clerk.shows("loan-meeting");
}

async function isRenewedAndPushed(people, bank) {
  const { clerk, director, bank: banker } = people;
  const loan = await applies(clerk, bank, { 第几次: "2", 续贷: "是", 经营项目: "示例早餐店续贷" });
  await isSurveyed(people, loan, "续贷");
  await director.goesTo(loan.record);
  await director.takes("批准续贷", { 批准额: "100000", 批准期限: "24" });
  await clerk.chooses("名单和批次");
  await clerk.follows("看看有谁：续贷推送");
  await clerk.fills({ 批次: "续 2026-1201" });
  await clerk.presses("看看有谁");
  await clerk.sees(loan.number);
  await clerk.presses("建这一批");
  const push = clerk.page.url();
  await clerk.takes("推送", { 推送时刻: `${day(0)}T15:00` });
  await clerk.takes("已回执", { 回执号: "示例农商 2026-77" });
  await clerk.historyTells("推送", "已回执");
  await clerk.shows("loan-push");
  await banker.goesTo(loan.record);
  await banker.takes("银行同意");
  await banker.takes("放款");
  await clerk.goesTo(loan.record);
  await clerk.historyTells("批准续贷", "推送", "银行同意", "放款", "演示合作银行");
  assert.notEqual(push, loan.record);
}

async function callsWhoseLoanFallsDue(clerk) {
  await toTheLine(clerk);
  await clerk.follows("今天该给谁打电话");
  await clerk.sees("到期前一周");
  // whom, but not in full
  await clerk.sees("测**");
  await clerk.doesNotSee("15412340000");
  await clerk.shows("loan-calls");
  await clerk.follows("记结果");
  await clerk.isRefused("已打电话", { 结果: "答应还款" }, "录音号");
  await clerk.takes("已打电话", { 结果: "答应还款", 录音号或凭据号: "录 20261128-01", 答应哪天还: day(5) });
  await clerk.sees("已办");
  await clerk.historyTells("已打电话", "演示经办");
  await clerk.shows("loan-called");
}

async function worksOffTheContacts(clerk) {
  await clerk.chooses("业务记录");
  await clerk.follows("自助请求");
  await clerk.follows("新登记");
  await clerk.saves({ 请求: "想申请", 想办的事: "创业担保贷款", 手机: "15412340021", 方便接电话: "都可以" });
  await clerk.chooses("联系群众");
  const call = clerk.main.locator(".card", { has: clerk.page.locator("h2", { hasText: CALL }) }).first();
  await call.waitFor();
  const record = await call.getByRole("link", { name: /-\d{6}-\d{5}/u }).getAttribute("href");
  await call.locator("summary", { hasText: "看号码" }).click();
  await call.getByLabel("为什么看").fill("回电，约来申请贷款");
  await clerk.presses("看", call);
  await clerk.sees(/154\d{8}/u);
  await clerk.shows("loan-contacts");
  const again = clerk.main.locator(".card", { has: clerk.page.locator(`a[href="${record}"]`) }).first();
  await again.getByLabel("打通了，说到了").check();
  await clerk.presses("记下", again);
  await clerk.goesTo(record);
  await clerk.historyTells(CALL);
  await clerk.shows("loan-contacted");
}
