//! Where the diagnostics of one check are collected.

use syntax::{Diagnostic, Severity};
use types::nearest;

/// How many unknown names get a suggestion. Each one costs a comparison with every name there is, and a program
/// with more wrong names than this has another problem than spelling.
const MAX_SUGGESTIONS: usize = 64;

/// The diagnostics found so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    diagnostics: Vec<Diagnostic>,
    suggestions: usize,
    /// Whether the parser gave up on something, so that a name may be missing only because its block is broken.
    incomplete: bool,
}

impl Report {
    /// A report on sources of which some part could not be parsed.
    pub(crate) fn incomplete(diagnostics: Vec<Diagnostic>) -> Self {
        let incomplete = diagnostics.iter().any(|found| found.severity == Severity::Error);
        Self { diagnostics, suggestions: 0, incomplete }
    }

    /// Adds a diagnostic.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds a diagnostic about something that is not there. After a syntax error it is left out: what seems to
    /// be missing may be in the part that could not be parsed.
    pub(crate) fn push_missing(&mut self, diagnostic: Diagnostic) {
        if !self.incomplete {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The candidate nearest to a wrong name, for its diagnostic.
    pub(crate) fn suggest<'a>(
        &mut self,
        wanted: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS {
            return None;
        }
        let mut candidates: Vec<&str> = candidates.into_iter().collect();
        // The names come out of a hash map: of two that are as near, the same one must always win.
        candidates.sort_unstable();
        nearest(wanted, candidates)
    }

    /// How many errors there are.
    pub(crate) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
    }

    /// The diagnostics in the order of the sources, each once.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics;
        diagnostics.sort_by_key(|found| (found.span.file, found.span.start));
        diagnostics.dedup();
        diagnostics
    }
}
