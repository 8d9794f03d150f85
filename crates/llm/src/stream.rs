//! Streamed answers: bytes in as they come, text out, and what went wrong.

mod elements;
mod form;
mod progress;

use types::Usage;

use crate::anthropic;
use crate::bedrock;
use crate::client::Client;
use crate::event_stream::{EventStreamDecoder, EventStreamMessage};
use crate::google;
use crate::openai_chat;
use crate::openai_responses;
use crate::provider::Dialect;
use crate::reply::{Answer, Reply, ReplyError, ReplyErrorKind, messages, reply, with_details};
use crate::sse::{EventTooLarge, SseDecoder, SseEvent};
use elements::Elements;
use form::{Kind, Opening};
pub(crate) use progress::{EventOutcome, PARAGRAPH, Progress};

/// The largest body that is taken in place of a stream.
const LARGEST_BODY_BYTES: usize = 64 << 20;

/// What a stream adds to the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delta {
    /// Text after the text so far. Never empty.
    Text(String),
    /// Thoughts after the thoughts so far: no part of the answer. Never empty.
    Reasoning(String),
}

/// A stream that ended well.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamEnd {
    /// The whole answer.
    pub reply: Reply,
    /// How many events could not be read and were passed over, because others came after them. Text may be
    /// missing.
    pub skipped_events: usize,
}

/// An event as it came, for people who look at it. Holds no key of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseRecord {
    /// Its name, where one was given.
    pub event: Option<String>,
    /// Its data.
    pub data: String,
}

/// Reads a streamed answer of one client. It is given the bytes of the body in any pieces, and a body that is
/// no stream is read as [`crate::reply`] does: an error, or an answer that a gateway gave whole.
#[derive(Debug)]
pub struct Decoder<'client> {
    client: &'client Client,
    status: u16,
    headers: Vec<(String, String)>,
    form: Form,
    progress: Progress,
    skipped_events: usize,
    /// The first of the last unreadable events, when nothing that could be read has come since.
    unreadable: Option<String>,
    kept_events: Option<Vec<SseRecord>>,
    failed: Option<Box<ReplyError>>,
}

/// What the body turned out to be.
#[derive(Debug)]
enum Form {
    /// Nothing but white space has come.
    Unknown(Opening),
    Events(SseDecoder),
    /// A JSON array, whose elements are what events would hold.
    Elements(Elements),
    Messages(EventStreamDecoder),
    Body(Vec<u8>),
    /// The end was read.
    Ended,
}

impl<'client> Decoder<'client> {
    /// A decoder at the start of a body. `headers` are names, in any case, and values. The status may be any:
    /// the body of a failure is collected, and [`Decoder::finish`] tells what it says.
    #[must_use]
    pub fn new(client: &'client Client, status: u16, headers: &[(String, String)]) -> Self {
        let form = if is_success(status) {
            let media_type = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            Form::Unknown(Opening::new(media_type.map(|(_, value)| value.as_str())))
        } else {
            Form::Body(Vec::new())
        };
        Self {
            client,
            status,
            headers: headers.to_vec(),
            form,
            progress: Progress::default(),
            skipped_events: 0,
            unreadable: None,
            kept_events: None,
            failed: None,
        }
    }

    /// Keeps the events as they come, for [`Decoder::take_events`].
    #[must_use]
    pub fn keep_events(mut self) -> Self {
        self.kept_events = Some(Vec::new());
        self
    }

