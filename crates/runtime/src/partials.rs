//! The newest partial value of a stream, on its way to a consumer: a slot for one. A consumer that is slow gets
//! the newest when it comes back; no queue grows.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use types::Value;

/// A place for one partial value. Cheap to clone: clones share the place.
#[derive(Clone)]
pub struct Partials(Arc<Slot>);

struct Slot {
    newest: Mutex<Option<Value>>,
    taken: Notify,
    /// Tells the consumer that there is something to take.
    wake: Box<dyn Fn() + Send + Sync>,
}

impl Partials {
    /// An empty place. `wake` is called, on any thread, each time a value is put where none was.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(Slot { newest: Mutex::default(), taken: Notify::new(), wake: Box::new(wake) }))
    }

    /// Takes the newest value, if one was put since the last time.
    #[must_use]
    pub fn take(&self) -> Option<Value> {
        let value = self.0.newest.lock().unwrap_or_else(PoisonError::into_inner).take();
        if value.is_some() {
            self.0.taken.notify_one();
        }
        value
    }

    /// Puts a value in place of the one that nobody took.
    pub(crate) fn put(&self, value: Value) {
        let before = self.0.newest.lock().unwrap_or_else(PoisonError::into_inner).replace(value);
        if before.is_none() {
            (self.0.wake)();
        }
    }

    /// Whether the last value was taken: only then is it worth making the next.
    pub(crate) fn is_free(&self) -> bool {
        self.0.newest.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Waits until the last value is taken.
    pub(crate) async fn freed(&self) {
        while !self.is_free() {
            self.0.taken.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use types::Value;

    use super::Partials;

    #[tokio::test]
    async fn the_newest_wins_and_each_is_taken_once() {
        let woken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&woken);
        let partials = Partials::new(move || _ = counter.fetch_add(1, Ordering::Relaxed));
        partials.put(Value::Int(1));
        partials.put(Value::Int(2));
        assert!(!partials.is_free());
        assert_eq!((partials.take(), partials.take()), (Some(Value::Int(2)), None));
        partials.freed().await;
        partials.put(Value::Int(3));
        assert_eq!(woken.load(Ordering::Relaxed), 2);
    }
}
