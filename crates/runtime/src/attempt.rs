//! One attempt of a call: render, request, send, read the reply.

use std::borrow::Cow;
use std::mem;
use std::time::{Duration, Instant};

use bytes::Bytes;
use llm::{Client, Decoder, Delta, HttpRequest, Mode, Reply, ReplyError, ReplyErrorKind, StreamEnd};
use registry::{Arm, Cause, Step};
use types::{Prompt, Usage};

use crate::clock::milliseconds;
use crate::deadline::{Deadlines, Limits};
use crate::failure::{Failure, FailureKind, TimeoutDetails};
use crate::log::{self, prompt_text};
use crate::partials::Partials;
use crate::progress::Live;
use crate::record::{Attempt, RequestRecord, ResponseRecord, StreamRecord, Timing};
use crate::subject::{Answer, Subject};
use crate::transport::{self, Opened, Response, TransportError, TransportErrorKind};
use crate::{clock, credentials, messages};

/// An attempt under way: what is known so far, for the record.
pub(crate) struct Trial {
    started: Instant,
    start_time_utc_ms: u64,
    client_name: String,
    provider: String,
    reason: String,
    arms: Vec<Arm>,
    keep_bytes: bool,
    /// Shows the attempt in the call's log once its stream has begun.
    live: Option<Live>,
    request: Option<RequestRecord>,
    response: Option<ResponseRecord>,
    stream: StreamRecord,
    status: Option<u16>,
    /// The provider's name for the request.
    pub(crate) request_id: Option<String>,
    pub(crate) usage: Usage,
    counts_cached_apart: bool,
    reasoning: Option<String>,
    pub(crate) prompt: Option<Prompt>,
}

impl Trial {
    /// Begins. `keep_bytes` says whether anyone will look at the request and the reply.
    pub(crate) fn begin(step: &Step, keep_bytes: bool, live: Option<Live>) -> Self {
        Self {
            started: Instant::now(),
            start_time_utc_ms: clock::unix_ms(),
            client_name: step.client.name().to_string(),
            provider: step.client.provider().name.to_owned(),
            reason: step.reason.to_string(),
            arms: step.arms.clone(),
            keep_bytes,
            live,
            request: None,
            response: None,
            stream: StreamRecord::default(),
            status: None,
            request_id: None,
            usage: Usage::default(),
            counts_cached_apart: false,
            reasoning: None,
            prompt: None,
        }
    }

    /// Runs the attempt to its reply.
    pub(crate) async fn run(&mut self, subject: &Subject<'_>, client: &Client) -> Result<Reply, Failure> {
        self.counts_cached_apart = client.counts_cached_tokens_apart();
        let streamed = subject.partials.filter(|_| client.supports_streaming());
        let mode = if streamed.is_some() { Mode::Stream } else { Mode::Call };
        let mut deadlines = Deadlines::begin(Limits::of(client.http(), mode));
        let prompt = subject.prompt(client, deadlines.nearest()).await?;
        let mut request = llm::request(client, &prompt, mode).map_err(|error| request_failure(&error))?;
        self.prompt = Some(prompt);
        let authorization =
            credentials::authorize(client, &mut request, deadlines.nearest(), subject.surroundings).await?;
        if self.keep_bytes {
            let mut record = RequestRecord::redacted(&request);
            record.body = redacted(client, record.body);
            self.request = Some(record);
        }
        deadlines.sent();
        let outcome = match streamed {
            Some(partials) => self.receive(subject, client, &request, deadlines, partials).await,
            None => self.exchange(subject, client, &request, &deadlines).await,
        };
        if matches!(self.status, Some(401 | 403)) {
            authorization.refused();
        }
        outcome
    }

    /// Notes the head of the answer.
    fn opened(&mut self, opened: &Opened) {
        self.status = Some(opened.status);
        self.request_id = llm::request_id(&opened.headers);
    }

