//! Base64 as people pass it: in lines, in the alphabet of URLs, without its padding. One form of it goes to providers.

use std::borrow::Cow;
use std::fmt;

/// How much of the usual text is looked at at once: few branches, so that a picture of megabytes costs next to nothing.
const BLOCK: usize = 64;

/// Why a text is no base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64Fault {
    /// Nothing is in it.
    Empty,
    /// A character that base64 does not have, or `=` before the end.
    Character {
        /// The character.
        found: char,
        /// Which character of the text it is; the first is number 1.
        position: usize,
    },
    /// So many characters encode no whole number of bytes: it is cut, or has one too many.
    Length {
        /// How many characters it has, without padding and white space.
        characters: usize,
    },
}

impl fmt::Display for Base64Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("it is empty"),
            Self::Character { found, position } => {
                write!(formatter, "character {position} is `{}`", found.escape_debug())
            }
            Self::Length { characters } => {
                write!(formatter, "it has {characters} characters, which are no whole number of bytes")
            }
        }
    }
}

impl std::error::Error for Base64Fault {}

/// The same content as standard base64: its own alphabet, padded, in one line. A text that is this already is not
/// copied.
///
/// # Errors
/// What is wrong with a text that is no base64, or encodes nothing.
pub fn standard_base64(text: &str) -> Result<Cow<'_, str>, Base64Fault> {
    let bytes = text.as_bytes();
    let padding = bytes.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    let data = &bytes[..bytes.len() - padding];
    let is_standard = !data.is_empty()
        && bytes.len().is_multiple_of(4)
        && data.chunks(BLOCK).all(|block| block.iter().fold(true, |all, byte| all & is_digit(*byte)));
    if is_standard { Ok(Cow::Borrowed(text)) } else { normalised(text).map(Cow::Owned) }
}

fn is_digit(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/')
}

fn normalised(text: &str) -> Result<String, Base64Fault> {
    let mut standard = String::with_capacity(text.len() + 3);
    let mut padding = None;
    for (index, found) in text.chars().enumerate() {
        let position = index + 1;
        let digit = match found {
            ' ' | '\t' | '\n' | '\r' => continue,
            '=' => {
                padding.get_or_insert(position);
                continue;
            }
            '-' => '+',
            '_' => '/',
            digit if digit.is_ascii() && is_digit(digit as u8) => digit,
            found => return Err(Base64Fault::Character { found, position }),
        };
        if let Some(position) = padding {
            return Err(Base64Fault::Character { found: '=', position });
        }
        standard.push(digit);
    }
    match standard.len() % 4 {
        _ if standard.is_empty() => return Err(Base64Fault::Empty),
        1 => return Err(Base64Fault::Length { characters: standard.len() }),
        2 => standard.push_str("=="),
        3 => standard.push('='),
        _ => {}
    }
    Ok(standard)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Base64Fault, standard_base64};

    #[test]
    fn one_form_of_it() {
        for text in ["aGVsbG8=", "aGk=", "aA==", "AAAA", "a+/9", &"AbC/".repeat(100)] {
            assert!(matches!(standard_base64(text), Ok(Cow::Borrowed(same)) if same == text), "{text}");
        }
        for (text, standard) in [
            ("aGVsbG8", "aGVsbG8="),
            ("aA", "aA=="),
            ("aA=", "aA=="),
            ("AAAA=", "AAAA"),
            ("-_-_", "+/+/"),
            (" aGVs\r\nbG8=\n", "aGVsbG8="),
            ("aA=\n=", "aA=="),
        ] {
            assert_eq!(standard_base64(text).as_deref(), Ok(standard), "{text:?}");
        }
    }

    #[test]
    fn what_is_none() {
        for (text, fault) in [
            ("", "it is empty"),
            (" \n", "it is empty"),
            ("==", "it is empty"),
            ("photos/cat.png", "character 11 is `.`"),
            ("https://h.test/a.png", "character 6 is `:`"),
            ("aGk=aGk=", "character 4 is `=`"),
            ("AAAAB", "it has 5 characters, which are no whole number of bytes"),
            ("AAA\0", "character 4 is `\\0`"),
            ("ÄAAA", "character 1 is `Ä`"),
        ] {
            assert_eq!(
                standard_base64(text).map_err(|fault| fault.to_string()),
                Err(fault.to_owned()),
                "{text:?}"
            );
        }
        let late = format!("{}?", "A".repeat(99_999));
        assert_eq!(standard_base64(&late), Err(Base64Fault::Character { found: '?', position: 100_000 }));
    }
}
