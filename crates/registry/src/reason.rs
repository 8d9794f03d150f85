//! Why a step is taken.

use std::fmt;

use schema::Cause;
use types::Name;

/// Why a step is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is the first of the call.
    First,
    /// The same client again, as its retry policy says.
    Retry {
        /// The first retry is number 1.
        number: u64,
        /// Why the attempt before failed; `None` where steps are only shown.
        after: Option<Cause>,
    },
    /// The next member of a fallback.
    NextMember {
        /// The fallback.
        of: Name,
        /// Why the attempt before failed.
        after: Option<Cause>,
    },
    /// A strategy again, as its retry policy says.
    NextPass {
        /// The strategy.
        of: Name,
        /// The first repetition is number 1.
        number: u64,
        /// Why the attempt before failed.
        after: Option<Cause>,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = match self {
            Self::First => return formatter.write_str("first"),
            Self::Retry { number, after } => {
                write!(formatter, "retry {number}")?;
                after
            }
            Self::NextMember { of, after } => {
                write!(formatter, "next of {of}")?;
                after
            }
            Self::NextPass { of, number, after } => {
                write!(formatter, "{of} again, retry {number}")?;
                after
            }
        };
        match after {
            Some(cause) => write!(formatter, " after {}", cause.name()),
            None => Ok(()),
        }
    }
}

/// The member that a weighted client chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// The weighted client.
    pub strategy: Name,
    /// The member.
    pub member: Name,
    /// The member's position in the strategy, from 0.
    pub position: usize,
    /// Whether a key decided, not chance.
    pub sticky: bool,
}
