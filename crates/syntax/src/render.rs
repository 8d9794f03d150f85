//! Diagnostics to text, in rustc's look.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{Diagnostic, Severity, Span};

/// More than this many are counted, not shown: nobody reads further, and the text may become the message of an
/// exception.
const MOST_SHOWN: usize = 50;

/// Lines shown before and after a marked place.
const CONTEXT: usize = 1;

/// Longest part of a line that is shown, in bytes.
const LONGEST_LINE: usize = 200;

/// The diagnostics as a user reads them: each a headline (`error: …`), the place (`--> path:line:column`), the
/// source with the place marked, and what to do. `sources` holds the path and the text of each file, in the
/// order of their [`crate::FileId`]s. `color` adds terminal colours.
#[must_use]
pub fn render(sources: &[(String, String)], diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    let mut lines = LineStarts::new(sources);
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(MOST_SHOWN) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&one(&mut lines, diagnostic, &renderer));
    }
    if diagnostics.len() > MOST_SHOWN {
        let _ = write!(text, "\n\n… and {} more", diagnostics.len() - MOST_SHOWN);
    }
    text
}

fn one(lines: &mut LineStarts<'_>, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()));
    let main = lines.excerpt(diagnostic.span);
    let related =
        diagnostic.related.as_ref().and_then(|(span, label)| Some((lines.excerpt(*span)?, label.as_str())));
    if let Some(excerpt) = &main {
        let mut snippet = excerpt.snippet().annotation(AnnotationKind::Primary.span(excerpt.marked.clone()));
        let beside = related.as_ref().and_then(|(other, label)| Some((excerpt.place_of(other)?, *label)));
        if let Some((place, label)) = beside.clone() {
            snippet = snippet.annotation(AnnotationKind::Context.span(place).label(label));
        }
        group = group.element(snippet);
        if let Some((other, label)) = related.as_ref().filter(|_| beside.is_none()) {
            let mark = AnnotationKind::Context.span(other.marked.clone()).label(*label);
            group = group.element(other.snippet().annotation(mark));
        }
    }
    if let Some(help) = diagnostic.help.as_deref() {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group])
}

/// The part of a file that is shown for a place.
struct Excerpt<'a> {
    path: &'a str,
    text: &'a str,
    /// Where `text` starts in the file.
    start: usize,
    first_line: usize,
    marked: Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn snippet(&self) -> Snippet<'a, Annotation<'a>> {
        Snippet::source(self.text).path(self.path).line_start(self.first_line)
    }

    /// Where another marked place lies in this part of the file, when it does.
    fn place_of(&self, other: &Self) -> Option<Range<usize>> {
        let start = (other.start + other.marked.start).checked_sub(self.start)?;
        let end = start + other.marked.len();
        (self.path == other.path && end <= self.text.len()).then_some(start..end)
    }
}

/// Where the lines of each file start, found once per file.
struct LineStarts<'a> {
    sources: &'a [(String, String)],
    starts: Vec<Option<Vec<usize>>>,
}

impl<'a> LineStarts<'a> {
    fn new(sources: &'a [(String, String)]) -> Self {
        Self { sources, starts: vec![None; sources.len()] }
    }

    /// `None` when the file is not among the sources: then only the headline is shown.
    fn excerpt(&mut self, span: Span) -> Option<Excerpt<'a>> {
        let file = span.file.0 as usize;
        let (path, text) = self.sources.get(file)?;
        let starts = self.starts.get_mut(file)?.get_or_insert_with(|| line_starts(text));
        let start = floor(text, span.start as usize);
        let end = floor(text, span.end as usize).max(start);
        let line = starts.partition_point(|&line| line <= start).saturating_sub(1);
        let line_end = |line: usize| starts.get(line + 1).map_or(text.len(), |&next| next - 1);
        // A place of several lines is marked on its first.
        let end = end.min(line_end(line)).max(start);
        let line_start = *starts.get(line)?;
        if line_end(line) - line_start > LONGEST_LINE {
            let shown = floor(text, start.saturating_sub(LONGEST_LINE / 2).max(line_start))
                ..floor(text, (start + LONGEST_LINE / 2).min(line_end(line)));
            let marked = start - shown.start..end.min(shown.end).max(start) - shown.start;
            let start = shown.start;
            return Some(Excerpt { path, text: text.get(shown)?, start, first_line: line + 1, marked });
        }
        let long = |line: usize| {
            line_end(line).saturating_sub(starts.get(line).copied().unwrap_or(0)) > LONGEST_LINE
        };
        let first = (line.saturating_sub(CONTEXT)..line).find(|&line| !long(line)).unwrap_or(line);
        let last = (line + 1..=line + CONTEXT).take_while(|&line| line < starts.len() && !long(line)).last();
        let from = *starts.get(first)?;
        let text = text.get(from..line_end(last.unwrap_or(line)))?;
        Some(Excerpt { path, text, start: from, first_line: first + 1, marked: start - from..end - from })
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect()
}

/// The nearest place at or before `place` that is in the text and between two characters.
fn floor(text: &str, place: usize) -> usize {
    let mut place = place.min(text.len());
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}
