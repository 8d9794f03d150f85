//! `BamlRuntime`: a loaded program.

use std::collections::{BTreeSet, HashMap};

use napi::bindgen_prelude::{
    ClassInstance, Env, FnArgs, Function, JsObjectValue, Null, Object, PromiseRaw, Unknown,
};
use napi::{Result, ValueType};
use napi_derive::napi;
use runtime::{CallOptions, Failure, FailureKind, Reach, Runtime, Variables};
use tokio_util::sync::CancellationToken;
use types::{Arguments, Value};

use crate::abort::AbortListener;
use crate::collector::{Collector, alignment_to_js};
use crate::context::{RuntimeContextManager, TraceStats};
use crate::failure::{raise, raise_with_reason};
use crate::function_result::{FunctionResult, conclude};
use crate::http::HttpRequest;
use crate::json_text::{Ready, written_to_js};
use crate::log_event::Listener;
use crate::registry::ClientRegistry;
use crate::stream::FunctionResultStream;
use crate::type_builder::TypeBuilder;
use crate::value::{Strictness, cast, entries_from_js, text_from_js, to_js};

/// A loaded program.
#[napi]
pub struct BamlRuntime {
    pub(crate) inner: Runtime,
    listener: Listener,
}

impl From<Runtime> for BamlRuntime {
    fn from(inner: Runtime) -> Self {
        Self { inner, listener: Listener::default() }
    }
}

#[napi]
impl BamlRuntime {
    /// Loads every `.baml` file under a folder. Throws `BamlError` with the diagnostics when the program has
    /// errors or the folder cannot be read.
    #[napi(factory)]
    pub fn from_directory(
        env: Env,
        directory: String,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        _env_vars: Unknown<'_>,
    ) -> Result<Self> {
        Runtime::from_directory(&directory).map(Self::from).map_err(|failure| raise(&env, &failure))
    }

    /// Loads a program from file contents by path. Throws `BamlError` with the diagnostics when it has errors.
    #[napi(factory)]
    pub fn from_files(
        env: Env,
        _root_path: String,
        #[napi(ts_arg_type = "Record<string, string>")] files: Object<'_>,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        _env_vars: Unknown<'_>,
    ) -> Result<Self> {
        let sources = sources(&env, files)?;
        Runtime::from_sources(sources).map(Self::from).map_err(|failure| raise(&env, &failure))
    }

    /// Swaps the program for another; calls in flight end with the one they began with.
    #[napi]
    pub fn reset(
        &mut self,
        env: Env,
        _root_path: String,
        #[napi(ts_arg_type = "Record<string, string>")] files: Object<'_>,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        _env_vars: Unknown<'_>,
    ) -> Result<()> {
        let sources = sources(&env, files)?;
        self.inner = Runtime::from_sources(sources).map_err(|failure| raise(&env, &failure))?;
        Ok(())
    }

    /// A fresh context.
    #[napi]
    pub fn create_context_manager(&self) -> RuntimeContextManager {
        RuntimeContextManager::default()
    }

