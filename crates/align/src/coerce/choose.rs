//! Which part of the text is the answer.

use types::{Literal, Primitive};

use super::{Aligner, Outcome};
use crate::candidates::{Candidate, Candidates, gather, is_blank};
use crate::cost::{Cost, Tier};
use crate::document::{Kind, NONE, Node, NodeId};
use crate::failure::FailureId;
use crate::shape::{ShapeId, ShapeKind};
use crate::value::{Aligned, AlignedKind, ValueId};

/// How many lists and unions around a text are looked into.
const TEXT_DEPTH: usize = 4;

/// How many items tell what a list is.
const FEW_ITEMS: usize = 4;

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
        self.is_answer = true;
        let chosen = self.choose_answer(shape, candidates);
        self.is_answer = false;
        chosen
    }

    fn choose_answer(&mut self, shape: ShapeId, candidates: &Candidates) -> Chosen {
        let mut failure = None;
        let takes_text = self.takes_text_as_it_is(shape, TEXT_DEPTH);
        let holds_values = candidates.found.iter().any(|found| self.holds_values(found.node));
        let is_prose = holds_values || self.takes_any_text(shape);
        for draft in [false, true] {
            if draft
                && candidates.thought
                && let Some(value) = self.said(shape, candidates)
            {
                return Chosen::Value(value);
            }
            let found: Vec<Candidate> = candidates
                .found
                .iter()
                .copied()
                .filter(|found| found.draft == draft)
                // Words in brackets are prose where there are values, too, or where the text as a whole will do.
                .filter(|found| {
                    !is_prose || !self.document.is_written(found.node) || self.holds_values(found.node)
                })
                .filter(|found| !takes_text || !self.is_quotation(*found, candidates.raw))
                .collect();
            match self.best(shape, &found) {
                Ok(value) => return Chosen::Value(value),
                Err(first) => failure = failure.or(first),
            }
        }
        if candidates.too_deep && candidates.found.is_empty() {
            return Chosen::Failure(None);
        }
        let answered = candidates.whole
            || (candidates.found.iter().any(|found| self.holds_values(found.node))
                && !self.takes_words(shape));
        if failure.is_some() && answered && !self.partial {
            return Chosen::Failure(failure);
        }
        match self.align(candidates.raw, shape) {
            Ok(value) => Chosen::Value(value),
            Err(last) => Chosen::Failure(failure.or(Some(last))),
        }
    }

    /// Whether the candidate is only a part of a text that is the answer as a whole: words in brackets, or words in a
    /// fence that does not say that they are JSON, with other words around them.
    fn is_quotation(&self, candidate: Candidate, raw: NodeId) -> bool {
        let words = match self.document.node(candidate.node).kind {
            Kind::Object | Kind::List => {
                self.document.is_written(candidate.node) && !self.holds_values(candidate.node)
            }
            Kind::String | Kind::Raw | Kind::Key => false,
            Kind::Bare | Kind::Number | Kind::True | Kind::False | Kind::Null => candidate.fenced,
        };
        if !words {
            return false;
        }
        let (from, to) = self.document.around(candidate.node, raw);
        let mark = from.trim_start_matches('`');
        if candidate.fenced && mark.len() < from.len() {
            return !to.chars().all(|c| c == '`' || is_blank(c)) || mark.trim_end().contains(is_blank);
        }
        if candidate.fenced && from.trim_end().to_ascii_lowercase().ends_with("json") {
            return false;
        }
        !from.trim().is_empty() || !to.trim().is_empty()
    }

    /// Whether any text is a value of the type, or an item of it.
    fn takes_text_as_it_is(&self, shape: ShapeId, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match &self.shapes.get(shape).kind {
            ShapeKind::Primitive(Primitive::String) => true,
            ShapeKind::List(item) => self.takes_text_as_it_is(*item, depth),
            ShapeKind::Union(members) => {
                members.iter().any(|member| self.takes_text_as_it_is(*member, depth))
            }
            _ => false,
        }
    }

    /// The text behind the thinking, where no object or list stands in it and the type takes it as it is.
    fn said(&mut self, shape: ShapeId, candidates: &Candidates) -> Option<ValueId> {
        if candidates.found.iter().any(|found| !found.draft) {
            return None;
        }
        let value = self.align(candidates.raw, shape).ok()?;
        (self.cost(value).tier() < Tier::PrintedContainer && !self.is_blank_text(candidates.raw))
            .then_some(value)
    }

    fn is_blank_text(&self, node: NodeId) -> bool {
        self.document.text(node).trim().is_empty()
    }

    /// The best of the candidates, or the first failure.
    fn best(&mut self, shape: ShapeId, found: &[Candidate]) -> Result<ValueId, Option<FailureId>> {
        let mut best: Option<(ValueId, bool)> = None;
        let mut failure = None;
        let mut consider = |aligner: &mut Self, outcome: Outcome, fenced: bool| match outcome {
            Ok(value) => {
                let better = best.is_none_or(|(known, known_fenced)| {
                    if (known_fenced || !fenced) && aligner.is_scrap(value, known) {
                        return false;
                    }
                    // A list in a fence that has no item yet does not take back what stands before the fence.
                    if aligner.partial && fenced && !known_fenced && aligner.is_empty_list(value) {
                        return false;
                    }
                    let (cost, known_cost) = (aligner.cost(value), aligner.cost(known));
                    cost < known_cost || (cost == known_cost && fenced && !known_fenced)
                });
                if better {
                    best = Some((value, fenced));
                }
            }
            Err(why) => failure = failure.or(Some(why)),
        };
        let fences = found.iter().any(|candidate| candidate.fenced);
        let mut gathered = self.gathered(shape, found);
        if let Some(list) = gathered
            && !matches!(self.shapes.get(shape).kind, ShapeKind::List(_))
            && !self.gathers_well(shape, list)
        {
            gathered = None;
        }
        let texts = self.is_list_of_strings(shape);
        let mut lists = Vec::new();
        for candidate in found {
            // One of several objects is not taken for the whole list.
            let is_part = self.kind(candidate.node) == Kind::Object || self.is_list_of_lists(shape);
            if gathered.is_some() && is_part {
                continue;
            }
            let outcome = self.align(candidate.node, shape);
            let perfect = outcome.is_ok_and(|value| self.cost(value) == Cost::default());
            consider(self, outcome, candidate.fenced);
            if let Ok(value) = outcome
                && texts
                && !fences
            {
                lists.push((candidate.node, value));
            } else if perfect && (candidate.fenced || !fences) {
                break;
            }
        }
        if let Some(all) = self.all_texts(shape, lists) {
            return Ok(all);
        }
        if let Some(list) = gathered
            && best.is_none_or(|(best, _)| self.is_empty_list(best))
        {
            self.gathered = list;
            match self.align(list, shape) {
                Ok(value) => best = Some((value, false)),
                Err(why) => failure = failure.or(Some(why)),
            }
        }
        best.map(|(value, _)| value).ok_or(failure)
    }

    /// The texts of several lists one after another, and of objects among them: those of lists that hold texts, or else
    /// of all.
    fn all_texts(&mut self, shape: ShapeId, mut lists: Vec<(NodeId, ValueId)>) -> Option<ValueId> {
        let is_list_of_texts = |aligner: &Self, node: NodeId| {
            let Node { kind, first, .. } = *aligner.document.node(node);
            kind == Kind::List && first != NONE && aligner.kind(first) == Kind::String
        };
        if lists.iter().any(|(node, _)| is_list_of_texts(self, *node)) {
            lists.retain(|(node, _)| is_list_of_texts(self, *node));
        }
        let has_list = lists.iter().any(|(node, _)| self.kind(*node) == Kind::List);
        if lists.len() < 2 || !has_list {
            return None;
        }
        let mut items = Vec::new();
        for (_, value) in &lists {
            let (taken, rest) = self.items_of(*value)?;
            let part = [taken, rest].concat();
            self.work += part.len();
            items.extend(part.into_iter().map(|item| self.as_written(self.values.get(item).node, item)));
        }
        let nodes: Vec<NodeId> = lists.iter().map(|(node, _)| *node).collect();
        let node = gather(&mut self.document, &nodes);
        self.gathered = node;
        let items = self.values.children(&items);
        Some(self.value(node, shape, AlignedKind::List(items), Cost::default()))
    }

    fn is_list_of_lists(&self, shape: ShapeId) -> bool {
        let ShapeKind::List(item) = self.shapes.get(shape).kind else { return false };
        matches!(self.shapes.get(item).kind, ShapeKind::List(_))
    }

    fn is_list_of_strings(&self, shape: ShapeId) -> bool {
        let ShapeKind::List(item) = self.shapes.get(shape).kind else { return false };
        let item = self.shapes.get(item);
        item.kind == ShapeKind::Primitive(Primitive::String) && item.constraints.is_empty()
    }

    /// Whether a value is less than another one, which fits as well: it has no end while the other one has and is not
    /// small beside it, or its text is small beside the other's. Where brackets are missing, what the first value has
    /// lost is found behind it.
    fn is_scrap(&mut self, value: ValueId, known: ValueId) -> bool {
        let lacks = self.partial && self.lacks_parts(known);
        let length = |value: ValueId| {
            let node = self.document.node(self.values.get(value).node);
            u64::from(node.end.saturating_sub(node.start))
        };
        self.values.get(value).node != NONE
            && self.values.get(known).node != NONE
            && self.cost(known).tier() <= Tier::Unlisted
            && (4 * length(value) < length(known)
                || (!lacks
                    && self.is_complete(known)
                    && !self.is_complete(value)
                    && 4 * length(known) >= length(value)))
    }

    /// Whether an unfinished answer shows a value that a finished one would not: without a field that is required, or a list
    /// without an item or with items that became text.
    fn lacks_parts(&mut self, value: ValueId) -> bool {
        let AlignedKind::Class(id, fields) = self.values.get(value).kind else {
            let Some((taken, rest)) = self.items_of(value) else { return false };
            let bent = |item: &ValueId| self.cost(*item).tier() >= Tier::Printed;
            return taken.iter().chain(rest).take(FEW_ITEMS).all(bent);
        };
        let class = self.shapes.class(id);
        let values = self.values.children_of(fields).iter().map(|field| self.values.get(*field));
        class.fields.iter().flatten().zip(values).any(|(field, value)| {
            !field.nullable && value.node == NONE && matches!(value.kind, AlignedKind::Null)
        })
    }

    fn is_complete(&self, value: ValueId) -> bool {
        self.document.node(self.values.get(value).node).complete
    }

    /// Several objects, where a list is wanted, are its items: those in fences, or else all.
    fn gathered(&mut self, shape: ShapeId, found: &[Candidate]) -> Option<NodeId> {
        if !self.takes_list(shape) {
            return None;
        }
        let of_lists = self.is_list_of_lists(shape);
        let is_item = |node: &NodeId| {
            let Node { kind, first, .. } = *self.document.node(*node);
            kind == Kind::Object
                || (of_lists && kind == Kind::List && first != NONE && self.kind(first) != Kind::List)
        };
        let objects = |only_fenced: bool| -> Vec<NodeId> {
            let wanted = found.iter().filter(|candidate| candidate.fenced || !only_fenced);
            wanted.map(|candidate| candidate.node).filter(is_item).collect()
        };
        let fenced = objects(true);
        let nodes = if fenced.is_empty() { objects(false) } else { fenced };
        (nodes.len() > 1).then(|| gather(&mut self.document, &nodes))
    }

    /// Whether a union reads the objects as they are as items, and not as text or null.
    fn gathers_well(&mut self, shape: ShapeId, list: NodeId) -> bool {
        let outer = std::mem::replace(&mut self.gathered, list);
        let value = self.align(list, shape);
        self.gathered = outer;
        let Ok(value) = value else { return false };
        let Some((taken, rest)) = self.items_of(value) else { return true };
        let well = |item: &ValueId| self.cost(*item).tier() < Tier::Printed && !self.is_emptied_map(*item);
        !(taken.is_empty() && rest.is_empty()) && taken.iter().chain(rest).all(well)
    }

    /// Whether a map has no entry of an object that has some and has ended.
    fn is_emptied_map(&self, value: ValueId) -> bool {
        let Aligned { kind: AlignedKind::Map(pairs), node, .. } = *self.values.get(value) else {
            return false;
        };
        let Node { count, complete, .. } = *self.document.node(node);
        complete && count > 0 && self.values.pairs_of(pairs).is_empty()
    }

    fn is_empty_list(&self, value: ValueId) -> bool {
        self.items_of(value).is_some_and(|(first, rest)| first.is_empty() && rest.is_empty())
    }

    /// Whether something was read there that is more than brackets in prose.
    fn holds_values(&self, node: NodeId) -> bool {
        let node = self.document.node(node);
        matches!(node.kind, Kind::Object | Kind::List) && node.count > 0
    }

    /// Whether the type has nothing but words, which stand in a sentence as well as anywhere.
    fn takes_words(&self, shape: ShapeId) -> bool {
        match &self.shapes.get(shape).kind {
            ShapeKind::Enum(_) | ShapeKind::Literal(Literal::String(_)) => true,
            ShapeKind::Union(members) => members.iter().all(|member| {
                self.shapes.get(*member).kind == ShapeKind::Primitive(Primitive::Null)
                    || matches!(
                        self.shapes.get(*member).kind,
                        ShapeKind::Enum(_) | ShapeKind::Literal(Literal::String(_))
                    )
            }),
            _ => false,
        }
    }

    /// Whether any text is a value of the type.
    fn takes_any_text(&self, shape: ShapeId) -> bool {
        let is_text = |shape: ShapeId| self.shapes.get(shape).kind == ShapeKind::Primitive(Primitive::String);
        match &self.shapes.get(shape).kind {
            ShapeKind::Union(members) => members.iter().any(|member| is_text(*member)),
            _ => is_text(shape),
        }
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
}
