//! Finding `baml_src`, and naming paths as a user would.

use std::fs;
use std::path::{Component, Path, PathBuf, absolute};

use crate::failure::{self, Failure};

/// The name of the folder that holds a project's sources.
pub(crate) const SOURCE_FOLDER: &str = "baml_src";

/// The project's source folder: `from` itself when it is named `baml_src`, else the `baml_src` inside it,
/// else the nearest one above it. Without `from` the search begins in the working directory.
pub(crate) fn source_folder(from: Option<&Path>) -> Result<PathBuf, Failure> {
    let start = from.unwrap_or(Path::new("."));
    if !start.exists() {
        return Err(failure::no_such_folder(start));
    }
    if !start.is_dir() {
        return Err(failure::not_a_folder(start));
    }
    let named = |path: &Path| path.file_name().is_some_and(|name| name == SOURCE_FOLDER);
    if named(start) {
        return Ok(start.to_owned());
    }
    let full = normalize(&absolute(start).map_err(|error| failure::cannot_read(start, &error))?);
    full.ancestors()
        .find_map(|folder| {
            if named(folder) {
                return Some(folder.to_owned());
            }
            Some(folder.join(SOURCE_FOLDER)).filter(|folder| folder.is_dir())
        })
        .map(|folder| shown(&folder))
        .ok_or_else(|| from.map_or_else(failure::no_project, failure::not_a_project))
}

/// A path with its `.` and `..` worked out, without asking the file system.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match normal.components().next_back() {
                Some(Component::Normal(_)) => {
                    normal.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => normal.push(".."),
            },
            other => normal.push(other),
        }
    }
    normal
}

/// A path as the user would write it: relative to the working directory when it lies below, else in full.
pub(crate) fn shown(path: &Path) -> PathBuf {
    let Ok(full) = absolute(path).map(|full| normalize(&full)) else { return path.to_owned() };
    let Ok(here) = absolute(".").map(|here| normalize(&here)) else { return full };
    match full.strip_prefix(&here) {
        Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Ok(below) => below.to_owned(),
        Err(_) => full,
    }
}

/// The sources of a program (see [`runtime::source_files`]): paths relative to the folder, and texts.
pub(crate) fn read_sources(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let files = runtime::source_files(folder)
        .map_err(|unreadable| failure::cannot_read(&unreadable.path, &unreadable.error))?;
    if files.is_empty() {
        return Err(failure::no_sources(folder));
    }
    files
        .into_iter()
        .map(|file| {
            let text =
                fs::read_to_string(&file.path).map_err(|error| failure::cannot_read(&file.path, &error))?;
            Ok((file.name, text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::normalize;

    #[test]
    fn dots_are_worked_out() {
        assert_eq!(normalize(Path::new("/a/./b/../c")), PathBuf::from("/a/c"));
        assert_eq!(normalize(Path::new("a/../../b")), PathBuf::from("../b"));
        assert_eq!(normalize(Path::new("/../a")), PathBuf::from("/a"));
    }
}
