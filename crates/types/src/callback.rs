//! Functions of the host language, as the rooms that never call them hold them.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A function of the host language that is an option's value, such as one that fetches a key. What it is made of
/// is known to the room that made it and to the one that calls it; to all others it is only itself. Cheap to
/// clone: clones are the same function.
#[derive(Clone)]
pub struct Callback(Arc<dyn Any + Send + Sync>);

impl Callback {
    /// A function, as whoever calls it knows it.
    pub fn new<T: Send + Sync + 'static>(function: T) -> Self {
        Self(Arc::new(function))
    }

    /// The function as what it was made of; `None` when it is of another sort.
    #[must_use]
    pub fn downcast<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        Arc::clone(&self.0).downcast().ok()
    }
}

impl PartialEq for Callback {
    /// Whether both are the same function.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[callback]")
    }
}
