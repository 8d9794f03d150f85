//! Reading a project and saying what is wrong with it.

use std::fmt;
use std::path::{Path, PathBuf};

use schema::{Diagnostic, FileId, Schema, Severity, Span};
use syntax::ast::Item;

use crate::console::Console;
use crate::failure::Failure;
use crate::paths;

/// A project that was read from disk.
pub(crate) struct Program {
    /// The `baml_src` folder, as the user would write it.
    pub(crate) folder: PathBuf,
    /// Paths relative to the folder, and texts.
    pub(crate) sources: Vec<(String, String)>,
    /// What the sources say, as far as they can be understood.
    pub(crate) schema: Schema,
    /// What is wrong with them.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A line of a source file, as an editor opens it from the working directory: `baml_src/main.baml:3`.
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

impl Program {
    /// Reads and checks the project in `from`, or the nearest one.
    pub(crate) fn read(from: Option<&Path>) -> Result<Self, Failure> {
        let folder = paths::source_folder(from)?;
        let sources = paths::read_sources(&folder)?;
        let (schema, diagnostics) = runtime::check(&sources);
        Ok(Self { folder, sources, schema, diagnostics })
    }

    /// How many of the diagnostics are errors.
    pub(crate) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// Where something begins.
    pub(crate) fn place(&self, span: Span) -> Place {
        let (path, text) = self
            .sources
            .get(span.file.0 as usize)
            .map_or(("", ""), |(path, text)| (path.as_str(), text.as_str()));
        let before = text.get(..span.start as usize).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        Place { file: self.folder.join(path).display().to_string(), line }
    }

    /// The folder of the file that something is written in.
    pub(crate) fn folder_of(&self, span: Span) -> PathBuf {
        let mut path = self.folder.clone();
        path.extend(self.sources.get(span.file.0 as usize).map(|(path, _)| path));
        path.pop();
        path
    }

    /// The sources without their test blocks.
    pub(crate) fn sources_without_tests(&self) -> Vec<(String, String)> {
        let mut file = 0;
        self.sources
            .iter()
            .map(|(path, text)| {
                let (ast, _) = syntax::parse(FileId(file), text);
                file += 1;
                let mut kept = String::with_capacity(text.len());
                let mut from = 0;
                for item in &ast.items {
                    if let Item::Test(test) = item {
                        let (start, end) = (test.span.start as usize, test.span.end as usize);
                        kept.push_str(text.get(from..start).unwrap_or_default());
                        from = end.max(from);
                    }
                }
                kept.push_str(text.get(from..).unwrap_or_default());
                (path.clone(), kept)
            })
            .collect()
    }

    /// Prints the diagnostics, with paths that an editor can open from the working directory.
    pub(crate) fn report(&self, console: &mut Console) {
        if self.diagnostics.is_empty() {
            return;
        }
        let sources: Vec<(String, String)> = self
            .sources
            .iter()
            .map(|(path, text)| (self.folder.join(path).display().to_string(), text.clone()))
            .collect();
        let color = console.color;
        console.error(syntax::render(&sources, &self.diagnostics, color).trim_end());
    }
}
