//! The words that messages share.

use crate::lexer::{KEYWORDS, TokenKind};

/// What comments look like, for those who write them as in another language.
pub(super) const COMMENTS: &str = "a comment starts with `//`, or stands between `{//` and `//}`";

/// How a token is named in a sentence.
pub(crate) fn found(kind: TokenKind, text: &str) -> String {
    match kind {
        TokenKind::End => "the end of the file".to_owned(),
        TokenKind::Quote => "a string".to_owned(),
        TokenKind::RawQuote => "a raw string".to_owned(),
        TokenKind::Symbol('{') if text.len() > 1 => "`{#`".to_owned(),
        TokenKind::Symbol('/') if text.len() > 1 => "`/*`".to_owned(),
        TokenKind::Symbol(symbol) if symbol.is_control() => {
            format!("the character U+{:04X}", u32::from(symbol))
        }
        TokenKind::Symbol(symbol) if !symbol.is_ascii() => {
            format!("`{symbol}` (U+{:04X})", u32::from(symbol))
        }
        TokenKind::Symbol(symbol) => format!("`{symbol}`"),
        _ => format!("`{}`", shortened(text)),
    }
}

/// A text that fits in a sentence.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

pub(super) fn keywords() -> String {
    KEYWORDS.iter().filter(|&&keyword| keyword != "string_template").copied().collect::<Vec<_>>().join(", ")
}

pub(super) fn nearest_keyword(word: &str) -> Option<&'static str> {
    const FARTHEST: usize = 2;
    // Longer than the longest keyword by more than that, nothing is near.
    if word.len() > 20 {
        return None;
    }
    let word = word.to_lowercase();
    KEYWORDS
        .into_iter()
        .map(|keyword| (strsim::damerau_levenshtein(&word, keyword), keyword))
        .filter(|&(distance, keyword)| distance <= FARTHEST && distance < keyword.len() / 2)
        .min()
        .map(|(_, keyword)| keyword)
}

pub(super) fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
