//! Refuses templates whose tree would be too deep for the engine, which walks and drops it recursively.

use minijinja::machinery::{Token, WhitespaceConfig, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::Flaw;
use crate::failures;

/// How many operators may follow each other in one expression, and how many branches one `if` may have.
const MAX_CHAIN: usize = 300;

/// Counts what makes the tree deeper. Nested brackets and blocks are bounded by the engine itself.
pub(super) fn check(source: &str) -> Result<(), Flaw> {
    let mut levels = vec![Level::default()];
    let mut branches = 0;
    let mut previous = Previous::Start;
    let tokens = tokenize(source, false, SyntaxConfig::default(), WhitespaceConfig::default());
    // What cannot be read is for the parser to report.
    for (token, span) in tokens.map_while(Result::ok) {
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
            let range = span.start_offset as usize..span.end_offset as usize;
            return Err(Flaw { detail: failures::chain_too_long(MAX_CHAIN), range });
        }
    }
    Ok(())
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
