//! YAML in block style.

use super::tree::Tree;

/// A key longer than this, in characters, is written in the explicit form (`? key`).
const LONGEST_SIMPLE_KEY: usize = 128;

pub(super) fn write(tree: &Tree) -> String {
    let mut text = String::new();
    match tree {
        Tree::List(items) if !items.is_empty() => list(&mut text, items, 0),
        Tree::Map(entries) if !entries.is_empty() => map(&mut text, entries, 0),
        scalar => {
            inline(&mut text, scalar, 0);
            text.push('\n');
        }
    }
    text
}

fn pad(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// Items, the first one where the text stands, the others on lines of their own.
fn list(text: &mut String, items: &[Tree], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            pad(text, indent);
        }
        text.push_str("- ");
        match item {
            Tree::List(items) if !items.is_empty() => list(text, items, indent + 2),
            Tree::Map(entries) if !entries.is_empty() => map(text, entries, indent + 2),
            scalar => {
                inline(text, scalar, indent);
                text.push('\n');
            }
        }
    }
}

/// Entries, the first one where the text stands, the others on lines of their own.
fn map(text: &mut String, entries: &[(String, Tree)], indent: usize) {
    for (index, (key, value)) in entries.iter().enumerate() {
        if index > 0 {
            pad(text, indent);
        }
        if key.contains(is_break) || key.chars().count() > LONGEST_SIMPLE_KEY {
            text.push_str("? ");
            scalar(text, key, indent, true);
            text.push('\n');
            pad(text, indent);
        } else {
            scalar(text, key, indent, false);
        }
        text.push(':');
        match value {
            Tree::List(items) if !items.is_empty() => {
                text.push('\n');
                pad(text, indent);
                list(text, items, indent);
            }
            Tree::Map(entries) if !entries.is_empty() => {
                text.push('\n');
                pad(text, indent + 2);
                map(text, entries, indent + 2);
            }
            simple => {
                text.push(' ');
                inline(text, simple, indent);
                text.push('\n');
            }
        }
    }
}

fn inline(text: &mut String, tree: &Tree, indent: usize) {
    match tree {
        Tree::Null => text.push_str("null"),
        Tree::Bool(bool) => text.push_str(if *bool { "true" } else { "false" }),
        Tree::Number(number) => text.push_str(&number.short),
        Tree::Text(value) => scalar(text, value, indent, true),
        Tree::List(_) => text.push_str("[]"),
        Tree::Map(_) => text.push_str("{}"),
    }
}

/// How a string can be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

fn scalar(text: &mut String, value: &str, indent: usize, may_be_block: bool) {
    match style(value, may_be_block) {
        Style::Plain => text.push_str(value),
        Style::Single => {
            text.push('\'');
            text.push_str(&value.replace('\'', "''"));
            text.push('\'');
        }
        Style::Double => double_quoted(text, value),
        Style::Literal => literal(text, value, indent),
    }
}

fn style(value: &str, may_be_block: bool) -> Style {
    let space_before_break = value.contains(" \n") || value.ends_with(' ') && value.contains('\n');
    if value.chars().any(is_special) || value.contains('\t') || space_before_break {
        Style::Double
    } else if value.contains('\n') {
        if may_be_block { Style::Literal } else { Style::Double }
    } else if is_ambiguous(value) || !may_be_plain(value) {
        Style::Single
    } else {
        Style::Plain
    }
}

fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A character that only a double-quoted string can hold.
fn is_special(character: char) -> bool {
    character != '\n'
        && character != '\t'
        && (character.is_control() || is_break(character) || character == '\u{FEFF}')
}

/// Whether the text would be read as something else than a string.
fn is_ambiguous(value: &str) -> bool {
    if matches!(
        value,
        "" | "~" | "null" | "Null" | "NULL" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE"
    ) {
        return true;
    }
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(value, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let based = [("0x", 16), ("0o", 8), ("0b", 2)];
    if based.iter().any(|(prefix, base)| {
        digits
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|digit| digit.is_digit(*base)))
    }) {
        return true;
    }
    digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.chars().all(|character| matches!(character, '0'..='9' | '.' | 'e' | 'E' | '+' | '-'))
        && digits.parse::<f64>().is_ok()
}

/// Whether the text can stand without quotes in block context.
fn may_be_plain(value: &str) -> bool {
    if value.starts_with("---") || value.starts_with("...") || value.starts_with(' ') || value.ends_with(' ')
    {
        return false;
    }
    let mut previous = None;
    let mut rest = value.chars().peekable();
    while let Some(character) = rest.next() {
        let before_space = rest.peek().is_none_or(|next| *next == ' ');
        let allowed = match (previous, character) {
            (None, '-' | '?') | (_, ':') => !before_space,
            (
                None,
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`'
                | '#',
            )
            | (Some(' '), '#') => false,
            _ => true,
        };
        if !allowed {
            return false;
        }
        previous = Some(character);
    }
    true
}

fn double_quoted(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\0' => text.push_str("\\0"),
            '\u{7}' => text.push_str("\\a"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{B}' => text.push_str("\\v"),
            '\u{C}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            '\u{1B}' => text.push_str("\\e"),
            '\u{85}' => text.push_str("\\N"),
            '\u{2028}' => text.push_str("\\L"),
            '\u{2029}' => text.push_str("\\P"),
            special if is_special(special) && u32::from(special) <= 0xFF => {
                hexadecimal(text, 'x', 2, special);
            }
            special if is_special(special) => hexadecimal(text, 'u', 4, special),
            other => text.push(other),
        }
    }
    text.push('"');
}

fn hexadecimal(text: &mut String, letter: char, width: usize, character: char) {
    text.push('\\');
    text.push(letter);
    let digits = format!("{:0width$X}", u32::from(character));
    text.push_str(&digits);
}

/// Lines as they are, without the last line break: whoever asked for the string ends the line.
fn literal(text: &mut String, value: &str, indent: usize) {
    text.push('|');
    if value.starts_with([' ', '\n']) {
        text.push('2');
    }
    let (body, end) = match value.strip_suffix('\n') {
        None => (value, "-"),
        Some(body) if body.ends_with('\n') || body.is_empty() => (body, "+"),
        Some(body) => (body, ""),
    };
    text.push_str(end);
    for line in body.split('\n') {
        text.push('\n');
        if !line.is_empty() {
            pad(text, indent + 2);
            text.push_str(line);
        }
    }
}
