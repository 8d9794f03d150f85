//! Tokens to tree, by recursive descent: one file per kind of block.
//!
//! A function that returns [`Parsed`] has reported what is wrong before it fails, so the caller only recovers:
//! blocks after each property, the file after each block.

mod additions;
mod aliases;
mod attributes;
mod blocks;
mod classes;
mod enums;
mod expressions;
mod file;
mod functions;
mod names;
mod parameters;
mod properties;
mod recovery;
mod templates;
mod tests;
mod types;
mod values;

pub use additions::parse_type_builder;
pub use file::parse;

use crate::lexer::{Lexer, Token, TokenKind};
use crate::{Diagnostic, Span, messages};

/// How deep types and values may nest. Deeper than anything written by hand, and shallow enough for the stack
/// of every thread that walks the tree.
const DEEPEST: usize = 64;

/// What is wrong here has been reported.
#[derive(Clone, Copy, Debug)]
struct Reported;

type Parsed<T> = Result<T, Reported>;

struct Parser<'a> {
    lexer: Lexer<'a>,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&mut self) -> Token {
        self.lexer.peek()
    }

    fn bump(&mut self) -> Token {
        self.lexer.bump()
    }

    fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        self.lexer.report(diagnostic);
        Reported
    }

    /// The span from a place to the end of the last token taken.
    fn span_from(&self, start: usize) -> Span {
        self.lexer.span(start, self.lexer.taken().max(start))
    }

    fn at_symbol(&mut self, symbol: char) -> bool {
        self.peek().kind == TokenKind::Symbol(symbol)
    }

    fn at_word(&mut self, word: &str) -> bool {
        let token = self.peek();
        token.kind == TokenKind::Word && self.lexer.text_of(token) == word
    }

    fn eat_symbol(&mut self, symbol: char) -> bool {
        let found = self.at_symbol(symbol);
        if found {
            self.bump();
        }
        found
    }

    /// How a user would name the peeked token.
    fn found(&mut self) -> String {
        let token = self.peek();
        let rest = self.lexer.rest(token.start);
        let text = if rest.starts_with("{#") || rest.starts_with("/*") {
            self.lexer.slice(token.start, token.start + 2)
        } else {
            self.lexer.text_of(token)
        };
        messages::found(token.kind, text)
    }

    /// Runs a rule that may contain itself, one level deeper.
    fn nested<T>(&mut self, opening: Token, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEEPEST {
            let span = self.lexer.span_of(opening);
            return Err(self.report(messages::too_deep(span, DEEPEST)));
        }
        self.depth += 1;
        let parsed = rule(self);
        self.depth -= 1;
        parsed
    }
}
