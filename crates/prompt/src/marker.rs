//! How roles and media travel through a template without any text being able to imitate them.
//!
//! Jinja knows only text: whatever a template captures, joins or filters becomes a string. So a role or a media
//! value leaves its place in that string as **one character** of Unicode's supplementary private use areas, and
//! the table here says what the character stands for. A character is only handed out when it occurs in no text
//! that takes part in this rendering: arguments, tags, template sources and schema texts are all *entered* first,
//! and what they contain is never used. Therefore
//!
//! - no text can contain a marker, whatever it contains: there is nothing to escape and nothing to guess;
//! - no filter can make one out of text, since none of them invents characters;
//! - a marker cannot be cut in half, reversed or altered, only moved, repeated or dropped.

use std::collections::HashSet;
use std::sync::Arc;

use types::{Media, Metadata};

/// The supplementary private use areas, without the two noncharacters at the end of each plane.
const RANGES: [(u32, u32); 2] = [(0xF_0000, 0xF_FFFD), (0x10_0000, 0x10_FFFD)];

/// What a marker stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Marker {
    Role(Role),
    Media(Arc<Media>),
}

/// What `_.role(…)` was given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Role {
    pub(crate) name: String,
    /// `__baml_allow_dupe_role__`: starts a message of its own even after one with the same role.
    pub(crate) separate: bool,
    pub(crate) metadata: Option<Arc<Metadata>>,
}

/// The characters that texts use, of those that could be markers.
pub(crate) type Occupied = HashSet<char>;

/// The markers of one rendering.
#[derive(Debug, Default)]
pub(crate) struct Markers {
    /// In the order handed out, which is the order of the characters.
    handed_out: Vec<(char, Marker)>,
    occupied: Occupied,
    conflict: bool,
}

impl Markers {
    /// Markers that avoid the characters of `occupied`.
    pub(crate) fn avoiding(occupied: Occupied) -> Self {
        Self { occupied, ..Self::default() }
    }

    /// Notes a text that will be part of the rendering. A text that comes late and contains a marker that is
    /// already in use is a conflict: the rendering must be done again, avoiding what is now known.
    pub(crate) fn enter(&mut self, text: &str) {
        for character in candidates(text) {
            if self.occupied.insert(character) && self.find(character).is_some() {
                self.conflict = true;
            }
        }
    }

    /// A character that stands for `marker` from now on; `None` when there are no more.
    pub(crate) fn hand_out(&mut self, marker: Marker) -> Option<char> {
        // Templates that loop over turns use the same few roles again and again.
        if let Some((character, _)) = self.handed_out.iter().take(8).find(|(_, known)| *known == marker) {
            return Some(*character);
        }
        let first = self.handed_out.last().map_or(RANGES[0].0, |(last, _)| u32::from(*last) + 1);
        let character = RANGES
            .iter()
            .flat_map(|&(start, end)| first.max(start)..=end)
            .filter_map(char::from_u32)
            .find(|character| !self.occupied.contains(character))?;
        self.handed_out.push((character, marker));
        Some(character)
    }

    /// What a character stands for; `None` for a character of the text.
    pub(crate) fn find(&self, character: char) -> Option<&Marker> {
        let index = self.handed_out.binary_search_by_key(&character, |(known, _)| *known).ok()?;
        self.handed_out.get(index).map(|(_, marker)| marker)
    }

    /// Whether a late text contained a marker that was already in use.
    pub(crate) fn conflict(&self) -> bool {
        self.conflict
    }

    /// Whether nothing was handed out: the rendering is plain text.
    pub(crate) fn is_empty(&self) -> bool {
        self.handed_out.is_empty()
    }

    /// Everything known to be in use by texts, for another try.
    pub(crate) fn into_occupied(self) -> Occupied {
        self.occupied
    }
}

/// Whether the character is of those that can be markers.
pub(crate) fn is_candidate(character: char) -> bool {
    u32::from(character) >= RANGES[0].0
}

/// The characters of a text that could be markers. Nearly every text has none, and that is found out at the
/// speed of reading it: in UTF-8 they all begin with a byte of 0xF3 or more.
pub(crate) fn candidates(text: &str) -> impl Iterator<Item = char> {
    let some = text
        .as_bytes()
        .chunks(64)
        .any(|chunk| chunk.iter().fold(0, |most: u8, byte| most.max(*byte)) >= 0xF3);
    let text = if some { text } else { "" };
    text.chars().filter(|character| is_candidate(*character))
}

#[cfg(test)]
mod tests {
    use super::{Marker, Markers, Role, candidates};

    fn role(name: &str) -> Marker {
        Marker::Role(Role { name: name.to_owned(), ..Role::default() })
    }

    #[test]
    fn a_marker_is_never_a_character_that_a_text_uses() {
        let mut markers = Markers::default();
        markers.enter("\u{F0000}\u{F0001}\u{10FFFD} and \u{E000} 🏳️‍🌈");
        let user = markers.hand_out(role("user")).unwrap();
        let system = markers.hand_out(role("system")).unwrap();
        assert_eq!((user, system), ('\u{F0002}', '\u{F0003}'));
        assert_eq!(markers.hand_out(role("user")), Some(user), "the same role is the same marker");
        assert_eq!(markers.find(system), Some(&role("system")));
        assert_eq!(markers.find('\u{F0000}'), None);
        assert!(!markers.conflict());
    }

    #[test]
    fn a_late_text_with_a_marker_is_a_conflict_and_the_next_try_avoids_it() {
        let mut markers = Markers::default();
        let user = markers.hand_out(role("user")).unwrap();
        markers.enter(&format!("late {user}"));
        assert!(markers.conflict());
        let mut again = Markers::avoiding(markers.into_occupied());
        assert_ne!(again.hand_out(role("user")), Some(user));
        again.enter(&format!("late {user}"));
        assert!(!again.conflict());
    }

    #[test]
    fn the_supply_ends_without_a_panic() {
        let mut markers = Markers::default();
        let all = (0..200_000).map_while(|number| markers.hand_out(role(&number.to_string()))).count();
        assert_eq!(all, 2 * 0xFFFE);
        assert_eq!(candidates("plain 🦀").count(), 0);
    }
}
