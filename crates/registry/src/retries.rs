//! Whether a client is asked again after a failure, and how long that waits.

use std::sync::Arc;
use std::time::Duration;

use schema::{Cause, Jitter, Policy, RetryStrategy};

/// What is known about a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Why it failed.
    pub cause: Cause,
    /// The HTTP status that was received; `None` when none was.
    pub status: Option<u16>,
    /// How long the provider asks to wait before the next try (`Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Facts {
    /// A failure for this reason, without an answer from the provider.
    #[must_use]
    pub fn new(cause: Cause) -> Self {
        Self { cause, status: None, retry_after: None }
    }

    /// The same, with the status that was received.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The same, with the wait that the provider asks for.
    #[must_use]
    pub fn with_retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }
}

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Ask the same client again after this wait.
    After(Duration),
    /// Do not.
    No,
}

/// How a client is tried again: by its policy, or not at all.
#[derive(Clone, Debug, Default)]
pub struct Retries(Option<Arc<Policy>>);

impl Retries {
    /// As the policy says.
    #[must_use]
    pub fn by(policy: Arc<Policy>) -> Self {
        Self(Some(policy))
    }

    /// How many there may be.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.0.as_ref().map_or(0, |policy| u64::from(policy.max_retries))
    }

    /// Whether a failure is one after which the policy asks again, however often that was done already.
    #[must_use]
    pub fn covers(&self, facts: &Facts) -> bool {
        self.0.as_ref().is_some_and(|policy| policy.retry_on.covers(facts.cause, facts.status))
    }

    /// What to do after a failure, when `retry` is the number of the retry that would follow; the first is
    /// number 1. `unit` is a random number from 0 up to 1: it spreads the waits of callers who failed together.
    #[must_use]
    pub fn decide(&self, retry: u64, facts: &Facts, unit: f64) -> Retry {
        if retry > self.most() || !self.covers(facts) {
            return Retry::No;
        }
        Retry::After(self.wait(retry, facts.retry_after, unit))
    }

    /// The wait before a retry: the policy's with its jitter, or as long as the provider asks for, within the
    /// policy's limit, when that is longer.
    pub(crate) fn wait(&self, retry: u64, retry_after: Option<Duration>, unit: f64) -> Duration {
        let Some(policy) = &self.0 else { return Duration::ZERO };
        let unit = if unit.is_nan() { 0.0 } else { unit.clamp(0.0, 1.0) };
        let wait = before_retry(policy.strategy, retry);
        let jittered = match policy.jitter {
            Jitter::Tenth => wait.saturating_add(share(wait, unit / 10.0)),
            Jitter::Full => share(wait, unit),
            Jitter::None => wait,
        };
        let asked = self.asked(retry_after);
        // Nobody comes back before the time that was asked for, and not all at that time either.
        let spread = if policy.jitter == Jitter::None { 0.0 } else { unit / 10.0 };
        jittered.max(asked.saturating_add(share(asked, spread)))
    }

    /// The wait that the provider asks for, cut to the policy's limit.
    fn asked(&self, retry_after: Option<Duration>) -> Duration {
        let longest = self.0.as_ref().map_or(0, |policy| policy.max_retry_after_ms);
        retry_after.unwrap_or_default().min(Duration::from_millis(longest))
    }

    /// Whether the provider asks for a longer wait than the policy would ever make before this retry.
    pub(crate) fn is_asked_for_more(&self, retry: u64, facts: &Facts) -> bool {
        self.asked(facts.retry_after) > self.range(retry).1
    }

    /// The wait before a retry, without jitter.
    pub(crate) fn nominal(&self, retry: u64) -> Duration {
        self.0.as_ref().map_or(Duration::ZERO, |policy| before_retry(policy.strategy, retry))
    }

    /// The shortest and the longest wait before a retry, unless the provider asks for more.
    pub(crate) fn range(&self, retry: u64) -> (Duration, Duration) {
        let wait = self.nominal(retry);
        match self.0.as_ref().map_or(Jitter::None, |policy| policy.jitter) {
            Jitter::Tenth => (wait, wait.saturating_add(share(wait, 0.1))),
            Jitter::Full => (Duration::ZERO, wait),
            Jitter::None => (wait, wait),
        }
    }
}

/// A part of a wait.
fn share(wait: Duration, part: f64) -> Duration {
    Duration::try_from_secs_f64(wait.as_secs_f64() * part).unwrap_or(wait)
}

/// The wait before the retry of this number, without jitter. The first wait of an exponential strategy is
/// `delay_ms` itself, and each next one is multiplied, up to the longest allowed.
fn before_retry(strategy: RetryStrategy, retry: u64) -> Duration {
    match strategy {
        RetryStrategy::Constant { delay_ms } => Duration::from_millis(delay_ms),
        RetryStrategy::Exponential { delay_ms, multiplier, max_delay_ms } => {
            let longest = Duration::from_millis(max_delay_ms);
            let exponent = i32::try_from(retry.saturating_sub(1)).unwrap_or(i32::MAX);
            #[expect(
                clippy::cast_precision_loss,
                reason = "a wait need not be exact to the millisecond after centuries"
            )]
            let seconds = delay_ms as f64 * multiplier.powi(exponent) / 1000.0;
            // Too large, or not a number when zero meets infinity: as long as allowed.
            Duration::try_from_secs_f64(seconds.max(0.0)).map_or(longest, |wait| wait.min(longest))
        }
    }
}
