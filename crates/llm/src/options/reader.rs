//! Typed reading of options: each read either gives a value or notes a problem.

use types::{Config, ConfigMap};

use crate::environment::{Environment, stands_for};
use crate::problem::{self, Problem};

/// How deep a value that is sent as it is may be nested. Deeper JSON is refused by most parsers.
const MAX_DEPTH: usize = 100;

/// Whether environment variables are looked up.
#[derive(Clone, Copy)]
pub(crate) enum Lookup<'a> {
    /// Not yet: each stands for some text.
    Deferred,
    /// Never, because these options are needed before there is a call: a variable is a problem.
    Never,
    /// Now.
    Now {
        /// Where to look.
        environment: &'a dyn Environment,
    },
}

/// Text that was written, or came from the environment, or will.
#[derive(Clone)]
pub(crate) struct Text {
    /// `None` when the lookup is deferred.
    pub(crate) known: Option<String>,
    /// Whether it came from an environment variable; such text is treated as a secret where that is possible.
    pub(crate) from_environment: bool,
}

impl Text {
    pub(crate) fn written(text: &str) -> Self {
        Self { known: Some(text.to_owned()), from_environment: false }
    }
}

/// Reads the options of one client.
pub(crate) struct Reader<'a> {
    pub(crate) options: &'a ConfigMap,
    pub(crate) lookup: Lookup<'a>,
    pub(crate) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(options: &'a ConfigMap, lookup: Lookup<'a>) -> Self {
        Self { options, lookup, problems: Vec::new() }
    }

    pub(crate) fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.options.contains_key(key)
    }

    /// The value of an environment variable; a variable that is not set is a problem.
    pub(crate) fn variable(&mut self, path: &[&str], name: &str) -> Option<Text> {
        match self.lookup {
            Lookup::Deferred => Some(Text { known: None, from_environment: true }),
            Lookup::Never => {
                self.note(problem::no_place_for_variable(path, name));
                None
            }
            Lookup::Now { environment } => {
                let known = environment.get(name);
                if known.is_none() {
                    self.note(problem::variable_not_set(path, name));
                }
                known.map(|text| Text { known: Some(text), from_environment: true })
            }
        }
    }

    /// Text at a place that must hold text.
    pub(crate) fn text_at(&mut self, path: &[&str], value: &Config) -> Option<Text> {
        match value {
            Config::String(text) => Some(Text::written(text)),
            Config::Env(name) => self.variable(path, name),
            other => {
                self.note(problem::wrong_kind(path, "a string", other));
                None
            }
        }
    }

    /// The option, if it is there, as text.
    pub(crate) fn text(&mut self, key: &str) -> Option<Text> {
        let value = self.options.get(key)?;
        self.text_at(&[key], value)
    }

    /// The option as a list of texts.
    pub(crate) fn texts(&mut self, key: &str) -> Option<Vec<Text>> {
        let value = self.options.get(key)?;
        self.texts_at(&[key], value)
    }

    /// A list of texts.
    pub(crate) fn texts_at(&mut self, path: &[&str], value: &Config) -> Option<Vec<Text>> {
        match value {
            Config::List(items) => Some(items.iter().filter_map(|item| self.item(path, item)).collect()),
            other => {
                self.note(problem::wrong_kind(path, "a list of strings", other));
                None
            }
        }
    }

    fn item(&mut self, path: &[&str], item: &Config) -> Option<Text> {
        match item {
            Config::String(text) => Some(Text::written(text)),
            Config::Env(name) => self.variable(path, name),
            other => {
                self.note(problem::wrong_item(path, other));
                None
            }
        }
    }

    /// The option as a map.
    pub(crate) fn map(&mut self, key: &str) -> Option<&'a ConfigMap> {
        match self.options.get(key)? {
            Config::Map(entries) => Some(entries),
            other => {
                self.note(problem::wrong_kind(&[key], "a map", other));
                None
            }
        }
    }

    /// The option as a map of texts, in the order written.
    pub(crate) fn text_map(&mut self, key: &str) -> Option<Vec<(String, Text)>> {
        let entries = self.map(key)?;
        let texts = entries
            .iter()
            .filter_map(|(name, value)| self.text_at(&[key, name], value).map(|text| (name.clone(), text)))
            .collect();
        Some(texts)
    }

    pub(crate) fn bool_at(&mut self, path: &[&str], value: &Config) -> Option<bool> {
        match value {
            Config::Bool(bool) => Some(*bool),
            Config::Env(name) => {
                self.read_variable(path, name, "`true` or `false`", |text| text.parse().ok())
            }
            other => {
                self.note(problem::wrong_kind(path, "a bool", other));
                None
            }
        }
    }

    /// What the text of a variable says, where no text is wanted.
    fn read_variable<T>(
        &mut self,
        path: &[&str],
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.variable(path, name)?.known?;
        let value = read(text.trim());
        if value.is_none() && !stands_for(&text, name) {
            self.note(problem::wrong_variable(path, name, expected));
        }
        value
    }

    /// The option as a bool.
    pub(crate) fn bool(&mut self, key: &str) -> Option<bool> {
        let value = self.options.get(key)?;
        self.bool_at(&[key], value)
    }

    /// A whole number of milliseconds, zero or more.
    pub(crate) fn milliseconds_at(&mut self, path: &[&str], value: &Config) -> Option<u64> {
        self.whole_number_at(path, value, "a whole number of milliseconds", problem::not_whole_milliseconds)
    }

    /// A whole number of bytes, zero or more.
    pub(crate) fn bytes_at(&mut self, path: &[&str], value: &Config) -> Option<u64> {
        self.whole_number_at(path, value, "a whole number of bytes", problem::not_whole_bytes)
    }

    /// A whole number, zero or more.
    pub(crate) fn position(&mut self, key: &str) -> Option<u64> {
        let value = self.options.get(key)?;
        self.whole_number_at(&[key], value, "a whole number", problem::not_a_position)
    }

    fn whole_number_at(
        &mut self,
        path: &[&str],
        value: &Config,
        expected: &str,
        refused: fn(&[&str], &str) -> Problem,
    ) -> Option<u64> {
        if let Config::Env(name) = value {
            return self.read_variable(path, name, expected, |text| text.parse().ok());
        }
        let Config::Number(number) = value else {
            self.note(problem::wrong_kind(path, expected, value));
            return None;
        };
        let whole = whole_number(number);
        if whole.is_none() {
            self.note(refused(path, &number.to_string()));
        }
        whole
    }

    /// Text that must be one of the choices; their position.
    pub(crate) fn choice_at(&mut self, path: &[&str], value: &Config, choices: &[&str]) -> Option<usize> {
        let text = self.text_at(path, value)?.known?;
        let position = choices.iter().position(|choice| *choice == text);
        if position.is_none() {
            self.note(problem::not_a_choice(path, &text, choices));
        }
        position
    }

    /// A value that is sent as it is, with its environment variables looked up.
    pub(crate) fn json(&mut self, path: &[&str], value: &Config) -> serde_json::Value {
        self.json_within(path, value, MAX_DEPTH)
    }

    fn json_within(&mut self, path: &[&str], value: &Config, depth: usize) -> serde_json::Value {
        use serde_json::Value;
        if depth == 0 {
            self.note(problem::too_deep(path));
            return Value::Null;
        }
        match value {
            Config::Null => Value::Null,
            Config::Bool(bool) => Value::Bool(*bool),
            Config::Number(number) => Value::Number(number.clone()),
            Config::String(text) => Value::String(text.clone()),
            Config::Env(name) => {
                Value::String(self.variable(path, name).and_then(|text| text.known).unwrap_or_default())
            }
            Config::Callback(_) => {
                self.note(problem::misplaced_function(path));
                Value::Null
            }
            Config::List(items) => {
                Value::Array(items.iter().map(|item| self.json_within(path, item, depth - 1)).collect())
            }
            Config::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), self.json_within(path, value, depth - 1)))
                    .collect(),
            ),
        }
    }
}

/// The number, if it is whole and not negative. JavaScript hands over `5.0` for 5.
pub(super) fn whole_number(number: &serde_json::Number) -> Option<u64> {
    /// The largest float of which every smaller whole number is a float too.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(whole) = number.as_u64() {
        return Some(whole);
    }
    let float = number.as_f64()?;
    if float.fract() != 0.0 || float < 0.0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative, and clamped"
    )]
    Some(float.min(EXACT) as u64)
}
