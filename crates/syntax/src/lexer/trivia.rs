//! What stands between tokens: blanks, line ends, comments, and the `///` comments that document what follows.

use super::{Lexer, run};
use crate::messages;

impl Lexer<'_> {
    /// Skips to the next token and says whether it is the first on its line.
    pub(super) fn skip_trivia(&mut self) -> bool {
        let before = self.slice(0, self.position);
        let mut first_on_line = matches!(before, "" | "\u{feff}") || before.ends_with('\n');
        loop {
            let rest = self.rest(self.position);
            let blank = run(rest, |character| matches!(character, ' ' | '\t' | '\r' | '\n'));
            if blank > 0 {
                first_on_line |= rest.get(..blank).is_some_and(|blanks| blanks.contains(['\n', '\r']));
                self.position += blank;
            } else if rest.starts_with("//") {
                let length = line_length(rest);
                if first_on_line && rest.starts_with("///") && !rest.starts_with("////") {
                    self.docs.push((self.position + "///".len(), self.position + length));
                }
                self.position += length;
            } else if let Some(end) = self.block_comment(first_on_line) {
                self.position = end;
            } else {
                return first_on_line;
            }
        }
    }

    /// The `///` comment before the peeked token.
    pub(crate) fn docs(&mut self) -> Option<String> {
        self.peek();
        let lines: Vec<&str> = self
            .docs
            .iter()
            .map(|&(start, end)| {
                let line = self.slice(start, end);
                line.strip_prefix(' ').unwrap_or(line).trim_end()
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// The end of the block comment `{// … //}` that starts here, if one does. A brace that opens a block may be
    /// followed by a line comment (`class A {// first`): it is a block comment only when it ends on its own
    /// line, or begins one.
    fn block_comment(&mut self, first_on_line: bool) -> Option<usize> {
        let start = self.position;
        let rest = self.rest(start);
        if !rest.starts_with("{//") {
            return None;
        }
        let inside = start + "{//".len();
        let end = match self.block_comment_end {
            Some(end) if end >= inside => end,
            _ => self.rest(inside).find("//}").map_or(usize::MAX, |length| inside + length),
        };
        self.block_comment_end = Some(end);
        if end == usize::MAX {
            if first_on_line {
                self.report(messages::unclosed_comment(self.span(start, inside)));
                return Some(start + line_length(rest));
            }
            return None;
        }
        (first_on_line || !self.slice(inside, end).contains('\n')).then(|| end + "//}".len())
    }
}

/// The length in bytes of the first line, without its end.
pub(super) fn line_length(text: &str) -> usize {
    run(text, |character| character != '\n')
}
