//! From options to a retry policy: one check for `.baml` files, registries and HTTP bodies.

use types::{Config, ConfigMap, nearest};

use crate::policy::{
    Cause, DEFAULT_DELAY_MS, DEFAULT_MAX_DELAY_MS, DEFAULT_MAX_RETRY_AFTER_MS, DEFAULT_MULTIPLIER, Jitter,
    Policy, RetryOn, RetryStrategy,
};
use crate::problems;

const PROPERTIES: [&str; 5] = ["max_retries", "strategy", "jitter", "retry_on", "max_retry_after_ms"];
const CONSTANT: [&str; 2] = ["type", "delay_ms"];
const EXPONENTIAL: [&str; 4] = ["type", "delay_ms", "multiplier", "max_delay_ms"];
const TYPES: [&str; 2] = ["constant_delay", "exponential_backoff"];

/// The causes that `retry_on` takes. A status is named by its number, and a client that cannot be built stays
/// what it is.
const CAUSES: [Cause; 7] = [
    Cause::Network,
    Cause::Timeout,
    Cause::Malformed,
    Cause::Reported,
    Cause::Refusal,
    Cause::FinishReason,
    Cause::Validation,
];

/// The statuses there are.
const STATUSES: std::ops::RangeInclusive<u64> = 100..=599;

/// One thing that is wrong with a retry policy, or doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyProblem {
    /// Where, from the outside in: `["strategy", "delay_ms"]`. Empty for the policy as a whole.
    pub path: Vec<String>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What the user can do.
    pub help: Option<String>,
    /// What sort of problem it is.
    pub kind: PolicyProblemKind,
}

/// What sort of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyProblemKind {
    /// Something is not there.
    Missing,
    /// A key is not known.
    UnknownKey,
    /// A value is wrong.
    Value,
    /// The policy works, but hardly as it was meant.
    Doubt,
}

impl Policy {
    /// Reads a policy, and notes all that is wrong with it. There is a policy when nothing but doubts is noted.
    #[must_use]
    pub fn read(options: &ConfigMap) -> (Option<Self>, Vec<PolicyProblem>) {
        let mut reader = Reader { problems: Vec::new() };
        let policy = reader.policy(options);
        let sound = reader.problems.iter().all(|problem| problem.kind == PolicyProblemKind::Doubt);
        (policy.filter(|_| sound), reader.problems)
    }
}

struct Reader {
    problems: Vec<PolicyProblem>,
}

impl Reader {
    fn note(&mut self, kind: PolicyProblemKind, path: &[&str], message: String, help: Option<String>) {
        let path = path.iter().map(ToString::to_string).collect();
        self.problems.push(PolicyProblem { path, message, help, kind });
    }

    fn wrong(&mut self, path: &[&str], message: String, help: Option<String>) {
        self.note(PolicyProblemKind::Value, path, message, help);
    }

    fn policy(&mut self, options: &ConfigMap) -> Option<Policy> {
        self.keys(&[], options, "a retry policy", &PROPERTIES);
        let strategy = match options.get("strategy") {
            Some(value) => self.strategy(value),
            None => Some(RetryStrategy::default()),
        };
        let jitter = match options.get("jitter") {
            Some(value) => self.jitter(value),
            None => Some(Jitter::default()),
        };
        let retry_on = match options.get("retry_on") {
            Some(value) => self.retry_on(value),
            None => Some(RetryOn::default()),
        };
        let max_retry_after_ms =
            self.milliseconds(options, &[], "max_retry_after_ms", DEFAULT_MAX_RETRY_AFTER_MS);
        let max_retries = if let Some(value) = options.get("max_retries") {
            self.whole_number(&["max_retries"], value)
        } else {
            let (message, help) = problems::policy_without_max_retries();
            self.note(PolicyProblemKind::Missing, &[], message, Some(help));
            None
        };
        Some(Policy {
            max_retries: u32::try_from(max_retries?).unwrap_or(u32::MAX),
            strategy: strategy?,
            jitter: jitter?,
            retry_on: retry_on?,
            max_retry_after_ms: max_retry_after_ms?,
        })
    }

