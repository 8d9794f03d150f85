//! `function F(p: T) -> R { client X  prompt #"…"# }`.

use super::{Parsed, Parser};
use crate::ast::{self, Function, Identifier, Type};
use crate::lexer::TokenKind;
use crate::messages;

impl Parser<'_> {
    /// The function whose keyword is the peeked token; `None` for one that is made of expressions, which is
    /// noted in `file`.
    pub(super) fn function(&mut self, file: &mut ast::File) -> Parsed<Option<Function>> {
        let docs = self.lexer.docs();
        let start = self.bump().start;
        let name = self.block_name("function")?;
        if self.at_symbol('{') {
            return Err(self.report(messages::old_function(name.span, &name.text)));
        }
        if !self.at_symbol('(') {
            let (span, found) = self.unexpected();
            return Err(self.report(messages::expected_parameters(span, &name.text, &found)));
        }
        let parameters = self.parameters()?;
        let returns = self.returns(&name)?;
        let opening = self.open_body_anywhere("function", &name)?;
        if self.at_expression_body() {
            self.expression_function(file, name, opening);
            return Ok(None);
        }
        let mut properties = Vec::new();
        while !self.at_body_end() {
            let token = self.peek();
            if matches!(token.kind, TokenKind::AtAt | TokenKind::At) {
                let place = self.lexer.taken();
                let span = self.lexer.span_of(token);
                self.report(messages::attribute_in_function(span));
                self.skip_line(place);
            } else if let Some(property) = self.block_property() {
                properties.push(property);
            }
        }
        self.close_body("function", &name, opening);
        Ok(Some(Function { docs, name, parameters, returns, properties, span: self.span_from(start) }))
    }

    /// `-> R`. A type without the arrow is unmistakable, and taken.
    fn returns(&mut self, name: &Identifier) -> Parsed<Type> {
        let token = self.peek();
        match token.kind {
            TokenKind::Arrow => {
                self.bump();
            }
            TokenKind::Word if !token.first_on_line => {}
            TokenKind::Symbol('{') => {
                self.report(messages::missing_return_type(name.span, &name.text));
                return Ok(self.missing_type());
            }
            _ => {
                let (span, found) = self.unexpected();
                return Err(self.report(messages::expected_arrow(span, &name.text, &found)));
            }
        }
        if self.at_symbol('{') {
            self.report(messages::missing_return_type(name.span, &name.text));
            return Ok(self.missing_type());
        }
        self.ty()
    }

    fn unexpected(&mut self) -> (crate::Span, String) {
        let token = self.peek();
        (self.lexer.span_of(token), self.found())
    }
}
