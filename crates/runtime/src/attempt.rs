//! One attempt of a call: render, request, send, read the reply.

use std::sync::Arc;
use std::time::Instant;

use llm::{Client, HttpRequest, Mode, Reply, ReplyErrorKind};
use prompt::ClientView;
use schema::{Function, Schema};
use types::{Arguments, Prompt, Usage};

use crate::download;
use crate::failure::{Failure, FailureKind, TimeoutDetails};
use crate::log::prompt_text;
use crate::program::Program;
use crate::record::{Attempt, RequestRecord, ResponseRecord, Timing};
use crate::transport::{self, Response, Settings, TransportError, TransportErrorKind};
use crate::{clock, messages};

/// What an attempt works from: the same for every attempt of a call.
pub(crate) struct Subject<'a> {
    pub(crate) program: &'a Program,
    /// The program's schema, or the one that a `TypeBuilder` extended.
    pub(crate) schema: &'a Arc<Schema>,
    pub(crate) function: &'a Function,
    pub(crate) arguments: &'a Arguments,
    pub(crate) tags: &'a std::collections::BTreeMap<String, String>,
}

impl Subject<'_> {
    /// The prompt as this client gets it, with media in the form that its provider wants.
    pub(crate) async fn prompt(&self, client: &Client) -> Result<Prompt, Failure> {
        let view = view(client);
        let mut prompt = self
            .program
            .templates
            .render(self.schema, self.function, self.arguments, &view, self.tags)
            .map_err(|error| Failure::other(error.to_string()))?;
        download::inline_media(client, &mut prompt).await?;
        Ok(prompt)
    }
}

fn view(client: &Client) -> ClientView {
    ClientView {
        name: client.name().to_owned(),
        provider: client.provider().name.to_owned(),
        model: client.model().map(ToOwned::to_owned),
        default_role: client.default_role().to_owned(),
        allowed_roles: client.allowed_roles().to_vec(),
        remap_roles: client.remap_roles().clone(),
    }
}

/// An attempt under way: what is known so far, for the record.
pub(crate) struct Trial {
    started: Instant,
    start_time_utc_ms: u64,
    client_name: String,
    provider: String,
    keep_bytes: bool,
    request: Option<RequestRecord>,
    response: Option<ResponseRecord>,
    pub(crate) usage: Usage,
    pub(crate) prompt: Option<Prompt>,
}

impl Trial {
    /// Begins. `keep_bytes` says whether anyone will look at the request and the reply.
    pub(crate) fn begin(client_name: &str, provider: &str, keep_bytes: bool) -> Self {
        Self {
            started: Instant::now(),
            start_time_utc_ms: clock::unix_ms(),
            client_name: client_name.to_owned(),
            provider: provider.to_owned(),
            keep_bytes,
            request: None,
            response: None,
            usage: Usage::default(),
            prompt: None,
        }
    }

    /// Runs the attempt to its reply.
    pub(crate) async fn run(&mut self, subject: &Subject<'_>, client: &Client) -> Result<Reply, Failure> {
        let prompt = subject.prompt(client).await?;
        let request = llm::request(client, &prompt, Mode::Call).map_err(|error| request_failure(&error))?;
        self.prompt = Some(prompt);
        if self.keep_bytes {
            self.request = Some(RequestRecord::redacted(&request));
        }
        let response = self.send(client, &request).await?;
        let reply = llm::reply(client, response.status, &response.headers, &response.body);
        self.usage = reply.as_ref().map_or_else(|error| error.usage, |reply| reply.usage);
        let reply = reply.map_err(|error| self.reply_failure(client, *error, &response));
        if self.keep_bytes {
            self.response = Some(ResponseRecord {
                status: response.status,
                headers: response.headers.into_iter().collect(),
                body: response.body,
            });
        }
        reply
    }

