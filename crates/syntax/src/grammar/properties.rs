//! `key value`, in blocks and in maps.

use super::{Parsed, Parser, Reported};
use crate::ast::{Identifier, Property, Value};
use crate::lexer::{Bare, Lines, TokenKind, run};
use crate::messages;

impl Parser<'_> {
    /// One property of a block; `None` when it was broken. In a block on one line, and for all that encloses
    /// itself (strings, lists, maps), the next property may follow on the same line.
    pub(super) fn block_property(&mut self) -> Option<Property> {
        let start = self.lexer.position();
        let shares_line = !self.peek().first_on_line;
        let property = self.property(if shares_line { Bare::Word } else { Bare::Line });
        match property {
            Ok(property) if !shares_line && !self.at_line_end() => {
                self.two_on_a_line(&property);
                Some(property)
            }
            Ok(property) => Some(property),
            Err(_) => {
                self.skip_line(start);
                None
            }
        }
    }

    /// `key value`. A colon between the two is taken too.
    pub(super) fn property(&mut self, extent: Bare) -> Parsed<Property> {
        let key = self.key()?;
        if self.at_symbol(':') && !self.peek().first_on_line {
            self.bump();
        }
        if self.at_symbol('=') && !self.peek().first_on_line {
            let token = self.peek();
            let span = self.lexer.span_of(token);
            self.report(messages::equals_sign(span, &key.text));
            self.bump();
        }
        let value = self.property_value(&key, extent)?;
        Ok(Property { key, value })
    }

    fn property_value(&mut self, key: &Identifier, extent: Bare) -> Parsed<Value> {
        let token = self.peek();
        let ends = matches!(token.kind, TokenKind::End | TokenKind::Symbol('}' | ']' | ')' | ','));
        if token.first_on_line || ends {
            return Err(self.report(messages::missing_value(key.span, &key.text)));
        }
        self.value(extent)
    }

    /// A key: bare, with dashes and dots, or quoted.
    fn key(&mut self) -> Parsed<Identifier> {
        let token = self.peek();
        match token.kind {
            TokenKind::Quote => {
                let (text, span) = self.lexer.quoted(Lines::One);
                Ok(Identifier { text: text.text, span })
            }
            TokenKind::Word => {
                let length = run(self.lexer.rest(token.start), is_key_character);
                let end = token.start + length;
                let key = Identifier {
                    text: self.lexer.slice(token.start, end).to_owned(),
                    span: self.lexer.span(token.start, end),
                };
                self.lexer.move_to(end);
                Ok(key)
            }
            _ => {
                let (span, found) = (self.lexer.span_of(token), self.found());
                Err(self.report(messages::expected_key(span, &found)))
            }
        }
    }

    /// Whether nothing more stands on this line, in this block.
    pub(super) fn at_line_end(&mut self) -> bool {
        let token = self.peek();
        token.first_on_line || matches!(token.kind, TokenKind::End | TokenKind::Symbol('}'))
    }

    /// Something follows a whole property on its line.
    fn two_on_a_line(&mut self, property: &Property) -> Reported {
        let start = self.lexer.position();
        let token = self.peek();
        let (span, found) = (self.lexer.span_of(token), self.found());
        let reported = self.report(messages::more_on_the_line(span, &property.key.text, &found));
        self.skip_line(start);
        reported
    }
}

fn is_key_character(character: char) -> bool {
    crate::lexer::is_word_character(character) || matches!(character, '-' | '.' | '/' | '$')
}
