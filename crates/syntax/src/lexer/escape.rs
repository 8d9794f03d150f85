//! Escapes in `"…"`.

use super::Lexer;
use crate::messages;

impl Lexer<'_> {
    /// The text of a quoted string whose content lies between two places. `\n \r \t \0 \" \' \\` and `\x41` are
    /// replaced; any other backslash stays as it is, so that a regular expression such as `"\d+"` can be
    /// written. An `\x` without two digits is reported.
    pub(super) fn unescape(&mut self, start: usize, end: usize) -> String {
        let content = self.slice(start, end);
        let mut text = String::with_capacity(content.len());
        let mut rest = content;
        while let Some((before, after)) = rest.split_once('\\') {
            text.push_str(&with_unix_line_ends(before));
            let escaped = after.chars().next();
            let replacement = match escaped {
                Some('n') => Some('\n'),
                Some('r') => Some('\r'),
                Some('t') => Some('\t'),
                Some('0') => Some('\0'),
                Some(quote @ ('"' | '\'' | '\\')) => Some(quote),
                _ => None,
            };
            let mut taken = 1;
            if let Some(character) = replacement {
                text.push(character);
            } else if let Some(character) = hexadecimal(after) {
                text.push(character);
                taken = "x41".len();
            } else {
                if escaped == Some('x') {
                    let place = end - after.len();
                    self.report(messages::unfinished_escape(self.span(place - 1, place + 1)));
                }
                text.push('\\');
                taken = 0;
            }
            rest = after.get(taken..).unwrap_or_default();
        }
        text.push_str(&with_unix_line_ends(rest));
        text
    }
}

/// A text whose lines end in `\n`, whatever the file has.
pub(super) fn with_unix_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The ASCII character that `x41` stands for.
fn hexadecimal(text: &str) -> Option<char> {
    let digits = text.strip_prefix('x')?.get(..2)?;
    let code = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16))?;
    code.ok().filter(u8::is_ascii).map(char::from)
}
