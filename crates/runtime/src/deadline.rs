//! The limits on one attempt's time, composed by minimum.

use std::future::Future;
use std::time::{Duration, Instant};

use llm::{HttpOptions, Mode};

use crate::failure::TimeoutDetails;
use crate::transport::{TransportError, TransportErrorKind};

/// What a client's `http` block limits, in milliseconds. `None` is no limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    request: Option<u64>,
    first_token: Option<u64>,
    idle: Option<u64>,
}

impl Limits {
    /// The limits of a reply of this kind.
    pub(crate) fn of(options: &HttpOptions, mode: Mode) -> Self {
        match mode {
            Mode::Call => Self::of_call(options),
            Mode::Stream => Self::of_stream(options),
        }
    }

    /// The limits of a whole reply.
    fn of_call(options: &HttpOptions) -> Self {
        Self { request: limit(options.request_timeout_ms), ..Self::default() }
    }

    /// The limits of a stream.
    fn of_stream(options: &HttpOptions) -> Self {
        Self {
            request: limit(options.request_timeout_ms),
            first_token: limit(options.time_to_first_token_timeout_ms),
            idle: limit(options.idle_timeout_ms),
        }
    }
}

/// Zero is how users say "no limit".
pub(crate) fn limit(milliseconds: Option<u64>) -> Option<u64> {
    milliseconds.filter(|milliseconds| *milliseconds > 0)
}

/// When a wait must be over, and which option says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) option: &'static str,
    pub(crate) configured_ms: u64,
}

impl Deadline {
    /// So many milliseconds after a time.
    pub(crate) fn after(start: Instant, option: &'static str, configured_ms: u64) -> Self {
        Self { at: start + Duration::from_millis(configured_ms), option, configured_ms }
    }

    /// Waits for `work`, but not longer than this. Otherwise the failure is what `too_late` makes of it.
    pub(crate) async fn bound<T, E>(
        deadline: Option<Self>,
        work: impl Future<Output = Result<T, E>>,
        too_late: impl FnOnce(Self) -> E,
    ) -> Result<T, E> {
        let Some(deadline) = deadline else { return work.await };
        tokio::time::timeout_at(deadline.at.into(), work).await.unwrap_or_else(|_| Err(too_late(deadline)))
    }
}

/// What is told of a wait that lasted as long as it could.
impl From<Deadline> for TimeoutDetails {
    fn from(Deadline { option, configured_ms, .. }: Deadline) -> Self {
        Self { timeout_type: option, configured_value_ms: configured_ms, elapsed_ms: configured_ms }
    }
}

/// The limits of an attempt that is under way. They begin with the attempt, and cover what must be there before its
/// request can be sent: media that are downloaded, credentials that are fetched.
#[derive(Debug)]
pub(crate) struct Deadlines {
    limits: Limits,
    started: Instant,
    /// When the request was ready to be sent.
    sent: Instant,
    /// When the model's first text or thought came.
    first_token: Option<Instant>,
    /// When the last piece of a stream came; `None` before the first.
    heard: Option<Instant>,
}

impl Deadlines {
    pub(crate) fn begin(limits: Limits) -> Self {
        let now = Instant::now();
        Self { limits, started: now, sent: now, first_token: None, heard: None }
    }

    /// Notes that the request is ready, and is sent now.
    pub(crate) fn sent(&mut self) {
        self.sent = Instant::now();
    }

    /// Notes that a piece of the stream came; with a token, text or thought, the wait for the first one is over.
    pub(crate) fn heard(&mut self, has_token: bool) {
        let now = Instant::now();
        self.heard = Some(now);
        if has_token {
            self.first_token.get_or_insert(now);
        }
    }

    /// How long after the request the first token came.
    pub(crate) fn time_to_first_token(&self) -> Option<Duration> {
        self.first_token.map(|first| first - self.sent)
    }

    /// Waits for `work`, but not longer than the nearest limit allows.
    pub(crate) async fn bound<T>(
        &self,
        work: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        Deadline::bound(self.nearest(), work, TransportError::timeout).await
    }

    /// The limit that passes first.
    pub(crate) fn nearest(&self) -> Option<Deadline> {
        let after = |start: Instant, option: &'static str, limit: Option<u64>| {
            limit.map(|milliseconds| Deadline::after(start, option, milliseconds))
        };
        let first_token = self.limits.first_token.filter(|_| self.first_token.is_none());
        [
            after(self.started, "request_timeout_ms", self.limits.request),
            after(self.started, "time_to_first_token_timeout_ms", first_token),
            self.heard.and_then(|heard| after(heard, "idle_timeout_ms", self.limits.idle)),
        ]
        .into_iter()
        .flatten()
        .min_by_key(|deadline| deadline.at)
    }
}

impl TransportError {
    fn timeout(Deadline { option, configured_ms, .. }: Deadline) -> Self {
        let what = match option {
            "time_to_first_token_timeout_ms" => "no token",
            "idle_timeout_ms" => "nothing more",
            _ => "no complete reply",
        };
        Self {
            kind: TransportErrorKind::Timeout { option, configured_ms },
            message: format!("{what} within {configured_ms} ms ({option})"),
        }
    }
}