    fn keys(&mut self, path: &[&str], options: &ConfigMap, owner: &str, known: &[&str]) {
        for key in options.keys().filter(|key| !known.contains(&key.as_str())) {
            let place: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
            let belongs_outside = !path.is_empty() && PROPERTIES.contains(&key.as_str());
            let help =
                problems::what_a_policy_takes(nearest(key, known.iter().copied()), known, belongs_outside);
            let message = problems::unknown_policy_key(owner, key);
            self.note(PolicyProblemKind::UnknownKey, &place, message, Some(help));
        }
    }

    fn strategy(&mut self, value: &Config) -> Option<RetryStrategy> {
        let Config::Map(options) = value else {
            let (message, help) = problems::retry_strategy_is_not_a_map(value);
            self.wrong(&["strategy"], message, Some(help));
            return None;
        };
        let Some(kind) = options.get("type") else {
            let (message, help) = problems::retry_strategy_without_type();
            self.note(PolicyProblemKind::Missing, &["strategy"], message, Some(help));
            return None;
        };
        let path: &[&str] = &["strategy"];
        match kind {
            Config::String(kind) if kind == TYPES[0] => {
                self.keys(path, options, "strategy `constant_delay`", &CONSTANT);
                let delay_ms = self.milliseconds(options, path, "delay_ms", DEFAULT_DELAY_MS)?;
                Some(RetryStrategy::Constant { delay_ms })
            }
            Config::String(kind) if kind == TYPES[1] => {
                self.keys(path, options, "strategy `exponential_backoff`", &EXPONENTIAL);
                self.exponential(options)
            }
            Config::String(other) => {
                let help = problems::retry_strategy_types(nearest(other, TYPES));
                let message = problems::unknown_retry_strategy(other);
                self.wrong(&["strategy", "type"], message, Some(help));
                None
            }
            other => {
                let message = problems::retry_strategy_type_is_not_text(other);
                self.wrong(&["strategy", "type"], message, Some(problems::retry_strategy_types(None)));
                None
            }
        }
    }

    fn exponential(&mut self, options: &ConfigMap) -> Option<RetryStrategy> {
        let path: &[&str] = &["strategy"];
        let delay_ms = self.milliseconds(options, path, "delay_ms", DEFAULT_DELAY_MS);
        let multiplier = match options.get("multiplier") {
            Some(value) => self.multiplier(value),
            None => Some(DEFAULT_MULTIPLIER),
        };
        let max_delay_ms = self.milliseconds(options, path, "max_delay_ms", DEFAULT_MAX_DELAY_MS);
        let (delay_ms, multiplier, max_delay_ms) = (delay_ms?, multiplier?, max_delay_ms?);
        if options.contains_key("max_delay_ms") && max_delay_ms < delay_ms {
            let (message, help) = problems::max_delay_below_delay(max_delay_ms, delay_ms);
            let place = ["strategy", "max_delay_ms"];
            self.note(PolicyProblemKind::Doubt, &place, message, Some(help));
        }
        Some(RetryStrategy::Exponential { delay_ms, multiplier, max_delay_ms })
    }

    fn jitter(&mut self, value: &Config) -> Option<Jitter> {
        let names = Jitter::ALL.map(Jitter::name);
        let Config::String(text) = value else {
            self.wrong(&["jitter"], problems::not_a_jitter(value, &names), None);
            return None;
        };
        let known = Jitter::ALL.into_iter().find(|jitter| jitter.name() == text);
        if known.is_none() {
            let help = nearest(text, names).map(problems::meant);
            self.wrong(&["jitter"], problems::unknown_jitter(text, &names), help);
        }
        known
    }

    fn retry_on(&mut self, value: &Config) -> Option<RetryOn> {
        let Config::List(items) = value else {
            let (message, help) = problems::retry_on_is_not_a_list(value);
            self.wrong(&["retry_on"], message, Some(help));
            return None;
        };
        let mut retry_on = RetryOn { causes: Vec::new(), statuses: Vec::new() };
        for (position, item) in items.iter().enumerate() {
            if !add(&mut retry_on, item) {
                let names: Vec<&str> = words().collect();
                let help = match item {
                    Config::String(text) => nearest(text, names.iter().copied()).map(problems::meant),
                    _ => None,
                };
                let message = problems::not_in_retry_on(item, &names);
                self.wrong(&["retry_on", &position.to_string()], message, help);
            }
        }
        Some(retry_on)
    }

