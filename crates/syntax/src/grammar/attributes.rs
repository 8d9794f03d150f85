//! `@name(arguments)` and `@@name(arguments)`.

use super::{Parsed, Parser};
use crate::ast::{Attribute, Identifier, Value};
use crate::lexer::{Bare, Lines, Token, TokenKind, is_word_character, run};
use crate::messages;

impl Parser<'_> {
    /// Adds all `@` attributes that follow, on this line or on the next ones, up to a broken one.
    pub(super) fn attributes(&mut self, attributes: &mut Vec<Attribute>) -> Parsed<()> {
        while self.peek().kind == TokenKind::At {
            attributes.push(self.attribute()?);
        }
        Ok(())
    }

    /// The attribute whose `@` or `@@` is the peeked token.
    pub(super) fn attribute(&mut self) -> Parsed<Attribute> {
        let sign = self.bump();
        let length =
            run(self.lexer.rest(sign.end), |character| is_word_character(character) || character == '.');
        if length == 0 {
            let span = self.lexer.span_of(sign);
            return Err(self.report(messages::missing_attribute_name(span)));
        }
        let end = sign.end + length;
        let name = Identifier {
            text: self.lexer.slice(sign.end, end).to_owned(),
            span: self.lexer.span(sign.end, end),
        };
        self.lexer.move_to(end);
        let opening = self.peek();
        let arguments = if opening.kind == TokenKind::Symbol('(') && !opening.first_on_line {
            let arguments = self.arguments(opening, &name);
            // What stands on the next line is more likely the next field than an argument.
            if arguments.is_err() && (!self.peek().first_on_line || self.at_symbol(')')) {
                self.skip_past(')');
            }
            Some(arguments?)
        } else {
            None
        };
        Ok(Attribute { name, arguments, span: self.span_from(sign.start) })
    }

    fn arguments(&mut self, opening: Token, attribute: &Identifier) -> Parsed<Vec<Value>> {
        self.bump();
        let mut arguments = Vec::new();
        while !self.eat_symbol(')') {
            if self.peek().kind == TokenKind::End || self.at_body_end() {
                let span = self.lexer.span_of(opening);
                return Err(self.report(messages::unclosed_arguments(span, &attribute.text)));
            }
            arguments.push(self.value(Bare::Line, Lines::One)?);
            let token = self.peek();
            if self.eat_symbol(',') {
                if self.at_symbol(')') {
                    let span = self.lexer.span_of(token);
                    self.report(messages::comma_after_arguments(span));
                }
            } else if !self.at_symbol(')') {
                if token.first_on_line {
                    let span = self.lexer.span_of(opening);
                    return Err(self.report(messages::unclosed_arguments(span, &attribute.text)));
                }
                let (span, found) = (self.lexer.span_of(token), self.found());
                return Err(self.report(messages::argument_separator(span, &attribute.text, &found)));
            }
        }
        Ok(arguments)
    }
}
