//! What can be wrong with a whole file. A file-level fault imports nothing. The sentences are for
//! the clerk at the command line: what is wrong, where, and what to do.

use std::path::PathBuf;

use thiserror::Error;

/// A place in a text file, counted as an editor counts: from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPlace {
    /// Line.
    pub line: u64,
    /// Character in the line.
    pub column: u64,
}

impl std::fmt::Display for TextPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "第 {} 行第 {} 个字符", self.line, self.column)
    }
}

/// A fault by which a file is not imported at all.
#[derive(Debug, Error)]
pub enum FileFault {
    /// The file cannot be opened or read.
    #[error("读不了文件 {path}：{source}。请检查文件名，以及有没有读取的权限。", path = path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// More than an import holds in memory.
    #[error("文件有 {mib} MiB，一次最多导入 {mib_max} MiB。请把它拆成几个文件，分几次导入。")]
    TooLarge {
        /// Its size.
        mib: u64,
        /// The bound.
        mib_max: u64,
    },
    /// No row at all.
    #[error("文件是空的，没有列名也没有岗位。请确认选对了文件。")]
    Empty,
    /// A kind of file that is not read.
    #[error("这是{kind}，不能导入。请在表格软件里打开它，另存为 {save_as}，再导入一次。")]
    WrongKind {
        /// What it looks like.
        kind: &'static str,
        /// What to save it as.
        save_as: &'static str,
    },
    /// Bytes that are no text in the file's encoding.
    #[error(
        "第 {line} 行有不能识别的文字（按 {encoding} 读）。请在表格软件里打开文件，另存为\
         “CSV UTF-8”，再导入一次。"
    )]
    Undecodable {
        /// The line.
        line: u64,
        /// The encoding that fits the rest.
        encoding: &'static str,
    },
    /// A quoted cell that never ends.
    #[error(
        "{0}的引号没有配对：从这里开始，直到文件末尾都没有结束的引号。请补上引号，再导入一次。"
    )]
    UnclosedQuote(TextPlace),
    /// A quote inside a cell that does not begin with one.
    #[error("{0}多了一个引号。单元格里要写引号，就把整格用引号括起来，里面的引号写两遍。")]
    StrayQuote(TextPlace),
    /// Something between a closing quote and the next comma.
    #[error("{0}：引号已经结束，后面却不是逗号。单元格里的引号要写两遍，请改好再导入一次。")]
    TextAfterQuote(TextPlace),
    /// No column for the one thing a listing cannot be without.
    #[error(
        "没有找到“{wanted}”这一列。文件里的列有：{found}。请把对应的列名改成“{wanted}”（也可以用：\
         {also}），再导入一次。{hint}"
    )]
    MissingColumn {
        /// The column's name for people.
        wanted: &'static str,
        /// The headers that were found.
        found: String,
        /// Other spellings that would do.
        also: String,
        /// A guess at the cause, or nothing.
        hint: &'static str,
    },
    /// Two columns with one meaning.
    #[error("“{first}”和“{second}”两列都表示{meaning}，不知道用哪一列。请删掉或改名其中一列。")]
    SameColumnTwice {
        /// The first header.
        first: String,
        /// The second header.
        second: String,
        /// What both mean.
        meaning: &'static str,
    },
    /// A workbook that the reader refuses.
    #[error("这个 XLSX 文件打不开：{detail}。请在表格软件里打开它，另存一份，再导入一次。")]
    BadWorkbook {
        /// What the reader said.
        detail: String,
    },
    /// The list of column names itself is broken: ours, not the clerk's.
    #[error("列名表 vacancy-columns.json 有错：{0}")]
    BadColumnNames(#[from] serde_json::Error),
}
