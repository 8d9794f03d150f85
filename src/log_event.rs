//! What `setLogEventCallback` is told: one event per finished call.

use std::cell::RefCell;
use std::rc::Rc;

use napi::Result;
use napi::bindgen_prelude::{Env, FnArgs, Function, FunctionRef, Null, Object};
use runtime::{Collector, FunctionLog};

use crate::json_text::Ready;

/// `(error, event) => void`: no call of ours passes an error.
type Callback = FunctionRef<FnArgs<(Null, Object<'static>)>, ()>;

/// Who is told of finished calls, if anyone. Lives on the thread of its environment.
#[derive(Clone, Default)]
pub(crate) struct Listener(Rc<RefCell<Option<Callback>>>);

impl Listener {
    /// Tells this function from now on, or nobody.
    pub(crate) fn set(
        &self,
        callback: Option<Function<'_, FnArgs<(Null, Object<'static>)>, ()>>,
    ) -> Result<()> {
        *self.0.borrow_mut() = callback.map(|callback| callback.create_ref()).transpose()?;
        Ok(())
    }

    /// A collector for a call that someone wants to be told of.
    pub(crate) fn collector(&self) -> Option<Collector> {
        self.0.borrow().as_ref().map(|_| Collector::new("log events"))
    }

    /// Tells of a call that has ended.
    pub(crate) fn tell(&self, env: &Env, collector: &Collector, value: Option<&Ready>) -> Result<()> {
        let (Some(callback), Some(log)) = (&*self.0.borrow(), collector.last()) else { return Ok(()) };
        let event = event(env, &log, value)?;
        callback.borrow_back(env)?.call((Null, event).into())
    }
}

fn event(env: &Env, log: &FunctionLog, value: Option<&Ready>) -> Result<Object<'static>> {
    let mut metadata = Object::new(env)?;
    metadata.set("eventId", log.id.as_str())?;
    metadata.set("rootEventId", log.id.as_str())?;
    let mut event = Object::new(env)?;
    event.set("metadata", metadata)?;
    if let Some(prompt) = log.prompt_text() {
        event.set("prompt", prompt)?;
    }
    if let Some(reply) = &log.raw_llm_response {
        event.set("rawOutput", reply.as_str())?;
    }
    if let Some(value) = value {
        event.set("parsedOutput", value.json())?;
    }
    event.set("startTime", log.timing.start_time_text())?;
    Ok(crate::failure::outlive(env, &event))
}
