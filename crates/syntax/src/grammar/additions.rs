//! The text of a type builder: what stands inside a `type_builder` block, without the block around it.

use super::Parser;
use crate::ast::Item;
use crate::lexer::{Lexer, TokenKind};
use crate::{Diagnostic, FileId, messages};

/// Reads the text of a type builder: `class`, `enum`, `type`, `dynamic class` and `dynamic enum` blocks. As
/// with [`parse`](super::parse), whatever the text, this gives all that could be read and what was wrong with
/// the rest.
#[must_use]
pub fn parse_type_builder(file: FileId, text: &str) -> (Vec<Item>, Vec<Diagnostic>) {
    if u32::try_from(text.len()).is_err() {
        let span = crate::Span { file, start: 0, end: 0 };
        return (Vec::new(), vec![messages::file_too_large(span)]);
    }
    let mut parser = Parser { lexer: Lexer::new(file, text), depth: 0 };
    let mut items = Vec::new();
    while parser.peek().kind != TokenKind::End {
        let start = parser.lexer.taken();
        match parser.type_builder_item() {
            Ok(item) => items.push(item),
            Err(_) => parser.skip_to_block(start),
        }
    }
    (items, parser.lexer.into_diagnostics())
}
