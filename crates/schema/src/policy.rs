//! What a retry policy says: how often a client is asked again, after which failures, and after how long a wait.
//! The same for the policies of a program and for those of a registry; [`Policy::read`] reads both.

use types::{Config, ConfigMap};

/// How long a provider's `Retry-After` is honoured unless the policy says otherwise, in milliseconds.
pub(crate) const DEFAULT_MAX_RETRY_AFTER_MS: u64 = 30_000;

/// What the peer waits when nothing is said, in milliseconds.
pub(crate) const DEFAULT_DELAY_MS: u64 = 200;
pub(crate) const DEFAULT_MULTIPLIER: f64 = 1.5;
pub(crate) const DEFAULT_MAX_DELAY_MS: u64 = 10_000;

/// How a client is asked again after it failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How many times after the first.
    pub max_retries: u32,
    /// How long to wait before each.
    pub strategy: RetryStrategy,
    /// How much chance there is in a wait, so that callers who failed together do not come back together.
    pub jitter: Jitter,
    /// After which failures.
    pub retry_on: RetryOn,
    /// How long a wait that the provider asks for (`Retry-After`) may be; it is cut to this. In milliseconds.
    pub max_retry_after_ms: u64,
}

/// How long to wait before a retry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RetryStrategy {
    /// The same each time.
    Constant {
        /// The wait, in milliseconds.
        delay_ms: u64,
    },
    /// Longer each time.
    Exponential {
        /// The first wait, in milliseconds.
        delay_ms: u64,
        /// What each wait is multiplied by to give the next.
        multiplier: f64,
        /// The longest wait, in milliseconds.
        max_delay_ms: u64,
    },
}

impl Default for RetryStrategy {
    fn default() -> Self {
        Self::Constant { delay_ms: DEFAULT_DELAY_MS }
    }
}

/// How much chance there is in a wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Jitter {
    /// Up to a tenth is added.
    #[default]
    Tenth,
    /// Anything from nothing to the whole wait.
    Full,
    /// None: waits are exact.
    None,
}

impl Jitter {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Tenth, Self::Full, Self::None];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tenth => "tenth",
            Self::Full => "full",
            Self::None => "none",
        }
    }
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// No connection, or one that broke off.
    Network,
    /// One of the configured times ran out.
    Timeout,
    /// The answer's HTTP status is not a success.
    Status,
    /// The status is a success, but the body reports an error.
    Reported,
    /// The status is a success, but the body cannot be read, or a stream was cut before its end.
    Malformed,
    /// The model refused to answer.
    Refusal,
    /// The model answered, and the client does not accept its finish reason.
    FinishReason,
    /// The model answered, and the answer does not fit the function's type.
    Validation,
    /// The client cannot be built, or its request cannot be made.
    Unusable,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 9] = [
        Self::Network,
        Self::Timeout,
        Self::Status,
        Self::Reported,
        Self::Malformed,
        Self::Refusal,
        Self::FinishReason,
        Self::Validation,
        Self::Unusable,
    ];

    /// The word for it in `retry_on`, `fallback_on` and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Status => "status",
            Self::Reported => "reported",
            Self::Malformed => "malformed",
            Self::Refusal => "refusal",
            Self::FinishReason => "finish_reason",
            Self::Validation => "validation",
            Self::Unusable => "unusable",
        }
    }

    /// Whether the model did answer, only not as wanted: then nobody else is asked unless someone said so.
    #[must_use]
    pub fn is_answer(self) -> bool {
        matches!(self, Self::FinishReason | Self::Validation)
    }
}

/// The failures after which a client is asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryOn {
    /// Whatever the status.
    pub causes: Vec<Cause>,
    /// Statuses, both ends included.
    pub statuses: Vec<(u16, u16)>,
}

impl Default for RetryOn {
    /// Failures that may be gone the next time: of the network, of time, of a broken answer, and the statuses
    /// that say so. Not 400, 401, 403, 404, 422 and their like, which stay what they are.
    fn default() -> Self {
        Self {
            causes: vec![Cause::Network, Cause::Timeout, Cause::Malformed, Cause::Reported],
            statuses: vec![(408, 409), (425, 425), (429, 429), (500, 599)],
        }
    }
}

impl RetryOn {
    /// Whether a failure is among them. `status` is the one that was received, if any was.
    #[must_use]
    pub fn covers(&self, cause: Cause, status: Option<u16>) -> bool {
        let has_status =
            |status| self.statuses.iter().any(|(first, last)| (*first..=*last).contains(&status));
        self.causes.contains(&cause) || status.is_some_and(has_status)
    }
}

impl Policy {
    /// The policy as the options that [`Policy::read`] reads; what has its default is left out.
    #[must_use]
    pub fn options(&self) -> ConfigMap {
        let text = |text: &str| Config::String(text.to_owned());
        let mut options = ConfigMap::from_iter([("max_retries".to_owned(), number(self.max_retries.into()))]);
        if self.strategy != RetryStrategy::default() {
            let strategy = match self.strategy {
                RetryStrategy::Constant { delay_ms } => ConfigMap::from_iter([
                    ("type".to_owned(), text("constant_delay")),
                    ("delay_ms".to_owned(), number(delay_ms)),
                ]),
                RetryStrategy::Exponential { delay_ms, multiplier, max_delay_ms } => ConfigMap::from_iter([
                    ("type".to_owned(), text("exponential_backoff")),
                    ("delay_ms".to_owned(), number(delay_ms)),
                    (
                        "multiplier".to_owned(),
                        serde_json::Number::from_f64(multiplier).map_or(Config::Null, Config::Number),
                    ),
                    ("max_delay_ms".to_owned(), number(max_delay_ms)),
                ]),
            };
            options.insert("strategy".to_owned(), Config::Map(strategy));
        }
        if self.jitter != Jitter::default() {
            options.insert("jitter".to_owned(), text(self.jitter.name()));
        }
        if self.retry_on != RetryOn::default() {
            options.insert("retry_on".to_owned(), Config::List(self.retry_on.words()));
        }
        if self.max_retry_after_ms != DEFAULT_MAX_RETRY_AFTER_MS {
            options.insert("max_retry_after_ms".to_owned(), number(self.max_retry_after_ms));
        }
        options
    }
}

impl RetryOn {
    fn words(&self) -> Vec<Config> {
        let mut words: Vec<Config> =
            self.causes.iter().map(|cause| Config::String(cause.name().to_owned())).collect();
        for (first, last) in &self.statuses {
            if last - first == 99 {
                words.push(Config::String(format!("{}xx", first / 100)));
            } else {
                words.extend((*first..=*last).map(|status| number(status.into())));
            }
        }
        words
    }
}

fn number(whole: u64) -> Config {
    Config::Number(whole.into())
}
