//! What an `on_generate` command left in a client's folder. It carries no mark of a generator, so a file
//! remembers it; otherwise the next run would take it for the user's.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// The file's name in the client's folder.
pub(crate) const NAME: &str = ".on_generate.json";

/// Paths relative to the client's folder, with `/`. A folder stands for everything in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) paths: BTreeSet<String>,
}

impl Manifest {
    /// The manifest of a folder; empty when there is none or it cannot be read.
    pub(crate) fn read(folder: &Path) -> Self {
        let paths = fs::read_to_string(folder.join(NAME))
            .ok()
            .and_then(|text| serde_json::from_str::<Value>(&text).ok())
            .and_then(|manifest| {
                let paths = manifest.get("made_by_on_generate")?.as_array()?;
                Some(paths.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            })
            .unwrap_or_default();
        Self { paths }
    }

    /// The file's text, or `None` when there is nothing to remember.
    pub(crate) fn text(&self) -> Option<String> {
        if self.paths.is_empty() {
            return None;
        }
        Some(format!("{:#}\n", json!({ "made_by_on_generate": self.paths })))
    }

    /// Whether a path was made by an earlier `on_generate`, or lies in a folder that was.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.paths.contains(path)
            || path.match_indices('/').any(|(slash, _)| self.paths.contains(&path[..slash]))
    }
}
