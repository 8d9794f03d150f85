//! The memory and the chance that round-robin clients need.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use registry::{Counter, Rotation};
use types::Name;

/// Whose turn it is in each round-robin client of a program.
#[derive(Debug, Default)]
pub(crate) struct Rotations(Mutex<HashMap<Name, Arc<Counter>>>);

impl Rotation for Rotations {
    fn counter(&self, client: &Name) -> Arc<Counter> {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(counters.entry(Arc::clone(client)).or_default())
    }

    fn first(&self, members: usize) -> u64 {
        fastrand::u64(..u64::try_from(members).unwrap_or(u64::MAX).max(1))
    }

    fn unit(&self) -> f64 {
        fastrand::f64()
    }
}