    fn milliseconds(&mut self, options: &ConfigMap, path: &[&str], key: &str, default: u64) -> Option<u64> {
        let Some(value) = options.get(key) else { return Some(default) };
        let place: Vec<&str> = path.iter().copied().chain([key]).collect();
        self.whole_number(&place, value)
    }

    /// An integer from 0 up; what is beyond 64 bits counts as the largest.
    fn whole_number(&mut self, path: &[&str], value: &Config) -> Option<u64> {
        let key = path.last().copied().unwrap_or_default();
        if let Config::Number(number) = value {
            if let Some(whole) = whole(number) {
                return Some(whole);
            }
            if number.as_f64().is_some_and(|float| float < 0.0) {
                self.wrong(path, problems::negative(key), None);
                return None;
            }
        }
        self.wrong(path, problems::not_an_integer(key, value), None);
        None
    }

    fn multiplier(&mut self, value: &Config) -> Option<f64> {
        let path = ["strategy", "multiplier"];
        match value {
            Config::Number(number) => match number.as_f64().filter(|float| float.is_finite()) {
                Some(float) if float >= 0.0 => return Some(float),
                Some(_) => self.wrong(&path, problems::negative("multiplier"), None),
                None => self.wrong(&path, problems::not_a_number("multiplier", value), None),
            },
            _ => self.wrong(&path, problems::not_a_number("multiplier", value), None),
        }
        None
    }
}

/// The words that `retry_on` takes, but for statuses.
fn words() -> impl Iterator<Item = &'static str> {
    ["default", "rate_limit", "server"].into_iter().chain(CAUSES.map(Cause::name))
}

/// Adds what an item of `retry_on` names; false when it names nothing.
fn add(retry_on: &mut RetryOn, item: &Config) -> bool {
    let (cause, statuses) = match item {
        Config::Number(number) => match whole(number).filter(|status| STATUSES.contains(status)) {
            Some(status) => (None, status_range(status, status)),
            None => return false,
        },
        Config::String(text) => match text.as_str() {
            "default" => {
                let default = RetryOn::default();
                default.causes.into_iter().for_each(|cause| add_cause(retry_on, cause));
                default.statuses.into_iter().for_each(|range| add_statuses(retry_on, range));
                return true;
            }
            "rate_limit" => (None, status_range(429, 429)),
            "server" => (None, status_range(500, 599)),
            word => match (CAUSES.into_iter().find(|cause| cause.name() == word), status_words(word)) {
                (None, None) => return false,
                found => found,
            },
        },
        _ => return false,
    };
    if let Some(cause) = cause {
        add_cause(retry_on, cause);
    }
    if let Some(statuses) = statuses {
        add_statuses(retry_on, statuses);
    }
    true
}

fn add_cause(retry_on: &mut RetryOn, cause: Cause) {
    if !retry_on.causes.contains(&cause) {
        retry_on.causes.push(cause);
    }
}

fn add_statuses(retry_on: &mut RetryOn, statuses: (u16, u16)) {
    if !retry_on.statuses.contains(&statuses) {
        retry_on.statuses.push(statuses);
    }
}

/// `404`, or `5xx`.
fn status_words(word: &str) -> Option<(u16, u16)> {
    if let Some(class) = word.strip_suffix("xx").or_else(|| word.strip_suffix("XX")) {
        let class: u64 = class.parse().ok().filter(|class| (1..=5).contains(class))?;
        return status_range(class * 100, class * 100 + 99);
    }
    let status: u64 = word.parse().ok().filter(|status| STATUSES.contains(status))?;
    status_range(status, status)
}

fn status_range(first: u64, last: u64) -> Option<(u16, u16)> {
    Some((u16::try_from(first).ok()?, u16::try_from(last).ok()?))
}

/// The number, if it is whole and not negative. JavaScript may hand over `5.0` for 5.
fn whole(number: &serde_json::Number) -> Option<u64> {
    if let Some(whole) = number.as_u64() {
        return Some(whole);
    }
    let float = number.as_f64().filter(|float| float.fract() == 0.0 && *float >= 0.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and not negative; what is too large becomes the largest"
    )]
    Some(float as u64)
}
