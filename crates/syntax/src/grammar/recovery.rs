//! Where to go on after an error.

use super::Parser;
use crate::lexer::{Lines, Token, TokenKind};

impl Parser<'_> {
    /// Whether a top-level block starts at the peeked token, although the block being read is still open: then
    /// its closing brace was forgotten. Only a line without indentation counts, because fields may be named
    /// like blocks.
    fn at_block(&mut self) -> bool {
        let token = self.peek();
        token.kind == TokenKind::Word && self.starts_file_line(token) && self.lexer.opens_block(token.start)
    }

    /// Whether a token stands at the very start of its line.
    fn starts_file_line(&self, token: Token) -> bool {
        let before = self.lexer.slice(token.start.saturating_sub(1), token.start);
        token.first_on_line && matches!(before, "" | "\n" | "\r")
    }

    /// Whether the body being read ends here: at its brace, at the end of the file, or where the next block
    /// starts.
    pub(super) fn at_body_end(&mut self) -> bool {
        self.at_symbol('}') || self.peek().kind == TokenKind::End || self.at_block()
    }

    /// Whether a `type_builder` ends here. The blocks of types in it may stand without indentation.
    pub(super) fn at_type_builder_end(&mut self) -> bool {
        self.at_body_end() && !["class", "enum", "type", "dynamic"].iter().any(|word| self.at_word(word))
    }

    /// Skips the rest of the line, and whole brackets that it opens: what is left of a broken property.
    /// `start` is where the property began: at least one token after it is taken.
    pub(super) fn skip_line(&mut self, start: usize) {
        let mut open = 0_usize;
        if self.lexer.taken() == start && !self.at_body_end() {
            self.skip_token(&mut open);
        }
        while !self.at_body_end() || (open > 0 && self.at_symbol('}')) {
            if open == 0 && self.peek().first_on_line {
                return;
            }
            self.skip_token(&mut open);
        }
    }

    /// Skips to the next top-level block after a broken one that began at `start`.
    pub(super) fn skip_to_block(&mut self, start: usize) {
        let mut open = 0_usize;
        if self.lexer.taken() == start && self.peek().kind != TokenKind::End {
            self.skip_token(&mut open);
        }
        loop {
            let token = self.peek();
            if token.kind == TokenKind::End || self.at_block() {
                return;
            }
            let candidate = open == 0 && token.kind == TokenKind::Word && token.first_on_line;
            let at = token.start;
            let resembles = candidate && self.starts_file_line(token) && self.lexer.resembles_block(at);
            if resembles || (candidate && self.lexer.opens_block(at)) {
                return;
            }
            self.skip_token(&mut open);
        }
    }

    /// Skips the rest of a body whose opening brace was taken, and its closing brace. Says whether there was one.
    pub(super) fn skip_body(&mut self) -> bool {
        let mut open = 1_usize;
        while open > 0 {
            if self.peek().kind == TokenKind::End || self.at_block() {
                return false;
            }
            self.skip_token(&mut open);
        }
        true
    }

    /// Skips past the bracket that closes the one being read, if the body goes on that far.
    pub(super) fn skip_past(&mut self, closing: char) -> bool {
        let mut open = 0_usize;
        loop {
            if open == 0 && self.eat_symbol(closing) {
                return true;
            }
            if self.at_body_end() && (open == 0 || !self.at_symbol('}')) {
                return false;
            }
            self.skip_token(&mut open);
        }
    }

    /// Skips one token, or one whole string.
    pub(super) fn skip_one(&mut self) {
        self.skip_token(&mut 0);
    }

    /// Takes one token, or one whole string, without reporting anything about it.
    fn skip_token(&mut self, open: &mut usize) {
        let token = self.peek();
        let reported = self.lexer.reported();
        match token.kind {
            TokenKind::Quote => drop(self.lexer.quoted(Lines::One)),
            TokenKind::RawQuote => drop(self.lexer.raw()),
            TokenKind::Symbol('{' | '[' | '(') => {
                *open += 1;
                self.bump();
            }
            TokenKind::Symbol('}' | ']' | ')') => {
                *open = open.saturating_sub(1);
                self.bump();
            }
            _ => drop(self.bump()),
        }
        self.lexer.forget_reports(reported);
    }
}
