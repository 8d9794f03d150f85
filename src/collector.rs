//! The Collector and what it shows: logs, attempts, requests, replies, times and tokens.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use napi::Result;
use napi::bindgen_prelude::{ArrayBuffer, Either, Env, JsObjectValue, Object, Unknown};
use napi_derive::napi;
use runtime::{Account, Arm, Attempt, RequestRecord, ResponseRecord};

use crate::failure::number;
use crate::value::{count, to_js};

/// Collects the logs of the calls that it is given to.
#[napi]
pub struct Collector {
    pub(crate) inner: runtime::Collector,
}

#[napi]
impl Collector {
    /// An empty collector; its name is `collector` unless given.
    #[napi(constructor)]
    pub fn new(name: Option<String>) -> Self {
        Self { inner: runtime::Collector::new(name.unwrap_or_else(|| "collector".to_owned())) }
    }

    /// The logs so far, oldest first.
    #[napi(getter)]
    pub fn logs(&self) -> Vec<FunctionLog> {
        self.inner.logs().into_iter().map(|inner| FunctionLog { inner }).collect()
    }

    /// The newest log.
    #[napi(getter)]
    pub fn last(&self) -> Option<FunctionLog> {
        self.inner.last().map(|inner| FunctionLog { inner })
    }

    /// The log with this id.
    #[napi]
    pub fn id(&self, function_log_id: String) -> Option<FunctionLog> {
        self.inner.find(&function_log_id).map(|inner| FunctionLog { inner })
    }

    /// The tokens of all logs added up.
    #[napi(getter)]
    pub fn usage(&self) -> Usage {
        Usage { inner: self.inner.usage() }
    }

    /// Forgets all logs; answers how many there were.
    #[napi]
    pub fn clear(&self) -> u32 {
        u32::try_from(self.inner.clear()).unwrap_or(u32::MAX)
    }

    /// The name and the ids of the logs.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        let ids: Vec<String> = self.inner.logs().iter().map(|log| log.id.clone()).collect();
        format!("LogCollector(name={}, function_log_ids=[{}])", self.inner.name(), ids.join(", "))
    }
}

/// One call of a function.
#[napi]
pub struct FunctionLog {
    inner: Arc<runtime::FunctionLog>,
}

#[napi]
impl FunctionLog {
    /// `bfcall_` and an identifier that sorts by time.
    #[napi(getter)]
    pub fn id(&self) -> String {
        self.inner.id.clone()
    }

    /// The function.
    #[napi(getter)]
    pub fn function_name(&self) -> String {
        self.inner.function_name.clone()
    }

    /// `call` or `stream`.
    #[napi(getter, ts_return_type = "'call' | 'stream'")]
    pub fn log_type(&self) -> &'static str {
        if self.inner.streamed { "stream" } else { "call" }
    }

    /// When the call began and how long it took.
    #[napi(getter)]
    pub fn timing(&self) -> Timing {
        Timing { inner: self.inner.timing }
    }

    /// The tokens of the attempt that was used.
    #[napi(getter)]
    pub fn usage(&self) -> Usage {
        Usage { inner: self.inner.usage }
    }

    /// The attempts, in order.
    #[napi(getter)]
    pub fn calls(&self) -> Vec<Either<LlmCall, LlmStreamCall>> {
        (0..self.inner.attempts.len()).map(|index| self.call(index)).collect()
    }

    /// The attempt that was used; `null` when every attempt failed.
    #[napi(getter)]
    pub fn selected_call(&self) -> Option<Either<LlmCall, LlmStreamCall>> {
        self.inner.attempts.iter().position(|attempt| attempt.selected).map(|index| self.call(index))
    }

    fn call(&self, index: usize) -> Either<LlmCall, LlmStreamCall> {
        let log = Arc::clone(&self.inner);
        let streamed = log.attempts[index].stream.is_some();
        if streamed { Either::B(LlmStreamCall { log, index }) } else { Either::A(LlmCall { log, index }) }
    }

    /// The model's text; `null` when every attempt failed.
    #[napi(getter)]
    pub fn raw_llm_response(&self) -> Option<String> {
        self.inner.raw_llm_response.clone()
    }

    /// What the model thought before it answered; `null` where its provider does not tell.
    #[napi(getter)]
    pub fn reasoning(&self) -> Option<String> {
        self.inner.reasoning().map(str::to_owned)
    }

    /// What was done to the model's text to make it fit the function's return type; `null` while there is no value.
    #[napi(getter, ts_return_type = "Alignment | null")]
    pub fn alignment<'env>(&self, env: &'env Env) -> Result<Option<Object<'env>>> {
        self.inner.alignment.as_ref().map(|account| alignment_to_js(env, account)).transpose()
    }

    /// The call's tags.
    #[napi(getter, ts_return_type = "Record<string, string>")]
    pub fn tags(&self) -> HashMap<String, String> {
        self.inner.tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// The log in one line.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        format!(
            "FunctionLog(id={}, function_name={}, type={}, calls={}, duration_ms={})",
            self.inner.id,
            self.inner.function_name,
            self.log_type(),
            self.inner.attempts.len(),
            self.inner.timing.duration_ms
        )
    }
}