    /// Calls a function: rejects when the call cannot be made (arguments, configuration), resolves when it was
    /// made; a failure of the client is then thrown by `FunctionResult.parsed`.
    #[napi(ts_return_type = "Promise<FunctionResult>")]
    pub fn call_function<'env>(
        &self,
        env: &'env Env,
        function_name: String,
        #[napi(ts_arg_type = "Record<string, unknown>")] args: Object<'env>,
        ctx: &RuntimeContextManager,
        tb: Option<&TypeBuilder>,
        client_registry: Option<&ClientRegistry>,
        collectors: Option<Vec<ClassInstance<'env, Collector>>>,
        tags: Option<HashMap<String, String>>,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        env_vars: Unknown<'env>,
        #[napi(ts_arg_type = "AbortSignal | null | undefined")] signal: Option<Object<'env>>,
        #[napi(ts_arg_type = "unknown")] _watchers: Option<Unknown<'env>>,
    ) -> Result<PromiseRaw<'env, FunctionResult>> {
        let arguments = arguments(env, args)?;
        let mut options = self.options(env, &function_name, ctx, tb, client_registry, env_vars)?;
        observe(&mut options, collectors, tags);
        let listener = listen(env, signal, &mut options)?;

        let told = self.listener.collector();
        options.collectors.extend(told.clone());

        let runtime = self.inner.clone();
        let log_listener = self.listener.clone();
        env.spawn_future_with_callback(
            async move { Ok(runtime.call(&function_name, arguments, options).await.map(Ready::from)) },
            move |env, outcome| {
                let reason = listener.map(|listener| listener.detach(env)).transpose()?;
                if let Some(collector) = told {
                    log_listener.tell(env, &collector, outcome.as_ref().ok())?;
                }
                conclude(env, outcome, reason)
            },
        )
    }

    /// The request that a call would send first, without sending it: the headers are whole, keys included.
    #[napi(ts_return_type = "Promise<HttpRequest>")]
    pub fn build_request<'env>(
        &self,
        env: &'env Env,
        function_name: String,
        #[napi(ts_arg_type = "Record<string, unknown>")] args: Object<'env>,
        ctx: &RuntimeContextManager,
        tb: Option<&TypeBuilder>,
        client_registry: Option<&ClientRegistry>,
        stream: bool,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        env_vars: Unknown<'env>,
        #[napi(ts_arg_type = "AbortSignal | null | undefined")] signal: Option<Object<'env>>,
    ) -> Result<PromiseRaw<'env, HttpRequest>> {
        let arguments = arguments(env, args)?;
        let mut options = self.options(env, &function_name, ctx, tb, client_registry, env_vars)?;
        let listener = listen(env, signal, &mut options)?;
        let runtime = self.inner.clone();
        env.spawn_future_with_callback(
            async move { Ok(runtime.request(&function_name, arguments, options, stream).await) },
            move |env, request| {
                let reason = listener.map(|listener| listener.detach(env)).transpose()?;
                request
                    .map(|inner| HttpRequest { inner })
                    .map_err(|failure| raise_with_reason(env, &failure, reason))
            },
        )
    }

    /// The same as `buildRequest`, but blocks until it is done. Media that must be downloaded first is an error.
    #[napi]
    pub fn build_request_sync<'env>(
        &self,
        env: &'env Env,
        function_name: String,
        #[napi(ts_arg_type = "Record<string, unknown>")] args: Object<'env>,
        ctx: &RuntimeContextManager,
        tb: Option<&TypeBuilder>,
        client_registry: Option<&ClientRegistry>,
        stream: bool,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        env_vars: Unknown<'env>,
    ) -> Result<HttpRequest> {
        let arguments = arguments(env, args)?;
        let mut options = self.options(env, &function_name, ctx, tb, client_registry, env_vars)?;
        options.host_waits = true;
        napi::bindgen_prelude::block_on(self.inner.request(&function_name, arguments, options, stream))
            .map(|inner| HttpRequest { inner })
            .map_err(|failure| raise(env, &failure))
    }

    /// Calls a function and blocks until it is answered: no timer and no other call of this thread runs
    /// meanwhile.
    #[napi]
    pub fn call_function_sync<'env>(
        &self,
        env: &'env Env,
        function_name: String,
        #[napi(ts_arg_type = "Record<string, unknown>")] args: Object<'env>,
        ctx: &RuntimeContextManager,
        tb: Option<&TypeBuilder>,
        client_registry: Option<&ClientRegistry>,
        collectors: Option<Vec<ClassInstance<'env, Collector>>>,
        tags: Option<HashMap<String, String>>,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        env_vars: Unknown<'env>,
    ) -> Result<FunctionResult> {
        let arguments = arguments(env, args)?;
        let mut options = self.options(env, &function_name, ctx, tb, client_registry, env_vars)?;
        observe(&mut options, collectors, tags);
        options.host_waits = true;
        let outcome = napi::bindgen_prelude::block_on(self.inner.call(&function_name, arguments, options));
        conclude(env, outcome.map(Ready::from), None)
    }

    /// Tells a function of each asynchronous call when it has ended, or nobody any more.
    #[napi]
    pub fn set_log_event_callback(
        &self,
        #[napi(ts_arg_type = "((error: Error | null, event: BamlLogEvent) => void) | null | undefined")]
        callback: Option<Function<'_, FnArgs<(Null, Object<'static>)>, ()>>,
    ) -> Result<()> {
        self.listener.set(callback)
    }

    /// Returns at once: logs and traces are never held back.
    #[napi]
    pub fn flush(&self) {}

    /// How many traced functions there were since the last look.
    #[napi]
    pub fn drain_stats(&self) -> TraceStats {
        TraceStats::drain()
    }

    /// The same as `streamFunction`: a stream is asynchronous either way.
    #[napi]
    pub fn stream_function_sync(
        &self,
        env: &Env,
        function_name: String,
        #[napi(ts_arg_type = "Record<string, unknown>")] args: Object<'_>,
        #[napi(ts_arg_type = "((error: Error | null, result: FunctionResult) => void) | null | undefined")]
        cb: Option<Function<'_, FnArgs<(Null, FunctionResult)>, ()>>,
        ctx: &RuntimeContextManager,
        tb: Option<&TypeBuilder>,
        client_registry: Option<&ClientRegistry>,
        collectors: Option<Vec<ClassInstance<'_, Collector>>>,
        tags: Option<HashMap<String, String>>,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        env_vars: Unknown<'_>,
        #[napi(ts_arg_type = "AbortSignal | null | undefined")] signal: Option<Object<'_>>,
        on_tick: Option<Function<'_, (), ()>>,
    ) -> Result<FunctionResultStream> {
        self.stream_function(
            env,
            function_name,
            args,
            cb,
            ctx,
            tb,
            client_registry,
            collectors,
            tags,
            env_vars,
            signal,
            on_tick,
        )
    }

    /// A call whose answer is handed over while it grows. It begins with `done`.
    #[napi]
    pub fn stream_function(
        &self,
        env: &Env,
        function_name: String,
        #[napi(ts_arg_type = "Record<string, unknown>")] args: Object<'_>,
        #[napi(ts_arg_type = "((error: Error | null, result: FunctionResult) => void) | null | undefined")]
        cb: Option<Function<'_, FnArgs<(Null, FunctionResult)>, ()>>,
        ctx: &RuntimeContextManager,
        tb: Option<&TypeBuilder>,
        client_registry: Option<&ClientRegistry>,
        collectors: Option<Vec<ClassInstance<'_, Collector>>>,
        tags: Option<HashMap<String, String>>,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        env_vars: Unknown<'_>,
        #[napi(ts_arg_type = "AbortSignal | null | undefined")] signal: Option<Object<'_>>,
        on_tick: Option<Function<'_, (), ()>>,
    ) -> Result<FunctionResultStream> {
        let arguments = arguments(env, args)?;
        let mut options = self.options(env, &function_name, ctx, tb, client_registry, env_vars)?;
        observe(&mut options, collectors, tags);
        let listener = listen(env, signal, &mut options)?;
        let on_tick = on_tick.map(|on_tick| on_tick.create_ref()).transpose()?;
        let stream = FunctionResultStream::new(
            self.inner.clone(),
            function_name,
            arguments,
            options,
            listener,
            on_tick,
        );
        stream.on_event(cb)?;
        Ok(stream)
    }

    /// How each client has been doing since the program was loaded, by name.
    #[napi(ts_return_type = "Record<string, ClientHealth>")]
    pub fn health<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        to_js(env, &self.inner.health().into())
    }

    /// What a call would do: the attempts in order, up to `mostSteps` (100). Nothing is sent.
    #[napi(ts_return_type = "Plan")]
    pub fn plan_function<'env>(
        &self,
        env: &'env Env,
        function_name: String,
        ctx: &RuntimeContextManager,
        client_registry: Option<&ClientRegistry>,
        tags: Option<HashMap<String, String>>,
        #[napi(ts_arg_type = "Record<string, string | undefined | null> | null | undefined")]
        env_vars: Unknown<'env>,
        most_steps: Option<u32>,
    ) -> Result<Unknown<'env>> {
        let mut options = self.options(env, &function_name, ctx, None, client_registry, env_vars)?;
        options.tags.extend(tags.unwrap_or_default());
        match self.inner.plan(&function_name, &options, most_steps.unwrap_or(100) as usize) {
            Ok(plan) => to_js(env, &runtime::plan_json(&plan).into()),
            Err(failure) => Err(raise(env, &failure)),
        }
    }

    /// Reads a model's text as the function's return type; with `allowPartials`, as a text that is still
    /// growing. Throws `BamlValidationError` when it does not fit.
    #[napi(ts_return_type = "any")]
    pub fn parse_llm_response<'env>(
        &self,
        env: &'env Env,
        function_name: String,
        #[napi(ts_arg_type = "string")] llm_response: Unknown<'env>,
        allow_partials: bool,
        _ctx: &RuntimeContextManager,
        tb: Option<&TypeBuilder>,
        _client_registry: Option<&ClientRegistry>,
        #[napi(ts_arg_type = "unknown")] _env_vars: Option<Unknown<'env>>,
    ) -> Result<Unknown<'env>> {
        let additions = tb.map(TypeBuilder::additions);
        let text = text_from_js(env, llm_response, "llmResponse")?;
        match self.inner.parse(&function_name, &text, allow_partials, additions.as_ref()) {
            Ok(written) => written_to_js(env, written, text, cast(llm_response)?),
            Err(failure) => Err(raise(env, &failure)),
        }
    }

    /// What is done to a model's text to make it fit the function's return type. Throws as `parseLlmResponse` does.
    #[napi(ts_return_type = "Alignment")]
    pub fn align_llm_response<'env>(
        &self,
        env: &'env Env,
        function_name: String,
        llm_response: String,
        tb: Option<&TypeBuilder>,
    ) -> Result<Object<'env>> {
        let additions = tb.map(TypeBuilder::additions);
        match self.inner.account(&function_name, &llm_response, additions.as_ref()) {
            Ok(account) => alignment_to_js(env, &account),
            Err(failure) => Err(raise(env, &failure)),
        }
    }
}

