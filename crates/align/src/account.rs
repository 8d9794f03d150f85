//! The account of an answer: what was repaired, coerced, defaulted or dropped to make it fit. It is made afterwards,
//! by comparing the values with the nodes that they were read from, so that an answer nobody asks about pays
//! nothing for it.

use std::fmt::Write as _;

use types::Literal;

use crate::candidates::Candidates;
use crate::coerce::Aligner;
use crate::document::{Document, Kind, NONE, NodeId};
use crate::frame::Around;
use crate::leniency::{Change, Leniency};
use crate::number::{self, Number};
use crate::value::{AlignedKind, MapKey, ValueId};

const FENCE: &str = "the answer was taken out of a Markdown fence";
const PROSE: &str = "the text around the answer was left out";

/// How many notes an account has at most.
const LISTED: usize = 200;

/// What was done to an answer to make it fit its type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    notes: Vec<Note>,
    more: usize,
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    path: String,
    leniency: Leniency,
    message: String,
    count: usize,
}

impl Account {
    /// What was done: repairs of the text once for each kind, everything else in the order of the answer. No more
    /// than 200.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How many notes there would be beyond those.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    /// Whether the answer was strict JSON of its type.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.notes.is_empty()
    }

    /// The account of an answer that stood in a JSON string.
    pub(crate) fn in_string(mut self) -> Self {
        let leniency = Leniency::JsonInString;
        if let Some(known) = self.notes.iter_mut().find(|note| note.leniency == leniency) {
            known.count += 1;
            known.path.clear();
        } else {
            let message = "JSON that stood in a string was read".to_owned();
            self.notes.insert(0, Note { path: String::new(), leniency, message, count: 1 });
        }
        self
    }

    /// The account of strict JSON.
    pub(crate) fn of_strict(around: Around) -> Self {
        let note = match around {
            Around::Nothing => None,
            Around::Prose => Some((Leniency::Prose, PROSE)),
            Around::Fence => Some((Leniency::Fence, FENCE)),
        };
        let note = note.map(|(leniency, message)| Note {
            path: String::new(),
            leniency,
            message: message.to_owned(),
            count: 1,
        });
        Self { notes: note.into_iter().collect(), more: 0 }
    }

    /// The account of a chosen value.
    pub(crate) fn of(aligner: &Aligner<'_, '_, '_>, candidates: &Candidates, value: ValueId) -> Self {
        let mut walk = Walk { aligner, account: Self::default(), path: String::new() };
        walk.root(candidates, value);
        walk.account
    }
}

impl Note {
    /// Where in the value: `items[2].name`, empty for the value itself. Of repairs that were made several times,
    /// the first place.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was forgiven.
    #[must_use]
    pub fn leniency(&self) -> Leniency {
        self.leniency
    }

    /// What was done, in a sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How many times; more than once for repairs only.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

struct Walk<'a, 's, 't, 'j> {
    aligner: &'a Aligner<'s, 't, 'j>,
    account: Account,
    path: String,
}

impl<'a, 't> Walk<'a, '_, 't, '_> {
    fn document(&self) -> &'a Document<'t> {
        &self.aligner.document
    }

    /// Notes something at the current path.
    fn note(&mut self, leniency: Leniency, message: impl FnOnce() -> String) {
        let repair = leniency.change() == Change::Repaired;
        if repair && let Some(known) = self.account.notes.iter_mut().find(|note| note.leniency == leniency) {
            known.count += 1;
        } else if self.account.notes.len() >= LISTED {
            self.account.more += 1;
        } else {
            let path = self.path.clone();
            self.account.notes.push(Note { path, leniency, message: message(), count: 1 });
        }
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
        let dot = if self.path.is_empty() { "" } else { "." };
        self.at(format_args!("{dot}{name}"), look);
    }

    fn root(&mut self, candidates: &Candidates, id: ValueId) {
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
        self.value(id, found.map_or(node, |found| found.node));
    }

