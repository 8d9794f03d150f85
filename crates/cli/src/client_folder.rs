//! The folder of a generated client: what may be replaced in it, and replacing it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use codegen::GeneratedFile;

use crate::failure::{self, Failure};
use crate::manifest::{self, Manifest};

/// The folder's name, inside `output_dir`.
pub(crate) const NAME: &str = "baml_client";

/// Files that an operating system or version control keeps anywhere.
const HARMLESS: &[&str] = &[".DS_Store", "Thumbs.db", "desktop.ini", ".gitignore", ".gitattributes"];

/// What a TypeScript compiler or bundler writes beside a `.ts` file.
const COMPILED: &[&str] = &[
    ".d.ts.map",
    ".d.ts",
    ".d.mts",
    ".d.cts",
    ".js.map",
    ".mjs.map",
    ".cjs.map",
    ".js",
    ".mjs",
    ".cjs",
    ".jsx",
];

/// A generated client's folder.
pub(crate) struct ClientFolder {
    path: PathBuf,
    manifest: Manifest,
}

/// One thing in the folder, by its path relative to it.
struct Entry {
    path: String,
    is_folder: bool,
}

impl ClientFolder {
    /// The folder, which may not exist yet.
    pub(crate) fn open(path: PathBuf) -> Result<Self, Failure> {
        if path.exists() && !path.is_dir() {
            return Err(failure::folder_is_file(&path));
        }
        let manifest = Manifest::read(&path);
        Ok(Self { path, manifest })
    }

    /// The folder's path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Fails, naming them, when there are files that nobody generated.
    pub(crate) fn check(&self, files: &[GeneratedFile]) -> Result<(), Failure> {
        let foreign: Vec<String> = self
            .entries()?
            .into_iter()
            .filter(|entry| !entry.is_folder && self.is_foreign(&entry.path, files))
            .map(|entry| entry.path)
            .collect();
        if foreign.is_empty() { Ok(()) } else { Err(failure::foreign_files(&self.path, &foreign)) }
    }

    /// Writes the files that changed, each in one step, and removes generated files that are no longer made.
    /// Returns whether anything changed.
    pub(crate) fn write(&self, files: &[GeneratedFile]) -> Result<bool, Failure> {
        let mut changed = false;
        fs::create_dir_all(&self.path).map_err(|error| failure::cannot_write(&self.path, &error))?;
        for file in files {
            let path = self.path.join(&file.path);
            if fs::read(&path).is_ok_and(|present| present == file.text.as_bytes()) {
                continue;
            }
            replace(&path, &file.text).map_err(|error| failure::cannot_write(&path, &error))?;
            changed = true;
        }
        for entry in self.entries()? {
            let path = self.path.join(&entry.path);
            let wanted = files.iter().any(|file| file.path == entry.path);
            if !entry.is_folder && !wanted && is_typescript(&entry.path) && is_generated(&path) {
                fs::remove_file(&path).map_err(|error| failure::cannot_write(&path, &error))?;
                changed = true;
            }
        }
        Ok(changed)
    }

    /// Runs `work` (the user's command) and remembers what it left in the folder.
    pub(crate) fn remember<T>(
        &mut self,
        files: &[GeneratedFile],
        work: impl FnOnce(&Path) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let folders: BTreeSet<String> =
            self.entries()?.into_iter().filter(|entry| entry.is_folder).map(|entry| entry.path).collect();
        // A command that fails half way has left files too: they must not block the next run.
        let result = work(&self.path);
        let mut paths: BTreeSet<String> =
            self.manifest.paths.iter().filter(|path| self.path.join(path).exists()).cloned().collect();
        let mut new_folder: Option<String> = None;
        for entry in self.entries()? {
            if new_folder.as_ref().is_some_and(|folder| entry.path.starts_with(folder)) {
                continue;
            }
            if entry.is_folder && !folders.contains(&entry.path) {
                new_folder = Some(format!("{}/", entry.path));
                paths.insert(entry.path);
            } else if !entry.is_folder && self.is_foreign(&entry.path, files) {
                paths.insert(entry.path);
            }
        }
        self.manifest = Manifest { paths };
        self.save_manifest()?;
        result
    }

    fn save_manifest(&self) -> Result<(), Failure> {
        let path = self.path.join(manifest::NAME);
        let result = match self.manifest.text() {
            Some(text) if fs::read_to_string(&path).is_ok_and(|present| present == text) => Ok(()),
            Some(text) => replace(&path, &text),
            None if path.exists() => fs::remove_file(&path),
            None => Ok(()),
        };
        result.map_err(|error| failure::cannot_write(&path, &error))
    }

    /// Whether a file is neither generated nor explained by what is.
    fn is_foreign(&self, path: &str, files: &[GeneratedFile]) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        if path == manifest::NAME || HARMLESS.contains(&name) || self.manifest.knows(path) {
            return false;
        }
        let compiled = COMPILED.iter().find_map(|suffix| path.strip_suffix(suffix)).is_some_and(|stem| {
            files.iter().any(|file| file.path.strip_suffix(".ts").is_some_and(|source| source == stem))
        });
        !compiled && !is_generated(&self.path.join(path))
    }

    /// Everything in the folder, sorted so that a folder comes before what is in it. What an earlier
    /// `on_generate` made as a folder is not looked into, and neither are links.
    fn entries(&self) -> Result<Vec<Entry>, Failure> {
        let mut entries = Vec::new();
        let mut pending = vec![String::new()];
        while let Some(prefix) = pending.pop() {
            let folder = self.path.join(&prefix);
            let listing = match fs::read_dir(&folder) {
                Ok(listing) => listing,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failure::cannot_read(&folder, &error)),
            };
            for item in listing {
                let item = item.map_err(|error| failure::cannot_read(&folder, &error))?;
                let is_folder = item.file_type().is_ok_and(|kind| kind.is_dir());
                let path = format!("{prefix}{}", item.file_name().to_string_lossy());
                if is_folder && !self.manifest.knows(&path) {
                    pending.push(format!("{path}/"));
                }
                entries.push(Entry { path, is_folder });
            }
        }
        entries.sort_by(|a, b| a.path.split('/').cmp(b.path.split('/')));
        Ok(entries)
    }
}

fn is_typescript(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("ts" | "tsx" | "new"))
}

fn is_generated(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| codegen::was_generated(&String::from_utf8_lossy(&bytes)))
}

/// Writes a whole file or leaves the old one: nobody sees half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    fs::write(&beside, text)?;
    fs::rename(&beside, path).inspect_err(|_| drop(fs::remove_file(&beside)))
}
