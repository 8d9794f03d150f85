//! A loaded program: sources, schema and compiled templates, and what can be known of them once for all calls.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use prompt::Templates;
use schema::{Diagnostic, Function, Schema, Severity};
use types::nearest;

use crate::failure::Failure;
use crate::{log, messages};

/// Sources as paths and texts.
pub type Sources = Vec<(String, String)>;

pub(crate) struct Program {
    pub(crate) sources: Sources,
    pub(crate) schema: Arc<Schema>,
    pub(crate) templates: Templates,
}

impl fmt::Debug for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions: Vec<&str> = self.schema.functions.keys().map(|name| &**name).collect();
        formatter.debug_struct("Program").field("functions", &functions).finish_non_exhaustive()
    }
}

impl Program {
    /// Parses, checks and compiles. Warnings go to the log.
    pub(crate) fn load(sources: Sources) -> Result<Self, Failure> {
        let (schema, templates, diagnostics) = compile(&sources);
        let rendered = |severity: Severity| {
            let chosen: Vec<Diagnostic> =
                diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).cloned().collect();
            schema::render(&sources, &chosen, false)
        };
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return Err(Failure::other(rendered(Severity::Error)));
        }
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Warning) {
            log::warn(&rendered(Severity::Warning));
        }
        Ok(Self { sources, schema: Arc::new(schema), templates })
    }

    /// The function, or an error that names the nearest.
    pub(crate) fn function(&self, name: &str) -> Result<&Arc<Function>, Failure> {
        self.schema.functions.get(name).ok_or_else(|| {
            let names = || self.schema.functions.keys().map(|name| &**name);
            Failure::other(messages::unknown_function(name, nearest(name, names()), names()))
        })
    }
}

/// Says what a program means and what is wrong with it, in the order of the sources.
#[must_use]
pub fn check(sources: &Sources) -> (Schema, Vec<Diagnostic>) {
    let (schema, _, diagnostics) = compile(sources);
    (schema, diagnostics)
}

/// All three checks: names and types, clients, templates.
fn compile(sources: &Sources) -> (Schema, Templates, Vec<Diagnostic>) {
    let (schema, mut diagnostics) = schema::load(sources);
    diagnostics.extend(registry::check(&schema));
    let (templates, problems) = Templates::compile_with_sources(&schema, sources);
    diagnostics.extend(problems);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (schema, templates, diagnostics)
}

/// Reads every `.baml` file under a `baml_src` folder, sorted by path.
///
/// # Errors
/// A failure that names the folder or file that cannot be read.
pub fn read_directory(directory: &Path) -> Result<Sources, Failure> {
    if !directory.is_dir() {
        return Err(Failure::other(messages::not_a_directory(directory)));
    }
    let mut sources = Vec::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(folder) = pending.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| Failure::other(messages::unreadable(&folder, &error)))?;
        for entry in entries {
            let entry = entry.map_err(|error| Failure::other(messages::unreadable(&folder, &error)))?;
            let path = entry.path();
            // A link to a folder is not followed: it may lead back here.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "baml") {
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| Failure::other(messages::unreadable(&path, &error)))?;
                sources.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    sources.sort();
    Ok(sources)
}
