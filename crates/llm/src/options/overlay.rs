//! Options laid over other options; options as they may be shown; variables named in JSON.

use types::{Config, ConfigMap};

use super::known;
use crate::endpoint::Endpoint;
use crate::header::is_secret_header;
use crate::problem::{self, Problem};
use crate::provider::{OptionSet, Provider};

/// What stands in place of a value that must not be shown. Nobody's key reads like this.
pub const REDACTED: &str = "[redacted]";

/// Options that are blocks, of which an overlay changes only the entries that it names.
const BLOCKS: [&str; 5] = ["headers", "query_params", "http", "media_url_handler", "media_download"];

/// Options whose text holds no key, no user's name and no one's words.
const PUBLIC: [&str; 34] = [
    "allowed_role_metadata",
    "allowed_roles",
    "anthropic_version",
    "api_version",
    "client_response_type",
    "default_role",
    "deployment_id",
    "fallback_on",
    "finish_reason_allow_list",
    "finish_reason_deny_list",
    "format",
    "http",
    "include",
    "keep_alive",
    "location",
    "media_download",
    "media_url_handler",
    "modalities",
    "model",
    "model_id",
    "models",
    "project_id",
    "publisher",
    "reasoning",
    "reasoning_effort",
    "region",
    "remap_roles",
    "resource_name",
    "service_tier",
    "thinking",
    "tool_choice",
    "transforms",
    "truncation",
    "verbosity",
];

/// How deep options are looked into.
const MAX_DEPTH: usize = 100;

/// The options of a client with others laid over them: what the overlay names wins, in `headers`,
/// `query_params`, `http`, `media_url_handler` and `media_download` entry by entry.
#[must_use]
pub fn overlay(base: &ConfigMap, over: &ConfigMap) -> ConfigMap {
    let mut merged = base.clone();
    for (key, value) in over {
        match (merged.get_mut(key), value) {
            (Some(Config::Map(below)), Config::Map(above)) if BLOCKS.contains(&key.as_str()) => {
                below.extend(above.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    merged
}

/// Options as they may be shown: variables by name, and every text redacted that could be a key. Text is shown
/// only in options that are known to hold none.
#[must_use]
pub fn shown_options(options: &ConfigMap) -> ConfigMap {
    let shown = options.iter().map(|(key, value)| {
        let value = match value {
            Config::List(members) if key == "strategy" => {
                Config::List(members.iter().map(shown_member).collect())
            }
            other => shown_option(key, other),
        };
        (key.clone(), value)
    });
    shown.collect()
}

fn shown_option(key: &str, value: &Config) -> Config {
    match (key, value) {
        ("base_url" | "endpoint_url", Config::String(url)) => Config::String(shown_url(url)),
        ("http", Config::Map(entries)) => {
            Config::Map(entries.iter().map(|(key, value)| (key.clone(), shown_in_http(key, value))).collect())
        }
        _ => shown(value, PUBLIC.contains(&key), MAX_DEPTH),
    }
}

fn shown_in_http(key: &str, value: &Config) -> Config {
    match (key, value) {
        ("proxy", Config::String(url)) => Config::String(shown_url(url)),
        ("client_key", path) => path.clone(),
        _ => shown(value, true, MAX_DEPTH),
    }
}

fn shown_member(member: &Config) -> Config {
    let Config::Map(entries) = member else { return member.clone() };
    let entries = entries.iter().map(|(key, value)| {
        let value = match value {
            Config::Map(options) if key == "options" => {
                let options = options.iter().map(|(key, value)| (key.clone(), shown_option(key, value)));
                Config::Map(options.collect())
            }
            other => shown(other, key == "client", MAX_DEPTH),
        };
        (key.clone(), value)
    });
    Config::Map(entries.collect())
}

fn shown(value: &Config, public: bool, depth: usize) -> Config {
    let redacted = || Config::String(REDACTED.to_owned());
    if depth == 0 {
        return redacted();
    }
    match value {
        Config::Null | Config::Bool(_) | Config::Number(_) | Config::Env(_) | Config::Callback(_) => {
            value.clone()
        }
        Config::String(_) if public => value.clone(),
        Config::String(_) => redacted(),
        Config::List(items) => {
            Config::List(items.iter().map(|item| shown(item, public, depth - 1)).collect())
        }
        Config::Map(entries) => Config::Map(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), shown(value, public && !is_secret_header(key), depth - 1)))
                .collect(),
        ),
    }
}

/// The URL without user, password and query, and with a mark where any of them was; all of it hidden when it is
/// no URL.
fn shown_url(url: &str) -> String {
    match Endpoint::parse(url) {
        Ok(endpoint) if endpoint.hides_something() => format!("{}?{REDACTED}", endpoint.shown()),
        Ok(endpoint) => endpoint.shown().to_owned(),
        Err(_) => REDACTED.to_owned(),
    }
}

/// What stands in the options for a secret or a function that was not shown: such options cannot be used.
#[must_use]
pub fn stand_in(options: &ConfigMap) -> Option<Problem> {
    let mut path = Vec::new();
    let found = options.iter().find_map(|(key, value)| find_stand_in(key, value, MAX_DEPTH, &mut path))?;
    Some(found(path))
}

fn find_stand_in(
    key: &str,
    value: &Config,
    depth: usize,
    path: &mut Vec<String>,
) -> Option<fn(Vec<String>) -> Problem> {
    path.push(key.to_owned());
    let found = match value {
        Config::String(text) if text == Config::CALLBACK => Some(problem::function_as_text as fn(_) -> _),
        Config::String(text) => text
            .strip_suffix(REDACTED)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('?'))
            .then_some(problem::redacted_text as fn(_) -> _),
        Config::List(items) if depth > 0 => items
            .iter()
            .enumerate()
            .find_map(|(position, item)| find_stand_in(&position.to_string(), item, depth - 1, path)),
        Config::Map(entries) if depth > 0 => {
            entries.iter().find_map(|(key, value)| find_stand_in(key, value, depth - 1, path))
        }
        _ => None,
    };
    if found.is_none() {
        path.pop();
    }
    found
}

