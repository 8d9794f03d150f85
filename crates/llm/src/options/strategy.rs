//! The options of clients that choose among others: fallback, round-robin, weighted.

use types::{Config, ConfigMap};

use super::reader::{Lookup, Reader};
use crate::problem::{self, Problem};
use crate::provider::{Provider, StrategyKind};

/// The largest weight of a member: so that the sum of any number of them stays a number.
const LARGEST_WEIGHT: f64 = 1e9;

/// What `fallback_on` takes: the answers after which the next member is asked, beside every failure to answer.
const ANSWERS: [&str; 2] = ["validation", "finish_reason"];

/// The options of a strategy, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyOptions {
    /// How it chooses.
    pub kind: StrategyKind,
    /// Its members; at least one.
    pub members: Vec<StrategyMember>,
    /// Which member a round-robin begins with; counted modulo the number of members.
    pub start: Option<u64>,
    /// By what a weighted client always chooses the same member; at random when `None`.
    pub sticky_key: Option<StickyKey>,
    /// Whether a fallback asks its next member when an answer does not fit the function's type.
    pub fallback_on_validation: bool,
    /// Whether a fallback asks its next member when a finish reason is not accepted.
    pub fallback_on_finish_reason: bool,
    /// Whether a stream that fails after its first partial values goes on with another attempt, whose partial
    /// values begin anew.
    pub restart_stream: bool,
    /// How long the whole strategy may take, all attempts and waits together. Zero is "no limit".
    pub total_timeout_ms: Option<u64>,
}

/// A member of a strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyMember {
    /// Its name, as written.
    pub client: String,
    /// Options laid over its own.
    pub options: Option<ConfigMap>,
    /// Its share of the calls, in relation to the other members' weights.
    pub weight: f64,
}

/// What a weighted client's choice depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StickyKey {
    /// This text.
    Text(String),
    /// The value of this tag of the call.
    Tag(String),
}

/// Reads and checks the options of a strategy.
///
/// # Errors
/// All that is wrong with them; a provider that is not a strategy has a problem too.
pub fn strategy_options(provider: &Provider, options: &ConfigMap) -> Result<StrategyOptions, Vec<Problem>> {
    let Some(kind) = provider.strategy() else {
        return Err(vec![problem::unknown_provider(provider.name)]);
    };
    let known = keys(kind);
    let reader = &mut Reader::new(options, Lookup::Never);
    let members = members(reader, provider, kind);
    let start = if kind == StrategyKind::RoundRobin { reader.position("start") } else { None };
    let sticky_key = if kind == StrategyKind::Weighted { sticky_key(reader) } else { None };
    let answers = if kind == StrategyKind::Fallback { fallback_on(reader) } else { Vec::new() };
    let restart_stream = reader.bool("restart_stream").unwrap_or(true);
    let total_timeout_ms = total_timeout(reader);
    for key in options.keys().filter(|key| !known.contains(&key.as_str())) {
        reader.note(problem::unsupported(provider, key, known));
    }
    if !reader.problems.is_empty() {
        return Err(std::mem::take(&mut reader.problems));
    }
    Ok(StrategyOptions {
        kind,
        members,
        start,
        sticky_key,
        fallback_on_validation: answers.contains(&ANSWERS[0]),
        fallback_on_finish_reason: answers.contains(&ANSWERS[1]),
        restart_stream,
        total_timeout_ms,
    })
}

fn keys(kind: StrategyKind) -> &'static [&'static str] {
    match kind {
        StrategyKind::Fallback => &["strategy", "fallback_on", "restart_stream", "http"],
        StrategyKind::RoundRobin => &["strategy", "start", "restart_stream", "http"],
        StrategyKind::Weighted => &["strategy", "sticky_key", "restart_stream", "http"],
    }
}

fn members(reader: &mut Reader<'_>, provider: &Provider, kind: StrategyKind) -> Vec<StrategyMember> {
    let members: Vec<StrategyMember> = match reader.options.get("strategy") {
        None => {
            reader.note(problem::missing(provider, "strategy"));
            return Vec::new();
        }
        Some(Config::List(items)) if items.is_empty() => {
            reader.note(problem::must_not_be_empty(&["strategy"]));
            return Vec::new();
        }
        Some(Config::List(items)) => items
            .iter()
            .enumerate()
            .filter_map(|(position, item)| member(reader, kind, &position.to_string(), item))
            .collect(),
        Some(other) => {
            reader.note(problem::wrong_kind(&["strategy"], "a list of client names", other));
            return Vec::new();
        }
    };
    if kind == StrategyKind::Weighted
        && reader.problems.is_empty()
        && members.iter().all(|member| member.weight == 0.0)
    {
        reader.note(problem::no_weight(&["strategy"]));
    }
    members
}

