//! Program files as a person has them, read by the family of the board they are for. What is none is
//! refused with its reason.

use std::path::{Path, PathBuf};

use super::{Failure, words};
use crate::codec::{BoardFamily, ProgramFile};

/// Reads these files; two of one name would overwrite each other on the board.
pub(super) fn read_all(
    family: BoardFamily,
    paths: &[PathBuf],
) -> Result<Vec<ProgramFile>, Failure> {
    let mut files: Vec<ProgramFile> = Vec::new();
    for path in paths {
        let file = read(family, path)?;
        if files.iter().any(|other| other.name == file.name) {
            let (path, name) = (path.display(), file.name);
            let why = format!("{path} 里的节目也叫 {name}，名字不能重复。");
            return Err(Failure::refused(why));
        }
        files.push(file);
    }
    Ok(files)
}

fn read(family: BoardFamily, path: &Path) -> Result<ProgramFile, Failure> {
    let name = path.display();
    let bytes = std::fs::read(path).map_err(|fault| {
        let cause = words::fault::cause(&fault);
        Failure::refused(format!("读不了 {name}：{cause}。"))
    })?;
    let read = family.module().program_file(&bytes);
    read.map_err(|why| Failure::refused(format!("{name} 不是节目文件：{why}。")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_twice_and_what_is_no_program_are_refused_with_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("idle.json");
        let program = json!({"name": "P000", "areas": []}).to_string();
        std::fs::write(&path, program).expect("a file");
        let read = |paths: &[PathBuf]| read_all(BoardFamily::OnbonK, paths);
        assert_eq!(
            read(std::slice::from_ref(&path)).expect("a program").len(),
            1
        );
        let twice = read(&[path.clone(), path.clone()]).expect_err("one name twice");
        assert!(twice.sentence.contains("名字不能重复"));
        std::fs::write(&path, "hello").expect("a file");
        let none = read(&[path]).expect_err("no program").sentence;
        assert!(none.contains("idle.json 不是节目文件"), "{none}");
    }
}
