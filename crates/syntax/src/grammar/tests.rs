//! `test x { functions [F]  args { … }  type_builder { … }  @@check(…) }`.

use super::{Parsed, Parser};
use crate::ast::{Identifier, Item, Property, Test};
use crate::lexer::TokenKind;
use crate::messages;

impl Parser<'_> {
    /// The test whose keyword is the peeked token.
    pub(super) fn test(&mut self) -> Parsed<Test> {
        let docs = self.lexer.docs();
        let start = self.bump().start;
        let name = self.block_name("test")?;
        let opening = self.open_body_anywhere("test", &name)?;
        let mut test = Test {
            docs,
            name,
            properties: Vec::new(),
            type_builder: Vec::new(),
            attributes: Vec::new(),
            span: opening,
        };
        while !self.at_body_end() {
            let place = self.lexer.taken();
            if self.test_member(&mut test).is_err() {
                self.skip_line(place);
            }
        }
        self.close_body("test", &test.name, opening);
        test.span = self.span_from(start);
        Ok(test)
    }

    fn test_member(&mut self, test: &mut Test) -> Parsed<()> {
        let token = self.peek();
        match token.kind {
            TokenKind::AtAt => test.attributes.push(self.attribute()?),
            TokenKind::At => {
                let span = self.lexer.span_of(token);
                return Err(self.report(messages::single_at_in_test(span)));
            }
            _ if self.at_word("type_builder") => self.type_builder(&mut test.type_builder)?,
            _ => {
                let property: Option<Property> = self.block_property();
                test.properties.extend(property);
            }
        }
        Ok(())
    }

    /// `type_builder { class … enum … dynamic class … dynamic enum … type … }`.
    fn type_builder(&mut self, items: &mut Vec<Item>) -> Parsed<()> {
        let token = self.bump();
        let name = Identifier { text: "type_builder".to_owned(), span: self.lexer.span_of(token) };
        let opening = self.open_body("block", &name)?;
        while !self.at_type_builder_end() {
            let place = self.lexer.taken();
            match self.type_builder_item() {
                Ok(item) => items.push(item),
                Err(_) => self.skip_line(place),
            }
        }
        self.close_body("block", &name, opening);
        Ok(())
    }

    pub(super) fn type_builder_item(&mut self) -> Parsed<Item> {
        let docs = self.lexer.docs();
        let dynamic = self.at_word("dynamic");
        if dynamic {
            self.bump();
        }
        let token = self.peek();
        let text = self.lexer.text_of(token);
        let mut item = match (token.kind, text) {
            (TokenKind::Word, "class") => Item::Class(self.class(dynamic)?),
            (TokenKind::Word, "enum") => Item::Enum(self.enumeration(dynamic)?),
            (TokenKind::Word, "type") if !dynamic => Item::Alias(self.alias()?),
            _ => {
                let (span, found) = (self.lexer.span_of(token), self.found());
                return Err(self.report(messages::expected_type_builder_item(span, &found)));
            }
        };
        // The comment stands before `dynamic`.
        if let (true, Item::Class(ast)) = (dynamic, &mut item) {
            ast.docs = ast.docs.take().or(docs);
        } else if let (true, Item::Enum(ast)) = (dynamic, &mut item) {
            ast.docs = ast.docs.take().or(docs);
        }
        Ok(item)
    }
}
