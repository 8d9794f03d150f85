//! How each client has been doing since the program was loaded: requests, failures, times, tokens.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use registry::Cause;
use serde_json::{Map, Value, json};
use types::{Name, Usage};

/// Latencies are counted in buckets that grow by this ratio, so that a percentile is off by at most a tenth.
const RATIO: f64 = 1.1;

/// Enough buckets for an hour in milliseconds.
const BUCKETS: usize = 160;

/// How many clients are told apart. Callers of a server name clients as they like, and must not fill the memory.
const MOST_CLIENTS: usize = 1000;

/// Under this name go the clients that came when there were so many already.
const OTHERS: &str = "(others)";

/// The longest name that is kept whole.
const LONGEST_NAME: usize = 200;

/// What is known of every client that was asked.
#[derive(Debug)]
pub(crate) struct Health {
    /// The program's own clients: there is always room for them.
    own: HashSet<Name>,
    clients: Mutex<HashMap<String, ClientHealth>>,
}

#[derive(Debug)]
struct ClientHealth {
    provider: String,
    requests: u64,
    failures: BTreeMap<&'static str, u64>,
    usage: Usage,
    /// How many answers took so long, by bucket.
    latencies: Vec<u64>,
}

impl Health {
    /// Nothing is known yet.
    pub(crate) fn new(own: impl Iterator<Item = Name>) -> Self {
        Self { own: own.collect(), clients: Mutex::default() }
    }

    /// Counts an attempt that begins.
    pub(crate) fn asked(&self, client: &str, provider: &str) {
        self.change(client, provider, |health| health.requests += 1);
    }

    /// Counts an attempt that was answered.
    pub(crate) fn answered(&self, client: &str, provider: &str, duration_ms: u64, usage: Usage) {
        self.change(client, provider, |health| {
            health.latencies[bucket(duration_ms)] += 1;
            health.usage += usage;
        });
    }

    /// Counts an attempt that failed, or whose answer did not fit.
    pub(crate) fn failed(&self, client: &str, provider: &str, cause: Cause) {
        self.change(client, provider, |health| *health.failures.entry(cause.name()).or_default() += 1);
    }

    fn change(&self, client: &str, provider: &str, change: impl FnOnce(&mut ClientHealth)) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = clients.contains_key(client) || self.own.contains(client);
        let has_room = clients.len() < MOST_CLIENTS && client.len() <= LONGEST_NAME;
        let name = if is_known || has_room { client } else { OTHERS };
        if !clients.contains_key(name) {
            clients.insert(name.to_owned(), ClientHealth::new(provider));
        }
        if let Some(health) = clients.get_mut(name) {
            if health.provider != provider {
                provider.clone_into(&mut health.provider);
            }
            change(health);
        }
    }

    /// One entry per client, by name.
    pub(crate) fn json(&self) -> Value {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<&String> = clients.keys().collect();
        names.sort();
        Value::Object(names.into_iter().map(|name| (name.clone(), clients[name].json())).collect())
    }
}

impl ClientHealth {
    fn new(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            requests: 0,
            failures: BTreeMap::new(),
            usage: Usage::default(),
            latencies: vec![0; BUCKETS],
        }
    }

    fn json(&self) -> Value {
        let failures: Map<String, Value> =
            self.failures.iter().map(|(cause, count)| ((*cause).to_owned(), (*count).into())).collect();
        json!({
            "provider": self.provider,
            "requests": self.requests,
            "failures": failures,
            "latencyMs": {
                "p50": self.percentile(0.5), "p90": self.percentile(0.9), "p99": self.percentile(0.99),
            },
            "tokens": {
                "input": self.usage.input_tokens,
                "output": self.usage.output_tokens,
                "cachedInput": self.usage.cached_input_tokens,
            },
        })
    }

    /// The latency that this share of the answers stayed within; `None` before the first answer.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count, rounded up, is a count"
    )]
    fn percentile(&self, share: f64) -> Option<u64> {
        let total: u64 = self.latencies.iter().sum();
        let wanted = (total as f64 * share).ceil() as u64;
        let mut seen = 0;
        let position = self.latencies.iter().position(|count| {
            seen += count;
            seen >= wanted && *count > 0
        })?;
        Some(RATIO.powi(i32::try_from(position).unwrap_or(i32::MAX)).round() as u64)
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the logarithm of a positive number of milliseconds is small and not negative"
)]
fn bucket(duration_ms: u64) -> usize {
    let position = (duration_ms.max(1) as f64).log(RATIO).round() as usize;
    position.min(BUCKETS - 1)
}

#[cfg(test)]
mod tests {
    use registry::Cause;
    use types::{Name, Usage};

    use super::{Health, MOST_CLIENTS};

    #[test]
    fn percentiles_are_within_a_tenth() {
        let health = Health::new(std::iter::empty());
        for duration_ms in 1..=1000 {
            health.asked("A", "openai");
            health.answered("A", "openai", duration_ms, Usage::default());
        }
        health.asked("A", "openai");
        health.failed("A", "openai", Cause::Timeout);
        let json = health.json();
        for (name, exact) in [("p50", 500.0), ("p90", 900.0), ("p99", 990.0)] {
            let shown = json["A"]["latencyMs"][name].as_f64().unwrap();
            assert!((shown / exact - 1.0).abs() < 0.1, "{name}: {shown}");
        }
        assert_eq!(json["A"]["requests"], 1001);
        assert_eq!(json["A"]["failures"]["timeout"], 1);
    }

    #[test]
    fn names_without_end_are_counted_together() {
        let health = Health::new(std::iter::once(Name::from("Main")));
        for number in 0..10_000 {
            health.asked(&format!("client {number}"), "openai");
        }
        health.asked(&"x".repeat(1 << 20), "openai");
        health.asked("client 7", "openai");
        health.asked("Main", "openai");
        let json = health.json();
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(MOST_CLIENTS + 2));
        assert_eq!((&json["client 7"]["requests"], &json["Main"]["requests"]), (&2.into(), &1.into()));
        assert_eq!(json["(others)"]["requests"], 10_001 - MOST_CLIENTS);
    }
}
