//! The context of a call: tags, and the depth of the trace it is in.

use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use napi::Result;
use napi::bindgen_prelude::{Env, Object, Unknown};
use napi_derive::napi;
use types::Value;

use crate::runtime::BamlRuntime;
use crate::value::{Strictness, entries_from_js};

#[derive(Clone, Debug, Default)]
struct Context {
    tags: IndexMap<String, String>,
    spans: Vec<String>,
}

/// Tags that a call inherits, and the traced functions that it runs inside. A deep clone does not see what
/// happens to the original afterwards.
#[napi]
#[derive(Default)]
pub struct RuntimeContextManager {
    inner: Mutex<Context>,
}

#[napi]
impl RuntimeContextManager {
    /// Adds or replaces tags. Values that are not text are written as JSON would write them.
    #[napi]
    pub fn upsert_tags(
        &self,
        env: Env,
        #[napi(ts_arg_type = "Record<string, unknown>")] tags: Object<'_>,
    ) -> Result<()> {
        let tags = entries_from_js(&env, tags, "tags", Strictness::Lenient)?;
        self.with(|context| {
            context.tags.extend(tags.into_iter().map(|(name, value)| (name.to_string(), tag_text(value))));
        });
        Ok(())
    }

    /// A copy that goes its own way.
    #[napi]
    pub fn deep_clone(&self) -> Self {
        Self { inner: Mutex::new(self.with(|context| context.clone())) }
    }

    /// How many traced functions are open.
    #[napi]
    pub fn context_depth(&self) -> u32 {
        self.with(|context| u32::try_from(context.spans.len()).unwrap_or(u32::MAX))
    }
}

impl RuntimeContextManager {
    /// The tags in force.
    pub(crate) fn tags(&self) -> IndexMap<String, String> {
        self.with(|context| context.tags.clone())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Context) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn tag_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => serde_json::Value::from(other).to_string(),
    }
}

/// How many traced functions there were.
#[derive(Clone, Copy, Debug, Default)]
struct Traced {
    started: u32,
    finished: u32,
}

static TRACED: Mutex<Traced> = Mutex::new(Traced { started: 0, finished: 0 });

fn traced<T>(act: impl FnOnce(&mut Traced) -> T) -> T {
    act(&mut TRACED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// How many traced functions there were since the last look. Traces stay in the process: none is submitted or
/// sent, so none fails.
#[napi]
pub struct TraceStats {
    traced: Traced,
}

impl TraceStats {
    /// The counts so far, which begin anew.
    pub(crate) fn drain() -> Self {
        Self { traced: traced(std::mem::take) }
    }
}

#[napi]
impl TraceStats {
    /// Always 0.
    #[napi(getter)]
    pub fn failed(&self) -> u32 {
        0
    }

    /// Traced functions that began.
    #[napi(getter)]
    pub fn started(&self) -> u32 {
        self.traced.started
    }

    /// Traced functions that ended.
    #[napi(getter)]
    pub fn finalized(&self) -> u32 {
        self.traced.finished
    }

    /// Always 0.
    #[napi(getter)]
    pub fn submitted(&self) -> u32 {
        0
    }

    /// Always 0.
    #[napi(getter)]
    pub fn sent(&self) -> u32 {
        0
    }

    /// Traced functions that ended.
    #[napi(getter)]
    pub fn done(&self) -> u32 {
        self.traced.finished
    }

    /// The counts as JSON text.
    #[napi]
    pub fn to_json(&self) -> String {
        let Traced { started, finished } = self.traced;
        serde_json::json!({
            "failed": 0, "started": started, "finalized": finished, "submitted": 0, "sent": 0, "done": finished,
        })
        .to_string()
    }
}

/// A traced function that is open: the context is one deeper until it is finished.
#[napi]
pub struct BamlSpan {
    depth: usize,
}

#[napi]
impl BamlSpan {
    /// Opens a span in the context.
    #[napi(factory, js_name = "new")]
    pub fn open(
        _runtime: &BamlRuntime,
        function_name: String,
        #[napi(ts_arg_type = "unknown")] _args: Unknown<'_>,
        ctx: &RuntimeContextManager,
        #[napi(ts_arg_type = "Record<string, string | undefined> | null | undefined")] _env_vars: Unknown<'_>,
    ) -> Self {
        let depth = ctx.with(|context| {
            context.spans.push(function_name);
            context.spans.len()
        });
        traced(|traced| traced.started = traced.started.saturating_add(1));
        Self { depth }
    }

    /// Closes the span, and any that were opened inside it and left open.
    #[napi]
    pub fn finish(
        &self,
        #[napi(ts_arg_type = "unknown")] _result: Unknown<'_>,
        ctx: &RuntimeContextManager,
        #[napi(ts_arg_type = "Record<string, string | undefined> | null | undefined")] _env_vars: Unknown<'_>,
    ) {
        ctx.with(|context| context.spans.truncate(self.depth.saturating_sub(1)));
        traced(|traced| traced.finished = traced.finished.saturating_add(1));
    }
}
