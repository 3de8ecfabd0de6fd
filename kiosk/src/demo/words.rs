//! What the demo prints once the hall is open.

use std::path::Path;

use super::devices;
use super::hall::Account;

/// Addresses, passwords, six things to try, how to stop.
pub(super) fn print_welcome(
    address: &str,
    password: &str,
    accounts: &[Account<'_>],
    (folder, is_kept): (&Path, bool),
) {
    let lines = accounts
        .iter()
        .map(|(login, role, password)| format!("    {login:<14}{password}  {role}\n"));
    let accounts: String = lines.collect();
    let fate = if is_kept {
        "会保留"
    } else {
        "结束时自动删除"
    };
    eprintln!(
        "
演示大厅已经开门。这里的人、单位、岗位、政策都是虚构的。

  工作人员网页  http://{address}/staff
  登录名        {login}（什么都能做）
  密码          {password}
  只有一个身份的账号（登录名、密码、身份）：
{accounts}  大厅叫号屏    http://{address}/display

可以试试这六件事：
  1. 打开“设备墙”，点自助机的画面：找工作 → 按 D、G → 点一个“电工”岗位。
     （先点“帮忙”；没人用的机器马上就能点。）
  2. 在自助机上取一个号，用手机或浏览器打开号票二维码里的网址，看排到哪了。
     （几件事可以只取一张号；“预约签到”里可以约个时间。）
     自助机接着虚拟的小票机：打出来的每张纸是 {slips} 里的一张图。
     “办进度”里能刷身份证：把 {sample} 复制成同一个文件夹里的 {card}
     就是放上一张卡，删掉就是拿走。
  3. 打开“叫号台”，选 3 号窗口，按 F2 叫下一个：大厅的屏马上显示，几秒后岗位又回来。
  4. 办结以后，在号票网页上打分，再看“评价”里各窗口的得分和评价率。
  5. 把一条岗位“撤下”：自助机上马上搜不到，屏上也不再放。
  6. 打开“名单和批次”，把 {lists} 里的文件传上去比对，看谁对上了、开出什么疑点。

数据在 {folder}，{fate}。按 Ctrl-C 结束。
",
        login = central::demo::LOGIN,
        lists = folder
            .join("central")
            .join(central::demo::LISTS_FOLDER)
            .display(),
        folder = folder.display(),
        slips = folder.join(devices::SLIPS).display(),
        sample = folder.join(devices::CARD_SAMPLE).display(),
        card = devices::CARD
    );
}
