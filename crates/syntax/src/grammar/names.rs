//! Names where a block, a field, a value or a parameter gets one.

use super::{Parsed, Parser, Reported};
use crate::ast::Identifier;
use crate::lexer::{TokenKind, is_word_character, run};
use crate::messages;

impl Parser<'_> {
    /// The name of a block, after its keyword on the same line.
    pub(super) fn block_name(&mut self, keyword: &str) -> Parsed<Identifier> {
        let token = self.peek();
        if token.first_on_line || !matches!(token.kind, TokenKind::Word | TokenKind::Number) {
            let span = self.lexer.span(self.lexer.taken().saturating_sub(keyword.len()), self.lexer.taken());
            let found = self.found();
            return Err(self.report(messages::missing_name(span, keyword, &found)));
        }
        self.name(keyword)
    }

    /// A name: ASCII letters, digits and `_`, starting with a letter. One that is not is reported with the
    /// whole of what was written.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Identifier> {
        let token = self.peek();
        if !matches!(token.kind, TokenKind::Word | TokenKind::Number) {
            return Err(self.bad_name(what));
        }
        self.bump();
        let tail = run(self.lexer.rest(token.end), |character| {
            is_word_character(character) || matches!(character, '-' | '.' | '$' | '!' | '\'')
        });
        let end = token.end + tail;
        let text = self.lexer.slice(token.start, end);
        let span = self.lexer.span(token.start, end);
        let plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        self.lexer.move_to(end);
        if !plain {
            self.report(messages::bad_name(span, what, text));
        }
        Ok(Identifier { text: text.to_owned(), span })
    }

    fn bad_name(&mut self, what: &str) -> Reported {
        let token = self.peek();
        let (span, found) = (self.lexer.span_of(token), self.found());
        self.report(messages::expected_name(span, what, &found))
    }
}
