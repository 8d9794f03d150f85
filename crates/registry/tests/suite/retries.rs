//! What a policy makes of a failure.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::registry::{Cause, Facts, Policy, Retries, Retry};
use crate::support;

fn policy(json: &Value) -> Retries {
    let (policy, problems) = Policy::read(&support::options(json));
    assert_eq!(problems, []);
    Retries::by(Arc::new(policy.unwrap()))
}

fn status(status: u16) -> Facts {
    Facts::new(Cause::Status).with_status(status)
}

fn milliseconds(retry: Retry) -> u128 {
    match retry {
        Retry::After(wait) => wait.as_millis(),
        Retry::No => panic!("no retry"),
    }
}

#[test]
fn what_may_be_gone_the_next_time_is_retried_and_nothing_else() {
    let policy = policy(&json!({ "max_retries": 1 }));
    for retried in [408, 409, 425, 429, 500, 502, 503, 504, 529, 599] {
        assert!(policy.covers(&status(retried)), "{retried}");
    }
    for settled in [300, 301, 400, 401, 403, 404, 410, 413, 422, 451, 600] {
        assert!(!policy.covers(&status(settled)), "{settled}");
    }
    let covered = Cause::ALL.into_iter().filter(|cause| policy.covers(&Facts::new(*cause)));
    assert_eq!(
        covered.collect::<Vec<_>>(),
        [Cause::Network, Cause::Timeout, Cause::Reported, Cause::Malformed]
    );
}

#[test]
fn retry_on_widens_and_narrows() {
    let wider = policy(&json!({ "max_retries": 1, "retry_on": ["default", 404, "validation"] }));
    assert!(wider.covers(&status(404)) && wider.covers(&status(503)) && !wider.covers(&status(403)));
    assert!(wider.covers(&Facts::new(Cause::Validation)) && wider.covers(&Facts::new(Cause::Network)));
    let narrower = policy(&json!({ "max_retries": 1, "retry_on": ["rate_limit", "timeout"] }));
    assert!(narrower.covers(&status(429)) && narrower.covers(&Facts::new(Cause::Timeout)));
    assert!(!narrower.covers(&status(503)) && !narrower.covers(&Facts::new(Cause::Network)));
    let classes = policy(&json!({ "max_retries": 1, "retry_on": ["4xx", "502"] }));
    assert!([400, 429, 499, 502].into_iter().all(|code| classes.covers(&status(code))));
    assert!(![399, 500, 503].into_iter().any(|code| classes.covers(&status(code))));
    assert!(!policy(&json!({ "max_retries": 1, "retry_on": [] })).covers(&status(503)));
}

#[test]
fn nobody_is_asked_more_often_than_allowed() {
    let policy = policy(&json!({ "max_retries": 2 }));
    assert_eq!(milliseconds(policy.decide(2, &status(503), 0.0)), 200);
    assert_eq!(policy.decide(3, &status(503), 0.0), Retry::No);
    assert_eq!(Retries::default().decide(1, &status(503), 0.0), Retry::No);
}

#[test]
fn jitter_adds_up_to_a_tenth_or_takes_anything_or_nothing() {
    let wait = |jitter: &str, unit: f64| {
        let strategy = json!({ "type": "constant_delay", "delay_ms": 1000 });
        let policy = policy(&json!({ "max_retries": 1, "strategy": strategy, "jitter": jitter }));
        milliseconds(policy.decide(1, &status(503), unit))
    };
    assert_eq!([0.0, 0.5, 0.999].map(|unit| wait("tenth", unit)), [1000, 1050, 1099]);
    assert_eq!([0.0, 0.5, 0.999].map(|unit| wait("full", unit)), [0, 500, 999]);
    assert_eq!([0.0, 0.5, 0.999].map(|unit| wait("none", unit)), [1000, 1000, 1000]);
}

