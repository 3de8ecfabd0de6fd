//! Why a file as a whole cannot be read, or a sheet not be made. The sentences are for who chose
//! the file: what is wrong, where, and what to do.

use thiserror::Error;

use crate::import::FileFault;

/// A fault by which nothing of a file is used.
#[derive(Debug, Error)]
pub enum SheetError {
    /// More bytes than an import takes.
    #[error("文件有 {mib} MB，一次最多导入 {mib_max} MB。请把它拆成几个文件，分几次导入。")]
    TooLarge {
        /// Its size, rounded up.
        mib: usize,
        /// The bound.
        mib_max: usize,
    },
    /// A workbook that unpacks to far more than it is.
    #[error(
        "文件解开以后超过 {mib_max} MB，不能导入。请把需要的行复制到新的模板里，另存后再导入。"
    )]
    Unpacked {
        /// The bound.
        mib_max: u64,
    },
    /// More rows than an import takes.
    #[error("工作表超过 {rows_max} 行。请把它拆成几个文件，分几次导入。")]
    TooManyRows {
        /// The bound.
        rows_max: usize,
    },
    /// A filled cell too far to the right.
    #[error(
        "第 {line} 行在第 {columns_max} 列之外还有内容。请删掉多余的列，或把需要的列复制到模板里。"
    )]
    TooManyColumns {
        /// The row.
        line: u32,
        /// The bound.
        columns_max: usize,
    },
    /// Cells that together hold more text than an import takes.
    #[error("工作表里的文字超过 {mib_max} MB。请把它拆成几个文件，分几次导入。")]
    TooMuchText {
        /// The bound.
        mib_max: usize,
    },
    /// Nothing in it.
    #[error("文件是空的，没有列名也没有内容。请确认选对了文件。")]
    Empty,
    /// Opens only with a password.
    #[error(
        "文件设了打开密码，读不了。请在表格软件里打开它，取消密码（“文件—信息—保护工作簿”），\
         保存后再导入。"
    )]
    Encrypted,
    /// A kind of file that is not read.
    #[error("文件“{name}”其实是{what}，不能导入。请在表格软件里打开它，另存为 XLSX，再导入。")]
    WrongKind {
        /// The file's name.
        name: String,
        /// What its content is.
        what: &'static str,
    },
    /// A workbook that the reader refuses.
    #[error("这个工作簿打不开：{detail}。请在表格软件里打开它，另存为 XLSX，再导入。")]
    BadWorkbook {
        /// What the reader said.
        detail: String,
    },
    /// A text that is no CSV, with its place.
    #[error(transparent)]
    Text(#[from] FileFault),
    /// No row that names a column.
    #[error(
        "前 {rows_searched} 行里没有找到列名。第一行有：{found}。这里需要的列名是：{wanted}。\
         请下载模板，把内容复制进去再导入。"
    )]
    NoHeader {
        /// How far was looked.
        rows_searched: usize,
        /// What stands in the first row.
        found: String,
        /// Names of the kind's fields.
        wanted: String,
    },
    /// Two columns for one field.
    #[error("“{first}”和“{second}”两列都是“{field}”，不知道用哪一列。请删掉或改名其中一列。")]
    SameColumnTwice {
        /// The first heading.
        first: String,
        /// The second heading.
        second: String,
        /// The field's name.
        field: String,
    },
    /// A column map that cannot be used.
    #[error("列对照表有错：{detail}。请改正以后再用。")]
    BadColumnMap {
        /// What is wrong, and where.
        detail: String,
    },
    /// A workbook that cannot be made.
    #[error("工作簿没有做成：{0}。请缩小范围再试一次；还不行，请联系运维。")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A CSV that cannot be made.
    #[error("CSV 没有做成：{0}。请缩小范围再试一次；还不行，请联系运维。")]
    Csv(#[from] csv::Error),
}
