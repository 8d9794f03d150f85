//! From a place in a dedented text to its place in the `.baml` file.

use std::ops::Range;

use schema::Span;

/// Where each line of a text that was dedented and trimmed lies in its file.
#[derive(Debug)]
pub(crate) struct Positions {
    /// The whole text in its file.
    whole: Span,
    /// For each line: where it starts in the text, and in the file.
    lines: Vec<(usize, usize)>,
}

impl Positions {
    /// Lines `text` up with the part of `file` that it was made from. Without the file, every place is the whole.
    pub(crate) fn new(text: &str, whole: Span, file: Option<&str>) -> Self {
        let raw = file.and_then(|file| file.get(whole.start as usize..whole.end as usize));
        let lines = raw.and_then(|raw| align(text, raw)).unwrap_or_default();
        let start = whole.start as usize;
        Self { whole, lines: lines.into_iter().map(|(text, raw)| (text, start + raw)).collect() }
    }

    /// The place in the file of a range of the text.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        let Some(start) = self.offset(range.start) else { return self.whole };
        let end = self.offset(range.end).unwrap_or(start).max(start);
        let offset = |offset: usize| u32::try_from(offset).unwrap_or(self.whole.end).min(self.whole.end);
        Span { file: self.whole.file, start: offset(start), end: offset(end) }
    }

    fn offset(&self, position: usize) -> Option<usize> {
        let line = self.lines.partition_point(|(text, _)| *text <= position).checked_sub(1)?;
        self.lines.get(line).map(|(text, file)| file + (position - text))
    }
}

/// The start of each line in the text and in the raw text: the same lines, except for leading and trailing blank
/// lines and for indentation.
fn align(text: &str, raw: &str) -> Option<Vec<(usize, usize)>> {
    let starts = |text: &str| -> Vec<(usize, usize)> {
        let mut start = 0;
        text.split('\n')
            .map(|line| {
                let entry = (start, line.trim_end().len());
                start += line.len() + 1;
                entry
            })
            .collect()
    };
    let (text_lines, raw_lines) = (starts(text), starts(raw));
    let content =
        |text: &str, (start, length): (usize, usize)| text[start..start + length].trim_start().len();
    let same = |first: usize| {
        text_lines.iter().enumerate().all(|(index, line)| {
            raw_lines.get(first + index).is_some_and(|raw_line| {
                let length = content(text, *line);
                raw[raw_line.0..raw_line.0 + raw_line.1].ends_with(text[line.0..line.0 + line.1].trim_start())
                    && (index > 0 || length <= raw_line.1)
            })
        })
    };
    let first = (0..raw_lines.len()).take(1000).find(|first| {
        same(*first)
            && (text.is_empty() || {
                let line = raw_lines[*first];
                content(raw, line) > 0
            })
    })?;
    let pairs = text_lines.iter().zip(raw_lines.iter().skip(first));
    Some(pairs.map(|(text, raw)| (text.0, raw.0 + raw.1.saturating_sub(text.1))).collect())
}