#[test]
fn the_provider_may_ask_for_a_longer_wait_up_to_a_limit() {
    let asked = |policy: &Retries, seconds: u64, unit: f64| {
        let facts = status(429).with_retry_after(Duration::from_secs(seconds));
        milliseconds(policy.decide(1, &facts, unit))
    };
    let plain = policy(&json!({ "max_retries": 1, "jitter": "none" }));
    assert_eq!([0, 2, 30, 3600].map(|seconds| asked(&plain, seconds, 0.9)), [200, 2000, 30_000, 30_000]);
    let never_sooner = policy(&json!({ "max_retries": 1, "jitter": "full" }));
    assert_eq!([0.0, 0.5].map(|unit| asked(&never_sooner, 2, unit)), [2000, 2100]);
    let limited = policy(&json!({ "max_retries": 1, "jitter": "none", "max_retry_after_ms": 500 }));
    assert_eq!(asked(&limited, 2, 0.0), 500);
    let deaf = policy(&json!({ "max_retries": 1, "jitter": "none", "max_retry_after_ms": 0 }));
    assert_eq!(asked(&deaf, 2, 0.0), 200);
}

#[test]
fn exponential_waits_grow_from_the_first_to_the_longest() {
    let strategy =
        json!({ "type": "exponential_backoff", "delay_ms": 100, "multiplier": 2, "max_delay_ms": 300 });
    let policy = policy(&json!({ "max_retries": 4_000_000_000_u32, "strategy": strategy }));
    let waits =
        [1, 2, 3, 4, 3_999_999_999].map(|retry| milliseconds(policy.decide(retry, &status(503), 0.0)));
    assert_eq!(waits, [100, 200, 300, 300, 300]);
}

#[test]
fn a_policy_reads_back_as_it_was_written() {
    for json in [
        json!({ "max_retries": 0 }),
        json!({ "max_retries": 3, "jitter": "full", "max_retry_after_ms": 5, "retry_on": ["timeout", 404, "5xx"] }),
        json!({ "max_retries": 3, "strategy": { "type": "constant_delay", "delay_ms": 5 } }),
        json!({ "max_retries": 3, "strategy": { "type": "exponential_backoff", "multiplier": 2.5 } }),
    ] {
        let (read, _) = Policy::read(&support::options(&json));
        let (again, problems) = Policy::read(&read.as_ref().unwrap().options());
        assert_eq!((again, problems), (read, Vec::new()));
    }
}

proptest! {
    #[test]
    fn waits_stay_within_what_was_said(
        delay in 0..100_000_u64,
        multiplier in prop_oneof![0.0..10.0, Just(f64::MAX), Just(0.0)],
        longest in 0..100_000_u64,
        limit in 0..100_000_u64,
        jitter in 0..3_usize,
        retry in 1..1000_u64,
        asked in prop::option::of(any::<u64>()),
        unit in prop_oneof![0.0..1.0, Just(f64::NAN), Just(-1.0), Just(f64::INFINITY)],
    ) {
        let strategy = json!({
            "type": "exponential_backoff", "delay_ms": delay, "multiplier": multiplier, "max_delay_ms": longest,
        });
        let policy = policy_of(&strategy, jitter, limit);
        let facts = Facts { retry_after: asked.map(Duration::from_millis), ..status(503) };
        let Retry::After(wait) = policy.decide(retry, &facts, unit) else {
            return Err(TestCaseError::fail("no retry"));
        };
        let most = longest.max(limit.min(asked.unwrap_or_default()));
        prop_assert!(wait.as_secs_f64() * 1000.0 <= u32::try_from(most).map(f64::from).unwrap() * 1.1 + 1.0);
        prop_assert!(wait >= Duration::from_millis(limit.min(asked.unwrap_or_default())));
    }
}

fn policy_of(strategy: &Value, jitter: usize, limit: u64) -> Retries {
    let jitter = ["tenth", "full", "none"][jitter];
    let json = json!({
        "max_retries": 1000, "strategy": strategy, "jitter": jitter, "max_retry_after_ms": limit,
    });
    // A delay above the longest is only doubtful.
    let (policy, _) = Policy::read(&support::options(&json));
    Retries::by(Arc::new(policy.unwrap()))
}
