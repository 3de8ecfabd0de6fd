// An archivist's day: a file comes in and is stored, is lent out and comes back, a certificate is
// made of it, it goes to another place; the ledger of the month is printed.
import assert from "node:assert/strict";
import { day } from "../person.mjs";

const WHOM = "999999199005104028";

export async function archivist(centre) {
  const keeper = await centre.person("archivist");
  const reviewer = await centre.person("reviewer");
  const chief = await centre.person("chief");
  const received = await comesIn(keeper, reviewer);
  const dossier = await isKept(keeper);
  await isLentAndComesBack(keeper, chief, dossier.number);
  await isCertified(keeper, reviewer, dossier.number);
  await goesElsewhere(keeper, reviewer, dossier);
  await isInTheLedger(keeper, received);
  for (const one of [keeper, reviewer, chief]) await one.leaves();
}

async function toTheLine(person) {
  await person.chooses("业务线");
  await person.follows("就业服务");
}

async function comesIn(keeper, reviewer) {
  await toTheLine(keeper);
  const record = await keeper.registers("档案接收", {
    给谁办: WHOM,
    来源单位: "示例市第二人才中心",
    转递方式: "机要",
    通知单号: "转字 2026-2201",
    清点页数: "36",
    密封完好: "是",
    接收人: "演示档案员",
  });
  await keeper.handsIn("转递通知单");
  const number = await keeper.caseNo();
  await keeper.sees("清点");
  // counted by somebody else than who took it in
  await keeper.sees(/清点相符：/u);
  await reviewer.goesTo(record);
  await reviewer.takes("清点相符", { 清点页数: "36" });
  await keeper.goesTo(record);
  await keeper.takes("接收");
  await keeper.handsIn("回执");
  await keeper.takes("入库", { 回执寄出日: day(0) });
  await keeper.sees("已入库");
  await keeper.historyTells("清点相符", "接收", "入库", "演示复核", "演示档案员");
  await keeper.shows("archivist-received");
  return number;
}

async function isKept(keeper) {
  await toTheLine(keeper);
  const record = await keeper.registers("档案", {
    给谁办: WHOM,
    档案号: "B-03-01-0007",
    类集: "灵活就业",
    密封: "是",
    页数: "36",
    材料目录: "一，履历表，2018-07-01，4，原件\n四，学位证书，2012-06-30，1，复印件",
    存放位置: "二库乙柜三层",
  });
  await keeper.sees("在库");
  return { record, number: await keeper.caseNo() };
}

async function isLentAndComesBack(keeper, chief, dossier) {
  await toTheLine(keeper);
  const record = await keeper.registers("档案查借阅", {
    给谁办: WHOM,
    档案: dossier,
    类型: "借阅",
    单位: "示例区组织部",
    经办人: "样例一，科长，工作证已核\n样例二，科员，工作证已核",
    回避核查通过: "是",
  });
  await keeper.handsIn("介绍信", "审批单");
  await chief.goesTo(record);
  await chief.takes("批准");
  await keeper.goesTo(record);
  await keeper.isRefused("借出", { 应还日: day(60), 借出页数: "36" }, "借期太长");
  await keeper.takes("借出", { 应还日: day(10), 借出页数: "36" });
  await keeper.sees("已借出");
  await keeper.handsIn("归还清点单");
  await keeper.isRefused("归还清点", { 归还日: day(0), 归还页数: "35" }, "归还页数和借出页数不一致");
  await keeper.takes("归还清点", { 归还日: day(0), 归还页数: "36" });
  await keeper.historyTells("批准", "借出", "归还清点", "演示股室负责人");
  await keeper.shows("archivist-lent");
}

async function isCertified(keeper, reviewer, dossier) {
  await toTheLine(keeper);
  const record = await keeper.registers("依档出证", {
    给谁办: WHOM,
    档案: dossier,
    证明类型: "存档",
    用途: "报考用",
    份数: "1",
    申请人: WHOM,
  });
  await keeper.handsIn("申请人身份证");
  await keeper.takes("拟证明", { 依据页: "履历表，第 1 页" });
  await reviewer.goesTo(record);
  await reviewer.takes("复核同意");
  await keeper.goesTo(record);
  await keeper.follows("出文书");
  await keeper.follows("看样张");
  await keeper.sees("样张");
  await keeper.shows("archivist-proof");
  await keeper.presses("编号并打印");
  await keeper.sees("查验码");
  const paper = await keeper.main.innerText();
  assert.ok(paper.includes("测试乙") && paper.includes("B-03-01-0007"), paper);
  await keeper.shows("archivist-certificate");
  await keeper.goesTo(record);
  await keeper.takes("盖章");
  await keeper.handsIn("盖章后的扫描件");
  await keeper.takes("发出");
  await keeper.historyTells("拟证明", "复核同意", "盖章", "发出", "证明可以来取");
}

async function goesElsewhere(keeper, reviewer, { record: dossier, number }) {
  await toTheLine(keeper);
  const record = await keeper.registers("档案转递", {
    给谁办: WHOM,
    档案: number,
    调档函号: "调字 2026-88",
    接收机构: "示例省人才交流中心",
    收函日: day(-1),
    整卷转出: "是",
  });
  await keeper.handsIn("调档函");
  await reviewer.goesTo(record);
  await reviewer.takes("核实");
  await keeper.goesTo(record);
  await keeper.handsIn("转递通知单");
  await keeper.takes("封装", { 封装人: ["演示档案员", "演示经办"] });
  await keeper.shows("archivist-packed");
  await keeper.takes("寄出", { 寄出日: day(0), 方式: "机要", "机要号、快递号": "机 2026-300" });
  await keeper.goesTo(dossier);
  await keeper.takes("寄出");
  await keeper.sees("转递在途");
  await reviewer.goesTo(record);
  await reviewer.handsIn("回执");
  await reviewer.takes("回执已收", { 回执日: day(0) });
  await reviewer.historyTells("核实", "封装", "寄出", "回执已收");
  await keeper.goesTo(dossier);
  await keeper.takes("已转出");
  await keeper.historyTells("寄出", "已转出");
  await keeper.shows("archivist-transferred");
}

async function isInTheLedger(keeper, number) {
  await toTheLine(keeper);
  await keeper.follows("档案接收");
  await keeper.goesTo("/staff/records/dossier_receive");
  await keeper.follows("打印台账");
  await keeper.sees("档案接收台账");
  await keeper.sees(number);
  await keeper.shows("archivist-ledger");
}
