//! Words without what does not matter in them: case, accents, punctuation.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Without case and accents: `Señor` is `senor`, `STRASSE` and `straße` are `strasse`.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
    Cow::Owned(plain.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect())
}

/// The letters and digits of folded text, with `-` and `_`, which separate words.
pub(crate) fn strip(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// The letters and digits of folded text and nothing else.
pub(crate) fn squash(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A key of an object as it is compared with the keys of a class.
pub(crate) fn key(text: &str) -> String {
    strip(&fold(text))
}
