//! An answer that is still being written, read as it comes.

use schema::Schema;
use types::{Judge, Primitive, Type};

use crate::candidates::Search;
use crate::coerce::{Aligner, Chosen, Remembered, TEXT_PER_STEP};
use crate::document::{Arena, Document, Kind};
use crate::parse::LONGEST;
use crate::partial::Partial;
use crate::shape::{ShapeId, ShapeKind, Shapes};
use crate::share::Shown;

/// A look that takes fewer steps is never put off.
const FREE: usize = 4_096;
/// How many steps a byte of text pays for.
const STEPS_PER_BYTE: usize = 16;

/// Reads an answer while it is being written. What [`parse_partial`](crate::parse_partial) says of the text so far
/// can be had at any time; it costs what has come since the last time, not what came before.
pub struct Incremental<'s> {
    shape: ShapeId,
    /// The answer is a plain `string`: the text itself.
    verbatim: bool,
    text: String,
    arena: Arena,
    search: Search,
    /// There between looks.
    remembered: Option<Remembered<'s>>,
    shown: Shown,
    /// What the last look took, and what the text since then pays for.
    last_cost: usize,
    credit: usize,
}

/// What there is to see of an unfinished answer.
#[derive(Clone, Debug)]
pub enum Look {
    /// The value so far.
    Value(Partial),
    /// Nothing yet, or nothing that fits the type.
    Nothing,
    /// A look would take much longer than reading what has come since the last one: it is put off until more has
    /// come, so that all looks together cost no more than a multiple of the text. This is the case where no part
    /// of the text is finished for good: in long prose, or where another object may yet be the answer.
    Later,
}

impl<'s> Incremental<'s> {
    /// Before the first text of an answer of type `ty`, which must be a type of `schema`.
    #[must_use]
    pub fn new(schema: &'s Schema, ty: &'s Type) -> Self {
        let mut shapes = Shapes::new(schema);
        let shape = shapes.of(ty);
        let verbatim = shapes.get(shape).kind == ShapeKind::Primitive(Primitive::String);
        Self {
            shape,
            verbatim,
            text: String::new(),
            arena: Arena::default(),
            search: Search::default(),
            remembered: Some(Remembered::new(shapes)),
            shown: Shown::default(),
            last_cost: 0,
            credit: 0,
        }
    }

    /// Adds text.
    pub fn push(&mut self, delta: &str) {
        self.text.push_str(delta);
        self.credit = self.credit.saturating_add(delta.len().saturating_mul(STEPS_PER_BYTE));
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What there is to see now. An assert rules values out of lists, maps, unions and optional fields only, as
    /// [`parse_partial`](crate::parse_partial) says.
    pub fn look(&mut self, judge: &dyn Judge) -> Look {
        if self.last_cost > FREE && self.credit < self.last_cost {
            return Look::Later;
        }
        self.last_look(judge)
    }

    /// What there is to see when no more text will come: never put off.
    pub fn last_look(&mut self, judge: &dyn Judge) -> Look {
        if self.text.len() >= LONGEST {
            return Look::Nothing;
        }
        let Some(remembered) = self.remembered.take() else { return Look::Nothing };
        let mut document = Document::over(&self.text, std::mem::take(&mut self.arena));
        let candidates = (!self.verbatim).then(|| self.search.find(&mut document));
        let unsettled = candidates.as_ref().map_or(0, |candidates| candidates.unsettled);
        document.seal();
        let added = document.added();
        let mut aligner = Aligner::resume(remembered, document, judge);
        let chosen = if let Some(candidates) = candidates {
            aligner.choose(self.shape, &candidates)
        } else {
            let raw = aligner.document.slice(Kind::Raw, 0..self.text.len(), true);
            aligner.verbatim(raw, self.shape).map_or_else(|why| Chosen::Failure(Some(why)), Chosen::Value)
        };
        let look = match chosen {
            Chosen::Value(value) if !aligner.withholds(value, self.shape) => {
                Look::Value(aligner.shown(value, &mut self.shown))
            }
            _ => Look::Nothing,
        };
        self.shown.turn();
        self.last_cost = aligner.work + unsettled / TEXT_PER_STEP;
        self.credit = 0;
        let (remembered, document) = aligner.into_remembered(added);
        self.remembered = Some(remembered);
        self.arena = document.into_arena();
        look
    }
}
