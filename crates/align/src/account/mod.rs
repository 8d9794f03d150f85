//! The account of an answer: what was repaired, coerced, defaulted or dropped to make it fit. It is made afterwards,
//! by comparing the values with the nodes that they were read from, so that an answer nobody asks about pays
//! nothing for it.

mod failed;
mod punctuation;
mod scalars;
mod walk;

use crate::candidates::Candidates;
use crate::coerce::Aligner;
use crate::frame::Around;
use crate::leniency::{Change, Leniency};
use crate::shape::ShapeId;
use crate::value::ValueId;

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
    pub(crate) fn of(
        aligner: &Aligner<'_, '_, '_>,
        candidates: &Candidates,
        value: ValueId,
        shape: Option<ShapeId>,
    ) -> Self {
        walk::Walk::over(aligner).root(candidates, value, shape)
    }

    /// Adds a note; of repairs of one kind only the first place, and their count.
    fn note(&mut self, path: &str, leniency: Leniency, message: impl FnOnce() -> String) {
        let repair = leniency.change() == Change::Repaired;
        if repair && let Some(known) = self.notes.iter_mut().find(|note| note.leniency == leniency) {
            known.count += 1;
        } else if self.notes.len() >= LISTED {
            self.more += 1;
        } else {
            self.notes.push(Note { path: path.to_owned(), leniency, message: message(), count: 1 });
        }
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

/// The beginning of a text.
fn short(text: &str) -> &str {
    let mut end = text.len().min(80);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