/// A member's name, or a map that says more. The name is known when the program is: it cannot come from the
/// environment.
fn member(
    reader: &mut Reader<'_>,
    kind: StrategyKind,
    position: &str,
    item: &Config,
) -> Option<StrategyMember> {
    let path = ["strategy", position];
    let entries = match item {
        Config::String(name) => {
            return Some(StrategyMember { client: name.clone(), options: None, weight: 1.0 });
        }
        Config::Map(entries) => entries,
        other => {
            reader.note(problem::wrong_member(&path, other));
            return None;
        }
    };
    let known: &[&str] = if kind == StrategyKind::Weighted {
        &["client", "weight", "options"]
    } else {
        &["client", "options"]
    };
    for key in entries.keys().filter(|key| !known.contains(&key.as_str())) {
        reader.note(problem::unknown_in_member(&path, key, known));
    }
    let options = match entries.get("options") {
        None => None,
        Some(Config::Map(options)) => Some(options.clone()),
        Some(other) => {
            reader.note(problem::wrong_kind(&["strategy", position, "options"], "a map", other));
            return None;
        }
    };
    let weight = match entries.get("weight") {
        Some(value) if kind == StrategyKind::Weighted => weight(reader, position, value)?,
        _ => 1.0,
    };
    match entries.get("client") {
        Some(Config::String(client)) => Some(StrategyMember { client: client.clone(), options, weight }),
        Some(other) => {
            reader.note(problem::wrong_kind(
                &["strategy", position, "client"],
                "the name of a client",
                other,
            ));
            None
        }
        None => {
            reader.note(problem::member_without_client(&path));
            None
        }
    }
}

fn weight(reader: &mut Reader<'_>, position: &str, value: &Config) -> Option<f64> {
    let path = ["strategy", position, "weight"];
    let Config::Number(number) = value else {
        reader.note(problem::wrong_kind(&path, "a number", value));
        return None;
    };
    let weight = number.as_f64().filter(|weight| (0.0..=LARGEST_WEIGHT).contains(weight));
    if weight.is_none() {
        reader.note(problem::not_a_weight(&path, &number.to_string()));
    }
    weight
}

/// A variable is no key: it is the same for everyone.
fn sticky_key(reader: &mut Reader<'_>) -> Option<StickyKey> {
    let value = reader.options.get("sticky_key")?;
    let key = match value {
        Config::String(text) => Some(StickyKey::Text(text.clone())),
        Config::Number(number) => Some(StickyKey::Text(number.to_string())),
        Config::Map(entries) => tag(entries),
        Config::Null | Config::Bool(_) | Config::Env(_) | Config::Callback(_) | Config::List(_) => None,
    };
    if key.is_none() {
        reader.note(problem::not_a_sticky_key(&["sticky_key"]));
    }
    key
}

/// `{ tag "user_id" }`.
fn tag(entries: &ConfigMap) -> Option<StickyKey> {
    match (entries.get("tag")?, entries.len()) {
        (Config::String(tag), 1) => Some(StickyKey::Tag(tag.clone())),
        _ => None,
    }
}

fn fallback_on(reader: &mut Reader<'_>) -> Vec<&'static str> {
    let items = match reader.options.get("fallback_on") {
        None => return Vec::new(),
        Some(Config::List(items)) => items,
        Some(other) => {
            reader.note(problem::wrong_kind(&["fallback_on"], "a list of answers that do not count", other));
            return Vec::new();
        }
    };
    let mut answers = Vec::new();
    for (position, item) in items.iter().enumerate() {
        let position = position.to_string();
        if let Some(choice) = reader.choice_at(&["fallback_on", &position], item, &ANSWERS) {
            answers.push(ANSWERS[choice]);
        }
    }
    answers
}

fn total_timeout(reader: &mut Reader<'_>) -> Option<u64> {
    let mut total = None;
    for (key, value) in reader.map("http")? {
        if key == "total_timeout_ms" {
            total = reader.milliseconds_at(&["http", key], value);
        } else {
            reader.note(problem::unknown_in_block(&["http"], key, &["total_timeout_ms"]));
        }
    }
    total
}
