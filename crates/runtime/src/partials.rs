//! The newest partial value of a stream, on its way to a consumer: a slot for one. A consumer that is slow gets
//! the newest when it comes back; no queue grows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use align::Partial;
use tokio::sync::Notify;

/// A place for one partial value. Cheap to clone: clones share the place.
#[derive(Clone)]
pub struct Partials(Arc<Slot>);

/// The attempt of a call that partial values belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamAttempt {
    /// Its place among the attempts of the call, from 1.
    pub number: usize,
    /// The client that answers.
    pub client_name: String,
    /// Its provider.
    pub provider: String,
    /// Why the attempt is made, as the log has it.
    pub reason: String,
}

/// What is new since the last time.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// The attempt that values are of from now on. What was taken before is void.
    pub attempt: Option<Arc<StreamAttempt>>,
    /// The newest value.
    pub value: Option<Partial>,
}

struct Slot {
    state: Mutex<State>,
    /// Whether the value of the attempt's whole text was put.
    is_whole: AtomicBool,
    taken: Notify,
    /// Tells the consumer that there is something to take.
    wake: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct State {
    newest: Option<Partial>,
    attempt: Option<Arc<StreamAttempt>>,
    /// Whether the consumer knows of the attempt.
    is_told: bool,
    /// Whether the consumer has a value of the attempt.
    is_seen: bool,
    /// Whether the consumer has values of an attempt before, and is to hear that they are void.
    is_restart: bool,
}

impl Partials {
    /// An empty place. `wake` is called, on any thread, each time something new is put where nothing was.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(Slot {
            state: Mutex::default(),
            is_whole: AtomicBool::new(false),
            taken: Notify::new(),
            wake: Box::new(wake),
        }))
    }

    /// Takes what is new since the last time: the newest value, and the attempt when it is another one. That an
    /// attempt began whose predecessor had shown values is told before its first value is there.
    #[must_use]
    pub fn take(&self) -> News {
        let mut state = self.lock();
        let value = state.newest.take();
        let tells = !state.is_told && (value.is_some() || state.is_restart);
        let attempt = if tells { state.attempt.clone() } else { None };
        state.is_told |= tells;
        state.is_restart = false;
        state.is_seen |= value.is_some();
        drop(state);
        if value.is_some() {
            self.0.taken.notify_one();
        }
        News { attempt, value }
    }

    /// Begins an attempt: a value of the one before that nobody took is gone.
    pub(crate) fn begin(&self, attempt: StreamAttempt) {
        self.0.is_whole.store(false, Ordering::Release);
        let mut state = self.lock();
        let is_restart = state.is_seen || state.is_restart;
        *state = State { attempt: Some(Arc::new(attempt)), is_restart, ..State::default() };
        drop(state);
        if is_restart {
            (self.0.wake)();
        }
    }

    /// Whether the consumer has not seen anything of the attempt. It will not any more: a value that it did not
    /// take is gone.
    pub(crate) fn withdraw(&self) -> bool {
        let mut state = self.lock();
        if !state.is_seen {
            state.newest = None;
        }
        !state.is_seen
    }

    /// Puts a value in place of the one that nobody took.
    pub(crate) fn put(&self, value: Partial) {
        let before = self.lock().newest.replace(value);
        if before.is_none() {
            (self.0.wake)();
        }
    }

    /// Puts the value of the whole text: the last one of the attempt.
    pub(crate) fn put_last(&self, value: Partial) {
        self.0.is_whole.store(true, Ordering::Release);
        self.put(value);
    }

    /// Whether the last value of the attempt was put.
    pub(crate) fn is_whole(&self) -> bool {
        self.0.is_whole.load(Ordering::Acquire)
    }

    /// Whether the last value was taken: only then is it worth making the next.
    pub(crate) fn is_free(&self) -> bool {
        self.lock().newest.is_none()
    }

    /// Waits until the last value is taken.
    pub(crate) async fn freed(&self) {
        while !self.is_free() {
            self.0.taken.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use align::Partial;
    use types::Value;

    use super::{Partials, StreamAttempt};

    fn attempt(number: usize) -> StreamAttempt {
        StreamAttempt {
            number,
            client_name: "A".to_owned(),
            provider: "openai".to_owned(),
            reason: "first".to_owned(),
        }
    }

    fn int(int: i64) -> Partial {
        Partial::Plain(Value::Int(int))
    }

    /// The number of the attempt that is told, and the value.
    fn taken(partials: &Partials) -> (Option<usize>, Option<Value>) {
        let news = partials.take();
        (news.attempt.map(|attempt| attempt.number), news.value.map(|value| value.to_value()))
    }

    #[tokio::test]
    async fn the_newest_wins_and_each_is_taken_once() {
        let woken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&woken);
        let partials = Partials::new(move || _ = counter.fetch_add(1, Ordering::Relaxed));
        partials.put(int(1));
        partials.put(int(2));
        assert!(!partials.is_free());
        assert_eq!((taken(&partials).1, taken(&partials).1), (Some(Value::Int(2)), None));
        partials.freed().await;
        partials.put(int(3));
        assert_eq!(woken.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_restart_is_told_at_once_when_something_was_seen() {
        let partials = Partials::new(|| ());
        partials.begin(attempt(1));
        assert_eq!(taken(&partials), (None, None));
        partials.put(int(1));
        assert!(partials.withdraw());
        partials.begin(attempt(2));
        assert_eq!(taken(&partials), (None, None));
        partials.put(int(2));
        assert_eq!(taken(&partials), (Some(2), Some(Value::Int(2))));
        partials.put(int(3));
        assert!(!partials.withdraw());
        partials.begin(attempt(3));
        partials.begin(attempt(4));
        assert_eq!(taken(&partials), (Some(4), None));
        partials.put(int(4));
        assert_eq!(taken(&partials), (None, Some(Value::Int(4))));
    }
}
