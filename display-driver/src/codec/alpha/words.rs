//! What a person reads about packets of Alpha signs that do not hold.

use super::decoder::PacketError;
use super::document::{DecodeError, EncodeError};
use super::packet::BODY_BYTES_MAX;
use super::payload::{Field, PayloadError};
use crate::codec::Side;
use crate::parser_words::translate;

/// Why bytes are not one packet.
pub(super) fn decode_error(error: &DecodeError) -> String {
    match error {
        DecodeError::Packet(fault) => packet_error(fault),
        DecodeError::Incomplete { .. } => "包不完整，没有结束字节 04".to_owned(),
        DecodeError::Outside { .. } => "这个字节不属于包：一次只解一包".to_owned(),
        DecodeError::Payload { fault, .. } => payload_error(fault),
        DecodeError::SoundNotLast { .. } => "发声之后还有命令：发声只可是最后一条".to_owned(),
        DecodeError::OtherSide(Side::Host) => "这是屏发出的，不是上位机".to_owned(),
        DecodeError::OtherSide(Side::Board) => "这是上位机发出的，不是屏".to_owned(),
    }
}

fn packet_error(fault: &PacketError) -> String {
    match fault {
        PacketError::Restarted { .. } => "包没有结束就又出现起始字节 01".to_owned(),
        PacketError::TooLong { .. } => format!("包太长：{BODY_BYTES_MAX} 个字节内没有结束字节"),
        PacketError::EightBits { byte, .. } => format!("{byte:02X} 有 8 位，线路只有 7 位"),
        PacketError::TooShort { .. } => "包太短：没有屏型、地址和命令".to_owned(),
        PacketError::UnknownType { byte, .. } => format!("没有屏型 {byte:02X}"),
        PacketError::BadAddress { .. } => "地址应为两个字符：0-9、A-F 或 ?".to_owned(),
        PacketError::NoCommand { .. } => "这里应是命令的起始字节 02".to_owned(),
        PacketError::BadChecksumDigit { .. } => {
            "校验不是四个十六进制数字（0-9、A-F），也不是下一条命令或结束".to_owned()
        }
        PacketError::ChecksumMismatch { expected, got, .. } => {
            format!("校验不符：应为 {expected:04X}，实际 {got:04X}")
        }
        PacketError::BadStatus { byte, .. } => {
            format!("06 或 15 之后应是状态寄存器（第 6 位为 1），不能是 {byte:02X}")
        }
    }
}

fn payload_error(fault: &PayloadError) -> String {
    match *fault {
        PayloadError::Truncated { field, .. } => format!("数据不完整，缺少{}", field_name(field)),
        PayloadError::LeftOver { extra, .. } => format!("数据末尾多出 {extra} 个字节"),
        PayloadError::NotListed { field, byte, .. } => {
            format!("{}不能是 {byte:02X}", field_name(field))
        }
        PayloadError::TooLong {
            field, bytes_max, ..
        } => format!("{}最多 {bytes_max} 个字节", field_name(field)),
        PayloadError::RainbowInString { .. } => "字符串里不能用彩虹色".to_owned(),
    }
}

fn field_name(field: Field) -> &'static str {
    match field {
        Field::Command => "命令",
        Field::Label => "文件名",
        Field::Format => "位置之前的 1B",
        Field::Position => "位置",
        Field::Mode => "出现方式",
        Field::Special => "特殊方式",
        Field::Text => "文字",
        Field::PictureSize => "点阵图的行数和列数",
        Field::Dot => "点或行尾的 0D",
        Field::Time => "时刻",
        Field::Date => "日期",
        Field::Weekday => "星期",
        Field::TimeFormat => "时间格式",
        Field::Speaker => "喇叭开关",
        Field::Tone => "声音",
        Field::FileKind => "文件种类",
        Field::Keyboard => "遥控锁",
        Field::FileSize => "文件大小",
        Field::TimeCode => "时段",
        Field::Filler => "字符串大小之后的零",
        Field::DotColours => "颜色数",
        Field::RunOrder => "轮播方式",
        Field::RunLabels => "轮播的文件",
        Field::Address => "地址",
        Field::Answers => "答复开关",
    }
}

/// Why a document is not a packet.
pub(super) fn encode_error(error: &EncodeError) -> String {
    match error {
        EncodeError::UnknownCommand(name) => {
            format!("没有 {name} 这条命令，用 display-driver commands alpha 查看全部。")
        }
        EncodeError::Params(cause) => {
            let cause = translate(&cause.to_string());
            format!("参数不符合命令：{cause}。用 display-driver commands alpha 看例子。")
        }
        EncodeError::Header(cause) => format!("包头字段有误：{}。", translate(&cause.to_string())),
        EncodeError::Payload(fault) => format!("屏不能接受：{}。", payload_error(fault)),
        EncodeError::EmptyList => "列表是空的：那样写出来是另一条命令。".to_owned(),
        EncodeError::OpenInside => "只有最后一条命令可以没有 03（check 为 none）。".to_owned(),
        EncodeError::SoundNotLast => "发声只可是一包里的最后一条命令。".to_owned(),
        EncodeError::NoChecksum => "给了 checksum，check 就应是 sum。".to_owned(),
        EncodeError::TooLong(fault) => {
            format!(
                "一包最多 {BODY_BYTES_MAX} 个字节，现在有 {} 个。",
                fault.bytes
            )
        }
    }
}
