//! Numbers, exact and as people write them: `$1,234.50`, `50%`, `1/2`, `about 12 apples`.

/// A number read from text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A whole number that fits 64 bits.
    Int(i64),
    /// Any other finite number.
    Float(f64),
}

impl Number {
    /// The number as a float.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a float is what was asked for; JSON numbers lose the same digits"
    )]
    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }

    /// The number as an int, half rounded away from zero, and whether that changed it. `None` when 64 bits
    /// cannot hold it.
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    pub(crate) fn int(self) -> Option<(i64, bool)> {
        match self {
            Self::Int(int) => Some((int, false)),
            Self::Float(float) => {
                let rounded = float.round();
                // The lowest int was read as an int: a float of that value is one beyond it that lost its digits.
                (rounded.abs() < 9_223_372_036_854_775_808.0)
                    .then(|| (rounded as i64, (rounded - float).abs() > 0.0))
            }
        }
    }
}

/// The number that `text`, digits as the reader accepts them without quotes, stands for. `None` beyond the
/// range of a float.
pub(crate) fn exact(text: &str) -> Option<Number> {
    let text = text.strip_prefix('+').unwrap_or(text);
    if let Ok(int) = text.parse() {
        // "-0" is a float's zero; an int has only one.
        if int != 0 || !text.starts_with('-') {
            return Some(Number::Int(int));
        }
    }
    text.parse().ok().filter(|float: &f64| float.is_finite()).map(Number::Float)
}

/// Whether a float can hold the int exactly.
pub(crate) fn is_float(int: i64) -> bool {
    // A float has 53 bits and any power of two.
    let significant = int.unsigned_abs() >> int.trailing_zeros().min(63);
    significant < 1 << 53
}

/// The one number that stands somewhere in `text`, or the value of a fraction that is the whole of it.
pub(crate) fn find(text: &str) -> Option<Number> {
    let text = text.trim();
    let mut tokens = Tokens { text, at: 0 };
    let first = tokens.next()?;
    let Some(second) = tokens.next() else { return scaled(text, &first) };
    let fraction = tokens.next().is_none()
        && first.start == 0
        && second.end == text.len()
        && text[first.end..second.start].trim() == "/"
        && second.value.float() != 0.0;
    let value = first.value.float() / second.value.float();
    (fraction && value.is_finite()).then_some(Number::Float(value))
}

/// Whether a digit follows a letter, as in `A1`.
pub(crate) fn is_in_word(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_alphabetic() && pair[1].is_ascii_digit())
}

/// The token with what stands around it: a minus sign set apart, a word for thousands.
fn scaled(text: &str, token: &Token) -> Option<Number> {
    let mut value = token.value;
    let before = text[..token.start].trim_end_matches(['$', '€', '£', '¥', '₹']).trim();
    let minus = matches!(before, "-" | "−") || before.eq_ignore_ascii_case("minus");
    if minus && value.float() >= 0.0 {
        value = match value {
            Number::Int(int) => Number::Int(int.checked_neg()?),
            Number::Float(float) => Number::Float(-float),
        };
    }
    let after = &text[token.end..];
    let word: String = after.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
    let factor = match word.to_ascii_lowercase().as_str() {
        "k" | "thousand" => 1_000.0,
        "hundred" => 100.0,
        "million" | "mn" => 1_000_000.0,
        "billion" | "bn" => 1_000_000_000.0,
        "trillion" => 1_000_000_000_000.0,
        // A small letter may be metres.
        "m" if word == "M" => 1_000_000.0,
        _ => return Some(value),
    };
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "the factors are whole")]
        Number::Int(int) => int.checked_mul(factor as i64).map(Number::Int),
        Number::Float(float) => Some(Number::Float(float * factor)),
    }
}

struct Token {
    value: Number,
    start: usize,
    end: usize,
}

/// The numbers in a text, in order: digits with commas between them, a fraction, an exponent, a sign.
struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let first = (self.at..bytes.len()).find(|at| digit(*at))?;
        let mut start = first;
        if start > self.at && bytes[start - 1] == b'.' {
            start -= 1;
        }
        let mut at = start;
        while digit(at) || (bytes.get(at) == Some(&b',') && digit(at + 1) && digit(at.wrapping_sub(1))) {
            at += 1;
        }
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            while digit(at) {
                at += 1;
            }
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            if digit(at + 1 + sign) {
                at += 1 + sign;
                while digit(at) {
                    at += 1;
                }
            }
        }
        let sign = self.sign_before(start);
        self.at = at;
        let digits = without_commas(&self.text[start..at]);
        let digits = if sign.is_some() { format!("-{digits}") } else { digits };
        Some(Token { value: exact(&digits)?, start: sign.unwrap_or(start), end: at })
    }
}

/// Digits without the commas between thousands. The only comma, with one or two digits behind it, separates a
/// fraction, as in much of Europe: `3,50`.
fn without_commas(digits: &str) -> String {
    if let Some((whole, fraction)) = digits.split_once(',')
        && (1..=2).contains(&fraction.len())
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
    {
        return format!("{whole}.{fraction}");
    }
    digits.chars().filter(|c| *c != ',').collect()
}

impl Tokens<'_> {
    /// Where a minus sign stands before the number, or before its currency sign, that is no hyphen between words or
    /// numbers.
    fn sign_before(&self, start: usize) -> Option<usize> {
        let before = &self.text[self.at..start];
        let before = before.trim_end_matches(['$', '€', '£', '¥', '₹']);
        let rest = before.strip_suffix('-')?;
        let is_sign = if rest.is_empty() { self.at == 0 } else { !rest.ends_with(char::is_alphanumeric) };
        is_sign.then_some(self.at + rest.len())
    }
}
