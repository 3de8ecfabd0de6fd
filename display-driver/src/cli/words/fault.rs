//! What a person reads about files, addresses and lines that the system refuses.

use std::io;

/// Why the system refused; what is rare keeps the system's own words.
pub(in crate::cli) fn cause(fault: &io::Error) -> String {
    match fault.kind() {
        io::ErrorKind::NotFound => "没有这个文件或文件夹".to_owned(),
        io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        io::ErrorKind::AlreadyExists => "那里已经有一个文件".to_owned(),
        io::ErrorKind::IsADirectory => "这是一个文件夹".to_owned(),
        io::ErrorKind::InvalidData => "内容不是 UTF-8 文字".to_owned(),
        io::ErrorKind::StorageFull => "磁盘已满".to_owned(),
        io::ErrorKind::AddrInUse => "地址已被别的程序占用".to_owned(),
        io::ErrorKind::AddrNotAvailable => "本机没有这个地址".to_owned(),
        _ => fault.to_string(),
    }
}
