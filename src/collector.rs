//! The Collector and its logs.

use std::collections::HashMap;
use std::sync::Arc;

use napi::Result;
use napi::bindgen_prelude::{Either, Env, Object};
use napi_derive::napi;
use runtime::Account;

use crate::llm_call::{LlmCall, LlmStreamCall, Timing, Usage};

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
