//! The limits on one attempt's time, composed by minimum.

use std::future::Future;
use std::time::{Duration, Instant};

use llm::{HttpOptions, Mode};

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

    /// The nearest limit on what must be there before the request, by the name of its option.
    pub(crate) fn of_preparation(self) -> Option<(&'static str, u64)> {
        [("request_timeout_ms", self.request), ("time_to_first_token_timeout_ms", self.first_token)]
            .into_iter()
            .filter_map(|(option, limit)| Some((option, limit?)))
            .min_by_key(|(_, limit)| *limit)
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

/// The limits of an attempt that is under way.
#[derive(Debug)]
pub(crate) struct Deadlines {
    limits: Limits,
    started: Instant,
    /// When the first text came.
    first_token: Option<Instant>,
    /// When the last piece of a stream came; `None` before the first.
    heard: Option<Instant>,
}

impl Deadlines {
    pub(crate) fn begin(limits: Limits) -> Self {
        Self { limits, started: Instant::now(), first_token: None, heard: None }
    }

    /// Notes that a piece of the stream came; with text, the wait for the first token is over.
    pub(crate) fn heard(&mut self, has_text: bool) {
        let now = Instant::now();
        self.heard = Some(now);
        if has_text {
            self.first_token.get_or_insert(now);
        }
    }

    /// How long after the beginning the first text came.
    pub(crate) fn time_to_first_token(&self) -> Option<Duration> {
        self.first_token.map(|first| first - self.started)
    }

    /// Waits for `work`, but not longer than the nearest limit allows.
    pub(crate) async fn bound<T>(
        &self,
        work: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        let Some((deadline, option, configured_ms)) = self.nearest() else { return work.await };
        tokio::time::timeout_at(deadline.into(), work)
            .await
            .unwrap_or_else(|_| Err(TransportError::timeout(option, configured_ms)))
    }

    fn nearest(&self) -> Option<(Instant, &'static str, u64)> {
        let after = |start: Instant, option: &'static str, limit: Option<u64>| {
            limit.map(|milliseconds| (start + Duration::from_millis(milliseconds), option, milliseconds))
        };
        let first_token = self.limits.first_token.filter(|_| self.first_token.is_none());
        [
            after(self.started, "request_timeout_ms", self.limits.request),
            after(self.started, "time_to_first_token_timeout_ms", first_token),
            self.heard.and_then(|heard| after(heard, "idle_timeout_ms", self.limits.idle)),
        ]
        .into_iter()
        .flatten()
        .min_by_key(|(deadline, ..)| *deadline)
    }
}

impl TransportError {
    fn timeout(option: &'static str, configured_ms: u64) -> Self {
        let what = match option {
            "time_to_first_token_timeout_ms" => "no text",
            "idle_timeout_ms" => "nothing more",
            _ => "no complete reply",
        };
        Self {
            kind: TransportErrorKind::Timeout { option, configured_ms },
            message: format!("{what} within {configured_ms} ms ({option})"),
        }
    }
}
