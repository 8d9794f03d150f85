//! The walk through a chosen value and the nodes that it was read from.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::failed::Failed;
use super::{Account, FENCE, PROSE, short};
use crate::candidates::Candidates;
use crate::coerce::Aligner;
use crate::document::{Document, Kind, NONE, Node, NodeId};
use crate::leniency::Leniency;
use crate::path;
use crate::shape::{ShapeId, ShapeKind};
use crate::value::{AlignedKind, MapKey, ValueId};

pub(super) struct Walk<'a, 's, 't, 'j> {
    pub(super) aligner: &'a Aligner<'s, 't, 'j>,
    account: Account,
    path: String,
    pub(super) failed: Failed,
    /// What holds a node that was read from inside a string.
    holders: FxHashMap<NodeId, NodeId>,
}

impl<'a, 's, 't, 'j> Walk<'a, 's, 't, 'j> {
    pub(super) fn over(aligner: &'a Aligner<'s, 't, 'j>) -> Self {
        Self {
            aligner,
            account: Account::default(),
            path: String::new(),
            failed: Failed::default(),
            holders: FxHashMap::default(),
        }
    }

    pub(super) fn document(&self) -> &'a Document<'t> {
        &self.aligner.document
    }

    /// Notes something at the current path.
    pub(super) fn note(&mut self, leniency: Leniency, message: impl FnOnce() -> String) {
        self.account.note(&self.path, leniency, message);
    }

    /// Notes that the node was left out, and why.
    fn dropped(&mut self, leniency: Leniency, what: &str, node: NodeId, shape: Option<ShapeId>) {
        let why = self.failed.why(self.aligner, node, shape);
        let found = self.found(node);
        self.note(leniency, || format!("{what}, {found}, does not fit{why}"));
    }

    /// Goes to a part and back.
    fn at(&mut self, step: std::fmt::Arguments<'_>, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        // Writing to a string cannot fail.
        let _ = self.path.write_fmt(step);
        look(self);
        self.path.truncate(length);
    }

    fn field(&mut self, name: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        path::push(&mut self.path, name);
        look(self);
        self.path.truncate(length);
    }

    /// The account of the value that was chosen.
    pub(super) fn root(mut self, candidates: &Candidates, id: ValueId, shape: Option<ShapeId>) -> Account {
        let node = self.aligner.values.get(id).node;
        let found = candidates.found.iter().find(|found| self.holds(found.node, node));
        if let Some(found) = found {
            if found.fenced {
                self.note(Leniency::Fence, || FENCE.to_owned());
            } else if !self.is_whole(found.node) {
                self.note(Leniency::Prose, || PROSE.to_owned());
            }
            if found.draft {
                self.note(Leniency::Draft, || "the answer was found only in the model's thinking".to_owned());
            }
        } else if node == candidates.raw {
            self.note(Leniency::WholeText, || "the whole text was taken as the answer".to_owned());
        } else if self.aligner.is_gathered(node) {
            let count = self.document().node(node).count;
            self.note(Leniency::Gathered, || format!("{count} objects that stood apart became one list"));
        } else if Document::is_added(node) {
            self.note(Leniency::Lines, || "the fields were read from lines".to_owned());
        }
        self.value(id, found.map_or(node, |found| found.node), shape);
        self.account
    }

    /// Whether `inner` stands in `outer`.
    fn holds(&self, outer: NodeId, inner: NodeId) -> bool {
        if outer == inner {
            return true;
        }
        if inner == NONE || self.aligner.is_gathered(inner) {
            return false;
        }
        // What stood inside a string has the place of the string.
        if Document::is_added(outer) && Document::is_added(inner) {
            if !self.holders.contains_key(&inner) {
                return self.is_piece(outer, inner);
            }
            let mut at = inner;
            while at != outer {
                let Some(holder) = self.holders.get(&at) else { return false };
                at = *holder;
            }
            return true;
        }
        let (outer, inner) = (self.document().node(outer), self.document().node(inner));
        outer.start <= inner.start && inner.end <= outer.end
    }