macro_rules! attempt_class {
    ($class:ident, $timing:ident, $doc:literal) => {
        #[doc = $doc]
        #[napi]
        pub struct $class {
            log: Arc<runtime::FunctionLog>,
            index: usize,
        }

        #[napi]
        impl $class {
            fn attempt(&self) -> &Attempt {
                &self.log.attempts[self.index]
            }

            /// The client.
            #[napi(getter)]
            pub fn client_name(&self) -> String {
                self.attempt().client_name.clone()
            }

            /// Its provider.
            #[napi(getter)]
            pub fn provider(&self) -> String {
                self.attempt().provider.clone()
            }

            /// Whether its reply is the one that was used.
            #[napi(getter)]
            pub fn selected(&self) -> bool {
                self.attempt().selected
            }

            /// When the attempt began and how long it took.
            #[napi(getter)]
            pub fn timing(&self) -> $timing {
                $timing::of(self.attempt())
            }

            /// Its tokens; each count is `null` when nothing was counted.
            #[napi(getter)]
            pub fn usage(&self) -> Usage {
                Usage { inner: self.attempt().usage }
            }

            /// What the model thought before it answered; `null` where its provider does not tell.
            #[napi(getter)]
            pub fn reasoning(&self) -> Option<String> {
                self.attempt().reasoning.clone()
            }

            /// What was sent, with secret headers redacted; `null` when nothing could be sent.
            #[napi(getter)]
            pub fn http_request(&self) -> Option<HttpRequest> {
                self.attempt().request.clone().map(|inner| HttpRequest { inner })
            }

            /// What came back, when it came whole; `null` when nothing did.
            #[napi(getter)]
            pub fn http_response(&self) -> Option<HttpResponse> {
                self.attempt().response.clone().map(|inner| HttpResponse { inner })
            }

            /// The status of the answer; `null` when none came.
            #[napi(getter)]
            pub fn status(&self) -> Option<u32> {
                self.attempt().status.map(u32::from)
            }

            /// Why the attempt was made: `first`, `retry 1 after network`, `next of Backup after status`.
            #[napi(getter)]
            pub fn reason(&self) -> String {
                self.attempt().reason.clone()
            }

            /// What weighted clients chose on the way to the client, from the outside in.
            #[napi(getter, ts_return_type = "PlanArm[]")]
            pub fn arms<'env>(&self, env: &'env Env) -> Result<Vec<Object<'env>>> {
                self.attempt().arms.iter().map(|arm| arm_object(env, arm)).collect()
            }

            /// What failed, in the word that the error's `code` has; `null` when nothing did.
            #[napi(getter)]
            pub fn kind(&self) -> Option<&'static str> {
                self.attempt().kind
            }

            /// Why the attempt failed, in words; `null` when it did not.
            #[napi(getter)]
            pub fn error(&self) -> Option<String> {
                self.attempt().error.clone()
            }

            /// The attempt in one line.
            #[napi(js_name = "toString")]
            pub fn text(&self) -> String {
                let attempt = self.attempt();
                format!(
                    concat!(stringify!($class), "(client={}, provider={}, selected={}, duration_ms={})"),
                    attempt.client_name, attempt.provider, attempt.selected, attempt.timing.duration_ms
                )
            }
        }
    };
}

