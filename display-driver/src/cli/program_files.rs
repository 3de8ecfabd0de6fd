//! Program files as a person has them: the JSON document that `decode` prints and `encode` takes, or the
//! bytes of the file itself. What is neither is refused with its reason.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Failure, words};
use crate::codec::onbon_k::document::{self, PROGRAM};
use crate::codec::onbon_k::program::Program;
use crate::link::transfer::ProgramFile;

/// Reads these files; two of one name would overwrite each other on the card.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Vec<ProgramFile>, Failure> {
    let mut files: Vec<ProgramFile> = Vec::new();
    for path in paths {
        let file = read(path)?;
        if files.iter().any(|other| other.name == file.name) {
            let name = String::from_utf8_lossy(&file.name.0).into_owned();
            let why = format!("{} 里的节目也叫 {name}，名字不能重复。", path.display());
            return Err(Failure::refused(why));
        }
        files.push(file);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<ProgramFile, Failure> {
    let name = path.display();
    let bytes = std::fs::read(path).map_err(|fault| {
        let cause = words::fault::cause(&fault);
        Failure::refused(format!("读不了 {name}：{cause}。"))
    })?;
    let refused = |why: String| Failure::refused(format!("{name} 不是节目文件：{why}。"));
    let bytes = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => from_document(&bytes).map_err(refused)?,
        _ => bytes,
    };
    let program = Program::read(&bytes);
    let program = program.map_err(|fault| refused(words::onbon_k::program_error(&fault)))?;
    Ok(ProgramFile {
        name: program.name,
        bytes,
    })
}

/// The parameters alone, or all of what `decode` prints.
fn from_document(text: &[u8]) -> Result<Vec<u8>, String> {
    let document: Value = serde_json::from_slice(text).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        format!("第 {line} 行第 {column} 个字节处不是 JSON")
    })?;
    let params = document.get("params").unwrap_or(&document);
    document::encode(PROGRAM, params, &Value::Null).map_err(|error| {
        words::onbon_k::encode_error(&error)
            .trim_end_matches('。')
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("program");
        std::fs::write(&path, bytes).expect("a file");
        (folder, path)
    }

    #[test]
    fn parameters_a_whole_document_and_the_file_itself_are_the_same_program() {
        let params = json!({"name": "P000", "areas": []});
        let document = json!({"family": "onbon-k", "command": "program", "params": params});
        let file = document::encode(PROGRAM, &params, &Value::Null).expect("a program");
        for bytes in [
            params.to_string().into_bytes(),
            document.to_string().into_bytes(),
            file.clone(),
        ] {
            let (_folder, path) = written(&bytes);
            let read = read_all(&[path]).expect("a program");
            assert_eq!(read[0].bytes, file);
            assert_eq!(&read[0].name.0, b"P000");
        }
    }

    #[test]
    fn what_is_no_program_and_a_name_twice_are_refused_with_the_reason() {
        let refused = |bytes: &[u8]| {
            let (_folder, path) = written(bytes);
            read_all(&[path]).expect_err("no program").sentence
        };
        assert!(refused(b"{").contains("不是 JSON"));
        assert!(refused(b"{\"name\": \"P000\"}").contains("参数不符合命令"));
        assert!(refused(b"hello").contains("以 00 开头"));
        let (_folder, path) = written(json!({"name": "P000", "areas": []}).to_string().as_bytes());
        let twice = read_all(&[path.clone(), path]).expect_err("one name twice");
        assert!(twice.sentence.contains("名字不能重复"));
    }
}
