//! The top level of a file.

use super::{Parsed, Parser};
use crate::ast::{self, Item};
use crate::lexer::{Lexer, TokenKind, is_word_character, run};
use crate::{Diagnostic, FileId, messages};

/// Reads one file. Whatever the text, this gives a tree of all that could be read, and what was wrong with the
/// rest. The cost is linear in the length of the text.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (ast::File, Vec<Diagnostic>) {
    if u32::try_from(text.len()).is_err() {
        let span = crate::Span { file, start: 0, end: 0 };
        return (ast::File::default(), vec![messages::file_too_large(span)]);
    }
    let mut parser = Parser { lexer: Lexer::new(file, text), depth: 0 };
    let file = parser.file();
    (file, parser.lexer.into_diagnostics())
}

impl Parser<'_> {
    fn file(&mut self) -> ast::File {
        let mut file = ast::File::default();
        while self.peek().kind != TokenKind::End {
            let start = self.lexer.taken();
            match self.item(&mut file) {
                Ok(Some(item)) => file.items.push(item),
                Ok(None) => {}
                Err(_) => self.skip_to_block(start),
            }
        }
        file
    }

    /// One top-level block. `None` when it was read and is not supported.
    fn item(&mut self, file: &mut ast::File) -> Parsed<Option<Item>> {
        let token = self.peek();
        let span = self.lexer.span_of(token);
        if token.kind != TokenKind::Word {
            let found = self.found();
            return Err(self.report(messages::expected_block(span, &found)));
        }
        let item = match self.lexer.text_of(token) {
            "function" => return Ok(self.function(file)?.map(Item::Function)),
            "class" => Item::Class(self.class(false)?),
            "enum" => Item::Enum(self.enumeration(false)?),
            "type" => Item::Alias(self.alias()?),
            "client" => Item::Client(self.client()?),
            "retry_policy" => Item::RetryPolicy(self.retry_policy()?),
            "template_string" | "string_template" => Item::Template(self.template()?),
            "generator" => Item::Generator(self.generator()?),
            "test" => Item::Test(self.test()?),
            "let" => return self.top_level_let().map(|()| None),
            "dynamic" => return Err(self.report(messages::dynamic_outside_type_builder(span))),
            _ => {
                let rest = self.lexer.rest(token.start);
                let length = run(rest, |character| is_word_character(character) || character == '-');
                let end = token.start + length;
                let (span, word) = (self.lexer.span(token.start, end), self.lexer.slice(token.start, end));
                return Err(self.report(messages::unknown_block(span, word)));
            }
        };
        Ok(Some(item))
    }
}
