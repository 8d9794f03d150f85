//! `FunctionResultStream`: a call whose answer is handed over while it grows.

use std::cell::RefCell;
use std::rc::Rc;

use napi::Result;
use napi::bindgen_prelude::{Env, FnArgs, Function, FunctionRef, Null, Object, PromiseRaw};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;
use runtime::{CallOptions, News, Partials, Runtime, StreamAttempt};
use tokio_util::sync::CancellationToken;
use types::Arguments;

use crate::abort::AbortListener;
use crate::context::RuntimeContextManager;
use crate::failure::{invalid_argument, outlive};
use crate::function_result::{FunctionResult, conclude};
use crate::json_text::Ready;
use crate::partial::Mirror;

/// `(error, result) => void`: no partial is an error.
type EventCallback = FunctionRef<FnArgs<(Null, FunctionResult)>, ()>;

/// `(attempt) => void`.
type AttemptCallback = FunctionRef<Object<'static>, ()>;

/// A streamed call. It begins with `done`.
#[napi]
pub struct FunctionResultStream {
    runtime: Runtime,
    cancellation: CancellationToken,
    /// What the call needs; gone once it has begun.
    pending: Option<Pending>,
    on_event: Rc<RefCell<Option<EventCallback>>>,
    on_attempt: Rc<RefCell<Option<AttemptCallback>>>,
    on_tick: Option<Rc<FunctionRef<(), ()>>>,
}

struct Pending {
    function_name: String,
    arguments: Arguments,
    options: CallOptions,
    signal: Option<AbortListener>,
}

impl FunctionResultStream {
    pub(crate) fn new(
        runtime: Runtime,
        function_name: String,
        arguments: Arguments,
        options: CallOptions,
        signal: Option<AbortListener>,
        on_tick: Option<FunctionRef<(), ()>>,
    ) -> Self {
        let cancellation = options.cancellation.clone();
        let pending = Some(Pending { function_name, arguments, options, signal });
        Self {
            runtime,
            cancellation,
            pending,
            on_event: Rc::default(),
            on_attempt: Rc::default(),
            on_tick: on_tick.map(Rc::new),
        }
    }
}

#[napi]
impl FunctionResultStream {
    /// Who gets the partial results, as they come; a slow receiver gets the newest.
    #[napi]
    pub fn on_event(
        &self,
        #[napi(ts_arg_type = "((error: Error | null, result: FunctionResult) => void) | null | undefined")]
        callback: Option<Function<'_, FnArgs<(Null, FunctionResult)>, ()>>,
    ) -> Result<()> {
        *self.on_event.borrow_mut() = callback.map(|callback| callback.create_ref()).transpose()?;
        Ok(())
    }

    /// Who is told which attempt the next partial results are of; after the first, that they begin anew.
    #[napi]
    pub fn on_attempt(
        &self,
        #[napi(ts_arg_type = "((attempt: StreamAttempt) => void) | null | undefined")] callback: Option<
            Function<'_, Object<'static>, ()>,
        >,
    ) -> Result<()> {
        *self.on_attempt.borrow_mut() = callback.map(|callback| callback.create_ref()).transpose()?;
        Ok(())
    }

    /// Begins the call and waits for its end. Can be called once.
    #[napi(ts_return_type = "Promise<FunctionResult>")]
    pub fn done<'env>(
        &mut self,
        env: &'env Env,
        _ctx: &RuntimeContextManager,
    ) -> Result<PromiseRaw<'env, FunctionResult>> {
        let Some(Pending { function_name, arguments, options, signal }) = self.pending.take() else {
            return Err(invalid_argument(env, "this stream has begun already: `done` can be called once"));
        };
        let delivery = Delivery {
            partials: Rc::default(),
            on_event: Rc::clone(&self.on_event),
            on_attempt: Rc::clone(&self.on_attempt),
            on_tick: self.on_tick.clone(),
            mirror: Rc::new(RefCell::new(Mirror::new(env)?)),
        };
        let partials = delivery.partials(env)?;
        let runtime = self.runtime.clone();
        env.spawn_future_with_callback(
            async move { Ok(runtime.stream(&function_name, arguments, options, partials).await.map(Ready::from)) },
            move |env, outcome| {
                let reason = signal.map(|signal| signal.detach(env)).transpose()?;
                delivery.deliver(env)?;
                delivery.end();
                conclude(env, outcome, reason)
            },
        )
    }

    /// Ends the call: its connection is closed, and `done` rejects with `BamlAbortError`.
    #[napi]
    pub fn cancel(&self) {
        self.cancellation.cancel();
    }
}

/// Brings partial results from the engine's threads to JavaScript's.
#[derive(Clone)]
struct Delivery {
    /// There while the call runs: its waker refers to the function that refers to this.
    partials: Rc<RefCell<Option<Partials>>>,
    on_event: Rc<RefCell<Option<EventCallback>>>,
    on_attempt: Rc<RefCell<Option<AttemptCallback>>>,
    on_tick: Option<Rc<FunctionRef<(), ()>>>,
    mirror: Rc<RefCell<Mirror>>,
}

impl Delivery {
    /// The place where the engine puts partial values: putting one wakes this thread.
    fn partials(&self, env: &Env) -> Result<Partials> {
        let delivery = self.clone();
        let pump: Function<'_, (), ()> =
            env.create_function_from_closure("onPartial", move |context| delivery.deliver(context.env))?;
        // The promise keeps the process alive, not its partial results.
        let waker = pump.build_threadsafe_function::<()>().weak::<true>().build()?;
        let partials = Partials::new(move || {
            // Refused only when the environment is going down: then nobody waits for partials.
            let _ = waker.call((), ThreadsafeFunctionCallMode::NonBlocking);
        });
        *self.partials.borrow_mut() = Some(partials.clone());
        Ok(partials)
    }

    /// Lets go of the waker.
    fn end(&self) {
        self.partials.borrow_mut().take();
    }

    /// Hands over what is new: the attempt, and the newest partial value.
    fn deliver(&self, env: &Env) -> Result<()> {
        let News { attempt, value } = self.partials.borrow().as_ref().map(Partials::take).unwrap_or_default();
        if let (Some(attempt), Some(on_attempt)) = (attempt, &*self.on_attempt.borrow()) {
            on_attempt.borrow_back(env)?.call(describe(env, &attempt)?)?;
        }
        let Some(value) = value else { return Ok(()) };
        if let Some(on_tick) = &self.on_tick {
            on_tick.borrow_back(env)?.call(())?;
        }
        if let Some(on_event) = &*self.on_event.borrow() {
            on_event
                .borrow_back(env)?
                .call((Null, FunctionResult::partial(value, Rc::clone(&self.mirror))).into())?;
        }
        Ok(())
    }
}

fn describe(env: &Env, attempt: &StreamAttempt) -> Result<Object<'static>> {
    let mut object = Object::new(env)?;
    object.set("number", u32::try_from(attempt.number).unwrap_or(u32::MAX))?;
    object.set("client", attempt.client_name.as_str())?;
    object.set("provider", attempt.provider.as_str())?;
    object.set("reason", attempt.reason.as_str())?;
    Ok(outlive(env, &object))
}
