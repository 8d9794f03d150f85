//! Types.

use super::{Parsed, Parser, Reported};
use crate::ast::{Attribute, Type, TypeKind};
use crate::lexer::{Lines, Token, TokenKind};
use crate::{Span, messages};

impl Parser<'_> {
    /// A type whose attributes belong to it.
    pub(super) fn ty(&mut self) -> Parsed<Type> {
        let mut attributes = Vec::new();
        let (mut ty, whole) = self.ty_before_attributes(&mut attributes)?;
        whole?;
        attach(&mut ty, attributes);
        Ok(ty)
    }

    /// A type, and apart from it the attributes at its end: in a field they belong to the field. The second part
    /// of the result says whether these were whole; a type with a broken attribute is still good to know.
    pub(super) fn ty_before_attributes(
        &mut self,
        attributes: &mut Vec<Attribute>,
    ) -> Parsed<(Type, Parsed<()>)> {
        let start = self.peek().start;
        let mut member = self.postfix()?;
        let mut whole = self.attributes(attributes);
        if whole.is_err() || !self.at_symbol('|') {
            return Ok((member, whole));
        }
        let mut members = Vec::new();
        while whole.is_ok() && self.eat_symbol('|') {
            attach(&mut member, std::mem::take(attributes));
            members.push(member);
            member = self.postfix()?;
            whole = self.attributes(attributes);
        }
        let end = member.span;
        members.push(member);
        let span = self.lexer.span(start, start).to(end);
        Ok((Type { kind: TypeKind::Union(members), attributes: Vec::new(), span }, whole))
    }

    /// The type that stands for one that could not be read.
    pub(super) fn missing_type(&self) -> Type {
        let place = self.lexer.taken();
        Type { kind: TypeKind::Missing, attributes: Vec::new(), span: self.lexer.span(place, place) }
    }

    /// `T`, `T?`, `T[]`, `T[]?`; a map may have its own `?` before these.
    fn postfix(&mut self) -> Parsed<Type> {
        let start = self.peek();
        let mut ty = self.atom()?;
        // As the peer reads it: `map<K, V>?[]` is a list of optional maps, though `int?[]` is a mistake.
        let is_map = matches!(ty.kind, TypeKind::Map(..));
        if is_map && self.at_symbol('?') && !self.peek().first_on_line {
            self.bump();
            ty = self.wrap(start, TypeKind::Optional(Box::new(ty)));
        }
        let mut lists = 0;
        loop {
            let token = self.peek();
            if token.first_on_line || token.kind != TokenKind::Symbol('[') {
                break;
            }
            self.list_brackets(token)?;
            lists += 1;
            if self.depth + lists > super::DEEPEST {
                let span = self.lexer.span_of(token);
                return Err(self.report(messages::too_deep(span, super::DEEPEST)));
            }
            ty = self.wrap(start, TypeKind::List(Box::new(ty)));
        }
        if self.at_symbol('?') && !self.peek().first_on_line {
            self.bump();
            if !(is_map && matches!(ty.kind, TypeKind::Optional(_))) {
                ty = self.wrap(start, TypeKind::Optional(Box::new(ty)));
            }
            let next = self.peek();
            if !next.first_on_line && matches!(next.kind, TokenKind::Symbol('?' | '[')) {
                let span = self.lexer.span_of(next);
                return Err(self.report(messages::after_optional(span, self.lexer.text_of(next))));
            }
        }
        Ok(ty)
    }

    fn wrap(&self, start: Token, kind: TypeKind) -> Type {
        Type { kind, attributes: Vec::new(), span: self.span_from(start.start) }
    }

    fn list_brackets(&mut self, opening: Token) -> Parsed<()> {
        self.bump();
        let closing = self.peek();
        if closing.kind == TokenKind::Symbol(']') && closing.start == opening.end {
            self.bump();
            return Ok(());
        }
        let span = self.lexer.span_of(opening);
        Err(self.report(messages::list_brackets(span)))
    }

    fn atom(&mut self) -> Parsed<Type> {
        let token = self.peek();
        let span = self.lexer.span_of(token);
        let (kind, span) = match token.kind {
            TokenKind::Quote => {
                let quoted = self.lexer.quoted(Lines::One);
                if !quoted.closed {
                    return Err(Reported);
                }
                (TypeKind::String(quoted.text.text), quoted.span)
            }
            TokenKind::RawQuote => return Err(self.report(messages::raw_literal_type(span))),
            TokenKind::Number => {
                self.bump();
                let text = self.lexer.text_of(token);
                let number = text.parse();
                (
                    TypeKind::Int(
                        number.map_err(|_| self.report(messages::literal_number_type(span, text)))?,
                    ),
                    span,
                )
            }
            TokenKind::Symbol('(') => return self.nested(token, |parser| parser.parentheses(token)),
            TokenKind::Word => return self.named(token, span),
            _ => {
                let found = self.found();
                return Err(self.report(messages::expected_type(span, &found)));
            }
        };
        Ok(Type { kind, attributes: Vec::new(), span })
    }

    fn named(&mut self, token: Token, span: Span) -> Parsed<Type> {
        let text = self.lexer.text_of(token);
        let kind = match text {
            "true" => TypeKind::Bool(true),
            "false" => TypeKind::Bool(false),
            _ => TypeKind::Name(text.to_owned()),
        };
        let glued = self.lexer.rest(token.end).starts_with(['.', '-', '\'']);
        if glued || !text.is_ascii() {
            let name = self.name("type")?;
            return Ok(Type { kind: TypeKind::Missing, attributes: Vec::new(), span: name.span });
        }
        self.bump();
        let next = self.peek();
        if next.kind == TokenKind::Symbol('<') && !next.first_on_line {
            if text != "map" {
                let span = self.span_from(token.start);
                return Err(self.report(messages::generic_type(span, text)));
            }
            return self.nested(next, |parser| parser.map_type(token));
        }
        Ok(Type { kind, attributes: Vec::new(), span })
    }

    /// `<K, V>` of a map.
    fn map_type(&mut self, start: Token) -> Parsed<Type> {
        let opening = self.bump();
        let opened = self.lexer.span_of(opening);
        let mut over_lines = self.peek().first_on_line;
        let key = self.map_part()?;
        if !self.eat_symbol(',') {
            let token = self.peek();
            let (span, found) = (self.lexer.span_of(token), self.found());
            return Err(self.report(messages::map_type_comma(span, &found)));
        }
        over_lines |= self.peek().first_on_line;
        let value = self.map_part()?;
        let token = self.peek();
        over_lines |= token.first_on_line;
        if over_lines {
            self.report(messages::map_type_lines(opened));
        }
        if !self.eat_symbol('>') {
            if over_lines {
                return Err(Reported);
            }
            let (span, found) = (self.lexer.span_of(token), self.found());
            return Err(self.report(messages::map_type_end(span, &found)));
        }
        Ok(self.wrap(start, TypeKind::Map(Box::new(key), Box::new(value))))
    }

    fn map_part(&mut self) -> Parsed<Type> {
        let mut attributes = Vec::new();
        let (ty, whole) = self.ty_before_attributes(&mut attributes)?;
        whole?;
        if let Some(attribute) = attributes.first() {
            let error = messages::attribute_in_map(attribute.span, &attribute.name.text);
            return Err(self.report(error));
        }
        Ok(ty)
    }

    /// `(T)`, or `(A, B)`.
    fn parentheses(&mut self, opening: Token) -> Parsed<Type> {
        self.bump();
        let opened = self.lexer.span_of(opening);
        let mut over_lines = false;
        let mut members = Vec::new();
        loop {
            over_lines |= self.peek().first_on_line;
            members.push(self.ty()?);
            let token = self.peek();
            if self.eat_symbol(')') {
                over_lines |= token.first_on_line;
                break;
            }
            if !self.eat_symbol(',') {
                if token.first_on_line {
                    return Err(self.report(messages::unclosed_parenthesis(opened)));
                }
                let (span, found) = (self.lexer.span_of(token), self.found());
                return Err(self.report(messages::expected_parenthesis(span, &found, opened)));
            }
        }
        if over_lines {
            self.report(messages::parenthesis_lines(opened));
        }
        let span = self.span_from(opening.start);
        let mut members = members.into_iter();
        match (members.next(), members.len()) {
            (Some(only), 0) => Ok(Type { span, ..only }),
            (first, _) => {
                let members = first.into_iter().chain(members).collect();
                Ok(Type { kind: TypeKind::Tuple(members), attributes: Vec::new(), span })
            }
        }
    }
}

fn attach(ty: &mut Type, attributes: Vec<Attribute>) {
    ty.attributes.extend(attributes);
}
