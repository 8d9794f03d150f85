//! Why a call did not bring a value: data, from which a door makes its errors. No JSON in messages, no debug
//! text, no secrets.

use std::fmt;

use registry::Cause;

use crate::credentials::callback::HostError;

/// The class of error that a user sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The provider answered with an error, or could not be reached (`BamlClientHttpError`).
    Http,
    /// A configured time ran out (`BamlTimeoutError`).
    Timeout,
    /// The reply does not fit the function's type (`BamlValidationError`).
    Validation,
    /// The finish reason is not allowed (`BamlClientFinishReasonError`).
    FinishReason,
    /// The caller aborted (`BamlAbortError`).
    Abort,
    /// Arguments, options or a client configuration are wrong (`BamlInvalidArgumentError`).
    InvalidArgument,
    /// The client could not answer for another reason (`BamlClientError`).
    Client,
    /// Anything else: a program with errors, an unknown function, a missing variable (`BamlError`).
    Other,
}

impl FailureKind {
    /// The word by which doors tell the classes apart.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Timeout => "timeout",
            Self::Validation => "validation",
            Self::FinishReason => "finish_reason",
            Self::Abort => "abort",
            Self::InvalidArgument => "invalid_argument",
            Self::Client => "client",
            Self::Other => "error",
        }
    }
}

/// Why a call did not bring a value.
#[derive(Clone, Debug)]
pub struct Failure(Box<Details>);

/// What a failure knows. A field is `None` where it has no meaning or is not known, never invented.
#[derive(Clone, Debug)]
pub struct Details {
    /// The class.
    pub kind: FailureKind,
    /// What happened, in plain words.
    pub message: String,
    /// The client that failed last.
    pub client_name: Option<String>,
    /// The HTTP status, or 408 for a timeout; for a transport failure 503 (not reached) or 2 (broken off),
    /// as users of the peer know them.
    pub status_code: Option<u16>,
    /// Every failed attempt, in words; the same as the message when there was only one.
    pub detailed_message: Option<String>,
    /// The body of the last error reply.
    pub raw_response: Option<String>,
    /// The media that could not be downloaded.
    pub media_url: Option<String>,
    /// The prompt that was sent, as text.
    pub prompt: Option<String>,
    /// The model's text.
    pub raw_output: Option<String>,
    /// The finish reason that was refused.
    pub finish_reason: Option<String>,
    /// Which time ran out.
    pub timeout: Option<TimeoutDetails>,
    /// What failed in an attempt, as retry policies know it.
    pub cause: Option<Cause>,
    /// The status that the body of a success reports (`429` inside a 200).
    pub reported_status: Option<u16>,
    /// What the provider asked to wait, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// The provider's id of the request.
    pub request_id: Option<String>,
    /// What the transport said, where no answer came.
    pub transport: Option<String>,
    /// The failure before, after which the call went on. Of many, the newest are kept.
    pub previous: Option<Failure>,
    /// What a function of the host language threw when it was asked for a key.
    pub thrown: Option<HostError>,
    /// The failed attempts, in order.
    pub attempts: Vec<FailedAttempt>,
    /// What is wrong with arguments or options, each with its path.
    pub problems: Vec<Problem>,
}

/// Which time ran out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeoutDetails {
    /// The option that set it, by its name in the `http` block: `request_timeout_ms`, `total_timeout_ms`, ...
    pub timeout_type: &'static str,
    /// What it was set to.
    pub configured_value_ms: u64,
    /// How long the attempt had run.
    pub elapsed_ms: u64,
}

/// One attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    /// The client.
    pub client_name: String,
    /// Its provider.
    pub provider: String,
    /// The status, as in [`Details::status_code`].
    pub status_code: Option<u16>,
    /// What failed, as [`Failure::code`] says it.
    pub kind: &'static str,
    /// Why it was made: `first`, `retry 1 after network`, `next of Backup after status`.
    pub reason: String,
    /// What happened.
    pub message: String,
    /// When it began, in milliseconds since 1970.
    pub start_time_utc_ms: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// One thing that is wrong with arguments, options or an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Where: `resume.items[2].name`, `http.connect_timeout_ms`.
    pub path: String,
    /// What.
    pub message: String,
    /// What the user can do.
    pub help: Option<String>,
    /// The type that an answer should have there, as a user would write it.
    pub expected: Option<String>,
    /// What an answer has there, or the beginning of it.
    pub found: Option<String>,
}

impl Failure {
    /// A failure of a class with a message and nothing else known.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            client_name: None,
            status_code: None,
            detailed_message: None,
            raw_response: None,
            media_url: None,
            prompt: None,
            raw_output: None,
            finish_reason: None,
            timeout: None,
            cause: None,
            reported_status: None,
            retry_after_ms: None,
            request_id: None,
            transport: None,
            previous: None,
            thrown: None,
            attempts: Vec::new(),
            problems: Vec::new(),
        }))
    }

    /// A failure without a class of its own.
    pub fn other(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Other, message)
    }

    /// The same failure, saying each thing that is wrong with its place.
    #[must_use]
    pub fn with_problems(self, problems: Vec<Problem>) -> Self {
        self.with(|details| details.problems = problems)
    }

    /// The class.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.0.kind
    }

    /// What failed, in one word for programs to decide by: that of retry policies, or else that of the class.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.cause.map_or(self.0.kind.name(), Cause::name)
    }

    /// Whether the call was made and the client, or its answer, is at fault. If not, nothing could be called:
    /// arguments, configuration or program are wrong, or the caller aborted.
    #[must_use]
    pub fn is_of_the_client(&self) -> bool {
        match self.0.kind {
            FailureKind::Http
            | FailureKind::Timeout
            | FailureKind::Validation
            | FailureKind::FinishReason
            | FailureKind::Client => true,
            FailureKind::Abort | FailureKind::InvalidArgument | FailureKind::Other => false,
        }
    }

    /// Everything that is known.
    #[must_use]
    pub fn details(&self) -> &Details {
        &self.0
    }

    /// The same failure with more known.
    #[must_use]
    pub(crate) fn with(mut self, fill: impl FnOnce(&mut Details)) -> Self {
        fill(&mut self.0);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl std::error::Error for Failure {}
