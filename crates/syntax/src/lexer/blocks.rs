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
        let rest = self.rest(at);
        let keyword = run(rest, is_word_character);
        let (word, mut rest) = rest.split_at(keyword);
        if !KEYWORDS.contains(&word) {
            return false;
        }
        if word == "client" && rest.starts_with('<') {
            return true;
        }
        let name_at = run(rest, is_blank);
        if name_at == 0 {
            return false;
        }
        rest = rest.get(name_at..).unwrap_or_default();
        let name = run(rest, is_word_character);
        rest = rest.get(name..).unwrap_or_default();
        rest = rest.get(run(rest, is_blank)..).unwrap_or_default();
        let follows: &[char] = match word {
            "function" => &['(', '{', '<'],
            "type" => &['='],
            "template_string" | "string_template" => &['(', '#', '='],
            _ => &['{'],
        };
        name > 0 && rest.starts_with(follows)
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}