    /// Whether nothing but space stands around the node.
    fn is_whole(&self, node: NodeId) -> bool {
        let node = self.document().node(node);
        let source = self.document().source();
        let quote = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '\u{feff}');
        let part = |range: std::ops::Range<usize>| source.get(range).unwrap_or_default().trim_matches(quote);
        part(0..node.start as usize).is_empty() && part(node.end as usize..source.len()).is_empty()
    }

    /// Learns what holds what in an object or list that was read from inside a string.
    fn learn(&mut self, root: NodeId) {
        let holds = matches!(self.document().node(root).kind, Kind::List | Kind::Object);
        if !holds || !Document::is_added(root) || self.aligner.is_gathered(root) {
            return;
        }
        let mut open = vec![root];
        while let Some(holder) = open.pop() {
            let mut part = self.document().node(holder).first;
            while part != NONE {
                // Known already, and all that is in it.
                if self.holders.insert(part, holder).is_some() {
                    return;
                }
                if matches!(self.document().node(part).kind, Kind::List | Kind::Object) {
                    open.push(part);
                }
                part = self.document().node(part).next;
            }
        }
    }

    /// A value, the node where it was looked for, and the type that was wanted there, where that is known.
    fn value(&mut self, id: ValueId, wanted: NodeId, shape: Option<ShapeId>) {
        let aligned = *self.aligner.values.get(id);
        let node = aligned.node;
        if node == NONE {
            return;
        }
        if wanted != node && wanted != NONE {
            self.displaced(wanted, node);
        }
        match aligned.kind {
            AlignedKind::List(_) | AlignedKind::GrowingList(..) => {
                self.list(id, node, self.list_shape(shape));
            }
            AlignedKind::Map(pairs) => {
                self.map(node, self.aligner.values.pairs_of(pairs), self.map_shape(shape));
            }
            AlignedKind::Class(class, fields) => {
                let fields = self.aligner.values.children_of(fields);
                self.class(node, class, fields);
            }
            kind => self.scalar(kind, node, shape),
        }
    }

    /// The type of a list's items, where only one is possible.
    fn list_shape(&self, shape: Option<ShapeId>) -> Option<ShapeId> {
        self.only(shape, |kind| match kind {
            ShapeKind::List(item) => Some(*item),
            _ => None,
        })
    }

    /// The types of a map's keys and values, where only one of each is possible.
    fn map_shape(&self, shape: Option<ShapeId>) -> Option<(ShapeId, ShapeId)> {
        self.only(shape, |kind| match kind {
            ShapeKind::Map(key, value) => Some((*key, *value)),
            _ => None,
        })
    }

    /// What `pick` takes of the type, or of the only member of a union that it takes something of.
    fn only<T>(&self, shape: Option<ShapeId>, pick: impl Fn(&ShapeKind<'s>) -> Option<T>) -> Option<T> {
        let shapes = &self.aligner.shapes;
        match &shapes.get(shape?).kind {
            ShapeKind::Union(members) => {
                let mut found = members.iter().filter_map(|member| pick(&shapes.get(*member).kind));
                found.next().filter(|_| found.next().is_none())
            }
            kind => pick(kind),
        }
    }

    /// Whether the node is text that looks like JSON.
    fn holds_json(&self, node: NodeId) -> bool {
        let text =
            matches!(self.document().node(node).kind, Kind::String | Kind::Bare | Kind::Raw | Kind::Key);
        text && self.document().text(node).trim_start().starts_with(['{', '['])
    }

    /// The value was found elsewhere than where it was looked for.
    fn displaced(&mut self, wanted: NodeId, node: NodeId) {
        match self.document().node(wanted).kind {
            Kind::List => {
                self.container(wanted);
                let found = self.found(node);
                self.note(Leniency::ListToSingle, || format!("of the list, {found} was taken"));
            }
            Kind::Object => self.wrapper("value"),
            _ if !Document::is_added(node) => {}
            _ if self.holds_json(wanted) => {
                self.learn(node);
                self.json_in_string();
            }
            _ => self.note(Leniency::Lines, || "the fields were read from lines".to_owned()),
        }
    }

    /// What was read from inside a text, which is noted, or else the node itself.
    fn inside(&mut self, node: NodeId) -> NodeId {
        let inner = if self.holds_json(node) { self.aligner.read_inside(node) } else { NONE };
        if inner == NONE {
            return node;
        }
        self.json_in_string();
        self.learn(inner);
        inner
    }

    pub(super) fn wrapper(&mut self, what: &str) {
        self.note(Leniency::Wrapper, || format!("an object that only wraps the {what} was taken away"));
    }

    fn json_in_string(&mut self) {
        self.note(Leniency::JsonInString, || "the value was read from JSON inside a string".to_owned());
    }

    fn list(&mut self, id: ValueId, node: NodeId, shape: Option<ShapeId>) {
        let (taken, rest) = self.aligner.items_of(id).unwrap_or_default();
        let items: Vec<ValueId> = taken.iter().chain(rest).copied().collect();
        if self.document().node(node).kind != Kind::List {
            return self.list_of_other(&items, node, shape);
        }
        self.items(&items, node, shape);
    }

    /// The items of a list, and what was left out of it.
    fn items(&mut self, items: &[ValueId], node: NodeId, shape: Option<ShapeId>) {
        self.container(node);
        let mut next = items.iter().copied().enumerate().peekable();
        let mut child = self.document().node(node).first;
        let mut position = 0;
        while child != NONE {
            if self.holds_json(child) && self.aligner.read_inside(child) != NONE {
                self.learn(self.aligner.read_inside(child));
            }
            let mut count = 0;
            let mut enumerated = false;
            while let Some((index, item)) = next.peek().copied()
                && let at = self.aligner.values.get(item).node
                && self.holds(child, at)
            {
                next.next();
                count += 1;
                enumerated = at != child && self.is_piece(child, at);
                if !enumerated {
                    self.at(format_args!("[{index}]"), |walk| walk.value(item, child, shape));
                }
            }
            if enumerated {
                let found = self.found(child);
                self.note(Leniency::Enumeration, || format!("{found} became {count} items"));
            }
            if count == 0 {
                self.dropped(Leniency::Item, &format!("item {position} of the text"), child, shape);
            }
            position += 1;
            child = self.document().node(child).next;
        }
    }

    /// Whether a node is a piece of the text of another, which enumerates.
    fn is_piece(&self, text: NodeId, piece: NodeId) -> bool {
        let has_parts = |node: NodeId| matches!(self.document().node(node).kind, Kind::List | Kind::Object);
        Document::is_added(piece)
            && !self.holders.contains_key(&piece)
            && !has_parts(text)
            && !has_parts(piece)
            && self.document().text(text).contains(self.document().text(piece))
    }

    /// A list that was made of something else.
    fn list_of_other(&mut self, items: &[ValueId], node: NodeId, shape: Option<ShapeId>) {
        let found = self.found(node);
        match items {
            [] => {
                let why = self.failed.why(self.aligner, node, shape);
                self.note(Leniency::Replaced, || {
                    format!("{found} is no list, an empty one took its place{why}")
                });
            }
            [only] if self.aligner.values.get(*only).node == node => {
                self.note(Leniency::SingleToList, || format!("{found} became a list of one"));
                let only = *only;
                self.at(format_args!("[0]"), |walk| walk.value(only, node, shape));
            }
            _ if self.document().node(node).kind == Kind::Object || self.holds_json(node) => {
                let inner = self.inside(node);
                if self.document().node(inner).kind == Kind::List {
                    return self.items(items, inner, shape);
                }
                self.wrapper("list");
                let Node { first, count, .. } = *self.document().node(inner);
                let value = if count == 1 { self.document().node(first).next } else { NONE };
                let list = if value == NONE { NONE } else { self.inside(value) };
                if list != NONE && self.document().node(list).kind == Kind::List {
                    return self.items(items, list, shape);
                }
                for (index, item) in items.iter().enumerate() {
                    self.at(format_args!("[{index}]"), |walk| walk.value(*item, NONE, shape));
                }
            }
            _ => self.note(Leniency::Enumeration, || format!("{found} became a list of {}", items.len())),
        }
    }

    fn map(&mut self, node: NodeId, pairs: &[(MapKey, ValueId)], shapes: Option<(ShapeId, ShapeId)>) {
        // A map inside a string stands at the string.
        let object = self.inside(node);
        if self.document().node(object).kind != Kind::Object {
            let found = self.found(node);
            return self
                .note(Leniency::Replaced, || format!("{found} is no map, an empty one took its place"));
        }
        self.container(object);
        // Of a key that comes again, the last entry holds.
        let mut last = FxHashMap::default();
        for (index, (key, _)) in pairs.iter().enumerate() {
            last.insert(self.aligner.key_text(*key), index);
        }
        let mut next = pairs.iter().enumerate().peekable();
        let mut key = self.document().node(object).first;
        while key != NONE {
            let value = self.document().node(key).next;
            let name = self.document().text(key);
            self.quotes(key);
            self.colon(key, value);
            let kept = next.next_if(|(_, (_, item))| self.holds(value, self.aligner.values.get(*item).node));
            match kept {
                Some((index, (taken, item))) if last.get(self.aligner.key_text(*taken)) == Some(&index) => {
                    self.entry((*taken, *item), (key, value), shapes);
                }
                Some(_) => self.note(Leniency::Entry, || {
                    format!("the entry `{}` gives way to a later one with the same key", short(name))
                }),
                None => {
                    let what = format!("the entry `{}`", short(name));
                    let wrong_key =
                        shapes.map(|(wanted, _)| self.failed.why(self.aligner, key, Some(wanted)));
                    match wrong_key.filter(|why| !why.is_empty()) {
                        Some(why) => {
                            self.note(Leniency::Entry, || format!("{what} has a key that does not fit{why}"));
                        }
                        None => self.dropped(Leniency::Entry, &what, value, shapes.map(|(_, value)| value)),
                    }
                }
            }
            key = self.document().node(value).next;
        }
    }

    /// An entry of a map, with the nodes of its key and value.
    fn entry(
        &mut self,
        (taken, item): (MapKey, ValueId),
        (key, value): (NodeId, NodeId),
        shapes: Option<(ShapeId, ShapeId)>,
    ) {
        let name = self.aligner.key_text(taken);
        let written = self.document().text(key);
        let as_expected = name == written || self.is_alias(shapes.map(|(key, _)| key), name, written);
        self.field(name, |walk| {
            if !as_expected {
                walk.note(Leniency::LooseKey, || {
                    format!("the key `{}` was read as `{name}`", short(written))
                });
            }
            walk.value(item, value, shapes.map(|(_, value)| value));
        });
    }

    /// Whether the model is to write the enum's value so.
    fn is_alias(&self, shape: Option<ShapeId>, name: &str, written: &str) -> bool {
        let Some(ShapeKind::Enum(id)) = shape.map(|shape| &self.aligner.shapes.get(shape).kind) else {
            return false;
        };
        let values = &self.aligner.shapes.schema().enumeration(*id).values;
        values.iter().any(|value| *value.name == *name && **value.rendered_name() == *written)
    }

    fn class(&mut self, node: NodeId, class: types::ClassId, values: &[ValueId]) {
        let shapes = self.aligner.shapes.known_class(class).map_or(&[][..], |class| &class.fields);
        let class = self.aligner.shapes.schema().class(class);
        let fields: Vec<_> =
            class.fields.iter().filter(|field| !field.skip).zip(values.iter().copied()).collect();
        let shapes: Vec<_> = shapes.iter().flatten().map(|field| field.shape).collect();
        if self.document().node(node).kind == Kind::Object {
            self.container(node);
            self.keys(node, &fields, &shapes);
        } else if let [(field, value)] = fields.as_slice()
            && self.aligner.values.get(*value).node != NONE
        {
            let found = self.found(node);
            self.note(Leniency::OnlyField, || {
                format!("{found} stands for an object with the field `{}`", field.name)
            });
        }
        for (field, value) in fields {
            let aligned = self.aligner.values.get(value);
            if aligned.node != NONE {
                continue;
            }
            let empty = match aligned.kind {
                AlignedKind::List(_) => "an empty list",
                AlignedKind::Map(_) => "an empty map",
                _ => "null",
            };
            self.field(&field.name, |walk| {
                walk.note(Leniency::Absent, || format!("is missing, {empty} took its place"));
            });
        }
    }

    /// The keys of an object that is a class: which field each one is, if any.
    fn keys(&mut self, node: NodeId, fields: &[(&schema::Field, ValueId)], shapes: &[ShapeId]) {
        let mut used = vec![false; fields.len()];
        let mut expected = 0;
        let mut key = self.document().node(node).first;
        while key != NONE {
            let value = self.document().node(key).next;
            let name = self.document().text(key);
            self.quotes(key);
            self.colon(key, value);
            let is = |index: &usize| {
                !used.get(*index).copied().unwrap_or(true)
                    && fields.get(*index).is_some_and(|(_, field)| {
                        let at = self.aligner.values.get(*field).node;
                        at != NONE && at != node && self.holds(value, at)
                    })
            };
            let found = Some(expected).filter(is).or_else(|| (0..fields.len()).find(is));
            if let Some(index) = found
                && let Some((field, id)) = fields.get(index)
            {
                used[index] = true;
                expected = index + 1;
                self.field(&field.name, |walk| {
                    if **field.rendered_name() != *name {
                        let wanted = field.rendered_name();
                        walk.note(Leniency::LooseKey, || {
                            format!("the key `{}` was read as `{wanted}`", short(name))
                        });
                    }
                    walk.value(*id, value, shapes.get(index).copied());
                });
            } else {
                self.note(Leniency::Key, || format!("the key `{}` is not used", short(name)));
            }
            key = self.document().node(value).next;
        }
    }

    /// What stands at a node, in words.
    pub(super) fn found(&self, node: NodeId) -> String {
        crate::error::found_words(self.document(), node)
    }
}
