//! What a log shows of each attempt: who was asked and why, what came, times and tokens.

use std::sync::Arc;

use napi::Result;
use napi::bindgen_prelude::{Env, Object, Unknown};
use napi_derive::napi;
use runtime::{Arm, Attempt};

use crate::failure::number;
use crate::http::{HttpRequest, HttpResponse, json};
use crate::value::count;

macro_rules! attempt_class {
    ($class:ident, $timing:ident, $doc:literal) => {
        #[doc = $doc]
        #[napi]
        pub struct $class {
            pub(crate) log: Arc<runtime::FunctionLog>,
            pub(crate) index: usize,
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

/// When a streamed attempt began, how long it took, and when its first token came.
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

    /// Milliseconds from the request to the model's first text or thought; `null` when none came.
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
    pub(crate) inner: runtime::Timing,
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
    pub(crate) inner: types::Usage,
}

#[napi]
impl Usage {
    /// Tokens of the prompt, as the provider counts them: with cached ones at OpenAI and Google, without at Anthropic
    /// and Bedrock.
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