    /// Whether `inner` stands in `outer`.
    fn holds(&self, outer: NodeId, inner: NodeId) -> bool {
        if outer == inner {
            return true;
        }
        if inner == NONE || self.aligner.is_gathered(inner) {
            return false;
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

    /// A value, and the node where it was looked for.
    fn value(&mut self, id: ValueId, wanted: NodeId) {
        let aligned = *self.aligner.values.get(id);
        let node = aligned.node;
        if node == NONE {
            return;
        }
        if wanted != node && wanted != NONE {
            self.displaced(wanted, node);
        }
        match aligned.kind {
            AlignedKind::List(_) | AlignedKind::GrowingList(..) => self.list(id, node),
            AlignedKind::Map(pairs) => self.map(node, self.aligner.values.pairs_of(pairs)),
            AlignedKind::Class(class, fields) => {
                let fields = self.aligner.values.children_of(fields);
                self.class(node, class, fields);
            }
            kind => self.scalar(kind, node),
        }
    }

    /// The value was found elsewhere than where it was looked for.
    fn displaced(&mut self, wanted: NodeId, node: NodeId) {
        match self.document().node(wanted).kind {
            Kind::List => {
                let found = self.found(node);
                self.note(Leniency::ListToSingle, || format!("of the list, {found} was taken"));
            }
            Kind::Object => {
                self.note(Leniency::Wrapper, || {
                    "an object that only wraps the value was taken away".to_owned()
                });
            }
            Kind::Bare | Kind::Raw if Document::is_added(node) => {
                self.note(Leniency::Lines, || "the fields were read from lines".to_owned());
            }
            _ if Document::is_added(node) => {
                self.note(Leniency::JsonInString, || {
                    "the value was read from JSON inside a string".to_owned()
                });
            }
            _ => {}
        }
    }

    fn scalar(&mut self, kind: AlignedKind<'_>, node: NodeId) {
        self.quotes(node);
        let read = self.document().node(node).kind;
        let text = self.document().text(node);
        let textual = matches!(read, Kind::String | Kind::Bare | Kind::Raw | Kind::Key);
        match kind {
            AlignedKind::Null if read == Kind::Null => {}
            AlignedKind::Null if read == Kind::Bare && matches!(text, "None" | "undefined") => {
                self.note(Leniency::NullWord, || format!("`{text}` was read as null"));
            }
            AlignedKind::Null => {
                let found = self.found(node);
                self.note(Leniency::Replaced, || format!("{found} does not fit, null took its place"));
            }
            AlignedKind::Bool(bool) if textual => {
                self.note(Leniency::BoolFromText, || {
                    format!("the text \"{}\" was read as {bool}", short(text))
                });
            }
            AlignedKind::Int(int) if textual => {
                self.note(Leniency::NumberFromText, || {
                    format!("the text \"{}\" was read as {int}", short(text))
                });
            }
            AlignedKind::Int(int) => {
                if let Some(Number::Float(float)) = number::exact(text)
                    && float.fract() != 0.0
                {
                    self.note(Leniency::Rounded, || format!("{text} was rounded to {int}"));
                }
            }
            AlignedKind::Float(float) if textual => {
                self.note(Leniency::NumberFromText, || {
                    format!("the text \"{}\" was read as {float}", short(text))
                });
            }
            AlignedKind::Printed | AlignedKind::Written => {
                let found = self.found(node);
                self.note(Leniency::Printed, || format!("{found} became text"));
            }
            AlignedKind::Literal(Literal::String(name)) => self.name(name, node),
            AlignedKind::Literal(Literal::Int(int)) if textual => {
                self.note(Leniency::NumberFromText, || {
                    format!("the text \"{}\" was read as {int}", short(text))
                });
            }
            AlignedKind::Literal(Literal::Bool(bool)) if textual => {
                self.note(Leniency::BoolFromText, || {
                    format!("the text \"{}\" was read as {bool}", short(text))
                });
            }
            AlignedKind::Enum(id, position) => {
                let values = &self.aligner.shapes.schema().enumeration(id).values;
                if let Some(value) = values.get(position as usize) {
                    self.name(value.rendered_name(), node);
                }
            }
            _ => {}
        }
    }

    /// An enum value or literal.
    fn name(&mut self, name: &str, node: NodeId) {
        if self.document().text(node) != name {
            let found = self.found(node);
            self.note(Leniency::LooseMatch, || format!("{found} was read as `{name}`"));
        }
    }

    fn list(&mut self, id: ValueId, node: NodeId) {
        let (taken, rest) = self.aligner.items_of(id).unwrap_or_default();
        let items: Vec<ValueId> = taken.iter().chain(rest).copied().collect();
        if self.document().node(node).kind != Kind::List {
            return self.list_of_other(&items, node);
        }
        self.container(node);
        let mut next = items.iter().copied().enumerate().peekable();
        let mut child = self.document().node(node).first;
        let mut position = 0;
        while child != NONE {
            let mut kept = false;
            while let Some((index, item)) = next.peek().copied()
                && self.holds(child, self.aligner.values.get(item).node)
            {
                next.next();
                kept = true;
                self.at(format_args!("[{index}]"), |walk| walk.value(item, child));
            }
            if !kept {
                let found = self.found(child);
                self.note(Leniency::Item, || format!("item {position} of the text, {found}, does not fit"));
            }
            position += 1;
            child = self.document().node(child).next;
        }
    }

    /// A list that was made of something else.
    fn list_of_other(&mut self, items: &[ValueId], node: NodeId) {
        let found = self.found(node);
        match items {
            [] => {
                self.note(Leniency::Replaced, || format!("{found} is no list, an empty one took its place"));
            }
            [only] if self.aligner.values.get(*only).node == node => {
                self.note(Leniency::SingleToList, || format!("{found} became a list of one"));
                let only = *only;
                self.at(format_args!("[0]"), |walk| walk.value(only, node));
            }
            _ if self.document().node(node).kind == Kind::Object => {
                self.note(Leniency::Wrapper, || {
                    "an object that only wraps the list was taken away".to_owned()
                });
                for (index, item) in items.iter().enumerate() {
                    self.at(format_args!("[{index}]"), |walk| walk.value(*item, NONE));
                }
            }
            _ => self.note(Leniency::Enumeration, || format!("{found} became a list of {}", items.len())),
        }
    }

    fn map(&mut self, node: NodeId, pairs: &[(MapKey, ValueId)]) {
        // A map inside a string stands at the string.
        let mut next = pairs.iter().peekable();
        let mut key = if self.document().node(node).kind == Kind::Object {
            self.container(node);
            self.document().node(node).first
        } else {
            self.note(Leniency::JsonInString, || "the value was read from JSON inside a string".to_owned());
            return;
        };
        while key != NONE {
            let value = self.document().node(key).next;
            let name = self.document().text(key);
            self.quotes(key);
            self.colon(key, value);
            if let Some((_, item)) =
                next.next_if(|(_, item)| self.holds(value, self.aligner.values.get(*item).node))
            {
                self.field(name, |walk| walk.value(*item, value));
            } else {
                let found = self.found(value);
                self.note(Leniency::Entry, || format!("the entry `{}`, {found}, does not fit", short(name)));
            }
            key = self.document().node(value).next;
        }
    }

    fn class(&mut self, node: NodeId, class: types::ClassId, values: &[ValueId]) {
        let class = self.aligner.shapes.schema().class(class);
        let fields: Vec<_> =
            class.fields.iter().filter(|field| !field.skip).zip(values.iter().copied()).collect();
        if self.document().node(node).kind == Kind::Object {
            self.container(node);
            self.keys(node, &fields);
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

    /// What stands between a key and its value.
    fn colon(&mut self, key: NodeId, value: NodeId) {
        if Document::is_added(key) {
            return;
        }
        let (from, to) = (self.document().node(key).end as usize, self.document().node(value).start as usize);
        let between = self.document().source().get(from..to).unwrap_or_default();
        if !between.contains(['/', '#']) && between.matches(':').count() != 1 {
            self.note(Leniency::Colon, || "a colon was missing, or one too many".to_owned());
        }
    }

    /// The keys of an object that is a class: which field each one is, if any.
    fn keys(&mut self, node: NodeId, fields: &[(&schema::Field, ValueId)]) {
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
                    walk.value(*id, value);
                });
            } else {
                let class_has_it = "is not used";
                self.note(Leniency::Key, || format!("the key `{}` {class_has_it}", short(name)));
            }
            key = self.document().node(value).next;
        }
    }

