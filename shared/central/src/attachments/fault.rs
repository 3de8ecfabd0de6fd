//! Why an attachment was not taken in. The sentences are for the person at the desk: what it is,
//! and what to do.

use thiserror::Error;
use wire::problem::{Problem, ProblemCode};

/// Bytes of a megabyte, as people count them.
const MEGABYTE: u64 = 1 << 20;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// Longer than what is taken.
    #[error(
        "文件太大，最多收 {} 兆。照片请用本页的“拍照”，它会自动缩小；扫描件请把清晰度调低再扫一次。",
        .bytes_max / MEGABYTE
    )]
    TooLong {
        /// The bound.
        bytes_max: u64,
    },
    /// More pixels than what is taken.
    #[error("图片太大（{width}×{height}），请用本页的“拍照”，或者缩小以后再传。")]
    TooManyPixels {
        /// As its header says.
        width: u32,
        /// As its header says.
        height: u32,
    },
    /// Nothing in it.
    #[error("这个文件是空的，请再选一次。")]
    Empty,
    /// Something that is not taken.
    #[error("{0}，没有收。{1}")]
    NotTaken(&'static str, &'static str),
    /// It says one thing and is another.
    #[error("文件名说是{claimed}，里面其实是{found}，没有收。请确认是不是选错了文件。")]
    Lies {
        /// By its name.
        claimed: &'static str,
        /// By its content.
        found: &'static str,
    },
    /// Begins well and does not go on.
    #[error("这个{0}不完整或者坏了，打不开，没有收。请重新拍照或扫描。")]
    Damaged(&'static str),
    /// A PDF that does more than show pages.
    #[error("这个 PDF 里有{0}，不能收。请在电脑上打开它，选“打印”存成新的 PDF 再传。")]
    ActivePdf(&'static str),
    /// Whom it belongs to was erased.
    #[error("这个人的资料已经删除，不能再添加材料。")]
    OwnerErased,
    /// Whom it belongs to was never recorded.
    #[error("还没有登记这个人，请先登记再添加材料。")]
    OwnerUnknown,
    /// There is no such attachment at this record.
    #[error("没有这份材料。")]
    NotFound,
    /// It was, until its person was erased.
    #[error("这份材料已经随本人的资料一起删除，看不到了。")]
    Erased,
    /// Its file is not as it was.
    #[error("这份材料的文件坏了，打不开。请告诉管理员运行 central verify，从备份里恢复。")]
    Unreadable,
    /// This store keeps no attachments.
    #[error("材料只存在中心，这台服务器不收。")]
    NotTheCentre,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let code = match fault {
            Fault::TooLong { .. } => ProblemCode::TooLarge,
            Fault::NotFound | Fault::Erased => ProblemCode::NotFound,
            Fault::Unreadable => ProblemCode::Internal,
            _ => ProblemCode::Refused,
        };
        Self::new(code, fault.to_string())
    }
}
