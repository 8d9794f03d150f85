//! Escapes in `"…"`.

use super::Lexer;
use crate::messages;

impl Lexer<'_> {
    /// The text of a quoted string whose content lies between two places. Reports each unknown escape.
    pub(super) fn unescape(&mut self, start: usize, end: usize) -> String {
        let content = self.slice(start, end);
        if !content.contains('\\') {
            return content.to_owned();
        }
        let mut text = String::with_capacity(content.len());
        let mut characters = content.char_indices();
        while let Some((at, character)) = characters.next() {
            if character != '\\' {
                text.push(character);
                continue;
            }
            // The content never ends in a lone backslash: it would have escaped the closing quote.
            let Some((_, escaped)) = characters.next() else { break };
            match escaped {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                '"' | '\\' => text.push(escaped),
                _ => {
                    let place = start + at;
                    let span = self.span(place, place + 1 + escaped.len_utf8());
                    self.report(messages::unknown_escape(span, escaped));
                    text.push(escaped);
                }
            }
        }
        text
    }
}
