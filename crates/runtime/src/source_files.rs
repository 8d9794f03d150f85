//! Which files are a program's sources.

use std::io;
use std::path::{Path, PathBuf};

/// A `.baml` file of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path from the program's folder, with `/`.
    pub name: String,
}

/// A folder that cannot be looked into.
#[derive(Debug)]
pub struct UnreadableFolder {
    /// The folder.
    pub path: PathBuf,
    /// Why not.
    pub error: io::Error,
}

/// Every `.baml` file in a folder and below it, sorted by name.
///
/// Links to files are followed, and one that leads nowhere is no source: an editor's mark of a file that it has open. Links
/// to folders are not followed: they may lead back. Nor are folders looked into whose name begins with two dots: Kubernetes
/// mounts a `ConfigMap` as such a folder, with a link to each of its files beside it.
///
/// # Errors
/// The first folder that cannot be looked into.
pub fn source_files(folder: &Path) -> Result<Vec<SourceFile>, UnreadableFolder> {
    let mut files = Vec::new();
    let mut pending = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = pending.pop() {
        let unreadable = |error: io::Error| UnreadableFolder { path: folder.clone(), error };
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = entry.path();
            let own_name = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{prefix}{own_name}");
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if !own_name.starts_with("..") {
                    pending.push((path, format!("{name}/")));
                }
            } else if path.extension().is_some_and(|extension| extension == "baml") && path.is_file() {
                files.push(SourceFile { path, name });
            }
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}
