//! Why a value does not fit its type: recorded where it was found out, put into words only for the user.

use crate::document::NodeId;
use crate::shape::ShapeId;

/// A failure, by its position in the aligner's list.
pub(crate) type FailureId = u32;

/// One value that does not fit one type.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The type.
    pub(crate) shape: ShapeId,
    /// The value; [`crate::document::NONE`] when the text does not have it.
    pub(crate) node: NodeId,
    /// Why.
    pub(crate) reason: Reason,
}

/// Why a value does not fit a type.
#[derive(Clone, Debug)]
pub(crate) enum Reason {
    /// It is something else.
    Mismatch,
    /// Several values of the type are meant equally.
    Ambiguous(Box<[String]>),
    /// A number that an int or float cannot hold.
    OutOfRange,
    /// A required field is not there.
    Missing,
    /// Fields of a class do not fit: by the class's field position.
    Fields(Box<[(usize, FailureId)]>),
    /// No item of a list fits the single value that is wanted.
    Items(FailureId),
    /// No member of a union fits.
    Members(Box<[FailureId]>),
    /// An assert does not hold: its name if it has one, and its expression.
    Assert(Box<(Option<types::Name>, types::Name)>),
    /// An assert cannot be evaluated: its name if it has one, and why.
    Expression(Box<(Option<types::Name>, String)>),
    /// It is not finished, and is shown only when it is.
    Unfinished,
    /// The type contains itself and nothing else.
    Endless,
    /// Text and type together nest too deep.
    TooDeep,
    /// Media cannot be answered in text.
    Media,
}
