//! The options of fallback and round-robin clients.

use types::{Config, ConfigMap};

use super::reader::{Lookup, Reader};
use crate::problem::{self, Problem};
use crate::provider::{Provider, StrategyKind};

/// The options of a strategy, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrategyOptions {
    /// How it chooses.
    pub kind: StrategyKind,
    /// The names of its members, as written; at least one.
    pub members: Vec<String>,
    /// Which member a round-robin begins with; counted modulo the number of members.
    pub start: Option<u64>,
    /// How long the whole strategy may take, all attempts and waits together. Zero is "no limit".
    pub total_timeout_ms: Option<u64>,
}

/// Reads and checks the options of a strategy.
///
/// # Errors
/// All that is wrong with them; a provider that is not a strategy has a problem too.
pub fn strategy_options(provider: &Provider, options: &ConfigMap) -> Result<StrategyOptions, Vec<Problem>> {
    let Some(kind) = provider.strategy() else {
        return Err(vec![problem::unknown_provider(provider.name)]);
    };
    let known: &[&str] = match kind {
        StrategyKind::Fallback => &["strategy", "http"],
        StrategyKind::RoundRobin => &["strategy", "start", "http"],
    };
    let reader = &mut Reader::new(options, Lookup::Deferred);
    let members = members(reader, provider);
    let start = if kind == StrategyKind::RoundRobin { reader.position("start") } else { None };
    let total_timeout_ms = total_timeout(reader);
    for key in options.keys().filter(|key| !known.contains(&key.as_str())) {
        reader.note(problem::unsupported(provider, key, known));
    }
    if reader.problems.is_empty() {
        Ok(StrategyOptions { kind, members, start, total_timeout_ms })
    } else {
        Err(std::mem::take(&mut reader.problems))
    }
}

fn members(reader: &mut Reader<'_>, provider: &Provider) -> Vec<String> {
    match reader.options.get("strategy") {
        None => {
            reader.note(problem::missing(provider, "strategy"));
            Vec::new()
        }
        Some(Config::List(items)) if items.is_empty() => {
            reader.note(problem::must_not_be_empty(&["strategy"]));
            Vec::new()
        }
        Some(Config::List(items)) => items.iter().filter_map(|item| member(reader, item)).collect(),
        Some(other) => {
            reader.note(problem::wrong_kind(&["strategy"], "a list of client names", other));
            Vec::new()
        }
    }
}

/// A member is known when the program is: its name cannot come from the environment.
fn member(reader: &mut Reader<'_>, item: &Config) -> Option<String> {
    match item {
        Config::String(name) => Some(name.clone()),
        other => {
            reader.note(problem::wrong_item(&["strategy"], other));
            None
        }
    }
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
