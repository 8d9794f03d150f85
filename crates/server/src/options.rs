//! `__baml_options__`: what a caller says about one call.

use std::collections::{BTreeSet, HashSet};

use indexmap::IndexMap;
use registry::ClientRegistry;
use runtime::{CallOptions, Problem as Place, Reach, Runtime, Variables};
use serde_json::{Map, Value};
use types::nearest;

use crate::body::kind;
use crate::callers;
use crate::problem::{self, Problem};
use crate::settings::Settings;

/// The key in the body.
pub(crate) const KEY: &str = "__baml_options__";

const OPTIONS: [&str; 4] = ["client_registry", "client", "tags", "retry_policies"];

/// What a caller says about one call.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) registry: Option<ClientRegistry>,
    pub(crate) tags: IndexMap<String, String>,
    /// The clients that the caller configured, by name: what is wrong with them is the caller's to mend.
    pub(crate) callers_clients: HashSet<String>,
    /// Those of them that may send to public addresses only.
    strangers: BTreeSet<String>,
}

impl Options {
    /// Takes the options out of a body.
    pub(crate) fn take(
        body: &mut Map<String, Value>,
        settings: &Settings,
        runtime: &Runtime,
    ) -> Result<Self, Problem> {
        let mut entries = match body.shift_remove(KEY) {
            None | Some(Value::Null) => return Ok(Self::default()),
            Some(Value::Object(entries)) => entries,
            Some(other) => return Err(wrong("", format!("expected an object, got {}", kind(&other)), None)),
        };
        if let Some(unknown) = entries.keys().find(|key| !OPTIONS.contains(&key.as_str())) {
            return Err(unknown_option(unknown));
        }
        let tags = tags(given(&mut entries, "tags"))?;
        let client = text(&mut entries, "client")?;
        let policies = given(&mut entries, "retry_policies");
        let chosen = given(&mut entries, "client_registry");

        if let Some(Value::String(preset)) = &chosen {
            if client.is_some() || policies.is_some() {
                return Err(preset_is_whole());
            }
            let registry = preset_named(preset, settings)?;
            return Ok(Self { registry: Some(registry), tags, ..Self::default() });
        }
        if chosen.is_none() && client.is_none() && policies.is_none() {
            return Ok(Self { tags, ..Self::default() });
        }
        callers::refuse_registries(&settings.callers, settings.presets.keys())?;
        let registry = registry(chosen, policies)?;
        let registry = match &client {
            Some(client) => registry.with_primary(client),
            None => registry,
        };
        callers::check(&registry, runtime.schema(), &settings.callers)?;
        let callers_clients = registry.clients().into_iter().map(|client| client.name).collect();
        let strangers = callers::strangers(&registry, &settings.callers);
        Ok(Self { registry: Some(registry), tags, callers_clients, strangers })
    }

    /// The options of a call, with the environment variables that it may need.
    pub(crate) fn of_call(&self, settings: &Settings, runtime: &Runtime, function: &str) -> CallOptions {
        let names = runtime.variables(function, self.registry.as_ref());
        CallOptions {
            registry: self.registry.clone(),
            tags: self.tags.clone(),
            variables: Variables::of_process_or(names.iter().map(String::as_str), &settings.variables),
            // The URLs of media are callers', too.
            reach: Reach::PublicAddresses,
            strangers: self.strangers.clone(),
            ..CallOptions::default()
        }
    }
}

fn registry(chosen: Option<Value>, policies: Option<Value>) -> Result<ClientRegistry, Problem> {
    let mut entries = match chosen {
        None => Map::new(),
        Some(Value::Object(entries)) => entries,
        Some(other) => {
            let message = format!("expected an object, or the name of a preset, got {}", kind(&other));
            return Err(wrong("client_registry", message, None));
        }
    };
    if let Some(policies) = policies {
        if entries.get("retry_policies").is_some_and(|inner| !inner.is_null()) {
            let message = "they stand in client_registry too: give them once".to_owned();
            return Err(wrong("retry_policies", message, None));
        }
        entries.insert("retry_policies".to_owned(), policies);
    }
    callers::check_credentials(&entries)?;
    // Warnings are for people who can change the program: a caller gets what is wrong, or an answer.
    let (registry, _) = ClientRegistry::from_json(&Value::Object(entries), false)
        .map_err(|problems| problem::wrong_registry(&problems))?;
    Ok(registry)
}

fn preset_named(name: &str, settings: &Settings) -> Result<ClientRegistry, Problem> {
    settings.presets.get(name).cloned().ok_or_else(|| {
        let names = || settings.presets.keys().map(String::as_str);
        let message = match names().next() {
            Some(_) => {
                format!("there is no preset `{name}`; there are {}", names().collect::<Vec<_>>().join(", "))
            }
            None => format!("there is no preset `{name}`: this server has none"),
        };
        wrong("client_registry", message, nearest(name, names()).map(did_you_mean))
    })
}

fn tags(given: Option<Value>) -> Result<IndexMap<String, String>, Problem> {
    match given {
        None => Ok(IndexMap::new()),
        Some(Value::Object(entries)) => entries
            .into_iter()
            .map(|(key, value)| match value {
                Value::String(text) => Ok((key, text)),
                other => Err(wrong(
                    &format!("tags.{key}"),
                    format!("expected a string, got {}", kind(&other)),
                    None,
                )),
            })
            .collect(),
        Some(other) => Err(wrong("tags", format!("expected an object, got {}", kind(&other)), None)),
    }
}

fn text(entries: &mut Map<String, Value>, key: &str) -> Result<Option<String>, Problem> {
    match given(entries, key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(key, format!("expected a string, got {}", kind(&other)), None)),
    }
}

/// The value of a key, taken out; `null` is not given.
fn given(entries: &mut Map<String, Value>, key: &str) -> Option<Value> {
    entries.shift_remove(key).filter(|value| !value.is_null())
}

fn unknown_option(key: &str) -> Problem {
    let message = format!("this option is unknown; there are {}", OPTIONS.join(", "));
    // What users of the TypeScript client write is the same word in another case.
    let snake: String = key
        .chars()
        .flat_map(|letter| {
            letter.is_ascii_uppercase().then_some('_').into_iter().chain(letter.to_lowercase())
        })
        .collect();
    wrong(key, message, nearest(&snake, OPTIONS).map(did_you_mean))
}

fn preset_is_whole() -> Problem {
    let message =
        "a preset says who answers: `client` and `retry_policies` cannot be given beside it".to_owned();
    wrong("client_registry", message, None)
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

fn wrong(path: &str, message: String, help: Option<String>) -> Problem {
    let path = if path.is_empty() { KEY.to_owned() } else { format!("{KEY}.{path}") };
    problem::wrong_options(&[Place { path, message, help, ..Place::default() }])
}
