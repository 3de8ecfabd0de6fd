//! What a person reads about ports that cannot be used.

use std::io;

use crate::port::PortFault;

/// Why a port cannot be used.
pub(in crate::cli) fn fault(fault: &PortFault) -> String {
    match fault {
        PortFault::InUse { port } => format!("端口 {port} 被别的程序占用，先停掉那个程序。"),
        PortFault::Open { port, cause } => match cause.kind() {
            io::ErrorKind::NotFound => format!("没有端口 {port}。"),
            io::ErrorKind::PermissionDenied => {
                format!("没有权限打开端口 {port}；把用户加入 dialout 组。")
            }
            io::ErrorKind::TimedOut => format!("连不上 {port}：3 秒内没有应答。"),
            io::ErrorKind::ConnectionRefused => format!("连不上 {port}：对方拒绝连接。"),
            _ => format!("打不开端口 {port}：{}。", super::fault::cause(cause)),
        },
        PortFault::Unplugged(_) => "端口中断：适配器被拔掉，或对方断开。".to_owned(),
        PortFault::Blocked => "端口不再接收字节。".to_owned(),
    }
}
