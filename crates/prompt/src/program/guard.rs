//! Refuses templates whose tree would be too deep for the engine, which walks and drops it recursively.

use minijinja::machinery::{Span, Token, WhitespaceConfig, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::Flaw;
use super::operators::MAX_REPEATED;
use crate::failures;

/// How many operators may follow each other in one expression, and how many branches one `if` may have.
const MAX_CHAIN: usize = 300;

/// Counts what makes the tree deeper. Nested brackets and blocks are bounded by the engine itself.
pub(super) fn check(source: &str) -> Result<(), Flaw> {
    let mut levels = vec![Level::default()];
    let mut branches = 0;
    let mut previous = Previous::Start;
    let tokens = tokenize(source, false, SyntaxConfig, WhitespaceConfig::default());
    // What cannot be read is for the parser to report.
    let mut product = Product::default();
    for (token, span) in tokens.map_while(Result::ok) {
        if product.is_unbounded(&token) {
            return Err(Flaw { detail: failures::text_too_long(), range: range(span) });
        }
        if matches!(&token, Token::Int128(number) if i128::try_from(**number).is_err()) {
            return Err(Flaw { detail: failures::number_too_large(), range: range(span) });
        }
        let follows_operand = previous == Previous::Operand;
        if previous == Previous::Start && matches!(token, Token::Ident("elif")) {
            branches += 1;
        }
        previous = Previous::Operator;
        match token {
            Token::BlockStart | Token::VariableStart => {
                levels = vec![Level::default()];
                previous = Previous::Start;
            }
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => {
                if let (Some(level), true) = (levels.last_mut(), follows_operand) {
                    level.current += 1;
                }
                levels.push(Level::default());
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose => {
                let inner = levels.pop().unwrap_or_default().deepest();
                match levels.last_mut() {
                    Some(level) => level.current += inner,
                    None => levels.push(Level::default()),
                }
                previous = Previous::Operand;
            }
            Token::Comma => {
                if let Some(level) = levels.last_mut() {
                    level.most = level.deepest();
                    level.current = 0;
                }
            }
            Token::Ident("not" | "and" | "or" | "in" | "is" | "if" | "else") => count(&mut levels),
            Token::Ident(_)
            | Token::Str(_)
            | Token::String(_)
            | Token::Int(_)
            | Token::Int128(_)
            | Token::Float(_) => {
                previous = Previous::Operand;
            }
            Token::TemplateData(_) | Token::BlockEnd | Token::VariableEnd | Token::Colon | Token::Assign => {}
            _ => count(&mut levels),
        }
        if branches > MAX_CHAIN || levels.last().is_some_and(|level| level.deepest() > MAX_CHAIN) {
            return Err(Flaw { detail: failures::chain_too_long(MAX_CHAIN), range: range(span) });
        }
    }
    Ok(())
}

/// Refuses a text that would end the braces it is put between. The engine panics when it finds one of these in a bare
/// expression.
pub(super) fn check_expression(expression: &str) -> Result<(), Flaw> {
    let source = format!("{{{{{expression}}}}}");
    check(&source)?;
    let mut tokens =
        tokenize(&source, false, SyntaxConfig, WhitespaceConfig::default()).map_while(Result::ok);
    let end = tokens.find_map(|(token, span)| match token {
        Token::VariableEnd | Token::BlockEnd => Some(span.end_offset as usize),
        _ => None,
    });
    match end {
        Some(end) if end < source.len() => {
            Err(Flaw { detail: failures::braces_in_expression(), range: 0..expression.len() })
        }
        _ => Ok(()),
    }
}

fn range(span: Span) -> std::ops::Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

/// The last tokens, in search of a text or list that is multiplied by a huge constant: the engine would multiply
/// these while it compiles, without asking.
#[derive(Default)]
struct Product {
    operand: Factor,
    times: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Factor {
    #[default]
    Other,
    Huge,
    Repeatable,
}

impl Product {
    fn is_unbounded(&mut self, token: &Token<'_>) -> bool {
        let factor = match token {
            Token::Mul => {
                self.times = true;
                return false;
            }
            Token::Int(number) if usize::try_from(*number).map_or(true, |number| number > MAX_REPEATED) => {
                Factor::Huge
            }
            Token::Int128(_) => Factor::Huge,
            Token::Str(_) | Token::String(_) | Token::BracketOpen | Token::BracketClose => Factor::Repeatable,
            _ => Factor::Other,
        };
        let unbounded = self.times
            && matches!(
                (self.operand, factor),
                (Factor::Huge, Factor::Repeatable) | (Factor::Repeatable, Factor::Huge)
            );
        self.operand = factor;
        self.times = false;
        unbounded
    }
}

fn count(levels: &mut [Level]) {
    if let Some(level) = levels.last_mut() {
        level.current += 1;
    }
}

/// One pair of brackets: the operators since the last comma, and the most there were between two commas.
#[derive(Default)]
struct Level {
    current: usize,
    most: usize,
}

impl Level {
    fn deepest(&self) -> usize {
        self.current.max(self.most)
    }
}

#[derive(PartialEq, Eq)]
enum Previous {
    Start,
    Operand,
    Operator,
}
