//! `class C { … }`.

use super::{Parsed, Parser};
use crate::ast::{Attribute, Class, Field, Identifier, Type};
use crate::lexer::TokenKind;
use crate::messages;

impl Parser<'_> {
    /// The class whose keyword is the peeked token.
    pub(super) fn class(&mut self, dynamic: bool) -> Parsed<Class> {
        let docs = self.lexer.docs();
        let start = self.bump().start;
        let name = self.block_name("class")?;
        self.no_parameters("class", &name)?;
        let opening = self.open_body("class", &name)?;
        let mut fields = Vec::new();
        let mut attributes = Vec::new();
        while !self.at_body_end() {
            let place = self.lexer.taken();
            if self.class_member(&mut fields, &mut attributes).is_err() {
                self.skip_line(place);
            }
        }
        self.close_body("class", &name, opening);
        Ok(Class { docs, dynamic, name, fields, attributes, span: self.span_from(start) })
    }

    /// Says that a class or an enum takes no parameters, and skips those that were given.
    pub(super) fn no_parameters(&mut self, keyword: &str, name: &Identifier) -> Parsed<()> {
        let opening = self.peek();
        if self.at_symbol('(') {
            self.parameters()?;
            let span = self.span_from(opening.start);
            self.report(messages::unexpected_parameters(span, keyword, &name.text));
        }
        Ok(())
    }

    fn class_member(&mut self, fields: &mut Vec<Field>, attributes: &mut Vec<Attribute>) -> Parsed<()> {
        let token = self.peek();
        match token.kind {
            TokenKind::AtAt => attributes.push(self.attribute()?),
            TokenKind::At => {
                let span = self.lexer.span_of(token);
                return Err(self.report(messages::attribute_before_field(span)));
            }
            TokenKind::Word | TokenKind::Number => {
                let field = self.field()?;
                fields.push(field);
            }
            _ => {
                let (span, found) = (self.lexer.span_of(token), self.found());
                return Err(self.report(messages::expected_field(span, &found)));
            }
        }
        self.after_member()
    }

    fn field(&mut self) -> Parsed<Field> {
        let docs = self.lexer.docs();
        let place = self.lexer.taken();
        let name = self.name("field")?;
        let mut attributes = Vec::new();
        let (ty, whole) = match self.field_type(&name, &mut attributes) {
            Ok((ty, whole)) => (Some(ty), whole),
            Err(reported) => (None, Err(reported)),
        };
        if whole.is_err() {
            self.skip_line(place);
        }
        // A field whose type is broken stays, so that what refers to it is not reported too.
        let ty = ty.unwrap_or_else(|| self.missing_type());
        Ok(Field { docs, name, ty, attributes })
    }

    fn field_type(
        &mut self,
        name: &Identifier,
        attributes: &mut Vec<Attribute>,
    ) -> Parsed<(Type, Parsed<()>)> {
        let token = self.peek();
        if self.at_symbol(':') && !token.first_on_line {
            let span = self.lexer.span_of(token);
            self.report(messages::colon_after_field(span, &name.text));
            self.bump();
        }
        let token = self.peek();
        let ends = matches!(
            token.kind,
            TokenKind::End | TokenKind::Symbol('}' | ',' | ';') | TokenKind::At | TokenKind::AtAt
        );
        if token.first_on_line || ends {
            return Err(self.report(messages::field_without_type(name.span, &name.text)));
        }
        self.ty_before_attributes(attributes)
    }

    /// What may not follow a field: a comma, a semicolon, a default.
    fn after_member(&mut self) -> Parsed<()> {
        let token = self.peek();
        let TokenKind::Symbol(symbol) = token.kind else { return Ok(()) };
        if token.first_on_line || symbol == '}' {
            return Ok(());
        }
        let span = self.lexer.span_of(token);
        match symbol {
            ',' | ';' => {
                self.report(messages::separator_after_field(span, symbol));
                self.bump();
                Ok(())
            }
            '=' => Err(self.report(messages::field_default(span))),
            _ => {
                let found = self.found();
                Err(self.report(messages::after_field(span, &found)))
            }
        }
    }
}
