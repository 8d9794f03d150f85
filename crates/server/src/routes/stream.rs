//! `POST /stream/F`: events as the answer grows.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use runtime::{CallOptions, News, Partials, StreamAttempt};
use serde_json::{Value, json};
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc};
use tokio_util::task::AbortOnDropHandle;

use super::function::Asked;
use crate::answer::{self, Answer};
use crate::app::App;
use crate::body::milliseconds;
use crate::problem::{self, Problem};
use crate::visit::{FINAL, StreamEnd};

/// How long the status may wait for the first event. A failure before it is a failure of the request, with its
/// own status; proxies do not wait much longer for the head of an answer.
const FIRST_EVENT: Duration = Duration::from_secs(10);

/// How long a stream may be silent before it shows a sign of life.
const SILENCE: Duration = Duration::from_secs(15);

/// What a call puts on its stream.
enum Event {
    /// Another attempt begins, and what was shown before is void.
    Restart(Value),
    Partial(Value),
    Final(Value),
    Failed(Box<Problem>),
}

/// Calls the function and shows its answer while it grows. A caller who reads slowly gets the newest partial value
/// when it comes back, not all that it missed. When the caller goes away, the writer is aborted, and the request to
/// the provider with it.
pub(super) async fn stream(
    app: &App,
    asked: Asked,
    permit: Option<OwnedSemaphorePermit>,
    request_id: &str,
) -> Result<Answer, Problem> {
    let (sender, mut events) = mpsc::channel(1);
    let limit = app.settings.limits.call_timeout;
    let options = asked.options.of_call(&app.settings, &asked.served.runtime, &asked.function);
    let called = AbortOnDropHandle::new(tokio::spawn(async move {
        run(asked, options, sender, limit, permit).await;
    }));
    let end = StreamEnd::default();
    let mut form = Form {
        compat: app.settings.compat,
        request_id: request_id.to_owned(),
        next_id: 1,
        end: Arc::clone(&end),
    };
    let first = match tokio::time::timeout(FIRST_EVENT, events.recv()).await {
        Ok(Some(Event::Failed(problem))) => return Err(*problem),
        Ok(Some(event)) => form.write(event),
        Ok(None) => return Err(problem::broken()),
        Err(_) => Form::sign_of_life(),
    };
    let (out, written) = mpsc::channel(1);
    let writer = tokio::spawn(async move {
        let _called = called;
        loop {
            let bytes = match tokio::time::timeout(SILENCE, events.recv()).await {
                Ok(Some(event)) => form.write(event),
                Ok(None) => break,
                Err(_) => Form::sign_of_life(),
            };
            if out.send(bytes).await.is_err() {
                break;
            }
        }
    });
    Ok(answer::events(first, written, AbortOnDropHandle::new(writer), end))
}

/// Runs the call to its end, and sends each newest partial value as soon as there is room for it. The call's place
/// is free once it has ended, however slowly its last event is read.
async fn run(
    mut asked: Asked,
    options: CallOptions,
    events: mpsc::Sender<Event>,
    limit: Duration,
    permit: Option<OwnedSemaphorePermit>,
) {
    let changed = Arc::new(Notify::new());
    let wake = Arc::clone(&changed);
    let partials = Partials::new(move || wake.notify_one());
    let runtime = asked.served.runtime.clone();
    let arguments = std::mem::take(&mut asked.arguments);
    let called = runtime.stream(&asked.function, arguments, options, partials.clone());
    let mut called = std::pin::pin!(tokio::time::timeout(limit, called));
    let mut has_shown = false;
    let end = loop {
        let room = async {
            changed.notified().await;
            events.reserve().await
        };
        tokio::select! {
            biased;
            ended = &mut called => break ended,
            permit = room => {
                let Ok(permit) = permit else { return };
                let News { attempt, value } = partials.take();
                let begun = attempt.filter(|_| has_shown).map(|attempt| Event::Restart(restart(&attempt)));
                let grown = value.map(|value| Event::Partial(value.to_value().into()));
                has_shown |= grown.is_some();
                match (begun, grown) {
                    (Some(begun), Some(grown)) => {
                        permit.send(begun);
                        if events.send(grown).await.is_err() {
                            return;
                        }
                    }
                    (Some(only), None) | (None, Some(only)) => permit.send(only),
                    (None, None) => {}
                }
            }
        }
    };
    drop(permit);
    let event = match end {
        Ok(Ok(value)) => Event::Final(value.into()),
        Ok(Err(failure)) => Event::Failed(Box::new(asked.problem(&failure))),
        Err(_) => Event::Failed(Box::new(problem::call_too_long(milliseconds(limit)))),
    };
    // Nobody left to tell is no failure.
    drop(events.send(event).await);
}

fn restart(attempt: &StreamAttempt) -> Value {
    json!({
        "attempt": attempt.number,
        "client_name": attempt.client_name,
        "provider": attempt.provider,
        "reason": attempt.reason,
    })
}

/// How events are written.
struct Form {
    compat: bool,
    request_id: String,
    next_id: u64,
    /// Known once the last event is written.
    end: StreamEnd,
}

impl Form {
    fn write(&mut self, event: Event) -> Bytes {
        let end = match &event {
            Event::Final(_) => Some(FINAL),
            Event::Failed(problem) => Some(problem.code),
            Event::Restart(_) | Event::Partial(_) => None,
        };
        if let Some(end) = end {
            // There is one last event.
            let _ = self.end.set(end);
        }
        let (name, data) = match event {
            // The peer's form has no word for it: the next partial value is simply shorter.
            Event::Restart(_) if self.compat => return Self::sign_of_life(),
            Event::Restart(attempt) => ("restart", attempt),
            Event::Partial(value) => ("partial", value),
            Event::Final(value) => ("final", value),
            Event::Failed(problem) => ("error", problem.json(&self.request_id)),
        };
        // The peer's form has no names: an error would look like a value, but for its fields.
        if self.compat {
            return format!("data: {data}\n\n").into();
        }
        let id = self.next_id;
        self.next_id += 1;
        format!("id: {id}\nevent: {name}\ndata: {data}\n\n").into()
    }

    /// A comment, which readers of events pass over.
    fn sign_of_life() -> Bytes {
        Bytes::from_static(b": still here\n\n")
    }
}