    /// What is wrong with the punctuation of an object or list.
    fn container(&mut self, node: NodeId) {
        let holder = *self.document().node(node);
        if Document::is_added(node) {
            return;
        }
        if !holder.complete {
            let what = if holder.kind == Kind::List { "a list" } else { "an object" };
            self.note(Leniency::CutOff, || format!("{what} has no end"));
        }
        let source = self.document().source();
        let mut at = holder.start as usize + 1;
        let inside = source.get(at..).unwrap_or_default();
        if holder.kind == Kind::Object && inside.trim_start().starts_with('{') {
            self.note(Leniency::Braces, || "doubled braces were read as one".to_owned());
        }
        let mut child = holder.first;
        let mut wants = 0;
        let mut is_key = holder.kind == Kind::Object;
        while child != NONE {
            let Some(gap) = source.get(at..self.document().node(child).start as usize) else { return };
            self.gap(gap, wants);
            at = self.document().node(child).end as usize;
            wants = usize::from(!is_key);
            if holder.kind == Kind::Object {
                is_key = !is_key;
            } else {
                wants = 1;
            }
            child = self.document().node(child).next;
        }
        if holder.complete
            && let Some(gap) = source.get(at..(holder.end as usize).max(at))
        {
            self.gap(gap, 0);
        }
    }

    /// The text between two parts, where `commas` are wanted.
    fn gap(&mut self, gap: &str, commas: usize) {
        if gap.contains("//") || gap.contains("/*") || gap.contains("# ") {
            self.note(Leniency::Comment, || "a comment was left out".to_owned());
        } else if gap.bytes().filter(|byte| *byte == b',').count() != commas {
            self.note(Leniency::Comma, || "a comma is missing, or one too many".to_owned());
        }
    }

    /// Whether a text or key is in the quotes of JSON.
    fn quotes(&mut self, node: NodeId) {
        let read = *self.document().node(node);
        if Document::is_added(node) || matches!(read.kind, Kind::Raw) {
            return;
        }
        let bytes = self.document().source().as_bytes();
        let start = read.start as usize;
        let quoted = bytes.get(start) == Some(&b'"')
            || (start > 0
                && bytes.get(start - 1) == Some(&b'"')
                && bytes.get(start.wrapping_sub(2)) != Some(&b'\\'));
        let textual = matches!(read.kind, Kind::String | Kind::Bare | Kind::Key);
        if textual && !quoted {
            self.note(Leniency::Quotes, || "a key or text is not in double quotes".to_owned());
        } else if textual && !read.complete {
            self.note(Leniency::CutOff, || "a text has no end".to_owned());
        }
    }

    /// What stands at a node, in words.
    fn found(&self, node: NodeId) -> String {
        crate::error::found_words(self.document(), node)
    }
}

/// The beginning of a text.
fn short(text: &str) -> &str {
    let mut end = text.len().min(80);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
