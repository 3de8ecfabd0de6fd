//! What a person reads about frames of Onbon K cards that do not hold.

use crate::codec::onbon_k::decoder::{BODY_BYTES_MAX, FrameError};
use crate::codec::onbon_k::document::{DecodeError, EncodeError};
use crate::codec::onbon_k::payload::PayloadError;

/// Why bytes are not one frame.
pub(in crate::cli) fn decode_error(error: &DecodeError) -> String {
    match error {
        DecodeError::Frame(fault) => frame_error(fault),
        DecodeError::Incomplete { .. } => "帧不完整，没有结束字节 5A".to_owned(),
        DecodeError::Outside { .. } => "这个字节不属于帧：一次只解一帧".to_owned(),
        DecodeError::Payload { fault, .. } => payload_error(fault),
    }
}

fn frame_error(fault: &FrameError) -> String {
    match fault {
        FrameError::Restarted { .. } => "帧没有结束就又出现起始字节 A5".to_owned(),
        FrameError::BadEscape { prefix, code, .. } => {
            format!("转义有误：{prefix:02X} 后面是 {code:02X}，只能是 01 或 02")
        }
        FrameError::TooShort { got, .. } => format!("帧太短：只有 {got} 个字节，不够帧头和校验"),
        FrameError::TooLong { .. } => format!("帧太长：{BODY_BYTES_MAX} 个字节内没有结束字节"),
        FrameError::LengthMismatch { announced, got, .. } => {
            format!("长度不符：帧头写 {announced} 个数据字节，实际 {got} 个")
        }
        FrameError::UnknownCheckMode { mode, .. } => format!("没有校验方式 {mode}，只有 0、1、2"),
        FrameError::CheckMismatch { expected, got, .. } => {
            format!("校验不符：应为 {expected:04X}，实际 {got:04X}")
        }
    }
}

fn payload_error(fault: &PayloadError) -> String {
    match fault {
        PayloadError::Truncated { wanted, .. } => format!("数据不完整，还差 {wanted} 个字节"),
        PayloadError::LeftOver { extra, .. } => format!("数据末尾多出 {extra} 个字节"),
        PayloadError::InnerLength { announced, got, .. } => {
            format!("数据里的长度不符：写 {announced}，实际 {got}")
        }
    }
}

/// Why a document is not a frame.
pub(in crate::cli) fn encode_error(error: &EncodeError) -> String {
    match error {
        EncodeError::UnknownCommand(name) => format!("没有 {name} 这条命令，用 --list 查看全部。"),
        EncodeError::Params(cause) => format!("参数不符合命令：{cause}。用 --list 看例子。"),
        EncodeError::Header(cause) => format!("帧头字段有误：{cause}。"),
        EncodeError::FieldTooLong => "有一个列表或文字太长，超过它的长度字段。".to_owned(),
        EncodeError::TooLong(fault) => {
            format!("一帧最多 65535 个数据字节，现在有 {} 个。", fault.bytes)
        }
    }
}
