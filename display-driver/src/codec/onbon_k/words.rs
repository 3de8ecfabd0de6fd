//! What a person reads about frames of Onbon K cards that do not hold.

use super::answer::AnswerCode;
use super::decoder::{BODY_BYTES_MAX, FrameError};
use super::document::{DecodeError, EncodeError};
use super::payload::PayloadError;
use super::program::ProgramError;
use crate::parser_words::translate;

/// Why bytes are not one frame.
pub(super) fn decode_error(error: &DecodeError) -> String {
    match error {
        DecodeError::Frame(fault) => frame_error(fault),
        DecodeError::Incomplete { .. } => "帧不完整，没有结束字节 5A".to_owned(),
        DecodeError::Outside { .. } => "这个字节不属于帧：一次只解一帧".to_owned(),
        DecodeError::Payload { fault, .. } => payload_error(fault),
        DecodeError::Program(fault) => program_error(fault),
    }
}

/// Why bytes are no program file.
pub(super) fn program_error(fault: &ProgramError) -> String {
    match fault {
        ProgramError::Payload(fault) => payload_error(fault),
        ProgramError::Kind(kind) => format!("节目文件以 00 开头，这里是 {kind:02X}"),
        ProgramError::Length { announced, got } => {
            format!("文件里写长 {announced} 字节，实际 {got} 字节")
        }
        ProgramError::Check => "文件末尾的校验不符".to_owned(),
        ProgramError::Periods(count) => format!("一个节目最多一个时段，这里有 {count} 个"),
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
pub(super) fn encode_error(error: &EncodeError) -> String {
    match error {
        EncodeError::UnknownCommand(name) => {
            format!("没有 {name} 这条命令，用 display-driver commands onbon-k 查看全部。")
        }
        EncodeError::Params(cause) => {
            let cause = translate(&cause.to_string());
            format!("参数不符合命令：{cause}。用 display-driver commands onbon-k 看例子。")
        }
        EncodeError::Header(cause) => format!("帧头字段有误：{}。", translate(&cause.to_string())),
        EncodeError::Levels { got } => {
            format!("半小时一档的亮度要写 48 个，现在有 {got} 个。")
        }
        EncodeError::FileHeader => "节目文件没有帧头，不能写 header。".to_owned(),
        EncodeError::FieldTooLong => "有一个列表或文字太长，超过它的长度字段。".to_owned(),
        EncodeError::TooLong(fault) => {
            format!("一帧最多 65535 个数据字节，现在有 {} 个。", fault.bytes)
        }
    }
}

/// What a card means by a code.
pub(super) fn answer_code(code: AnswerCode) -> String {
    let words = match code {
        AnswerCode::Ok => "完成",
        AnswerCode::UnknownGroup => "不认识的命令组",
        AnswerCode::UnknownCommand => "不认识的命令",
        AnswerCode::Busy => "忙",
        AnswerCode::OutOfMemory => "存储不够",
        AnswerCode::FrameCheckWrong => "收到的帧校验不符",
        AnswerCode::FileMissing => "文件不存在",
        AnswerCode::FlashFault => "闪存故障",
        AnswerCode::DownloadError => "下载出错",
        AnswerCode::FileNameError => "文件名不对",
        AnswerCode::FileTypeError => "文件类型不对",
        AnswerCode::FileCheckWrong => "文件校验不符，卡已删除文件",
        AnswerCode::FontMissing => "没有字库",
        AnswerCode::FirmwareTypeMismatch => "固件型号不符",
        AnswerCode::DateFormat => "日期或时间不对",
        AnswerCode::FileExists => "文件已存在",
        AnswerCode::BlockNotConsecutive => "文件块不连续",
        AnswerCode::Unlisted(_) => "协议没有列出的错误",
    };
    format!("{words}（{}）", code.byte())
}
