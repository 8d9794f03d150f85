//! What all values of one rendering share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use schema::Schema;
use types::Media;

use crate::marker::{Marker, Markers, Occupied, Role, candidates};

/// One rendering: the schema it sees and the markers it has handed out.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) schema: Arc<Schema>,
    markers: Mutex<Markers>,
}

impl Scope {
    /// A scope whose markers avoid `occupied`.
    pub(crate) fn new(schema: Arc<Schema>, occupied: Occupied) -> Arc<Self> {
        Arc::new(Self { schema, markers: Mutex::new(Markers::avoiding(occupied)) })
    }

    /// Notes a text that takes part in this rendering. Nearly none has anything to note, and waits for nobody.
    pub(crate) fn enter(&self, text: &str) {
        if candidates(text).next().is_some() {
            self.markers().enter(text);
        }
    }

    /// A character that stands for a role.
    pub(crate) fn role(&self, role: Role) -> Option<char> {
        self.markers().hand_out(Marker::Role(role))
    }

    /// A character that stands for a media value.
    pub(crate) fn media(&self, media: &Arc<Media>) -> Option<char> {
        self.markers().hand_out(Marker::Media(Arc::clone(media)))
    }

    /// The markers so far. Values keep their scope alive, so they are looked at here rather than moved out.
    pub(crate) fn markers(&self) -> MutexGuard<'_, Markers> {
        self.markers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The markers, leaving none behind.
    pub(crate) fn take_markers(&self) -> Markers {
        std::mem::take(&mut *self.markers())
    }
}
