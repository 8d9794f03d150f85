//! `key value`, in blocks and in maps.

use super::{Parsed, Parser, Reported};
use crate::ast::{Identifier, Property, Quote, Value, ValueKind};
use crate::lexer::{Bare, Lines, TokenKind, run};
use crate::messages;

impl Parser<'_> {
    /// One property of a block; `None` when it was broken. Another may follow on the same line after a value
    /// that has an end of its own: a string, a number, a list, a map. On the line of the block's brace an
    /// unquoted value is one word, so that a whole block may stand on one line.
    pub(super) fn block_property(&mut self) -> Option<Property> {
        let start = self.lexer.taken();
        let shares_line = !self.peek().first_on_line;
        let property = self.read_block_property(if shares_line { Bare::Word } else { Bare::Line });
        let Ok(property) = property else {
            self.skip_line(start);
            return None;
        };
        let open_ended = !shares_line
            && match property.value.kind {
                ValueKind::String(_, quote) => quote == Quote::Bare,
                ValueKind::Null | ValueKind::Bool(_) | ValueKind::Env(_) => true,
                _ => false,
            };
        if open_ended && !self.at_line_end() {
            self.more_on_the_line(&property.key);
        }
        Some(property)
    }

    fn read_block_property(&mut self, extent: Bare) -> Parsed<Property> {
        let token = self.peek();
        if token.kind != TokenKind::Word {
            let (span, found) = (self.lexer.span_of(token), self.found());
            return Err(self.report(messages::expected_key(span, &found)));
        }
        let key = self.key()?;
        if self.at_symbol(':') && !self.peek().first_on_line {
            let token = self.bump();
            let span = self.lexer.span_of(token);
            self.report(messages::colon_in_block(span, &key.text));
        }
        let extent = if self.peek().kind == TokenKind::Number { Bare::Word } else { extent };
        let value = self.value_of(&key, extent)?;
        Ok(Property { key, value })
    }

    /// One property of a map. A colon after its key is taken too.
    pub(super) fn map_property(&mut self) -> Parsed<Property> {
        let key = self.key()?;
        if self.at_symbol(':') && !self.peek().first_on_line {
            self.bump();
        }
        let value = self.value_of(&key, Bare::Line)?;
        Ok(Property { key, value })
    }

    /// The value of a property, on the line of its key.
    fn value_of(&mut self, key: &Identifier, extent: Bare) -> Parsed<Value> {
        let mut token = self.peek();
        let mut reported = None;
        if self.at_symbol('=') && !token.first_on_line {
            let span = self.lexer.span_of(token);
            reported = Some(self.report(messages::equals_sign(span, &key.text)));
            self.bump();
            token = self.peek();
        }
        let ends = matches!(token.kind, TokenKind::End | TokenKind::Symbol('}' | ']' | ')' | ','));
        let unmistakable = matches!(token.kind, TokenKind::Symbol('[' | '{') | TokenKind::RawQuote);
        if token.first_on_line && unmistakable {
            self.report(messages::value_on_next_line(key.span, &key.text));
        } else if token.first_on_line || ends {
            return Err(reported.unwrap_or_else(|| self.report(messages::missing_value(key.span, &key.text))));
        }
        self.value(extent, Lines::Many)
    }

    /// A key: bare, with dashes and dots, or quoted.
    fn key(&mut self) -> Parsed<Identifier> {
        let token = self.peek();
        match token.kind {
            TokenKind::Quote => {
                let quoted = self.lexer.quoted(Lines::One);
                if quoted.closed {
                    Ok(Identifier { text: quoted.text.text, span: quoted.span })
                } else {
                    Err(Reported)
                }
            }
            TokenKind::Word | TokenKind::Symbol('$') => {
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

    /// Something follows an unquoted value on its line that cannot be part of it.
    fn more_on_the_line(&mut self, key: &Identifier) {
        let start = self.lexer.taken();
        let token = self.peek();
        let (span, found) = (self.lexer.span_of(token), self.found());
        self.report(messages::more_on_the_line(span, &key.text, &found));
        self.skip_line(start);
    }
}

fn is_key_character(character: char) -> bool {
    crate::lexer::is_word_character(character) || matches!(character, '-' | '.' | '/' | '$')
}
