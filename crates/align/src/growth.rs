//! Lists and maps that have not ended: what was taken in of them for good, so that each look at an unfinished
//! answer goes on where the last one stopped.

use rustc_hash::FxHashMap;
use types::Name;

use crate::cost::Cost;
use crate::document::{NONE, NodeId};
use crate::partial::{Partial, Store};
use crate::value::{MapKey, Span, ValueId};

/// A list or map that has not ended, read as one type.
#[derive(Debug)]
pub(crate) struct Growth<T, S> {
    /// The last child that was taken in: an item, or the value of an entry.
    pub(crate) last: NodeId,
    /// What was made of the children.
    pub(crate) parts: Vec<T>,
    /// What that cost.
    pub(crate) cost: Cost,
    /// How many entries a map had, used or not.
    pub(crate) index: u64,
    /// Whether an object or list became text to be one of `parts`.
    pub(crate) made_text: bool,
    /// The first of `parts`, as they are shown.
    pub(crate) shown: Store<S>,
}

/// An item of a list that grows.
pub(crate) type ListGrowth = Growth<ValueId, Partial>;
/// An entry of a map that grows.
pub(crate) type MapGrowth = Growth<(MapKey, ValueId), (Name, Partial)>;

impl<T, S> Growth<T, S> {
    /// Nothing taken in.
    pub(crate) fn of(cost: Cost) -> Self {
        Self { last: NONE, parts: Vec::new(), cost, index: 0, made_text: false, shown: Store::default() }
    }
}

/// Where a growing list or map is: its node, and the number of the shape as which it is read.
pub(crate) type Place = (NodeId, u32);

/// All lists and maps that have not ended, and of those that have what was shown.
#[derive(Debug, Default)]
pub(crate) struct Growths {
    pub(crate) lists: FxHashMap<Place, ListGrowth>,
    pub(crate) maps: FxHashMap<Place, MapGrowth>,
    ended_lists: FxHashMap<u32, Store<Partial>>,
    ended_maps: FxHashMap<u32, Store<(Name, Partial)>>,
}

impl Growths {
    /// Remembers what was shown of a list until it is shown as a whole.
    pub(crate) fn end_list(&mut self, items: Span, shown: Store<Partial>) {
        if let Some(number) = items.number().filter(|_| shown.len() > 0) {
            self.ended_lists.insert(number, shown);
        }
    }

    /// Remembers what was shown of a map until it is shown as a whole.
    pub(crate) fn end_map(&mut self, pairs: Span, shown: Store<(Name, Partial)>) {
        if let Some(number) = pairs.number().filter(|_| shown.len() > 0) {
            self.ended_maps.insert(number, shown);
        }
    }

    /// What was shown of a list that has ended.
    pub(crate) fn ended_list(&mut self, items: Span) -> Store<Partial> {
        items.number().and_then(|number| self.ended_lists.remove(&number)).unwrap_or_default()
    }

    /// What was shown of a map that has ended.
    pub(crate) fn ended_map(&mut self, pairs: Span) -> Store<(Name, Partial)> {
        pairs.number().and_then(|number| self.ended_maps.remove(&number)).unwrap_or_default()
    }
}