    async fn send(&self, client: &Client, request: &HttpRequest) -> Result<Response, Failure> {
        let http = client.http();
        // Zero is how users say "no limit".
        let limit = |milliseconds: Option<u64>| milliseconds.filter(|milliseconds| *milliseconds > 0);
        let settings = Settings { connect_timeout_ms: limit(http.connect_timeout_ms) };
        transport::send(settings, limit(http.request_timeout_ms), request)
            .await
            .map_err(|error| self.transport_failure(&error))
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn transport_failure(&self, error: &TransportError) -> Failure {
        let timeout = match error.kind {
            TransportErrorKind::ConnectTimeout { configured_ms } => {
                Some(("connect_timeout_ms", configured_ms))
            }
            TransportErrorKind::RequestTimeout { configured_ms } => {
                Some(("request_timeout_ms", configured_ms))
            }
            TransportErrorKind::Connect | TransportErrorKind::Broken | TransportErrorKind::Unsendable => None,
        };
        let (kind, status) = match error.kind {
            TransportErrorKind::Connect => (FailureKind::Http, 503),
            TransportErrorKind::Broken => (FailureKind::Http, 2),
            TransportErrorKind::Unsendable => (FailureKind::Client, 2),
            TransportErrorKind::ConnectTimeout { .. } | TransportErrorKind::RequestTimeout { .. } => {
                (FailureKind::Timeout, 408)
            }
        };
        Failure::new(kind, messages::transport(&self.client_name, &error.message)).with(|details| {
            details.client_name = Some(self.client_name.clone());
            details.status_code = Some(status);
            details.timeout = timeout.map(|(timeout_type, configured_value_ms)| TimeoutDetails {
                timeout_type,
                configured_value_ms,
                elapsed_ms: self.elapsed_ms(),
            });
        })
    }

    fn reply_failure(&self, client: &Client, error: llm::ReplyError, response: &Response) -> Failure {
        let finish_reason_refused = error.kind == ReplyErrorKind::FinishReason;
        let kind = match error.kind {
            ReplyErrorKind::Status
            | ReplyErrorKind::Reported
            | ReplyErrorKind::Malformed
            | ReplyErrorKind::Truncated => FailureKind::Http,
            ReplyErrorKind::FinishReason => FailureKind::FinishReason,
            ReplyErrorKind::Refusal | ReplyErrorKind::Unsupported => FailureKind::Client,
        };
        Failure::new(kind, messages::transport(&self.client_name, &error.message)).with(|details| {
            details.client_name = Some(self.client_name.clone());
            if !finish_reason_refused {
                details.status_code = Some(error.status);
                // A provider may repeat the key that it refuses.
                let body = String::from_utf8_lossy(&response.body);
                details.raw_response = Some(client.redact(&body).into_owned());
            }
            details.retry_after_ms = error.retry_after.and_then(|wait| u64::try_from(wait.as_millis()).ok());
            details.request_id = error.request_id;
            details.finish_reason = error.finish_reason;
            details.raw_output = error.text;
            details.prompt = self.prompt_text();
        })
    }

    /// The record of an attempt that failed.
    pub(crate) fn failed(self, failure: &Failure) -> Attempt {
        self.record(false, Some(failure.to_string()))
    }

    /// The record of the attempt whose reply is used.
    pub(crate) fn selected(self) -> Attempt {
        self.record(true, None)
    }

    fn record(self, selected: bool, error: Option<String>) -> Attempt {
        Attempt {
            timing: Timing { start_time_utc_ms: self.start_time_utc_ms, duration_ms: self.elapsed_ms() },
            client_name: self.client_name,
            provider: self.provider,
            selected,
            usage: self.usage,
            request: self.request,
            response: self.response,
            error,
        }
    }

    /// The prompt that was sent, as text, for errors about the reply.
    pub(crate) fn prompt_text(&self) -> Option<String> {
        self.prompt.as_ref().map(prompt_text)
    }
}

fn request_failure(error: &llm::Error) -> Failure {
    Failure::new(FailureKind::InvalidArgument, error.to_string())
}
