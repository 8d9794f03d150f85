//! Environment variables, as the caller of this room sees them. This room never reads the process's own.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// Where environment variables come from: the call's `env` over the process's, or a map in a test.
pub trait Environment {
    /// The value of the variable; `None` when it is not set. An empty value is a value.
    fn get(&self, name: &str) -> Option<String>;

    /// Whether the variable is really set, whatever [`Environment::get`] makes up for it.
    fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

impl<S: BuildHasher> Environment for HashMap<String, String, S> {
    fn get(&self, name: &str) -> Option<String> {
        Self::get(self, name).cloned()
    }
}

impl Environment for BTreeMap<String, String> {
    fn get(&self, name: &str) -> Option<String> {
        Self::get(self, name).cloned()
    }
}

impl<E: Environment + ?Sized> Environment for &E {
    fn get(&self, name: &str) -> Option<String> {
        (**self).get(name)
    }

    fn is_set(&self, name: &str) -> bool {
        (**self).is_set(name)
    }
}

/// An environment for requests that are shown and never sent (`b.request`): a variable that is not set reads
/// as `$NAME`, so that the request can be shown without the key. A real call must not use it: there a missing
/// variable is an error before anything is sent.
#[derive(Clone, Copy, Debug)]
pub struct Placeholders<E>(pub E);

impl<E: Environment> Environment for Placeholders<E> {
    fn get(&self, name: &str) -> Option<String> {
        Some(self.0.get(name).unwrap_or_else(|| format!("${name}")))
    }

    fn is_set(&self, name: &str) -> bool {
        self.0.is_set(name)
    }
}

/// Whether a text stands for a variable that is not set, as [`Placeholders`] gives it.
pub(crate) fn stands_for(text: &str, variable: &str) -> bool {
    text.strip_prefix('$') == Some(variable)
}