    /// Takes the next bytes of the body and appends what they add to the answer.
    ///
    /// # Errors
    /// The provider reported a failure, or the bytes are no stream that this client's dialect can read. What
    /// was appended before is good. Every later call gives the same error.
    pub fn push(&mut self, bytes: &[u8], deltas: &mut Vec<Delta>) -> Result<(), Box<ReplyError>> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let result = self.read(bytes, deltas);
        self.remember(result)
    }

    /// Reads the end of the body: to be called once, when all bytes were pushed.
    ///
    /// # Errors
    /// The stream ended before the answer did, nothing in it could be read, the model refused to answer, or the
    /// client does not accept its finish reason; and the error that [`Decoder::push`] gave, if it gave one.
    pub fn finish(&mut self, deltas: &mut Vec<Delta>) -> Result<StreamEnd, Box<ReplyError>> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let result = match std::mem::replace(&mut self.form, Form::Ended) {
            Form::Body(body) => self.end_of_body(&body, deltas),
            Form::Events(decoder) => self.end_of_events(decoder.into_unfinished(), deltas),
            Form::Elements(elements) => self.end_of_events(elements.into_unfinished().map(element), deltas),
            Form::Messages(_) | Form::Unknown(_) | Form::Ended => self.end_of_stream(),
        };
        let skipped_events = self.skipped_events;
        self.remember(result.map(|reply| StreamEnd { reply, skipped_events }))
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        let text = self.progress.text.as_str();
        match self.client.form() {
            Some(form) if !self.progress.is_bare => form.answer(text, false),
            _ => text,
        }
    }

    /// The thoughts so far, where the provider tells them.
    #[must_use]
    pub fn reasoning(&self) -> &str {
        &self.progress.reasoning
    }

    /// The tokens that the provider has counted so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.progress.usage
    }

    /// Whether the provider said that nothing more comes: there is no need to read on.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.progress.is_done
    }

    /// Whether the answer is whole: a connection that breaks now has lost the token counts at most.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.progress.is_done || self.progress.finish_reason.is_some()
    }

    /// The events since the last call, if they are kept.
    pub fn take_events(&mut self) -> Vec<SseRecord> {
        self.kept_events.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn read(&mut self, bytes: &[u8], deltas: &mut Vec<Delta>) -> Result<(), Box<ReplyError>> {
        let Form::Unknown(opening) = &mut self.form else { return self.read_form(bytes, deltas) };
        let Some(start) = opening.read(bytes) else { return Ok(()) };
        let speaks_gemini = matches!(self.client.reply_dialect(), Some(Dialect::Google | Dialect::Vertex));
        self.form = match start.kind {
            Kind::Events => Form::Events(SseDecoder::default()),
            Kind::Messages => Form::Messages(EventStreamDecoder::default()),
            Kind::Array if speaks_gemini => Form::Elements(Elements::default()),
            Kind::Array | Kind::Other => Form::Body(Vec::new()),
        };
        self.read_form(start.withheld, deltas)?;
        self.read_form(start.rest, deltas)
    }

    fn read_form(&mut self, bytes: &[u8], deltas: &mut Vec<Delta>) -> Result<(), Box<ReplyError>> {
        match &mut self.form {
            Form::Events(decoder) => {
                let mut events = Vec::new();
                let pushed = decoder.push(bytes, &mut events);
                self.read_events(events, pushed, deltas)
            }
            Form::Elements(decoder) => {
                let mut elements = Vec::new();
                let pushed = decoder.push(bytes, &mut elements);
                self.read_events(elements.into_iter().map(element), pushed, deltas)
            }
            Form::Messages(decoder) => {
                let mut messages = Vec::new();
                let pushed = decoder.push(bytes, &mut messages);
                for message in messages {
                    self.read_message(&message, deltas)?;
                }
                pushed.map_err(|error| {
                    self.error(ReplyErrorKind::Malformed, &messages::message_not_readable(error))
                })
            }
            Form::Body(body) => {
                let room = LARGEST_BODY_BYTES.saturating_sub(body.len());
                let fits = bytes.len() <= room;
                body.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
                // Of the body of a failure, the beginning is enough.
                if fits || !is_success(self.status) {
                    return Ok(());
                }
                Err(self.error(ReplyErrorKind::Malformed, &messages::body_too_large(LARGEST_BODY_BYTES)))
            }
            Form::Unknown(_) | Form::Ended => Ok(()),
        }
    }

    fn read_events(
        &mut self,
        events: impl IntoIterator<Item = SseEvent>,
        pushed: Result<(), EventTooLarge>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), Box<ReplyError>> {
        for event in events {
            self.read_event(event, deltas)?;
        }
        pushed.map_err(|EventTooLarge { limit }| {
            self.error(ReplyErrorKind::Malformed, &messages::event_too_large(limit))
        })
    }

    fn read_event(&mut self, event: SseEvent, deltas: &mut Vec<Delta>) -> Result<(), Box<ReplyError>> {
        if self.progress.is_done {
            return Ok(());
        }
        self.keep(&event);
        let said = self.said();
        let outcome = self.apply(&event)?;
        self.settle(outcome, event.data, said, deltas)
    }

    fn read_message(
        &mut self,
        message: &EventStreamMessage,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), Box<ReplyError>> {
        let event = bedrock::event(message);
        self.keep(&event);
        let said = self.said();
        let outcome = match self.client.reply_dialect() {
            Some(Dialect::Bedrock) => bedrock::read_message(message, &mut self.progress),
            _ => return Err(self.error(ReplyErrorKind::Unsupported, &messages::unsupported(self.client))),
        };
        self.settle(outcome, event.data, said, deltas)
    }

    fn keep(&mut self, event: &SseEvent) {
        if let Some(kept) = &mut self.kept_events {
            let data = self.client.redact(&event.data).into_owned();
            kept.push(SseRecord { event: event.event.clone(), data });
        }
    }

    /// How much text and how much thought there is.
    fn said(&self) -> (usize, usize) {
        (self.text().len(), self.progress.reasoning.len())
    }

    /// What an event with this data comes to. `said` is what there was before it.
    fn settle(
        &mut self,
        outcome: EventOutcome,
        data: String,
        said: (usize, usize),
        deltas: &mut Vec<Delta>,
    ) -> Result<(), Box<ReplyError>> {
        let (length, thoughts) = said;
        match outcome {
            EventOutcome::Read => self.unreadable = None,
            EventOutcome::Nothing => {}
            EventOutcome::Unreadable => {
                self.skipped_events += 1;
                self.unreadable.get_or_insert(data);
            }
            EventOutcome::Reported { told, status } => {
                let error = self.error(ReplyErrorKind::Reported, &messages::reported(&told));
                let error = with_details(error, serde_json::from_str(&data).ok().as_ref());
                let error = self.with_received(error, &data);
                return Err(Box::new(ReplyError { reported_status: status, ..*error }));
            }
            EventOutcome::Blocked { reason, told } => {
                let error = self.answer().blocked(&reason, told.as_deref());
                let error = Box::new(ReplyError { usage: self.progress.usage, ..*error });
                return Err(self.with_received(error, &data));
            }
        }
        if let Some(added) = added(&self.progress.reasoning, thoughts) {
            deltas.push(Delta::Reasoning(added));
        }
        if let Some(added) = added(self.text(), length) {
            deltas.push(Delta::Text(added));
        }
        Ok(())
    }

    fn apply(&mut self, event: &SseEvent) -> Result<EventOutcome, Box<ReplyError>> {
        match self.client.reply_dialect() {
            Some(Dialect::OpenAiChat) => Ok(openai_chat::read_event(event, &mut self.progress)),
            Some(Dialect::OpenAiResponses) => Ok(openai_responses::read_event(event, &mut self.progress)),
            Some(Dialect::Anthropic) => {
                let takes_tools = self.client.form().is_some();
                Ok(anthropic::read_event(event, &mut self.progress, takes_tools))
            }
            Some(Dialect::Google | Dialect::Vertex) => Ok(google::read_event(event, &mut self.progress)),
            _ => Err(self.error(ReplyErrorKind::Unsupported, &messages::unsupported(self.client))),
        }
    }

    /// The body is no stream.
    fn end_of_body(&mut self, body: &[u8], deltas: &mut Vec<Delta>) -> Result<Reply, Box<ReplyError>> {
        match reply(self.client, self.status, &self.headers, body) {
            Ok(reply) => {
                self.progress.usage = reply.usage;
                self.progress.text.clone_from(&reply.text);
                self.progress.is_bare = true;
                if let Some(reasoning) = &reply.reasoning {
                    self.progress.reasoning.clone_from(reasoning);
                    deltas.push(Delta::Reasoning(reasoning.clone()));
                }
                if !reply.text.is_empty() {
                    deltas.push(Delta::Text(reply.text.clone()));
                }
                Ok(reply)
            }
            Err(error) => {
                self.progress.usage = error.usage;
                Err(self.with_received(error, &String::from_utf8_lossy(body)))
            }
        }
    }

    fn end_of_events(
        &mut self,
        unfinished: Option<SseEvent>,
        deltas: &mut Vec<Delta>,
    ) -> Result<Reply, Box<ReplyError>> {
        if let Some(event) = unfinished {
            // Half an event is no fault of the provider's: it is the end that came too early.
            let (unreadable, skipped_events) = (self.unreadable.clone(), self.skipped_events);
            self.read_event(event, deltas)?;
            if self.skipped_events > skipped_events {
                (self.unreadable, self.skipped_events) = (unreadable, skipped_events);
            }
        }
        self.end_of_stream()
    }

    fn end_of_stream(&self) -> Result<Reply, Box<ReplyError>> {
        if self.progress.finish_reason.is_none() {
            self.check_end()?;
        }
        let progress = &self.progress;
        if progress.text.is_empty() && !progress.refusal.is_empty() {
            let message = messages::refusal(&progress.refusal);
            return Err(self.error(ReplyErrorKind::Refusal, &message));
        }
        if !progress.has_answer {
            return Err(self.error(ReplyErrorKind::Malformed, &messages::no_answer()));
        }
        self.answer().accept(progress.reply())
    }

    /// Whether a stream without a finish reason may end here.
    fn check_end(&self) -> Result<(), Box<ReplyError>> {
        if let Some(data) = &self.unreadable {
            let error = self.error(ReplyErrorKind::Malformed, &messages::event_not_readable(data));
            return Err(self.with_received(error, data));
        }
        let progress = &self.progress;
        let (kind, message) = match (progress.is_done, progress.has_answer) {
            (true, true) => return Ok(()),
            (true, false) => (ReplyErrorKind::Malformed, messages::no_answer()),
            (false, true) => (ReplyErrorKind::Truncated, messages::stream_cut(self.client.reply_dialect())),
            (false, false) => (ReplyErrorKind::Truncated, messages::stream_empty()),
        };
        let text = Some(self.text().to_owned()).filter(|text| !text.is_empty());
        Err(Box::new(ReplyError { text, ..*self.error(kind, &message) }))
    }

    fn error(&self, kind: ReplyErrorKind, message: &str) -> Box<ReplyError> {
        Box::new(ReplyError { usage: self.progress.usage, ..*self.answer().error(kind, message) })
    }

    fn with_received(&self, error: Box<ReplyError>, received: &str) -> Box<ReplyError> {
        Box::new(ReplyError { received: Some(self.client.redact(received).into_owned()), ..*error })
    }

    /// What the errors are about; the body is read already.
    fn answer(&self) -> Answer<'_> {
        Answer { client: self.client, status: self.status, headers: &self.headers, body: &[] }
    }

    fn remember<T>(&mut self, result: Result<T, Box<ReplyError>>) -> Result<T, Box<ReplyError>> {
        if let Err(error) = &result {
            self.failed = Some(error.clone());
        }
        result
    }
}

/// An element of an array as the event that would hold it.
fn element(data: String) -> SseEvent {
    SseEvent { data, ..SseEvent::default() }
}

/// What stands after the first `length` bytes.
fn added(text: &str, length: usize) -> Option<String> {
    text.get(length..).filter(|added| !added.is_empty()).map(str::to_owned)
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}
