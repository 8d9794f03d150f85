//! Values in config position.

use super::{Parsed, Parser, Reported};
use crate::ast::{Property, Quote, Value, ValueKind};
use crate::lexer::{Bare, BareKind, Lines, Token, TokenKind};
use crate::{Diagnostic, Span, messages};

/// What is said of a missing separator: where, what stands there, and where the list or map starts.
type SeparatorMessage = fn(Span, &str, Span) -> Diagnostic;

impl Parser<'_> {
    /// One value. An unquoted one goes as far as `extent` says, a quoted one over the `lines` it may.
    pub(super) fn value(&mut self, extent: Bare, lines: Lines) -> Parsed<Value> {
        let token = self.peek();
        let (kind, span) = match token.kind {
            TokenKind::Quote => {
                let quoted = self.lexer.quoted(lines);
                if !quoted.closed {
                    return Err(Reported);
                }
                (ValueKind::String(quoted.text, Quote::Quoted), quoted.span)
            }
            TokenKind::RawQuote => {
                let (text, span) = self.lexer.raw();
                (ValueKind::String(text, Quote::Raw), span)
            }
            TokenKind::Symbol('[') => {
                let items = self.nested(token, |parser| parser.list(token))?;
                (ValueKind::List(items), self.span_from(token.start))
            }
            TokenKind::Symbol('{') if self.lexer.rest(token.start).starts_with("{{") => {
                let (text, span) = self.lexer.expression().ok_or(Reported)?;
                (ValueKind::Expression(text), span)
            }
            TokenKind::Symbol('{') => {
                let properties = self.nested(token, |parser| parser.map(token))?;
                (ValueKind::Map(properties), self.span_from(token.start))
            }
            _ => return self.bare_value(extent),
        };
        Ok(Value { kind, span })
    }

    fn bare_value(&mut self, extent: Bare) -> Parsed<Value> {
        let token = self.peek();
        let (kind, span) = self.lexer.bare(extent);
        if span.start == span.end {
            let (span, found) = (self.lexer.span_of(token), self.found());
            return Err(self.report(messages::expected_value(span, &found)));
        }
        match kind {
            BareKind::Value(kind) => Ok(Value { kind, span }),
            BareKind::NotANumber => {
                let text = self.lexer.slice(token.start, self.lexer.taken());
                Err(self.report(messages::not_a_number(span, text)))
            }
            BareKind::NotAVariable => Err(self.report(messages::not_a_variable(span))),
        }
    }

    /// `[a, b]`, or one item on each line. After a broken item the rest of the list is skipped.
    fn list(&mut self, opening: Token) -> Parsed<Vec<Value>> {
        self.bump();
        let mut items = Vec::new();
        while !self.eat_symbol(']') {
            if self.at_body_end() {
                let span = self.lexer.span_of(opening);
                return Err(self.report(messages::unclosed_list(span)));
            }
            if let Err(reported) = self.list_item(opening, &mut items) {
                return if self.skip_past(']') { Ok(items) } else { Err(reported) };
            }
        }
        Ok(items)
    }

    fn list_item(&mut self, opening: Token, items: &mut Vec<Value>) -> Parsed<()> {
        items.push(self.value(Bare::Line, Lines::Many)?);
        self.separator(opening, ']', messages::list_separator)
    }

    /// `{ a 1, b 2 }`, or one property on each line. After a broken one the rest of its line is skipped.
    fn map(&mut self, opening: Token) -> Parsed<Vec<Property>> {
        self.bump();
        let mut properties = Vec::new();
        while !self.eat_symbol('}') {
            if self.at_body_end() {
                let span = self.lexer.span_of(opening);
                if self.lexer.after_unclosed_raw_string() {
                    return Err(Reported);
                }
                return Err(self.report(messages::unclosed_map(span)));
            }
            let start = self.lexer.taken();
            if let Err(reported) = self.map_entry(opening, &mut properties) {
                self.skip_line(start);
                // What broke the property may be what hides the closing brace: one report is enough.
                if self.at_body_end() && !self.at_symbol('}') {
                    return Err(reported);
                }
            }
        }
        Ok(properties)
    }

    fn map_entry(&mut self, opening: Token, properties: &mut Vec<Property>) -> Parsed<()> {
        properties.push(self.map_property()?);
        self.separator(opening, '}', messages::map_separator)?;
        if self.at_symbol('}') && self.lexer.rest(self.lexer.taken().saturating_sub(1)).starts_with(',') {
            let end = self.lexer.taken();
            let span = self.lexer.span(end.saturating_sub(1), end);
            self.report(messages::comma_before_brace(span));
        }
        Ok(())
    }

    /// A comma or a line end between two values; before the closing bracket, nothing is needed.
    fn separator(&mut self, opening: Token, closing: char, message: SeparatorMessage) -> Parsed<()> {
        if self.at_symbol(closing) || self.peek().kind == TokenKind::End {
            return Ok(());
        }
        let token = self.peek();
        // A comma at the start of the next line would be a separator after a separator.
        if !token.first_on_line && !self.eat_symbol(',') {
            let (span, found) = (self.lexer.span_of(token), self.found());
            let opening = self.lexer.span_of(opening);
            return Err(self.report(message(span, &found, opening)));
        }
        Ok(())
    }
}
