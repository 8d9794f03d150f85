//! `type X = T`.

use super::{Parsed, Parser};
use crate::ast::Alias;
use crate::messages;

impl Parser<'_> {
    /// The alias whose keyword is the peeked token.
    pub(super) fn alias(&mut self) -> Parsed<Alias> {
        let docs = self.lexer.docs();
        let start = self.bump().start;
        let name = self.block_name("type")?;
        let token = self.peek();
        if token.first_on_line || !self.eat_symbol('=') {
            let (span, found) = (self.lexer.span_of(token), self.found());
            return Err(self.report(messages::expected_alias_sign(span, &name.text, &found)));
        }
        if self.peek().first_on_line {
            return Err(self.report(messages::alias_without_type(name.span, &name.text)));
        }
        let ty = self.ty()?;
        let span = self.span_from(start);
        let next = self.peek();
        if !next.first_on_line && self.at_symbol(';') {
            let place = self.lexer.span_of(next);
            self.report(messages::semicolon(place));
            self.bump();
        }
        Ok(Alias { docs, name, ty, span })
    }
}
