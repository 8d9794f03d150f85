//! TOON: a compact notation with tables for lists of like objects. Keys are in alphabetical order.

use super::json::quoted;
use super::tree::Tree;

/// How to write it.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) indent: usize,
    pub(super) delimiter: Delimiter,
    pub(super) length_marker: Option<char>,
}

/// What stands between the values of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delimiter {
    Comma,
    Tab,
    Pipe,
}

impl Default for Options {
    fn default() -> Self {
        Self { indent: 2, delimiter: Delimiter::Comma, length_marker: None }
    }
}

impl Delimiter {
    fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Tab => '\t',
            Self::Pipe => '|',
        }
    }
}

pub(super) fn write(tree: &Tree, options: &Options) -> String {
    let mut writer = Writer { options, lines: Vec::new() };
    match tree {
        Tree::Map(entries) => writer.entries(entries, 0),
        Tree::List(items) => writer.list("", items, 0),
        simple => writer.line(0, &writer.value(simple)),
    }
    writer.lines.join("\n")
}

struct Writer<'a> {
    options: &'a Options,
    lines: Vec<String>,
}

impl Writer<'_> {
    fn line(&mut self, level: usize, text: &str) {
        self.lines.push(format!("{}{text}", " ".repeat(level * self.options.indent)));
    }

    fn entries(&mut self, entries: &[(String, Tree)], level: usize) {
        for (key, value) in sorted(entries) {
            self.entry(&key_text(key), value, level);
        }
    }

    fn entry(&mut self, key: &str, value: &Tree, level: usize) {
        match value {
            Tree::Map(entries) => {
                self.line(level, &format!("{key}:"));
                self.entries(entries, level + 1);
            }
            Tree::List(items) => self.list(key, items, level),
            simple => self.line(level, &format!("{key}: {}", self.value(simple))),
        }
    }

    fn list(&mut self, key: &str, items: &[Tree], level: usize) {
        let delimiter = match self.options.delimiter {
            Delimiter::Comma => "",
            Delimiter::Tab => "\t",
            Delimiter::Pipe => "|",
        };
        let marker = self.options.length_marker.map(String::from).unwrap_or_default();
        let head = format!("{key}[{marker}{}{delimiter}]", items.len());
        if items.is_empty() {
            self.line(level, &format!("{head}:"));
        } else if items.iter().all(is_simple) {
            self.line(level, &format!("{head}: {}", self.row(items)));
        } else if let Some(columns) = columns(items) {
            let names: Vec<String> = columns.iter().map(|name| key_text(name)).collect();
            self.line(
                level,
                &format!("{head}{{{}}}:", names.join(&self.options.delimiter.character().to_string())),
            );
            for item in items {
                if let Tree::Map(entries) = item {
                    let cells: Vec<Tree> =
                        sorted(entries).into_iter().map(|(_, value)| value.clone()).collect();
                    self.line(level + 1, &self.row(&cells));
                }
            }
        } else {
            self.line(level, &format!("{head}:"));
            for item in items {
                self.item(item, level + 1);
            }
        }
    }

    /// An item on lines of its own: written one level deeper, then its first line gets the dash.
    fn item(&mut self, item: &Tree, level: usize) {
        let first = self.lines.len();
        match item {
            Tree::Map(entries) if entries.is_empty() => self.line(level + 1, ""),
            Tree::Map(entries) => {
                for (index, (key, value)) in sorted(entries).into_iter().enumerate() {
                    let start = self.lines.len();
                    self.entry(&key_text(key), value, level + 1);
                    if index == 0 {
                        self.dash(start, level);
                    }
                }
                return;
            }
            Tree::List(items) => self.list("", items, level + 1),
            simple => self.line(level + 1, &self.value(simple)),
        }
        self.dash(first, level);
    }

    fn dash(&mut self, index: usize, level: usize) {
        let indent = " ".repeat(level * self.options.indent);
        if let Some(line) = self.lines.get_mut(index) {
            let dashed = format!("{indent}- {}", line.trim_start_matches(' '));
            dashed.trim_end_matches(' ').clone_into(line);
        }
    }

    fn row(&self, items: &[Tree]) -> String {
        let cells: Vec<String> = items.iter().map(|item| self.value(item)).collect();
        cells.join(&self.options.delimiter.character().to_string())
    }

    fn value(&self, tree: &Tree) -> String {
        match tree {
            Tree::Null => "null".to_owned(),
            Tree::Bool(bool) => bool.to_string(),
            Tree::Number(number) => number.plain.clone(),
            Tree::Text(text) if needs_quotes(text, self.options.delimiter) => quoted(text),
            Tree::Text(text) => text.clone(),
            Tree::List(_) | Tree::Map(_) => String::new(),
        }
    }
}

fn is_simple(tree: &Tree) -> bool {
    !matches!(tree, Tree::List(_) | Tree::Map(_))
}

fn sorted(entries: &[(String, Tree)]) -> Vec<(&String, &Tree)> {
    let mut sorted: Vec<_> = entries.iter().map(|(key, value)| (key, value)).collect();
    sorted.sort_by_key(|(key, _)| *key);
    sorted
}

/// The columns of a table, when every item has the same keys and only simple values.
fn columns(items: &[Tree]) -> Option<Vec<&String>> {
    let first = row_keys(items.first()?)?;
    items.iter().all(|item| row_keys(item).as_ref() == Some(&first)).then_some(first)
}

fn row_keys(item: &Tree) -> Option<Vec<&String>> {
    let Tree::Map(entries) = item else { return None };
    let simple = !entries.is_empty() && entries.iter().all(|(_, value)| is_simple(value));
    simple.then(|| sorted(entries).into_iter().map(|(key, _)| key).collect())
}

fn key_text(key: &str) -> String {
    let plain = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && key.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.'));
    if plain { key.to_owned() } else { quoted(key) }
}

fn needs_quotes(text: &str, delimiter: Delimiter) -> bool {
    text.is_empty()
        || matches!(text, "true" | "false" | "null")
        || text.trim() != text
        || text.starts_with("- ")
        || text.contains([':', '"', '\\', '[', ']', '{', '}', '\n', '\r', '\t'])
        || text.contains(delimiter.character())
        || looks_like_number(text)
}

/// An optional minus, digits, a fraction, an exponent.
fn looks_like_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(left, right)| (left, Some(right)));
    let (whole, fraction) =
        mantissa.split_once('.').map_or((mantissa, None), |(left, right)| (left, Some(right)));
    digits(whole)
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
