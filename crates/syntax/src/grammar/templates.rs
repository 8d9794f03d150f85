//! `template_string X(p: T) #"…"#`.

use super::{Parsed, Parser};
use crate::ast::{Quote, Template, Value, ValueKind};
use crate::lexer::TokenKind;
use crate::messages;

impl Parser<'_> {
    /// The template whose keyword (`template_string`, or `string_template`) is the peeked token.
    pub(super) fn template(&mut self) -> Parsed<Template> {
        let docs = self.lexer.docs();
        let keyword = self.bump();
        let name = self.block_name(self.lexer.text_of(keyword))?;
        let parameters = if self.at_symbol('(') { self.parameters()? } else { Vec::new() };
        self.eat_symbol('=');
        let token = self.peek();
        if token.kind != TokenKind::RawQuote {
            let (span, found) = (self.lexer.span_of(token), self.found());
            return Err(self.report(messages::expected_template_text(span, &name.text, &found)));
        }
        if token.first_on_line {
            let span = self.lexer.span_of(token);
            self.report(messages::template_text_on_next_line(span, &name.text));
        }
        let (text, span) = self.lexer.raw();
        let body = Value { kind: ValueKind::String(text, Quote::Raw), span };
        Ok(Template { docs, name, parameters, body, span: self.span_from(keyword.start) })
    }
}
