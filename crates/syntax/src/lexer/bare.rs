//! Unquoted values: `gpt-5.1-mini`, `hello world`, `https://example.com/v1`, `-5`, `true`, `env.NAME`.

use super::{Lexer, is_word_character, run};
use crate::Span;
use crate::ast::{Quote, Text, ValueKind};

/// How much of the line an unquoted value takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    /// To the end of the line, or to a character that cannot be part of it.
    Line,
    /// To the next blank: where several properties may share a line.
    Word,
}

/// What an unquoted value turned out to be.
pub(crate) enum BareKind {
    Value(ValueKind),
    /// `5 apples`, `1_000`, `1.2.3`: begins as a number and goes on.
    NotANumber,
    /// `env.` without a name, or with a name that no environment has.
    NotAVariable,
}

impl Lexer<'_> {
    /// Takes the unquoted value that starts at the peeked token. It may be empty, when that token cannot start
    /// one.
    pub(crate) fn bare(&mut self, extent: Bare) -> (BareKind, Span) {
        let start = self.peek().start;
        let length = bare_length(self.rest(start), extent);
        let text = self.slice(start, start + length).trim_end();
        let end = start + text.len();
        self.move_to(end);
        let span = self.span(start, end);
        (classify(text, span), span)
    }
}

fn classify(text: &str, span: Span) -> BareKind {
    let kind = match text {
        "null" => ValueKind::Null,
        "true" => ValueKind::Bool(true),
        "false" => ValueKind::Bool(false),
        _ if is_number(text) => ValueKind::Number(text.to_owned()),
        _ if text.starts_with(|first: char| first.is_ascii_digit()) => return BareKind::NotANumber,
        _ => match text.strip_prefix("env.") {
            Some(name) if is_variable(name) => ValueKind::Env(name.to_owned()),
            Some(name) if !name.contains([' ', '\t']) => return BareKind::NotAVariable,
            _ => ValueKind::String(Text { text: text.to_owned(), content: span }, Quote::Bare),
        },
    };
    BareKind::Value(kind)
}

/// `1`, `-5`, `1.50`, `.5`, `1e5`.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, None), |(left, right)| (left, Some(right)));
    let mantissa_holds = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole.is_empty() || digits(whole)) && digits(fraction),
        None => digits(mantissa),
    };
    mantissa_holds
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)))
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// The length of an unquoted value at the start of `text`, trailing blanks included.
fn bare_length(text: &str, extent: Bare) -> usize {
    let mut before = None;
    let mut at = 0;
    while let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let blank = matches!(character, ' ' | '\t');
        let rest = text.get(at..).unwrap_or_default();
        match character {
            '\n' | '\r' | '<' | '>' | ';' | '\'' | '@' | '{' | '}' | '#' | ')' | '[' | ']' | ',' => break,
            '/' if rest.starts_with("//") && before.is_none_or(is_blank) => break,
            '"' if before.is_none() => break,
            // `name(…)`, closed on the same line.
            '(' => match before
                .filter(|&before| is_word_character(before))
                .and_then(|_| parenthesis_length(rest))
            {
                Some(length) => at += length - 1,
                None => break,
            },
            _ if blank && extent == Bare::Word => break,
            _ => {}
        }
        before = Some(character);
        at += character.len_utf8();
    }
    at
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// The length of `(…)` at the start of `text`, when it is closed before anything that could not be part of it.
fn parenthesis_length(text: &str) -> Option<usize> {
    let length =
        1 + run(text.get(1..)?, |character| !matches!(character, '(' | ')' | '\n' | '"' | '#' | '{' | '}'));
    text.get(length..)?.starts_with(')').then_some(length + 1)
}