fn arm_object<'env>(env: &'env Env, arm: &Arm) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set("strategy", &*arm.strategy)?;
    object.set("member", &*arm.member)?;
    object.set("sticky", arm.sticky)?;
    Ok(object)
}

attempt_class!(LlmCall, Timing, "One attempt of a call.");
attempt_class!(LlmStreamCall, StreamTiming, "One attempt of a call whose answer was streamed.");

#[napi]
impl LlmStreamCall {
    /// The events as received; `null` when no stream began.
    #[napi]
    pub fn sse_responses(&self) -> Option<Vec<SseResponse>> {
        let stream = self.attempt().stream.as_ref()?;
        Some(stream.events().into_iter().map(|inner| SseResponse { inner }).collect())
    }
}

/// One event of a streamed answer.
#[napi]
pub struct SseResponse {
    inner: runtime::SseRecord,
}

#[napi]
impl SseResponse {
    /// The event's data.
    #[napi(getter)]
    pub fn text(&self) -> String {
        self.inner.data.clone()
    }

    /// The data as JSON. Throws when it is not JSON.
    #[napi(ts_return_type = "any")]
    pub fn json<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        json(env, self.inner.data.as_bytes())
    }
}

/// When a streamed attempt began, how long it took, and when its first text came.
#[napi]
pub struct StreamTiming {
    inner: runtime::Timing,
    time_to_first_token_ms: Option<u64>,
}

impl StreamTiming {
    fn of(attempt: &Attempt) -> Self {
        let stream = attempt.stream.as_ref();
        Self {
            inner: attempt.timing,
            time_to_first_token_ms: stream.and_then(runtime::StreamRecord::time_to_first_token_ms),
        }
    }
}

#[napi]
impl StreamTiming {
    /// Milliseconds since 1970.
    #[napi(getter)]
    pub fn start_time_utc_ms(&self) -> f64 {
        number(self.inner.start_time_utc_ms)
    }

    /// Milliseconds.
    #[napi(getter)]
    pub fn duration_ms(&self) -> f64 {
        number(self.inner.duration_ms)
    }

    /// Milliseconds from the request to the first text; `null` when no text came.
    #[napi(getter)]
    pub fn time_to_first_token_ms(&self) -> Option<f64> {
        self.time_to_first_token_ms.map(number)
    }

    /// All of it in one line.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        let first = self.time_to_first_token_ms.map_or_else(|| "null".to_owned(), |first| first.to_string());
        format!(
            "StreamTiming(start_time_utc_ms={}, duration_ms={}, time_to_first_token_ms={first})",
            self.inner.start_time_utc_ms, self.inner.duration_ms
        )
    }
}

/// When something began and how long it took.
#[napi]
pub struct Timing {
    inner: runtime::Timing,
}

impl Timing {
    fn of(attempt: &Attempt) -> Self {
        Self { inner: attempt.timing }
    }
}

#[napi]
impl Timing {
    /// Milliseconds since 1970.
    #[napi(getter)]
    pub fn start_time_utc_ms(&self) -> f64 {
        number(self.inner.start_time_utc_ms)
    }

    /// Milliseconds.
    #[napi(getter)]
    pub fn duration_ms(&self) -> f64 {
        number(self.inner.duration_ms)
    }

    /// Both in one line.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        format!(
            "Timing(start_time_utc_ms={}, duration_ms={})",
            self.inner.start_time_utc_ms, self.inner.duration_ms
        )
    }
}

/// Token counts; `null` where the provider did not say.
#[napi]
pub struct Usage {
    inner: types::Usage,
}

#[napi]
impl Usage {
    /// Tokens of the prompt, cached ones included.
    #[napi(getter)]
    pub fn input_tokens(&self) -> Option<f64> {
        count(self.inner.input_tokens)
    }

    /// Tokens of the reply.
    #[napi(getter)]
    pub fn output_tokens(&self) -> Option<f64> {
        count(self.inner.output_tokens)
    }

    /// Tokens of the prompt that came from the provider's cache.
    #[napi(getter)]
    pub fn cached_input_tokens(&self) -> Option<f64> {
        count(self.inner.cached_input_tokens)
    }

