//! Enum values and string literals: what matches what. The strictest match that finds anything decides.

use types::{EnumId, Literal};

use super::{Aligner, Outcome};
use crate::cost::{self, Cost, Tier};
use crate::document::{Kind, Node, NodeId};
use crate::failure::Reason;
use crate::fold::{fold, squash, strip};
use crate::print;
use crate::shape::ShapeId;
use crate::value::AlignedKind;

/// Objects and lists are searched for an enum value as text up to this length.
const PRINT_LIMIT: usize = 1_000;

impl<'s> Aligner<'s, '_, '_> {
    /// A value of an enum: by its alias or else its name, by its description, or by both as the prompt shows
    /// them.
    pub(super) fn enumeration(&mut self, node: NodeId, shape: ShapeId, id: EnumId) -> Outcome {
        let schema = self.shapes.schema();
        let values = &schema.enumeration(id).values;
        if let Some(inner) = self.inside(node)
            && !values.iter().any(|value| **value.rendered_name() == *self.document.text(node))
        {
            let inner = self.align(inner, shape)?;
            return Ok(self.dearer(inner, cost::UNWRAPPED));
        }
        let printed;
        let text = match self.kind(node) {
            Kind::Null => return Err(self.fail(node, shape, Reason::Mismatch)),
            Kind::List | Kind::Object => {
                printed = print::limited(&self.document, node, PRINT_LIMIT);
                printed.as_str()
            }
            _ => self.document.text(node),
        };
        if let Some(index) = values.iter().position(|value| !value.skip && **value.rendered_name() == *text) {
            let position = u32::try_from(index).unwrap_or(u32::MAX);
            return Ok(self.value(node, shape, AlignedKind::Enum(id, position), Cost::default()));
        }
        let described: Vec<Option<String>> = values
            .iter()
            .map(|value| {
                value
                    .description
                    .as_ref()
                    .map(|description| format!("{}: {description}", value.rendered_name()))
            })
            .collect();
        let mut names = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate().filter(|(_, value)| !value.skip) {
            names.push((index, value.rendered_name().as_ref()));
            if let (Some(description), Some(described)) = (&value.description, &described[index]) {
                names.push((index, description.as_ref()));
                names.push((index, described.as_str()));
            }
        }
        match find(text, &names) {
            Found::One(index, points) => {
                let position = u32::try_from(index).unwrap_or(u32::MAX);
                let cost = match self.kind(node) {
                    // A word found somewhere in an object says little about the object.
                    Kind::Object | Kind::List if !self.holds_one_word(node) => {
                        Cost::of(points + cost::SINGLE).at(Tier::PrintedContainer)
                    }
                    // A class that has the key takes the object as it is.
                    Kind::Object => Cost::of(points + cost::SINGLE).at(Tier::Unlisted),
                    Kind::List => Cost::of(points + cost::SINGLE),
                    _ => Cost::of(points),
                };
                Ok(self.value(node, shape, AlignedKind::Enum(id, position), cost))
            }
            Found::Several(indexes) => {
                let names =
                    indexes.into_iter().map(|index| values[index].rendered_name().to_string()).collect();
                Err(self.fail(node, shape, Reason::Ambiguous(names)))
            }
            Found::None => Err(self.fail(node, shape, Reason::Mismatch)),
        }
    }

    /// Whether an object or list holds one value and that is no object or list.
    fn holds_one_word(&self, node: NodeId) -> bool {
        let Node { kind, count, first, .. } = *self.document.node(node);
        if count != 1 {
            return count == 0;
        }
        let only = if kind == Kind::Object { self.document.node(first).next } else { first };
        !matches!(self.kind(only), Kind::List | Kind::Object)
    }

    /// A string literal.
    pub(super) fn word(
        &mut self,
        node: NodeId,
        shape: ShapeId,
        wanted: &str,
        literal: &'s Literal,
    ) -> Outcome {
        let kind = self.kind(node);
        let found = match kind {
            Kind::Object | Kind::List if self.document.is_written(node) => {
                find(self.document.written(node), &[(0, wanted)])
            }
            Kind::Null | Kind::List | Kind::Object => Found::None,
            _ => find(self.document.text(node), &[(0, wanted)]),
        };
        match found {
            Found::One(_, points) => {
                let foreign =
                    if matches!(kind, Kind::Number | Kind::True | Kind::False) { cost::PRINTED } else { 0 };
                Ok(self.value(node, shape, AlignedKind::Literal(literal), Cost::of(points + foreign)))
            }
            _ => Err(self.fail(node, shape, Reason::Mismatch)),
        }
    }
}

