//! What happened in a call: its attempts, their requests and replies, times and tokens. Secrets are redacted
//! before they get here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use align::Account;
use bytes::Bytes;
use indexmap::IndexMap;
use llm::{HeaderValue, HttpRequest, SseRecord};
use registry::Arm;
use types::{Prompt, Usage};

use crate::clock::iso_8601;
use crate::identifier::identifier;
use crate::log::prompt_text;

/// Collects the logs of the calls it was given to, in the order in which they began. The log of a call that is
/// under way has the attempts that failed so far, and the streamed one that is under way. Cheap to clone: clones share their logs.
#[derive(Clone, Debug)]
pub struct Collector(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    logs: Mutex<Vec<Arc<FunctionLog>>>,
}

impl Collector {
    /// An empty collector.
    pub fn new(name: impl Into<String>) -> Self {
        Self(Arc::new(Inner { name: name.into(), logs: Mutex::default() }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The logs so far.
    #[must_use]
    pub fn logs(&self) -> Vec<Arc<FunctionLog>> {
        self.lock().clone()
    }

    /// The newest log.
    #[must_use]
    pub fn last(&self) -> Option<Arc<FunctionLog>> {
        self.lock().last().cloned()
    }

    /// The log with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Arc<FunctionLog>> {
        self.lock().iter().find(|log| log.id == id).cloned()
    }

    /// The tokens of all logs added up.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let mut sum = Usage::default();
        for log in self.lock().iter() {
            sum += log.usage;
        }
        sum
    }

    /// Forgets all logs; answers how many there were.
    #[must_use]
    pub fn clear(&self) -> usize {
        std::mem::take(&mut *self.lock()).len()
    }

    /// Puts the log of a call in place of the one with the same id, or adds it.
    pub(crate) fn put(&self, log: &Arc<FunctionLog>) {
        let mut logs = self.lock();
        match logs.iter().rposition(|known| known.id == log.id) {
            Some(position) => logs[position] = Arc::clone(log),
            None => logs.push(Arc::clone(log)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<FunctionLog>>> {
        self.0.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One call of a function.
#[derive(Clone, Debug)]
pub struct FunctionLog {
    /// `bfcall_` and a ULID.
    pub id: String,
    /// The function.
    pub function_name: String,
    /// Whether an answer came as a stream: as the peer has it, one that was asked for is not enough.
    pub streamed: bool,
    /// When it began and how long it took.
    pub timing: Timing,
    /// The tokens of the attempt that was used.
    pub usage: Usage,
    /// The attempts, in order.
    pub attempts: Vec<Attempt>,
    /// The text of the model that was used; `None` when every attempt failed.
    pub raw_llm_response: Option<String>,
    /// What was done to that text to make it fit the function's return type; `None` while there is no value.
    pub alignment: Option<Account>,
    /// The prompt that was sent last; `None` when none was.
    pub prompt: Option<Prompt>,
    /// The call's tags.
    pub tags: IndexMap<String, String>,
}

impl FunctionLog {
    /// What the model that was used thought before it answered, where its provider tells.
    #[must_use]
    pub fn reasoning(&self) -> Option<&str> {
        self.attempts.iter().find(|attempt| attempt.selected)?.reasoning.as_deref()
    }

    /// The prompt as one text: each message under its role, media by kind.
    #[must_use]
    pub fn prompt_text(&self) -> Option<String> {
        self.prompt.as_ref().map(prompt_text)
    }
}

/// When something began and how long it took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Milliseconds since 1970.
    pub start_time_utc_ms: u64,
    /// Milliseconds.
    pub duration_ms: u64,
}

impl Timing {
    /// The beginning as ISO 8601 in UTC: `2026-11-22T08:30:00.000Z`.
    #[must_use]
    pub fn start_time_text(&self) -> String {
        iso_8601(self.start_time_utc_ms)
    }
}

/// One attempt of a call.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The client.
    pub client_name: String,
    /// Its provider.
    pub provider: String,
    /// Whether its reply is the one that was used.
    pub selected: bool,
    /// When it began and how long it took.
    pub timing: Timing,
    /// Its tokens.
    pub usage: Usage,
    /// Whether cached tokens of the prompt are counted beside its input tokens, and not among them.
    pub counts_cached_apart: bool,
    /// What the model thought before it answered, where the provider tells.
    pub reasoning: Option<String>,
    /// What was sent; `None` when nothing could be.
    pub request: Option<RequestRecord>,
    /// What came back, when it came whole; `None` when nothing did.
    pub response: Option<ResponseRecord>,
    /// What came back, when it came as a stream.
    pub stream: Option<StreamRecord>,
    /// The status of the answer; `None` when none came.
    pub status: Option<u16>,
    /// Why it was made: `first`, `retry 1 after network`, `next of Backup after status`.
    pub reason: String,
    /// What weighted clients chose on the way to its client, from the outside in.
    pub arms: Vec<Arm>,
    /// What failed, as [`crate::Failure::code`] says it; `None` when it did not fail.
    pub kind: Option<&'static str>,
    /// Why it failed, in words; `None` when it did not.
    pub error: Option<String>,
}

/// A request as sent, with secret headers redacted.
#[derive(Clone, Debug)]
pub struct RequestRecord {
    /// `breq_` and a ULID.
    pub id: String,
    /// The URL.
    pub url: String,
    /// The method.
    pub method: &'static str,
    /// The headers that we set; secret ones read `[redacted]`.
    pub headers: IndexMap<String, String>,
    /// The body.
    pub body: Bytes,
}

/// A reply as received.
#[derive(Clone, Debug)]
pub struct ResponseRecord {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: IndexMap<String, String>,
    /// The body.
    pub body: Bytes,
}

/// A stream as received. Clones share what is received: the record of one that is under way grows.
#[derive(Clone, Debug, Default)]
pub struct StreamRecord(Arc<Mutex<Received>>);

#[derive(Debug, Default)]
struct Received {
    time_to_first_token_ms: Option<u64>,
    events: Vec<SseRecord>,
}

impl StreamRecord {
    /// From the request to the first text, in milliseconds; `None` when no text came.
    #[must_use]
    pub fn time_to_first_token_ms(&self) -> Option<u64> {
        self.lock().time_to_first_token_ms
    }

    /// The events so far, in order.
    #[must_use]
    pub fn events(&self) -> Vec<SseRecord> {
        self.lock().events.clone()
    }

    /// Whether no event has come.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().events.is_empty()
    }

    /// Adds events, and the wait for the first text when it is over.
    pub(crate) fn add(&self, events: Vec<SseRecord>, time_to_first_token_ms: Option<u64>) {
        let mut received = self.lock();
        received.events.extend(events);
        received.time_to_first_token_ms = time_to_first_token_ms;
    }

    fn lock(&self) -> MutexGuard<'_, Received> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands in place of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

impl RequestRecord {
    /// For a log: secret headers redacted.
    pub(crate) fn redacted(request: &HttpRequest) -> Self {
        Self::of(request, request.display_url(), |value| match value {
            HeaderValue::Plain(text) => text.clone(),
            HeaderValue::Secret(_) => REDACTED.to_owned(),
        })
    }

    /// For a user who asked for the request itself: whole, keys included.
    pub(crate) fn whole(request: &HttpRequest) -> Self {
        Self::of(request, request.url.clone(), |value| value.expose().to_owned())
    }

    fn of(request: &HttpRequest, url: String, show: impl Fn(&HeaderValue) -> String) -> Self {
        let headers = request.headers.iter().map(|(name, value)| (name.clone(), show(value))).collect();
        Self { id: identifier("breq"), url, method: request.method, headers, body: request.body.clone() }
    }
}
