//! Blocks that are only properties: clients, retry policies, generators. And the braces of every block.

use super::{Parsed, Parser};
use crate::ast::{Block, Identifier};
use crate::lexer::TokenKind;
use crate::{Span, messages};

impl Parser<'_> {
    /// `client<llm> X { … }`, or `client X { … }`.
    pub(super) fn client(&mut self) -> Parsed<Block> {
        self.block("client", true)
    }

    /// `retry_policy X { … }`.
    pub(super) fn retry_policy(&mut self) -> Parsed<Block> {
        self.block("retry_policy", false)
    }

    /// `generator x { … }`.
    pub(super) fn generator(&mut self) -> Parsed<Block> {
        self.block("generator", false)
    }

    fn block(&mut self, keyword: &'static str, takes_argument: bool) -> Parsed<Block> {
        let docs = self.lexer.docs();
        let start = self.bump().start;
        let argument = self.block_argument(keyword, takes_argument)?;
        let name = self.block_name(keyword)?;
        let opening = self.open_body_anywhere(keyword, &name)?;
        let mut properties = Vec::new();
        while !self.at_body_end() {
            if let Some(property) = self.block_property() {
                properties.push(property);
            }
        }
        self.close_body(keyword, &name, opening);
        Ok(Block { docs, name, argument, properties, span: self.span_from(start) })
    }

    /// `<llm>`.
    fn block_argument(&mut self, keyword: &str, takes_argument: bool) -> Parsed<Option<Identifier>> {
        let keyword_end = self.lexer.taken();
        let opening = self.peek();
        if !self.eat_symbol('<') {
            return Ok(None);
        }
        let token = self.peek();
        let text = self.lexer.text_of(token).to_owned();
        if token.kind == TokenKind::Word {
            self.bump();
        }
        let closed = self.eat_symbol('>');
        let span = self.span_from(opening.start);
        if !takes_argument {
            return Err(self.report(messages::unexpected_block_argument(span, keyword)));
        }
        if text != "llm" || !closed {
            return Err(self.report(messages::unknown_client_kind(span)));
        }
        if opening.start != keyword_end || self.lexer.taken() - opening.start != "<llm>".len() {
            self.report(messages::blanks_in_client_kind(span));
        }
        Ok(Some(Identifier { text, span: self.lexer.span_of(token) }))
    }

    /// The `{` after the head of a block of types. One on the next line is reported and taken; something else
    /// before it is reported and skipped.
    pub(super) fn open_body(&mut self, keyword: &str, name: &Identifier) -> Parsed<Span> {
        let token = self.peek();
        if self.at_symbol('{') && token.first_on_line {
            let span = self.lexer.span_of(token);
            self.report(messages::brace_on_next_line(span, keyword, &name.text));
        }
        self.open_body_anywhere(keyword, name)
    }

    /// The `{` after the head of a block of properties: it may stand on the next line.
    pub(super) fn open_body_anywhere(&mut self, keyword: &str, name: &Identifier) -> Parsed<Span> {
        let token = self.peek();
        let span = self.lexer.span_of(token);
        if self.eat_symbol('{') {
            return Ok(span);
        }
        let found = self.found();
        let error = messages::expected_body(span, keyword, &name.text, &found);
        self.report(error);
        while !self.peek().first_on_line && !self.at_body_end() {
            let token = self.bump();
            if token.kind == TokenKind::Symbol('{') {
                return Ok(self.lexer.span_of(token));
            }
        }
        Err(super::Reported)
    }

    /// The `}` that ends a block.
    pub(super) fn close_body(&mut self, keyword: &str, name: &Identifier, opening: Span) {
        if !self.eat_symbol('}') && !self.lexer.after_unclosed_raw_string() {
            self.report(messages::unclosed_block(name.span, keyword, &name.text, opening));
        }
    }
}
