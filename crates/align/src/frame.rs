//! What stands around strict JSON: nothing, prose, or a Markdown fence with prose around it. Only where the text has
//! one place at which a value opens: then no choice is to be made, and the fast path may read it.

use crate::candidates::{info_string, is_blank};

/// Where the only value of a text begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Where it begins.
    pub(crate) start: usize,
    fenced: bool,
}

/// What stands around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Around {
    /// Nothing but space.
    Nothing,
    /// Text.
    Prose,
    /// A Markdown fence.
    Fence,
}

impl Frame {
    /// The frame of the first value, unless what stands before it may be of weight.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let at = opening(text)?;
        // A tag may say that this is a draft, a quote that it is a text.
        let before = &text[..at];
        let quoted = before.trim_start_matches(is_blank).starts_with(['"', '\'']);
        if quoted || memchr::memchr(b'<', before.as_bytes()).is_some() {
            return None;
        }
        match bytes[at] {
            b'{' | b'[' => Some(Self { start: at, fenced: false }),
            b'`' => {
                let inside = text[at..].strip_prefix("```")?;
                let content = &inside[info_string(inside)..];
                let content = content.trim_start_matches([' ', '\n', '\r', '\t']);
                let start = text.len() - content.len();
                content.starts_with(['{', '[']).then_some(Self { start, fenced: true })
            }
            _ => None,
        }
    }

    /// What stands around the value, which ends at `end`. `None` if there may be more values behind it.
    pub(crate) fn around(self, text: &str, end: usize) -> Option<Around> {
        let (value, rest) = (text.get(self.start..end)?, text.get(end..)?);
        if !self.fenced {
            let blank = |text: &str| text.trim_matches(is_blank).is_empty();
            if blank(rest) && blank(&text[..self.start]) {
                return Some(Around::Nothing);
            }
            return opening(rest).is_none().then_some(Around::Prose);
        }
        // A string may hold what ends the fence.
        if memchr::memmem::find(value.as_bytes(), b"```").is_some() {
            return None;
        }
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("```").or_else(|| Some(rest).filter(|rest| rest.is_empty()))?;
        opening(rest).is_none().then_some(Around::Fence)
    }
}

/// Where the first value or fence may begin.
fn opening(text: &str) -> Option<usize> {
    memchr::memchr3(b'{', b'[', b'`', text.as_bytes())
}
