//! `(p: T, q: U)`.

use super::{Parsed, Parser};
use crate::ast::Parameter;
use crate::lexer::TokenKind;
use crate::messages;

impl Parser<'_> {
    /// The parameters whose opening parenthesis is the peeked token. They may stand on lines of their own, and
    /// a comma may follow the last.
    pub(super) fn parameters(&mut self) -> Parsed<Vec<Parameter>> {
        let opening = self.bump();
        let mut parameters = Vec::new();
        // `(,)` is a list that has nothing before its last comma.
        self.eat_symbol(',');
        while !self.eat_symbol(')') {
            let token = self.peek();
            if token.kind == TokenKind::End || self.at_body_end() {
                let span = self.lexer.span_of(opening);
                return Err(self.report(messages::unclosed_parameters(span)));
            }
            parameters.push(self.parameter()?);
            if self.at_symbol(')') || self.eat_symbol(',') {
                continue;
            }
            let token = self.peek();
            let (span, found) = (self.lexer.span_of(token), self.found());
            if self.at_symbol('=') {
                return Err(self.report(messages::parameter_default(span)));
            }
            let rest = self.lexer.rest(token.end).trim_start_matches([' ', '\t']);
            let next_follows = token.kind == TokenKind::Word && rest.starts_with(':');
            if token.first_on_line && !next_follows {
                let span = self.lexer.span_of(opening);
                return Err(self.report(messages::unclosed_parameters(span)));
            }
            let reported = self.report(messages::parameter_separator(span, &found));
            if !next_follows {
                return Err(reported);
            }
        }
        Ok(parameters)
    }

    fn parameter(&mut self) -> Parsed<Parameter> {
        let name = self.name("parameter")?;
        if !self.eat_symbol(':') {
            let token = self.peek();
            self.report(messages::untyped_parameter(name.span, &name.text));
            if token.kind != TokenKind::Word || token.first_on_line {
                return Ok(Parameter { name, ty: None });
            }
        } else if self.peek().first_on_line {
            self.report(messages::parameter_type_on_next_line(name.span, &name.text));
        }
        let ty = self.ty()?;
        Ok(Parameter { name, ty: Some(ty) })
    }
}
