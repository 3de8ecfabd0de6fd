// A director's day: what waits, the yearly assessment down to the records behind a line, a low score,
// an approval, what of the contract is built, and a list taken out as a sheet.
import assert from "node:assert/strict";

export async function director(centre) {
  const head = await centre.person("director");
  await seesWhatWaits(head);
  await goesBehindAFigure(head);
  await seesALowScore(head);
  await approves(head);
  await readsTheSheet(head);
  await takesAListOut(head);
  await head.leaves();
}

async function seesWhatWaits(head) {
  await head.sees("要办的业务");
  await head.sees("今天满意度");
  await head.shows("director-start");
}

async function goesBehindAFigure(head) {
  await head.chooses("考核");
  const row = head.main.locator("tr", { hasText: "开班资料核查率" });
  const counted = await row.locator("td.num").last().innerText();
  await head.follows("看明细", row);
  await head.sees(counted);
  await head.shows("director-figure");
  const one = head.main.locator("tbody th a").first();
  const title = (await one.innerText()).trim();
  await head.leads(one);
  await head.page.getByRole("heading", { name: title }).first().waitFor();
  await head.historyTells("批准开班");
}

async function seesALowScore(head) {
  await head.chooses("评价");
  await head.sees("全厅满意度");
  await head.follows("看差评工单");
  await head.leads(head.main.locator("tbody th a, tbody td a").first());
  await head.sees("已开单");
  await head.sees("联系");
  // a director looks on; who was rated never deals with it
  await head.sees(/已联系：/u);
  await head.shows("director-low-score");
}

/** The one whose publicity is over, from the start page. */
async function approves(head) {
  await head.chooses("我的工作");
  const row = head.main.locator("tr", { hasText: "一次性求职补贴" }).filter({ hasText: "公示中" }).first();
  await head.leads(row.getByRole("link").last());
  await head.sees("公示末日");
  await head.takes("批准");
  await head.sees("已批准");
  await head.historyTells("送公示", "批准", "演示中心领导");
  await head.shows("director-approved");
}

async function readsTheSheet(head) {
  await head.chooses("需求清单");
  await head.sees("还缺什么");
  await head.follows("还没全做");
  await head.sees("还没全做");
}

async function takesAListOut(head) {
  await head.chooses("业务记录");
  await head.follows("一次性求职补贴");
  const name = await head.takesOut("导出表格（Excel）");
  assert.match(name, /\.xlsx$/u);
  await head.chooses("考核");
  await head.takesOut("下载表格");
  await head.chooses("操作记录");
  await head.sees("导出业务名单", head.main.locator("tbody"));
}