impl BamlRuntime {
    fn options(
        &self,
        env: &Env,
        function_name: &str,
        ctx: &RuntimeContextManager,
        tb: Option<&TypeBuilder>,
        client_registry: Option<&ClientRegistry>,
        env_vars: Unknown<'_>,
    ) -> Result<CallOptions> {
        let registry = client_registry.map(|registry| registry.snapshot(&self.inner));
        let names = self.inner.variables(function_name, registry.as_ref());
        Ok(CallOptions {
            variables: read_variables(env, env_vars, names)?,
            registry,
            additions: tb.map(TypeBuilder::additions),
            tags: ctx.tags(),
            collectors: Vec::new(),
            host_waits: false,
            reach: Reach::Anywhere,
            strangers: BTreeSet::new(),
            cancellation: CancellationToken::new(),
        })
    }
}

/// Who collects what is told of the call, and under which tags.
fn observe(
    options: &mut CallOptions,
    collectors: Option<Vec<ClassInstance<'_, Collector>>>,
    tags: Option<HashMap<String, String>>,
) {
    options.collectors =
        collectors.unwrap_or_default().into_iter().map(|collector| collector.inner.clone()).collect();
    options.tags.extend(tags.unwrap_or_default());
}

/// Ends the call when the signal aborts, for as long as the listener is attached.
fn listen(env: &Env, signal: Option<Object<'_>>, options: &mut CallOptions) -> Result<Option<AbortListener>> {
    let listener = signal.map(|signal| AbortListener::attach(env, &signal)).transpose()?;
    if let Some(listener) = &listener {
        options.cancellation = listener.token().clone();
    }
    Ok(listener)
}

