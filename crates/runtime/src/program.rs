//! A loaded program: sources, schema and compiled templates, and what can be known of them once for all calls.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use prompt::Templates;
use schema::{Diagnostic, Function, Schema, Severity};
use types::nearest;

use crate::failure::Failure;
use crate::source_files::source_files;
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
    let sound = diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    diagnostics.extend(registry::check(&schema));
    let (templates, problems) = Templates::compile_with_sources(&schema, sources);
    // Where a name or a type is wrong, what a template may read of it is not known.
    let kept = |problem: &Diagnostic| sound || problem.severity == Severity::Error;
    diagnostics.extend(problems.into_iter().filter(kept));
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
    let unreadable = |path: &Path, error: &io::Error| Failure::other(messages::unreadable(path, error));
    let files = source_files(directory).map_err(|folder| unreadable(&folder.path, &folder.error))?;
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file.path).map_err(|error| unreadable(&file.path, &error))?;
            Ok((file.path.to_string_lossy().into_owned(), text))
        })
        .collect()
}
