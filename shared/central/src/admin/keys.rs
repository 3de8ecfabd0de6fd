//! What the command line may ask about the master key. No answer holds a key: keys go by the
//! number that is derived from them.

use serde_json::json;

use crate::edge;
use crate::store::Store;

use super::desk::told;
use super::{AdminError, Told};

pub(super) fn status(store: &Store) -> Result<Told, AdminError> {
    let status = store.read_blocking(|reader| reader.key_status())?;
    let custody = store.keys().custody();
    let (file, old) = (custody.key_file(), custody.old_file());
    let has_old = old.exists();
    let mut text = match status.master {
        None => "还没有主密钥，central serve 第一次启动时会生成。".to_owned(),
        Some(master) => format!(
            "主密钥 {master} 在 {}。请另外保管一份：没有它，备份里的个人信息打不开。",
            file.display()
        ),
    };
    if has_old {
        text.push_str(&format!(
            "\n换下的旧密钥还在 {}，用 central keys forget-old 删掉。",
            old.display()
        ));
    }
    text.push_str(&format!(
        "\n有个人信息的 {} 人，已删除的 {} 人；已删除名单在 {}，请和主密钥一起保管。",
        status.persons,
        status.erased,
        custody.erased_file().display()
    ));
    let json = json!({
        "master": status.master,
        "file": file,
        "old_file": has_old.then_some(old),
        "erased_file": custody.erased_file(),
        "persons": status.persons,
        "erased": status.erased,
    });
    Ok(told(text, &json))
}

pub(super) fn rotate(store: &Store) -> Result<Told, AdminError> {
    let keys = store.rotate_master_key(edge::fill_random)?;
    let status = store.read_blocking(|reader| reader.key_status())?;
    let master = status.master.map(|master| master.to_string());
    let text = format!(
        "主密钥换成了 {}，{keys} 把钥匙重新包好了。请马上另外保管一份新的；旧的留在 {}。",
        master.as_deref().unwrap_or_default(),
        store.keys().custody().old_file().display()
    );
    Ok(told(text, &json!({ "master": master, "keys": keys })))
}

pub(super) fn forget_old(store: &Store) -> Result<Told, AdminError> {
    store.forget_old_master_key()?;
    let text = "旧的主密钥删掉了，更换以前的备份里的个人信息不能再打开。".to_owned();
    Ok(told(text, &json!({ "forgotten": true })))
}