    /// Sends the request and reads the whole reply.
    async fn exchange(
        &mut self,
        subject: &Subject<'_>,
        client: &Client,
        request: &HttpRequest,
        deadlines: &Deadlines,
    ) -> Result<Reply, Failure> {
        let settings = subject.transport(client);
        let exchange = async {
            let opened = transport::open(&settings, request).await?;
            self.opened(&opened);
            opened.whole().await
        };
        let response = deadlines.bound(exchange).await.map_err(|error| self.transport_failure(&error))?;
        self.whole_reply(client, response)
    }

    fn whole_reply(&mut self, client: &Client, response: Response) -> Result<Reply, Failure> {
        let reply = llm::reply(client, response.status, &response.headers, &response.body);
        let reply = reply.map_err(|mut error| {
            // A provider may repeat the key that it refuses.
            let body = String::from_utf8_lossy(&response.body);
            error.received.get_or_insert_with(|| client.redact(&body).into_owned());
            self.reply_failure(*error)
        });
        if self.keep_bytes {
            self.response = Some(ResponseRecord {
                status: response.status,
                headers: response.headers.into_iter().collect(),
                body: redacted(client, response.body),
            });
        }
        reply.inspect(|reply| self.answered(reply))
    }

    /// Notes what came beside the text of an answer.
    fn answered(&mut self, reply: &Reply) {
        self.usage = reply.usage;
        if self.keep_bytes {
            self.reasoning.clone_from(&reply.reasoning);
        }
    }

    /// Sends the request and reads the reply as it comes: each time the receiver is free, the text so far is
    /// read as a partial value.
    async fn receive(
        &mut self,
        subject: &Subject<'_>,
        client: &Client,
        request: &HttpRequest,
        mut deadlines: Deadlines,
        partials: &Partials,
    ) -> Result<Reply, Failure> {
        let settings = subject.transport(client);
        let opening = deadlines.bound(transport::open(&settings, request)).await;
        let mut opened = opening.map_err(|error| self.transport_failure(&error))?;
        self.opened(&opened);
        if !(200..300).contains(&opened.status) {
            let whole = deadlines.bound(opened.whole()).await;
            return self.whole_reply(client, whole.map_err(|error| self.transport_failure(&error))?);
        }
        if let Some(live) = self.live.take() {
            let mut attempt = self.record(false);
            attempt.stream = Some(self.stream.clone());
            live.show(attempt);
        }
        let mut decoder = Decoder::new(client, opened.status, &opened.headers);
        if self.keep_bytes {
            decoder = decoder.keep_events();
        }
        match self.read(&mut decoder, &mut opened, &mut deadlines, subject, partials).await {
            Ok(end) => {
                if decoder.is_done() {
                    drain(opened).await;
                }
                if end.skipped_events > 0 {
                    log::warn(&messages::skipped_events(&self.client_name, end.skipped_events));
                }
                self.answered(&end.reply);
                Ok(end.reply)
            }
            Err(Interruption::Transport(error)) => Err(self.transport_failure(&error)),
            Err(Interruption::Reply(mut error)) => {
                // The status of a stream that breaks says nothing of how it ended: users know this as 2.
                if (200..300).contains(&error.status) && error.kind != ReplyErrorKind::FinishReason {
                    error.status = BROKEN;
                }
                Err(self.reply_failure(*error))
            }
        }
    }

    async fn read(
        &self,
        decoder: &mut Decoder<'_>,
        opened: &mut Opened,
        deadlines: &mut Deadlines,
        subject: &Subject<'_>,
        partials: &Partials,
    ) -> Result<StreamEnd, Interruption> {
        let mut answer = subject.answer();
        let followed = self.follow(decoder, opened, deadlines, &mut answer, partials).await;
        let end = followed.and_then(|()| decoder.finish(&mut Vec::new()).map_err(Interruption::Reply));
        match &end {
            Ok(end) => answer.show_last(&end.reply.text, partials),
            // What came before a stream broke is shown, whenever the next look would have been.
            Err(_) if answer.is_behind(decoder.text()) => answer.show(decoder.text(), partials),
            Err(_) => {}
        }
        if self.keep_bytes {
            self.stream.add(decoder.take_events(), deadlines.time_to_first_token().map(milliseconds));
        }
        end
    }