    /// The counts in one line.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        let show =
            |tokens: Option<u64>| tokens.map_or_else(|| "null".to_owned(), |tokens| tokens.to_string());
        format!(
            "Usage(input_tokens={}, output_tokens={}, cached_input_tokens={})",
            show(self.inner.input_tokens),
            show(self.inner.output_tokens),
            show(self.inner.cached_input_tokens)
        )
    }
}

/// A request as sent, or as it would be sent.
#[napi]
pub struct HttpRequest {
    pub(crate) inner: RequestRecord,
}

#[napi]
impl HttpRequest {
    /// `breq_` and an identifier that sorts by time.
    #[napi(getter)]
    pub fn id(&self) -> String {
        self.inner.id.clone()
    }

    /// The URL.
    #[napi(getter)]
    pub fn url(&self) -> String {
        self.inner.url.clone()
    }

    /// The method.
    #[napi(getter)]
    pub fn method(&self) -> &'static str {
        self.inner.method
    }

    /// The headers. In a log secret ones read `[redacted]`; in a request that you built they are whole.
    #[napi(getter, ts_return_type = "Record<string, string>")]
    pub fn headers<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        headers(env, &self.inner.headers)
    }

    /// The body.
    #[napi(getter)]
    pub fn body(&self) -> HttpBody {
        HttpBody { inner: self.inner.body.clone() }
    }

    /// Method and URL.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        format!("HttpRequest({} {})", self.inner.method, self.inner.url)
    }
}

/// A reply as received.
#[napi]
pub struct HttpResponse {
    inner: ResponseRecord,
}

#[napi]
impl HttpResponse {
    /// The status.
    #[napi(getter)]
    pub fn status(&self) -> u32 {
        u32::from(self.inner.status)
    }

    /// The headers.
    #[napi(getter, ts_return_type = "Record<string, string>")]
    pub fn headers<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        headers(env, &self.inner.headers)
    }

    /// The body.
    #[napi(getter)]
    pub fn body(&self) -> HttpBody {
        HttpBody { inner: self.inner.body.clone() }
    }

    /// The status and the size.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        format!("HttpResponse({}, {} bytes)", self.inner.status, self.inner.body.len())
    }
}

fn headers<'env>(env: &'env Env, headers: &indexmap::IndexMap<String, String>) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    for (name, value) in headers {
        object.set_named_property(name, value.as_str())?;
    }
    Ok(object)
}

/// The body of a request or a reply.
#[napi]
pub struct HttpBody {
    inner: Bytes,
}

#[napi]
impl HttpBody {
    /// The bytes.
    #[napi]
    pub fn raw<'env>(&self, env: &'env Env) -> Result<ArrayBuffer<'env>> {
        ArrayBuffer::from_data(env, self.inner.to_vec())
    }

    /// The bytes as UTF-8 text.
    #[napi]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.inner).into_owned()
    }

    /// The text as JSON. Throws when it is not JSON.
    #[napi(ts_return_type = "any")]
    pub fn json<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        json(env, &self.inner)
    }
}

fn json<'env>(env: &'env Env, text: &[u8]) -> Result<Unknown<'env>> {
    let json: serde_json::Value = serde_json::from_slice(text).map_err(|error| {
        napi::Error::new(napi::Status::GenericFailure, format!("this is not JSON: {error}"))
    })?;
    to_js(env, &json.into())
}

/// The account of an answer: `{ notes, more }`.
pub(crate) fn alignment_to_js<'env>(env: &'env Env, account: &Account) -> Result<Object<'env>> {
    let mut notes = env.create_array(0)?;
    for note in account.notes() {
        let mut entry = Object::new(env)?;
        entry.set("path", note.path())?;
        entry.set("change", note.leniency().change().name())?;
        entry.set("rule", note.leniency().name())?;
        entry.set("message", note.message())?;
        entry.set("count", u32::try_from(note.count()).unwrap_or(u32::MAX))?;
        notes.insert(entry)?;
    }
    let mut object = Object::new(env)?;
    object.set("notes", notes)?;
    object.set("more", u32::try_from(account.more()).unwrap_or(u32::MAX))?;
    Ok(object)
}
