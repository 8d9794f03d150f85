//! From aligned values to what is shown of an unfinished answer: as [`crate::emit`] does, but what is finished is
//! made once and shared from then on.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use types::{CheckResult, ClassId, Name, Value};

use crate::coerce::{Aligner, TEXT_PER_STEP};
use crate::emit::View;
use crate::output::Build;
use crate::partial::{Body, Partial, Store};
use crate::value::{AlignedKind, MapKey, Span, ValueId, Values};

/// What is finished and was shown the last time, by its value.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    before: FxHashMap<ValueId, Arc<Body>>,
    now: FxHashMap<ValueId, Arc<Body>>,
}

impl Shown {
    /// Forgets what was not shown this time: what is part of something finished is not looked for again.
    pub(crate) fn turn(&mut self) {
        std::mem::swap(&mut self.before, &mut self.now);
        self.now.clear();
    }

    fn known(&mut self, id: ValueId) -> Option<Arc<Body>> {
        if let Some(known) = self.now.get(&id) {
            return Some(Arc::clone(known));
        }
        let known = self.before.remove(&id)?;
        self.now.insert(id, Arc::clone(&known));
        Some(known)
    }
}

impl Aligner<'_, '_, '_> {
    /// The value as it is shown.
    pub(crate) fn shown(&mut self, id: ValueId, shown: &mut Shown) -> Partial {
        self.share(id, View::Full, shown)
    }

    fn share(&mut self, id: ValueId, view: View, shown: &mut Shown) -> Partial {
        self.work += 1;
        let aligned = *self.values.get(id);
        let stated = aligned.stream.with_state && view == View::Full;
        let inside = if aligned.stream.done { View::Done } else { view };
        let withheld = self.withheld(id);
        let wrapped = stated || aligned.checks.is_some();
        let composite = matches!(
            aligned.kind,
            AlignedKind::List(_)
                | AlignedKind::Map(_)
                | AlignedKind::Class(..)
                | AlignedKind::GrowingList(..)
                | AlignedKind::GrowingMap(..)
        );
        if !wrapped && (withheld || !composite) {
            return Partial::Plain(if withheld { self.hidden(id, &mut Build) } else { self.leaf(id) });
        }
        let finished = Values::is_kept(id) && aligned.complete && !withheld;
        if finished && let Some(known) = shown.known(id) {
            return Partial::Finished(known);
        }
        let body = if wrapped {
            let value = match (withheld, composite) {
                (true, _) => Partial::Plain(self.hidden(id, &mut Build)),
                (false, false) => Partial::Plain(self.leaf(id)),
                (false, true) => {
                    let body = self.body(id, inside, shown);
                    if finished { Partial::Finished(Arc::new(body)) } else { Partial::Open(Arc::new(body)) }
                }
            };
            self.wrap(id, value, stated)
        } else {
            self.body(id, inside, shown)
        };
        let body = Arc::new(body);
        if !finished {
            return Partial::Open(body);
        }
        shown.now.insert(id, Arc::clone(&body));
        Partial::Finished(body)
    }

    /// A scalar.
    fn leaf(&mut self, id: ValueId) -> Value {
        let value = self.scalar(id, &mut Build);
        if let Value::String(text) = &value {
            self.work += text.len() / TEXT_PER_STEP;
        }
        value
    }

    /// The value with its check results inside its stream state.
    fn wrap(&self, id: ValueId, value: Partial, stated: bool) -> Body {
        let checks: Option<Vec<CheckResult>> =
            self.values.get(id).checks.map(|at| self.values.checks_at(at).to_vec());
        match (checks, stated) {
            (Some(checks), false) => Body::Checked(value, checks),
            (Some(checks), true) => {
                let finished = matches!(value, Partial::Finished(_) | Partial::Plain(_));
                let checked = Arc::new(Body::Checked(value, checks));
                let checked = if finished { Partial::Finished(checked) } else { Partial::Open(checked) };
                Body::Stated(checked, self.state(id))
            }
            (None, _) => Body::Stated(value, self.state(id)),
        }
    }

    fn body(&mut self, id: ValueId, view: View, shown: &mut Shown) -> Body {
        let aligned = *self.values.get(id);
        match aligned.kind {
            AlignedKind::List(items) => {
                let store = self.growths.ended_list(items);
                for index in store.len()..items.len() {
                    let item = self.values.children_of(items)[index];
                    store.push(self.share(item, view, shown));
                }
                Body::List(store.now(Vec::new()))
            }
            AlignedKind::Map(pairs) => {
                let store = self.growths.ended_map(pairs);
                for index in store.len()..pairs.len() {
                    let pair = self.values.pairs_of(pairs)[index];
                    store.push(self.entry_shown(pair, view, shown));
                }
                Body::Map(store.now(Vec::new()))
            }
            AlignedKind::GrowingList(shape, tail) => {
                let store = self.grown_items((aligned.node, shape), view, shown);
                let tail = self.children(tail).into_iter().map(|item| self.share(item, view, shown));
                let tail = tail.collect();
                Body::List(store.now(tail))
            }
            AlignedKind::GrowingMap(shape, tail) => {
                let store = self.grown_entries((aligned.node, shape), view, shown);
                let tail = self.values.pairs_of(tail).to_vec();
                let tail = tail.into_iter().map(|pair| self.entry_shown(pair, view, shown)).collect();
                Body::Map(store.now(tail))
            }
            AlignedKind::Class(class, fields) => self.instance_shown(class, fields, view, shown),
            _ => Body::List(Store::default().now(Vec::new())),
        }
    }

    fn children(&self, span: Span) -> Vec<ValueId> {
        self.values.children_of(span).to_vec()
    }

    /// The finished items of a list that has not ended, those that are new among them.
    fn grown_items(
        &mut self,
        place: (crate::document::NodeId, u32),
        view: View,
        shown: &mut Shown,
    ) -> Store<Partial> {
        let Some(growth) = self.growths.lists.get(&place) else { return Store::default() };
        let store = growth.shown.clone();
        let new: Vec<ValueId> = growth.parts.get(store.len()..).unwrap_or_default().to_vec();
        for item in new {
            store.push(self.share(item, view, shown));
        }
        store
    }

    /// The finished entries of a map that has not ended, those that are new among them.
    fn grown_entries(
        &mut self,
        place: (crate::document::NodeId, u32),
        view: View,
        shown: &mut Shown,
    ) -> Store<(Name, Partial)> {
        let Some(growth) = self.growths.maps.get(&place) else { return Store::default() };
        let store = growth.shown.clone();
        let new = growth.parts.get(store.len()..).unwrap_or_default().to_vec();
        for pair in new {
            store.push(self.entry_shown(pair, view, shown));
        }
        store
    }

    fn entry_shown(
        &mut self,
        (key, value): (MapKey, ValueId),
        view: View,
        shown: &mut Shown,
    ) -> (Name, Partial) {
        (Name::from(self.key_text(key)), self.share(value, view, shown))
    }

    fn instance_shown(&mut self, class: ClassId, values: Span, view: View, shown: &mut Shown) -> Body {
        let schema = self.shapes.schema();
        let mut fields = Vec::with_capacity(values.len());
        let parsed = schema.class(class).fields.iter().filter(|field| !field.skip);
        for (field, value) in parsed.zip(self.children(values)) {
            fields.push((Arc::clone(&field.name), self.share(value, view, shown)));
        }
        Body::Instance(class, fields)
    }
}