/// What stands around words without being a part of them.
const AROUND_WORDS: [char; 20] =
    ['.', ',', ';', ':', '!', '?', '"', '\'', '`', '“', '”', '(', ')', '[', ']', '{', '}', '<', '>', '*'];

/// What was found of several names.
enum Found {
    None,
    /// One, at a cost.
    One(usize, u64),
    /// Several, equally often.
    Several(Vec<usize>),
}

/// Finds the name that `text` means. Names come with the number of what they stand for.
fn find(text: &str, names: &[(usize, &str)]) -> Found {
    let text = text.trim();
    if text.is_empty() {
        return Found::None;
    }
    let first = |matches: &dyn Fn(&str) -> bool| {
        names.iter().find(|(_, name)| matches(name)).map(|(index, _)| *index)
    };
    if let Some(index) = first(&|name| name == text) {
        return Found::One(index, 0);
    }
    let folded = fold(text);
    if let Some(index) = first(&|name| fold(name) == folded) {
        return Found::One(index, cost::FOLDED);
    }
    // Without what sentences and lists put around a word it may be one of the names as it stands.
    let word = text.trim_matches(AROUND_WORDS);
    if let Some(index) = first(&|name| !word.is_empty() && name == word) {
        return Found::One(index, cost::PUNCTUATION);
    }
    let spaceless = without_space(&folded);
    if let Some(index) = first(&|name| without_space(&fold(name)) == spaceless) {
        return Found::One(index, cost::PUNCTUATION);
    }
    let stripped = strip(&folded);
    let squashed = squash(&folded);
    if !squashed.is_empty() {
        let found = first(&|name| fold(name) == stripped)
            .or_else(|| first(&|name| strip(&fold(name)) == stripped))
            .or_else(|| first(&|name| squash(name) == squash(text)))
            .or_else(|| first(&|name| squash(&fold(name)) == squashed));
        if let Some(index) = found {
            return Found::One(index, cost::PUNCTUATION);
        }
    }
    let named = |name: &str| name.contains(char::is_alphanumeric);
    let spaced = names.iter().all(|(_, name)| named(name));
    let parted = |text: &str| if spaced { text.replace(['_', '-'], " ") } else { text.to_owned() };
    let (text, folded) = (&*parted(text), &*parted(&folded));
    let exact = names.iter().map(|(index, name)| (*index, parted(name))).collect();
    let loose = names.iter().map(|(index, name)| (*index, parted(&fold(name)))).collect();
    let bare = names.iter().map(|(index, name)| (*index, strip(&fold(name)))).collect();
    for (text, names, points) in [
        (text, exact, cost::SUBSTRING),
        (folded, loose, cost::SUBSTRING),
        (&stripped, bare, cost::SUBSTRING + cost::PUNCTUATION),
    ] {
        match most_frequent(text, names) {
            Found::None => {}
            Found::One(index, _) => return Found::One(index, points),
            several @ Found::Several(_) => return several,
        }
    }
    Found::None
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Which name stands in `text` most often. Where one name overlaps another, the longer one counts.
fn most_frequent(text: &str, names: Vec<(usize, String)>) -> Found {
    let mut spans: Vec<(usize, usize, usize)> = Vec::new();
    for (index, name) in names {
        if name.is_empty() {
            continue;
        }
        spans.extend(text.match_indices(&name).map(|(start, _)| (start, start + name.len(), index)));
    }
    spans.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
    let mut counts: Vec<(usize, usize)> = Vec::new();
    let mut end = 0;
    for (start, stop, index) in spans {
        if start < end {
            continue;
        }
        end = stop;
        match counts.iter_mut().find(|(known, _)| *known == index) {
            Some((_, count)) => *count += 1,
            None => counts.push((index, 1)),
        }
    }
    let Some(most) = counts.iter().map(|(_, count)| *count).max() else { return Found::None };
    let mut winners = counts.iter().filter(|(_, count)| *count == most).map(|(index, _)| *index);
    match (winners.next(), winners.next()) {
        (Some(only), None) => Found::One(only, 0),
        (Some(first), Some(second)) => Found::Several([first, second].into_iter().chain(winners).collect()),
        _ => Found::None,
    }
}
