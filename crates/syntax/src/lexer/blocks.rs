//! Which lines look like the start of a top-level block. Recovery stops there, and an unclosed string or block
//! ends there.

use super::{Lexer, is_word_character, run};

/// The words that start a top-level block.
pub(crate) const KEYWORDS: [&str; 10] = [
    "function",
    "class",
    "enum",
    "type",
    "client",
    "retry_policy",
    "template_string",
    "string_template",
    "generator",
    "test",
];

impl Lexer<'_> {
    /// Whether a top-level block seems to start at a place: a keyword, a name, and what follows a name.
    pub(crate) fn opens_block(&self, at: usize) -> bool {
        let (word, follows) = self.block_head(at);
        let expected: &[char] = match word {
            "function" => &['(', '{', '<'],
            "type" => &['='],
            "template_string" | "string_template" => &['(', '#', '='],
            "client" => &['{', '<'],
            _ if KEYWORDS.contains(&word) => &['{'],
            _ => return false,
        };
        follows.is_some_and(|follows| expected.contains(&follows))
    }

    /// Whether something that is meant as a top-level block may start at a place, although its keyword is
    /// misspelt or its name is missing.
    pub(crate) fn resembles_block(&self, at: usize) -> bool {
        let rest = self.rest(at);
        let rest = rest.trim_start_matches(|character| is_word_character(character) || character == '-');
        let rest = rest.trim_start_matches(is_blank).trim_start_matches(is_word_character);
        rest.trim_start_matches(is_blank).starts_with(['{', '(', '<', '=', ':'])
    }

    /// The first word at a place, and the character after the name that follows it on the same line.
    fn block_head(&self, at: usize) -> (&str, Option<char>) {
        let rest = self.rest(at);
        let rest = match rest.strip_prefix("dynamic") {
            Some(after) if after.starts_with(is_blank) => after.trim_start_matches(is_blank),
            _ => rest,
        };
        let (word, rest) = rest.split_at(run(rest, is_word_character));
        if word == "client" && rest.starts_with('<') {
            return (word, Some('<'));
        }
        let (blanks, rest) = rest.split_at(run(rest, is_blank));
        let (name, rest) = rest.split_at(run(rest, is_word_character));
        if blanks.is_empty() || name.is_empty() {
            return (word, None);
        }
        (word, rest.trim_start_matches(is_blank).chars().next())
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}