    /// Reads until the answer or the body is at its end.
    async fn follow(
        &self,
        decoder: &mut Decoder<'_>,
        opened: &mut Opened,
        deadlines: &mut Deadlines,
        answer: &mut Answer<'_>,
        partials: &Partials,
    ) -> Result<(), Interruption> {
        let mut deltas: Vec<Delta> = Vec::new();
        let mut unseen = false;
        let mut next_look = tokio::time::Instant::now();
        let mut kept_up = false;
        while !decoder.is_done() {
            if mem::take(&mut kept_up) {
                tokio::time::sleep_until(next_look).await;
            }
            let asked = Instant::now();
            let worth_a_look = async {
                partials.freed().await;
                tokio::time::sleep_until(next_look).await;
            };
            let chunk = tokio::select! {
                biased;
                chunk = deadlines.bound(opened.chunk()) => chunk,
                () = worth_a_look, if unseen => {
                    answer.show(decoder.text(), partials);
                    next_look = tokio::time::Instant::now() + BETWEEN_LOOKS;
                    unseen = false;
                    continue;
                }
            };
            let bytes = match chunk {
                Ok(Some(bytes)) => bytes,
                Ok(None) => break,
                // Nothing of the answer is lost.
                Err(_) if decoder.is_complete() => break,
                Err(error) => return Err(Interruption::Transport(error)),
            };
            kept_up = asked.elapsed() >= KEPT_UP;
            deltas.clear();
            let pushed = decoder.push(&bytes, &mut deltas);
            deadlines.heard(!deltas.is_empty());
            if self.keep_bytes {
                self.stream.add(decoder.take_events(), deadlines.time_to_first_token().map(milliseconds));
            }
            pushed.map_err(Interruption::Reply)?;
            // Thoughts are a sign of life, and no part of the answer.
            unseen |= deltas.iter().any(|delta| matches!(delta, Delta::Text(_)));
            if unseen && partials.is_free() && tokio::time::Instant::now() >= next_look {
                answer.show(decoder.text(), partials);
                next_look = tokio::time::Instant::now() + BETWEEN_LOOKS;
                unseen = false;
            }
        }
        Ok(())
    }

