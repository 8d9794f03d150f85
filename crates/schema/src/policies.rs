//! Retry policies.

use syntax::ast::{self, ValueKind};
use types::Name;

use crate::messages;
use crate::model::{RetryPolicy, RetryStrategy};
use crate::properties::{Properties, float, integer, text};
use crate::report::Report;

/// The properties of a retry policy.
const PROPERTIES: [&str; 2] = ["max_retries", "strategy"];

/// The properties of each strategy.
const CONSTANT: [&str; 2] = ["type", "delay_ms"];
const EXPONENTIAL: [&str; 4] = ["type", "delay_ms", "multiplier", "max_delay_ms"];

/// What the peer waits when nothing is said, in milliseconds.
const DEFAULT_DELAY_MS: u64 = 200;
const DEFAULT_MULTIPLIER: f64 = 1.5;
const DEFAULT_MAX_DELAY_MS: u64 = 10_000;

/// Checks a retry policy. `None` when it does not say how often: the report says so.
pub(crate) fn check_retry_policy(policy: &ast::Block, report: &mut Report) -> Option<RetryPolicy> {
    if let Some(argument) = &policy.argument {
        report.push(messages::retry_policy_argument(argument));
    }
    let owner = format!("retry policy `{}`", policy.name.text);
    let properties = Properties::read(&policy.properties, &owner, &PROPERTIES, report);
    let strategy = match properties.get("strategy") {
        Some(value) => check_strategy(value, report),
        None => Some(RetryStrategy::Constant { delay_ms: DEFAULT_DELAY_MS }),
    };
    let Some(max_retries) = properties.get("max_retries") else {
        report.push_missing(messages::missing_max_retries(&policy.name));
        return None;
    };
    Some(RetryPolicy {
        name: Name::from(policy.name.text.as_str()),
        max_retries: u32::try_from(whole_number(max_retries, "max_retries", report)?).unwrap_or(u32::MAX),
        strategy: strategy?,
        span: policy.name.span,
    })
}

fn check_strategy(value: &ast::Value, report: &mut Report) -> Option<RetryStrategy> {
    let ValueKind::Map(written) = &value.kind else {
        report.push(messages::strategy_is_not_a_map(value.span, &value.kind));
        return None;
    };
    let Some(kind) = written.iter().find(|property| property.key.text == "type") else {
        report.push_missing(messages::missing_strategy_type(value.span));
        return None;
    };
    match text(&kind.value) {
        Some("constant_delay") => {
            let properties = Properties::read(written, "strategy `constant_delay`", &CONSTANT, report);
            let delay_ms = milliseconds(&properties, "delay_ms", DEFAULT_DELAY_MS, report)?;
            Some(RetryStrategy::Constant { delay_ms })
        }
        Some("exponential_backoff") => {
            let properties =
                Properties::read(written, "strategy `exponential_backoff`", &EXPONENTIAL, report);
            let delay_ms = milliseconds(&properties, "delay_ms", DEFAULT_DELAY_MS, report);
            let max_delay_ms = milliseconds(&properties, "max_delay_ms", DEFAULT_MAX_DELAY_MS, report);
            let multiplier = match properties.get("multiplier") {
                Some(value) => check_multiplier(value, report),
                None => Some(DEFAULT_MULTIPLIER),
            };
            let (delay_ms, max_delay_ms) = (delay_ms?, max_delay_ms?);
            if let Some(value) = properties.get("max_delay_ms").filter(|_| max_delay_ms < delay_ms) {
                report.push(messages::max_delay_below_delay(value.span, max_delay_ms, delay_ms));
            }
            Some(RetryStrategy::Exponential { delay_ms, multiplier: multiplier?, max_delay_ms })
        }
        Some(other) => {
            let suggestion = report.suggest(other, ["constant_delay", "exponential_backoff"]);
            report.push(messages::unknown_strategy_type(kind.value.span, other, suggestion));
            None
        }
        None => {
            report.push(messages::strategy_type_is_not_text(kind.value.span, &kind.value.kind));
            None
        }
    }
}

fn milliseconds(
    properties: &Properties<'_>,
    key: &'static str,
    default: u64,
    report: &mut Report,
) -> Option<u64> {
    match properties.get(key) {
        Some(value) => whole_number(value, key, report),
        None => Some(default),
    }
}

/// An integer from 0 up; what is beyond 64 bits counts as the largest.
fn whole_number(value: &ast::Value, key: &'static str, report: &mut Report) -> Option<u64> {
    match integer(value) {
        Some(number) if number >= 0 => Some(u64::try_from(number).unwrap_or(u64::MAX)),
        Some(_) => {
            report.push(messages::negative_number(value.span, key));
            None
        }
        None => {
            report.push(messages::not_an_integer(value.span, key, &value.kind));
            None
        }
    }
}

fn check_multiplier(value: &ast::Value, report: &mut Report) -> Option<f64> {
    match float(value) {
        Some(number) if number >= 0.0 => Some(number),
        Some(_) => {
            report.push(messages::negative_number(value.span, "multiplier"));
            None
        }
        None => {
            report.push(messages::not_a_number(value.span, "multiplier", &value.kind));
            None
        }
    }
}
