//! Why something was left out: the failures that alignment recorded, by place.

use rustc_hash::FxHashMap;

use crate::coerce::Aligner;
use crate::document::NodeId;
use crate::error;
use crate::failure::FailureId;
use crate::shape::{ShapeId, ShapeKind};

/// The failures of one parse: of a node that was read as one type several times, the last.
#[derive(Default)]
pub(super) struct Failed(Option<FxHashMap<(NodeId, u32), FailureId>>);

impl Failed {
    /// Why the node is no value of the type, as the end of a sentence; nothing where that is not known.
    pub(super) fn why(
        &mut self,
        aligner: &Aligner<'_, '_, '_>,
        node: NodeId,
        shape: Option<ShapeId>,
    ) -> String {
        let Some(shape) = shape else { return String::new() };
        let known = self.0.get_or_insert_with(|| {
            let failures = aligner.failures.all_kept();
            failures.map(|(id, failure)| ((failure.node, failure.shape.number()), id)).collect()
        });
        let at = |shape: ShapeId| known.get(&(node, shape.number())).copied();
        let found = at(shape).or_else(|| match &aligner.shapes.get(shape).kind {
            ShapeKind::Union(members) => members.iter().find_map(|member| at(*member)),
            _ => None,
        });
        found.map_or_else(String::new, |failure| format!(": {}", error::in_brief(aligner, failure)))
    }
}