    /// How long it has run.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        milliseconds(self.started.elapsed())
    }

    fn transport_failure(&self, error: &TransportError) -> Failure {
        let (kind, status, cause) = match error.kind {
            TransportErrorKind::Connect => (FailureKind::Http, 503, Cause::Network),
            TransportErrorKind::Broken => (FailureKind::Http, BROKEN, Cause::Network),
            TransportErrorKind::Unsendable => (FailureKind::Client, BROKEN, Cause::Unusable),
            TransportErrorKind::OutOfReach => (FailureKind::InvalidArgument, BROKEN, Cause::Unusable),
            TransportErrorKind::Timeout { .. } => (FailureKind::Timeout, 408, Cause::Timeout),
        };
        Failure::new(kind, messages::transport(&self.client_name, &error.message)).with(|details| {
            details.client_name = Some(self.client_name.clone());
            details.status_code = Some(status);
            details.cause = Some(cause);
            details.request_id.clone_from(&self.request_id);
            details.transport = Some(error.message.clone());
            if let TransportErrorKind::Timeout { option, configured_ms } = error.kind {
                details.timeout = Some(TimeoutDetails {
                    timeout_type: option,
                    configured_value_ms: configured_ms,
                    elapsed_ms: self.elapsed_ms(),
                });
            }
        })
    }

    fn reply_failure(&mut self, error: ReplyError) -> Failure {
        let finish_reason_refused = error.kind == ReplyErrorKind::FinishReason;
        if finish_reason_refused {
            self.usage = error.usage;
        }
        let (kind, cause) = match error.kind {
            ReplyErrorKind::Status => (FailureKind::Http, Cause::Status),
            ReplyErrorKind::Reported => (FailureKind::Http, Cause::Reported),
            ReplyErrorKind::Malformed | ReplyErrorKind::Truncated => (FailureKind::Http, Cause::Malformed),
            ReplyErrorKind::FinishReason => (FailureKind::FinishReason, Cause::FinishReason),
            ReplyErrorKind::Refusal | ReplyErrorKind::Blocked | ReplyErrorKind::Unsupported => {
                (FailureKind::Client, Cause::Refusal)
            }
        };
        let retry_after_ms = error.retry_after.map(milliseconds).or_else(|| {
            // A date in seconds, to be waited for by the clock of this machine.
            error.retry_after_date.map(|date| date.saturating_mul(1000).saturating_sub(clock::unix_ms()))
        });
        Failure::new(kind, messages::transport(&self.client_name, &error.message)).with(|details| {
            details.client_name = Some(self.client_name.clone());
            if !finish_reason_refused {
                details.status_code = Some(error.status);
                details.raw_response = error.received;
            }
            details.cause = Some(cause);
            details.reported_status = error.reported_status;
            details.retry_after_ms = retry_after_ms;
            details.request_id = error.request_id;
            details.finish_reason = error.finish_reason;
            details.raw_output = error.text;
            details.prompt = self.prompt.as_ref().map(prompt_text);
        })
    }

    /// The record of the attempt; `selected` says whether its reply is the one that is used.
    pub(crate) fn record(&self, selected: bool) -> Attempt {
        Attempt {
            timing: Timing { start_time_utc_ms: self.start_time_utc_ms, duration_ms: self.elapsed_ms() },
            client_name: self.client_name.clone(),
            provider: self.provider.clone(),
            selected,
            usage: self.usage,
            counts_cached_apart: self.counts_cached_apart,
            reasoning: self.reasoning.clone(),
            request: self.request.clone(),
            response: self.response.clone(),
            // Without an event it was no stream, whatever was asked for.
            stream: (!self.stream.is_empty()).then(|| self.stream.clone()),
            status: self.status,
            reason: self.reason.clone(),
            arms: self.arms.clone(),
            kind: None,
            error: None,
        }
    }
}

/// How long after a partial value the next one is made: as often as a fast screen is drawn, and a provider that sends
/// thousands of events a second costs no more.
const BETWEEN_LOOKS: Duration = Duration::from_millis(8);

/// Who waited this long for bytes has read all that came before. Until the next look they may gather: to be woken for
/// each event costs more than to read it.
const KEPT_UP: Duration = Duration::from_micros(250);

/// How a stream that breaks off is known by its users.
const BROKEN: u16 = 2;

/// How long the end of a body may lag behind the end of its answer before the connection is given up.
const REST_OF_BODY: Duration = Duration::from_secs(1);

/// Reads a body to its end after the end of its answer, so that the connection is there for the next call. Mostly
/// the end has come by now; when it has not, the call does not wait for it.
async fn drain(mut opened: Opened) {
    let is_at_its_end = tokio::select! {
        biased;
        chunk = opened.chunk() => !matches!(chunk, Ok(Some(_))),
        () = std::future::ready(()) => false,
    };
    if !is_at_its_end {
        let rest = async move { while let Ok(Some(_)) = opened.chunk().await {} };
        tokio::spawn(tokio::time::timeout(REST_OF_BODY, rest));
    }
}

/// Why a stream has no end.
enum Interruption {
    Transport(TransportError),
    Reply(Box<ReplyError>),
}

/// A body as it may be shown: the client's keys blotted out, should it repeat one.
fn redacted(client: &Client, body: Bytes) -> Bytes {
    match client.redact(&String::from_utf8_lossy(&body)) {
        Cow::Borrowed(_) => body,
        Cow::Owned(text) => text.into(),
    }
}

fn request_failure(error: &llm::Error) -> Failure {
    Failure::new(FailureKind::InvalidArgument, error.to_string())
}