/// Options from JSON: `{ env: 'NAME' }` in place of a value is the environment variable. In options that are
/// sent as they are, where such an object may be meant as it stands, only a name in capitals is one.
#[must_use]
pub fn with_variables(provider: Option<&Provider>, options: ConfigMap) -> ConfigMap {
    options
        .into_iter()
        .map(|(key, value)| {
            let set = provider.map_or(OptionSet::OpenAi, |provider| provider.options);
            let is_read_here = set == OptionSet::Strategy || known::is_read_here(set, &key);
            (key, variables_in(value, is_read_here, MAX_DEPTH))
        })
        .collect()
}

fn variables_in(value: Config, any_name: bool, depth: usize) -> Config {
    if depth == 0 {
        return value;
    }
    match value {
        Config::Map(entries) => match variable(&entries, any_name) {
            Some(name) => Config::Env(name),
            None => Config::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, variables_in(value, any_name, depth - 1)))
                    .collect(),
            ),
        },
        Config::List(items) => {
            Config::List(items.into_iter().map(|item| variables_in(item, any_name, depth - 1)).collect())
        }
        other => other,
    }
}

fn variable(entries: &ConfigMap, any_name: bool) -> Option<String> {
    match (entries.get("env"), entries.len()) {
        (Some(Config::String(name)), 1) if is_variable(name, any_name) => Some(name.clone()),
        _ => None,
    }
}

/// Whether the text can be the name of a variable: letters, digits and underscores, no digit first.
pub(super) fn is_variable(name: &str, any_case: bool) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| {
            byte == b'_'
                || byte.is_ascii_digit()
                || byte.is_ascii_uppercase()
                || any_case && byte.is_ascii_lowercase()
        })
}

/// The options that hold the text `env.NAME`, which stays text: each with its path and the name.
pub(super) fn variables_as_text(options: &ConfigMap) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    for (key, value) in options {
        find_text(&mut vec![key.clone()], value, MAX_DEPTH, &mut found);
    }
    found
}

fn find_text(path: &mut Vec<String>, value: &Config, depth: usize, found: &mut Vec<(Vec<String>, String)>) {
    let mut inside = |key: String, value: &Config| {
        path.push(key);
        if depth > 0 {
            find_text(path, value, depth - 1, found);
        }
        path.pop();
    };
    match value {
        Config::String(text) => {
            if let Some(name) = text.strip_prefix("env.").filter(|name| is_variable(name, true)) {
                found.push((path.clone(), name.to_owned()));
            }
        }
        Config::List(items) => {
            items.iter().enumerate().for_each(|(position, item)| inside(position.to_string(), item));
        }
        Config::Map(entries) => entries.iter().for_each(|(key, value)| inside(key.clone(), value)),
        Config::Null | Config::Bool(_) | Config::Number(_) | Config::Env(_) | Config::Callback(_) => {}
    }
}
