//! `enum E { … }`.

use super::{Parsed, Parser};
use crate::ast::{Attribute, Enum, EnumValue};
use crate::lexer::TokenKind;
use crate::messages;

impl Parser<'_> {
    /// The enum whose keyword is the peeked token.
    pub(super) fn enumeration(&mut self, dynamic: bool) -> Parsed<Enum> {
        let docs = self.lexer.docs();
        let start = self.bump().start;
        let name = self.block_name("enum")?;
        self.no_parameters("enum", &name)?;
        let opening = self.open_body("enum", &name)?;
        let mut values = Vec::new();
        let mut attributes = Vec::new();
        while !self.at_body_end() {
            let place = self.lexer.taken();
            if self.enum_member(&mut values, &mut attributes).is_err() {
                self.skip_line(place);
            }
        }
        self.close_body("enum", &name, opening);
        Ok(Enum { docs, dynamic, name, values, attributes, span: self.span_from(start) })
    }

    fn enum_member(&mut self, values: &mut Vec<EnumValue>, attributes: &mut Vec<Attribute>) -> Parsed<()> {
        let token = self.peek();
        let span = self.lexer.span_of(token);
        match token.kind {
            TokenKind::AtAt => attributes.push(self.attribute()?),
            TokenKind::At => return Err(self.report(messages::attribute_before_value(span))),
            TokenKind::Word | TokenKind::Number => {
                let docs = self.lexer.docs();
                let name = self.name("enum value")?;
                let mut attributes = Vec::new();
                let whole = self.attributes(&mut attributes);
                let bare = attributes.is_empty();
                values.push(EnumValue { docs, name, attributes });
                whole?;
                return self.after_value(bare);
            }
            TokenKind::Quote => return Err(self.report(messages::quoted_enum_value(span))),
            _ => {
                let found = self.found();
                return Err(self.report(messages::expected_enum_value(span, &found)));
            }
        }
        Ok(())
    }

    /// After a value the line ends. Only attributes set it off from a next value on the same line.
    fn after_value(&mut self, bare: bool) -> Parsed<()> {
        let token = self.peek();
        let span = self.lexer.span_of(token);
        if token.first_on_line
            || matches!(token.kind, TokenKind::End | TokenKind::Symbol('}') | TokenKind::AtAt)
        {
            return Ok(());
        }
        match token.kind {
            TokenKind::Symbol(symbol @ (',' | ';')) => {
                self.report(messages::separator_after_enum_value(span, symbol));
                self.bump();
                Ok(())
            }
            TokenKind::Word if !bare => Ok(()),
            // The next value is read as one, so that what refers to it is not reported too.
            TokenKind::Word => {
                let text = self.lexer.text_of(token);
                self.report(messages::enum_values_on_one_line(span, text));
                Ok(())
            }
            _ => {
                let found = self.found();
                Err(self.report(messages::after_enum_value(span, &found)))
            }
        }
    }
}
