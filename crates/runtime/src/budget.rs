//! The limits on the whole time of strategies: `total_timeout_ms`.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use registry::{Cause, Limit};

use crate::clock::milliseconds;
use crate::failure::{Failure, FailureKind, TimeoutDetails};
use crate::messages;

/// When each strategy that limits its whole time must be done. The time begins with its first step.
#[derive(Default)]
pub(crate) struct Budgets(HashMap<u64, Instant>);

/// What one strategy may still take.
pub(crate) struct Budget {
    pub(crate) limit: Limit,
    started: Instant,
    pub(crate) deadline: Instant,
}

impl Budgets {
    /// The limit that passes first.
    pub(crate) fn tightest(&mut self, limits: &[Limit]) -> Option<Budget> {
        let now = Instant::now();
        limits
            .iter()
            .map(|limit| {
                let started = *self.0.entry(limit.scope).or_insert(now);
                let deadline = started + Duration::from_millis(limit.total_timeout_ms);
                Budget { limit: limit.clone(), started, deadline }
            })
            .min_by_key(|budget| budget.deadline)
    }
}

impl Budget {
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// Whether so long a wait would end after the limit.
    pub(crate) fn is_too_short_for(&self, wait: Duration) -> bool {
        self.deadline.saturating_duration_since(Instant::now()) < wait
    }

    /// The failure of a strategy whose time is over.
    pub(crate) fn spent(&self) -> Failure {
        self.failure(messages::total_timeout(&self.limit.client, self.limit.total_timeout_ms))
    }

    /// The failure of a strategy whose next attempt would begin after its limit. It comes before the limit.
    pub(crate) fn ends_before(&self, wait: Duration) -> Failure {
        let left = self.deadline.saturating_duration_since(Instant::now());
        self.failure(messages::wait_over_total_timeout(
            &self.limit.client,
            self.limit.total_timeout_ms,
            milliseconds(wait),
            milliseconds(left),
        ))
    }

    fn failure(&self, message: String) -> Failure {
        Failure::new(FailureKind::Timeout, message).with(|details| {
            details.client_name = Some(self.limit.client.to_string());
            details.status_code = Some(408);
            details.cause = Some(Cause::Timeout);
            details.timeout = Some(TimeoutDetails {
                timeout_type: "total_timeout_ms",
                configured_value_ms: self.limit.total_timeout_ms,
                elapsed_ms: milliseconds(self.started.elapsed()),
            });
        })
    }
}
