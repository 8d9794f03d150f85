//! Client options: JSON whose leaves may name environment variables.

use indexmap::IndexMap;
use serde_json::Number;

use crate::callback::Callback;

/// The options of a client, in the order written (the order is visible in the request body).
pub type ConfigMap = IndexMap<String, Config>;

/// A configuration value, from a `.baml` file, `addLlmClient` or an HTTP body: JSON, but a value may also be
/// an environment variable, looked up at each call.
#[derive(Clone, Debug, PartialEq)]
pub enum Config {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, kept as written.
    Number(Number),
    /// Text.
    String(String),
    /// `env.NAME`: always text once looked up.
    Env(String),
    /// A function of the host language, asked when its answer is needed. It has no place in files and in JSON.
    Callback(Callback),
    /// A list.
    List(Vec<Config>),
    /// An object.
    Map(ConfigMap),
}

impl Config {
    /// What stands in place of a function where it cannot be.
    pub const CALLBACK: &str = "[callback]";

    /// The kind in the words of an error message: `a string`, `a number`.
    #[must_use]
    pub fn with_article(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Env(_) => "an environment variable",
            Self::Callback(_) => "a function",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

impl Config {
    /// Shows each environment variable that the value names, as often as it names it.
    pub fn visit_variables<'a>(&'a self, visit: &mut impl FnMut(&'a str)) {
        match self {
            Self::Env(name) => visit(name),
            Self::List(items) => items.iter().for_each(|item| item.visit_variables(visit)),
            Self::Map(entries) => entries.values().for_each(|entry| entry.visit_variables(visit)),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Callback(_) => {}
        }
    }
}

impl From<serde_json::Value> for Config {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(bool) => Self::Bool(bool),
            serde_json::Value::Number(number) => Self::Number(number),
            serde_json::Value::String(text) => Self::String(text),
            serde_json::Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            serde_json::Value::Object(entries) => {
                Self::Map(entries.into_iter().map(|(key, value)| (key, Self::from(value))).collect())
            }
        }
    }
}

impl From<&Config> for serde_json::Value {
    /// The value as JSON, a variable as `{ "env": "NAME" }`, a function as the text `[callback]`.
    fn from(config: &Config) -> Self {
        match config {
            Config::Null => Self::Null,
            Config::Bool(bool) => Self::Bool(*bool),
            Config::Number(number) => Self::Number(number.clone()),
            Config::String(text) => Self::String(text.clone()),
            Config::Env(name) => serde_json::json!({ "env": name }),
            Config::Callback(_) => Self::from(Config::CALLBACK),
            Config::List(items) => Self::Array(items.iter().map(Self::from).collect()),
            Config::Map(entries) => {
                Self::Object(entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect())
            }
        }
    }
}
