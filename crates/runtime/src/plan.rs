//! What a call would do, as JSON: the shape of `b.plan.F` and of `POST /plan/F`.

use registry::{ClientDescription, PlanDescription, StepDescription};
use serde_json::{Map, Value, json};

/// The plan as JSON. Names are those of the API for JavaScript; times are in milliseconds.
#[must_use]
pub fn plan_json(plan: &PlanDescription) -> Value {
    json!({
        "client": plan.client,
        "provider": plan.provider,
        "worstCaseRequests": plan.worst_case,
        "complete": plan.complete,
        "attempts": plan.steps.iter().map(attempt).collect::<Vec<_>>(),
    })
}

fn attempt(step: &StepDescription) -> Value {
    let ClientDescription { name, provider, origin, model, url, http, problems, options } = &*step.client;
    let limits = step
        .limits
        .iter()
        .map(|limit| json!({ "client": &*limit.client, "totalTimeoutMs": limit.total_timeout_ms }));
    let arms = step
        .arms
        .iter()
        .map(|arm| json!({ "strategy": &*arm.strategy, "member": &*arm.member, "sticky": arm.sticky }));
    let timeouts: Map<String, Value> = [
        ("connectTimeoutMs", http.connect_timeout_ms),
        ("requestTimeoutMs", http.request_timeout_ms),
        ("timeToFirstTokenTimeoutMs", http.time_to_first_token_timeout_ms),
        ("idleTimeoutMs", http.idle_timeout_ms),
    ]
    .into_iter()
    .filter_map(|(name, limit)| Some((name.to_owned(), limit?.into())))
    .collect();
    json!({
        "client": name,
        "provider": provider,
        "model": model,
        "url": url,
        "origin": origin.name(),
        "reason": step.reason.to_string(),
        "delayMs": { "shortest": milliseconds(step.delay.0), "longest": milliseconds(step.delay.1) },
        "timeouts": timeouts,
        "limits": limits.collect::<Vec<_>>(),
        "arms": arms.collect::<Vec<_>>(),
        "restartStream": step.restarts_stream,
        "problems": problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "options": options
            .iter()
            .map(|option| json!({ "name": option.name, "value": Value::from(&option.value), "origin": option.origin.name() }))
            .collect::<Vec<_>>(),
    })
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
