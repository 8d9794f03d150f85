//! Whose turn it is in a round-robin.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use types::Name;

/// The turns of one round-robin client, counted over all calls that share its definition.
#[derive(Default)]
pub struct Counter {
    first: OnceLock<u64>,
    taken: AtomicU64,
}

impl Counter {
    /// Takes the next turn. Calls at the same time get different turns.
    pub(crate) fn take(&self) -> u64 {
        self.first().wrapping_add(self.taken.fetch_add(1, Ordering::Relaxed))
    }

    /// The turn that [`Counter::take`] would give.
    pub(crate) fn peek(&self) -> u64 {
        self.first().wrapping_add(self.taken.load(Ordering::Relaxed))
    }

    /// Says where to begin, unless that is settled.
    pub(crate) fn begin_at(&self, first: impl FnOnce() -> u64) {
        self.first.get_or_init(first);
    }

    fn first(&self) -> u64 {
        self.first.get().copied().unwrap_or_default()
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Counter(next: {})", self.peek())
    }
}

/// What strategies need from outside this room: memory and chance. The runtime implements it.
pub trait Rotation {
    /// The counter of a round-robin client of the program, the same one at each call. A client of a registry
    /// has its own.
    fn counter(&self, client: &Name) -> Arc<Counter>;

    /// Where a round-robin of so many members begins when it does not say: at random.
    fn first(&self, members: usize) -> u64;

    /// A random number from 0 up to 1, for a weighted client without a key.
    fn unit(&self) -> f64;
}
