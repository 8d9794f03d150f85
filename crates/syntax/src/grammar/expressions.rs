//! Expression functions and `let`: recognised, reported and skipped. They are an experiment of the language
//! that this engine does not run.

use super::{Parsed, Parser};
use crate::ast::{self, Identifier};
use crate::lexer::TokenKind;
use crate::{Span, messages};

/// Words that begin a statement, and never a property.
const STATEMENTS: [&str; 9] = ["let", "if", "for", "while", "return", "watch", "match", "break", "continue"];

impl Parser<'_> {
    /// Whether the body that was just opened holds statements, by its first line: a property is a word and a
    /// value, anything else is an expression.
    pub(super) fn at_expression_body(&mut self) -> bool {
        let token = self.peek();
        match token.kind {
            TokenKind::Word => {}
            TokenKind::End | TokenKind::At | TokenKind::AtAt | TokenKind::Quote | TokenKind::RawQuote => {
                return false;
            }
            TokenKind::Symbol(symbol) => return matches!(symbol, '}' | '(' | '[' | '{' | '!' | '#' | '-'),
            TokenKind::Number | TokenKind::Arrow => return true,
        }
        let word = self.lexer.text_of(token);
        if STATEMENTS.contains(&word) {
            return true;
        }
        let rest = self.lexer.rest(token.end);
        let after = rest.trim_start_matches([' ', '\t']);
        let glued = after.len() == rest.len();
        match after.chars().next() {
            // `client` alone on its line is a property whose value was forgotten.
            None | Some('\n' | '\r' | '}' | ';') => !matches!(word, "client" | "prompt"),
            Some('(' | '.') => glued,
            Some('{') => word.starts_with(|first: char| first.is_ascii_uppercase()),
            Some('+' | '-' | '*' | '/' | '<' | '>' | '!' | '&' | '|' | '%' | '?') => true,
            Some('=') => after.starts_with("=="),
            _ => false,
        }
    }

    /// Skips the body of an expression function.
    pub(super) fn expression_function(&mut self, file: &mut ast::File, name: Identifier, opening: Span) {
        self.report(messages::expression_function(name.span, &name.text));
        if self.skip_body() {
            file.unsupported.push(name);
        } else {
            self.report(messages::unclosed_block(name.span, "function", &name.text, opening));
        }
    }

    /// `let x = …;` outside of a function: skipped up to its semicolon.
    pub(super) fn top_level_let(&mut self) -> Parsed<()> {
        let start = self.bump().start;
        let span = self.span_from(start);
        loop {
            let token = self.peek();
            if self.eat_symbol(';') {
                self.report(messages::top_level_let(span));
                return Ok(());
            }
            if self.at_symbol('{') {
                self.bump();
                self.skip_body();
            } else if token.kind == TokenKind::End || token.first_on_line {
                return Err(self.report(messages::unfinished_let(span)));
            } else {
                self.skip_one();
            }
        }
    }
}