/// Reads only the variables that the call may need, from the object given or else from `process.env`.
fn read_variables(
    env: &Env,
    given: Unknown<'_>,
    names: impl IntoIterator<Item = String>,
) -> Result<Variables> {
    let source: Object<'_> = if given.get_type()? == ValueType::Object {
        cast(given)?
    } else {
        env.get_global()?.get_named_property::<Object<'_>>("process")?.get_named_property("env")?
    };
    let mut entries = Vec::new();
    for name in names {
        let value: Unknown<'_> = source.get_named_property(&name)?;
        if value.get_type()? == ValueType::String {
            entries.push((name, cast(value)?));
        }
    }
    Ok(Variables::new(entries))
}

fn arguments(env: &Env, args: Object<'_>) -> Result<Arguments> {
    entries_from_js(env, args, "arguments", Strictness::Arguments)
}

fn sources(env: &Env, files: Object<'_>) -> Result<Vec<(String, String)>> {
    entries_from_js(env, files, "files", Strictness::Strict)?
        .into_iter()
        .map(|(path, text)| match text {
            Value::String(text) => Ok((path.to_string(), text)),
            _ => Err(raise(
                env,
                &Failure::new(
                    FailureKind::InvalidArgument,
                    format!("files: the content of `{path}` must be a string"),
                ),
            )),
        })
        .collect()
}
