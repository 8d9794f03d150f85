//! The two entry points.

use schema::Schema;
use types::{Judge, Primitive, Type, Value};

use crate::account::Account;
use crate::candidates::Candidates;
use crate::coerce::{Aligner, Chosen};
use crate::direct;
use crate::document::{Document, Kind};
use crate::error::Error;
use crate::failure::{Failure, Reason};
use crate::shape::{ShapeKind, Shapes};

/// The value of type `ty` that the finished answer `text` holds. A plain `string` is the text itself, untouched.
///
/// # Errors
/// When the text does not fit the type: [`Error`] tells each place, what was expected and what stands there.
pub fn parse(schema: &Schema, ty: &Type, text: &str, judge: &dyn Judge) -> Result<Value, Error> {
    if let Some(value) = direct::parse(schema, ty, text, false) {
        return Ok(value);
    }
    align(schema, ty, text, judge, Wanted::Whole).map(|(value, _)| value)
}

/// The same with the account of what was done to the answer to make it fit. Strict JSON costs no more than without.
///
/// # Errors
/// Those of [`parse`].
pub fn parse_with_account(
    schema: &Schema,
    ty: &Type,
    text: &str,
    judge: &dyn Judge,
) -> Result<(Value, Account), Error> {
    if let Some(value) = direct::parse(schema, ty, text, true) {
        return Ok((value, Account::default()));
    }
    align(schema, ty, text, judge, Wanted::Account)
}

/// The value of type `ty` as far as the unfinished answer `text` shows it. Fields that are not there yet are null
/// (lists and maps empty), strings grow, and numbers, booleans, enum values and literals show when they are
/// complete. `@stream.done`, `@stream.not_null` and `@stream.with_state` hold; an assert rules values out of
/// lists, maps, unions and optional fields only.
///
/// # Errors
/// When there is nothing to show yet (see [`Error::is_incomplete`]), or the text does not fit the type.
pub fn parse_partial(schema: &Schema, ty: &Type, text: &str, judge: &dyn Judge) -> Result<Value, Error> {
    align(schema, ty, text, judge, Wanted::Partial).map(|(value, _)| value)
}

/// Longer answers are refused: offsets are 32 bits, and one of them tells the kind of node.
pub(crate) const LONGEST: usize = 1 << 31;

/// What is wanted of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Whole,
    /// The whole, and what was done to it.
    Account,
    Partial,
}

fn align(
    schema: &Schema,
    ty: &Type,
    text: &str,
    judge: &dyn Judge,
    wanted: Wanted,
) -> Result<(Value, Account), Error> {
    let partial = wanted == Wanted::Partial;
    if text.len() >= LONGEST {
        return Err(Error::too_long(text.len()));
    }
    let mut shapes = Shapes::new(schema);
    let shape = shapes.of(ty);
    let mut document = Document::new(text);
    if shapes.get(shape).kind == ShapeKind::Primitive(Primitive::String) {
        let raw = document.slice(Kind::Raw, 0..text.len(), true);
        document.seal();
        let mut aligner = Aligner::new(shapes, document, judge, partial);
        return match aligner.verbatim(raw, shape) {
            Ok(value) => Ok((aligner.full(value), Account::default())),
            Err(failure) => Err(Error::of(&aligner, failure)),
        };
    }
    let candidates = Candidates::find(&mut document, !partial);
    document.seal();
    let mut aligner = Aligner::new(shapes, document, judge, partial);
    match aligner.choose(shape, &candidates) {
        Chosen::Value(value) if aligner.withheld(value) => {
            let failure = Failure { shape, node: aligner.values.get(value).node, reason: Reason::Unfinished };
            let failure = aligner.failures.push(failure, true);
            Err(Error::of(&aligner, failure))
        }
        Chosen::Value(value) => {
            let account = match wanted {
                Wanted::Account => Account::of(&aligner, &candidates, value),
                _ => Account::default(),
            };
            Ok((aligner.full(value), account))
        }
        Chosen::Failure(failure) => {
            if !partial && let Some(inside) = inside_string(text) {
                let read = align(schema, ty, &inside, judge, wanted);
                if let Ok((value, account)) = read {
                    return Ok((value, account.in_string()));
                }
            }
            Err(failure.map_or_else(Error::too_deep, |failure| Error::of(&aligner, failure)))
        }
    }
}

/// What stands inside a text that is one JSON string, where that may be an answer. It is shorter than the text: escapes
/// double with each string around them.
fn inside_string(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.starts_with('"') || !text.contains(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}
