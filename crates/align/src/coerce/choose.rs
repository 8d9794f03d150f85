//! Which part of the text is the answer.

use super::{Aligner, Outcome};
use crate::candidates::{Candidate, Candidates, gather};
use crate::cost::Cost;
use crate::document::{Kind, NodeId};
use crate::failure::FailureId;
use crate::shape::{ShapeId, ShapeKind};
use crate::value::ValueId;

/// The outcome of a whole parse.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Chosen {
    /// A value.
    Value(ValueId),
    /// Why there is none; `None` when the text holds nothing but what nests too deep.
    Failure(Option<FailureId>),
}

impl Aligner<'_, '_, '_> {
    /// Aligns the candidates and chooses: the cheapest, what stands in a fence before what does not, then the
    /// first. A draft in a model's thinking counts only if nothing else fits; so does the text as a whole.
    pub(crate) fn choose(&mut self, shape: ShapeId, candidates: &Candidates) -> Chosen {
        let mut failure = None;
        for draft in [false, true] {
            let found: Vec<Candidate> = candidates.found.iter().copied().filter(|found| found.draft == draft).collect();
            match self.best(shape, &found) {
                Ok(value) => return Chosen::Value(value),
                Err(first) => failure = failure.or(first),
            }
        }
        if candidates.too_deep && candidates.found.is_empty() {
            return Chosen::Failure(None);
        }
        if failure.is_some() && self.starts_with_value() && !self.partial {
            return Chosen::Failure(failure);
        }
        match self.align(candidates.raw, shape) {
            Ok(value) => Chosen::Value(value),
            Err(last) => Chosen::Failure(failure.or(Some(last))),
        }
    }

    /// The best of the candidates, or the first failure.
    fn best(&mut self, shape: ShapeId, found: &[Candidate]) -> Result<ValueId, Option<FailureId>> {
        let mut best: Option<(ValueId, bool)> = None;
        let mut failure = None;
        let mut consider = |aligner: &mut Self, outcome: Outcome, fenced: bool| match outcome {
            Ok(value) => {
                let better = best.is_none_or(|(known, known_fenced)| {
                    let (cost, known_cost) = (aligner.cost(value), aligner.cost(known));
                    cost < known_cost || (cost == known_cost && fenced && !known_fenced)
                });
                if better {
                    best = Some((value, fenced));
                }
            }
            Err(why) => failure = failure.or(Some(why)),
        };
        if let Some((list, fenced)) = self.gathered(shape, found) {
            let outcome = self.align(list, shape);
            consider(self, outcome, fenced);
        }
        let fences = found.iter().any(|candidate| candidate.fenced);
        for candidate in found {
            let outcome = self.align(candidate.node, shape);
            let perfect = outcome.is_ok_and(|value| self.cost(value) == Cost::default());
            consider(self, outcome, candidate.fenced);
            if perfect && (candidate.fenced || !fences) {
                break;
            }
        }
        best.map(|(value, _)| value).ok_or(failure)
    }

    /// Several objects, where a list is wanted, are its items.
    fn gathered(&mut self, shape: ShapeId, found: &[Candidate]) -> Option<(NodeId, bool)> {
        if !self.takes_list(shape) {
            return None;
        }
        let objects = |fenced: bool, aligner: &Self| -> Vec<NodeId> {
            let of_kind = found.iter().filter(|candidate| candidate.fenced || !fenced);
            of_kind.map(|candidate| candidate.node).filter(|node| aligner.kind(*node) == Kind::Object).collect()
        };
        let fenced = objects(true, self);
        let (nodes, fenced) = if fenced.is_empty() { (objects(false, self), false) } else { (fenced, true) };
        (nodes.len() > 1).then(|| (gather(&mut self.document, &nodes), fenced))
    }

    fn takes_list(&self, shape: ShapeId) -> bool {
        match &self.shapes.get(shape).kind {
            ShapeKind::List(_) => true,
            ShapeKind::Union(members) => {
                members.iter().any(|member| matches!(self.shapes.get(*member).kind, ShapeKind::List(_)))
            }
            _ => false,
        }
    }

    /// Whether the text is a value from its first character: no prose to look into.
    fn starts_with_value(&self) -> bool {
        let text = self.document.source().trim_start();
        text.starts_with(['{', '[']) || text.starts_with("```")
    }
}
