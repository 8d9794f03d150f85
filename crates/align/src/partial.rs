//! What is shown of an answer that is still being written: values that share what is finished with those shown
//! before.

use std::sync::{Arc, Mutex, PoisonError};

use types::{CheckResult, Checked, ClassId, Instance, Name, StreamState, Value};

/// A value of an unfinished answer. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Partial {
    /// A scalar: nothing to share.
    Plain(Value),
    /// An object or list in which nothing changes any more. As long as it is shown it is shown as this same
    /// allocation, so two of them can be told to be the same by their address.
    Finished(Arc<Body>),
    /// An object or list that may still change.
    Open(Arc<Body>),
}

/// What an object or list consists of.
#[derive(Debug)]
pub enum Body {
    /// Items.
    List(Grown<Partial>),
    /// Entries, in the order of the text. Where a key is repeated, the last value holds.
    Map(Grown<(Name, Partial)>),
    /// An object of a class with all of its fields.
    Instance(ClassId, Vec<(Name, Partial)>),
    /// A value with the results of its checks.
    Checked(Partial, Vec<CheckResult>),
    /// A value with its state.
    Stated(Partial, StreamState),
}

/// A list or map as it is at one moment: of a shared store, which only grows, the part that was there then, and
/// behind it what may still change.
#[derive(Clone, Debug)]
pub struct Grown<T> {
    store: Store<T>,
    finished: usize,
    tail: Vec<T>,
}

/// The finished parts of a list or map, shared by all that is ever shown of it.
#[derive(Debug)]
pub(crate) struct Store<T>(Arc<Mutex<Vec<T>>>);

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Store<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Store<T> {
    fn with<R>(&self, look: impl FnOnce(&mut Vec<T>) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn len(&self) -> usize {
        self.with(|parts| parts.len())
    }

    pub(crate) fn push(&self, part: T) {
        self.with(|parts| parts.push(part));
    }

    /// What is shown of it now, with `tail` behind.
    pub(crate) fn now(&self, tail: Vec<T>) -> Grown<T> {
        Grown { store: self.clone(), finished: self.len(), tail }
    }
}

impl<T: Clone> Grown<T> {
    /// The address of the store: the same for everything that is shown of one growing list or map, and of no
    /// other while one of them is kept.
    #[must_use]
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.store.0).addr()
    }

    /// How many of the parts are finished. They come first, and stand at the same places in all that is shown
    /// later.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.finished
    }

    /// The finished parts from `start` on.
    #[must_use]
    pub fn finished_since(&self, start: usize) -> Vec<T> {
        let range = start.min(self.finished)..self.finished;
        self.store.with(|parts| parts.get(range).map(<[T]>::to_vec).unwrap_or_default())
    }

    /// What stands behind the finished parts and may still change.
    #[must_use]
    pub fn tail(&self) -> &[T] {
        &self.tail
    }
}

impl Partial {
    /// The value by itself, which shares nothing.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::Finished(body) | Self::Open(body) => body.to_value(),
        }
    }
}

impl Body {
    /// The value by itself, which shares nothing.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::List(items) => {
                let mut list = Vec::with_capacity(items.finished + items.tail.len());
                for item in items.finished_since(0).iter().chain(items.tail()) {
                    list.push(item.to_value());
                }
                Value::List(list)
            }
            Self::Map(entries) => {
                let entries = entries.finished_since(0).into_iter().chain(entries.tail().iter().cloned());
                Value::Map(entries.map(|(key, value)| (key, value.to_value())).collect())
            }
            Self::Instance(class, fields) => {
                let mut values = Vec::with_capacity(fields.len());
                for (name, value) in fields {
                    values.push((Name::clone(name), value.to_value()));
                }
                Value::Instance(Instance { class: *class, fields: values })
            }
            Self::Checked(value, checks) => {
                Value::Checked(Box::new(Checked { value: value.to_value(), checks: checks.clone() }))
            }
            Self::Stated(value, state) => Value::Stated(Box::new(value.to_value()), *state),
        }
    }
}
