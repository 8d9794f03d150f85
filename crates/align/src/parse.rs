//! The entry points.

use std::cell::Cell;
use std::ops::Range;

use schema::Schema;
use types::{Judge, Primitive, Type, Value};

use crate::account::Account;
use crate::candidates::Candidates;
use crate::coerce::{Aligner, Chosen};
use crate::cut_off;
use crate::direct;
use crate::document::{Document, Kind};
use crate::error::Error;
use crate::failure::{Failure, Reason};
use crate::output::{Build, Write};
use crate::shape::{ShapeKind, Shapes};
use crate::value::{AlignedKind, ValueId};
use crate::verbatim;

/// The value of type `ty` that the finished answer `text` holds. A plain `string` is the text itself, untouched.
///
/// # Errors
/// When the text does not fit the type: [`Error`] tells each place, what was expected and what stands there.
pub fn parse(schema: &Schema, ty: &Type, text: &str, judge: &dyn Judge) -> Result<Value, Error> {
    if let Some(strict) = direct::parse(schema, ty, text, false, &mut Build) {
        return Ok(strict.value);
    }
    let made = align(schema, ty, text, judge, false, &|aligner, _, value| aligner.full(value, &mut Build));
    made.map(|(value, _)| value)
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
    if let Some(strict) = direct::parse(schema, ty, text, true, &mut Build) {
        return Ok((strict.value, Account::of_strict(strict.around)));
    }
    let made = align(schema, ty, text, judge, false, &|aligner, candidates, value| {
        let account =
            candidates.map(|candidates| Account::of(aligner, candidates, value, aligner.shapes.known(ty)));
        (aligner.full(value, &mut Build), account.unwrap_or_default())
    });
    made.map(|((value, account), strings)| (value, (0..strings).fold(account, |it, _| it.in_string())))
}

/// The value of type `ty` as far as the unfinished answer `text` shows it. Fields that are not there yet are null
/// (lists and maps empty), strings grow, and numbers, booleans, enum values and literals show when they are
/// complete. `@stream.done`, `@stream.not_null` and `@stream.with_state` hold; an assert rules values out of
/// lists, maps, unions and optional fields only.
///
/// # Errors
/// When there is nothing to show yet (see [`Error::is_incomplete`]), or the text does not fit the type.
pub fn parse_partial(schema: &Schema, ty: &Type, text: &str, judge: &dyn Judge) -> Result<Value, Error> {
    let made = align(schema, ty, text, judge, true, &|aligner, _, value| aligner.full(value, &mut Build));
    made.map(|(value, _)| value)
}

/// A value for those who only hand it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A text, as it is.
    Text(String),
    /// Anything else as JSON, in UTF-8.
    Json(Vec<u8>),
    /// The part of the text that is this JSON already.
    Part(Range<usize>),
}

/// What [`parse`], or with `partial` [`parse_partial`], makes of the text, in writing: that takes a fraction of the
/// memory of a [`Value`], and strict JSON is little more than copied.
///
/// # Errors
/// Those of [`parse`] and [`parse_partial`].
pub fn parse_written(
    schema: &Schema,
    ty: &Type,
    text: &str,
    judge: &dyn Judge,
    partial: bool,
) -> Result<Written, Error> {
    if !partial && let Some(place) = verbatim::place(schema, ty, text) {
        return Ok(Written::Part(place));
    }
    let mut out = Write::with_capacity(text.len() + CLOSERS);
    if !partial {
        let mut written = direct::parse(schema, ty, text, false, &mut out).is_some();
        if !written {
            out.truncate(0);
            written = cut_off::write(schema, ty, text, judge, &mut out).is_some();
        }
        if written {
            return Ok(Written::Json(out.json.into_bytes()));
        }
        out.truncate(0);
    }
    let out = Cell::new(Some(out));
    let made = align(schema, ty, text, judge, partial, &|aligner, _, value| {
        aligner.written(value, out.take().unwrap_or_else(|| Write::with_capacity(text.len())))
    });
    made.map(|(written, _)| written)
}

/// Room for what ends an answer that was cut off.
const CLOSERS: usize = 64;

/// Longer answers are refused: offsets are 32 bits, and one of them tells the kind of node.
pub(crate) const LONGEST: usize = 1 << 31;

/// What was made of a text, and in how many JSON strings it stood.
type Made<T> = (T, usize);

/// Aligns the text and hands the value to `make`, with the candidates that it was chosen from if there were any.
pub(crate) fn align<'s, T>(
    schema: &'s Schema,
    ty: &'s Type,
    text: &str,
    judge: &dyn Judge,
    partial: bool,
    make: &impl Fn(&Aligner<'s, '_, '_>, Option<&Candidates>, ValueId) -> T,
) -> Result<Made<T>, Error> {
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
            Ok(value) => Ok((make(&aligner, None, value), 0)),
            Err(failure) => Err(Error::of(&aligner, failure)),
        };
    }
    let candidates = Candidates::find(&mut document, !partial);
    document.seal();
    let mut aligner = Aligner::new(shapes, document, judge, partial);
    match aligner.choose(shape, &candidates) {
        Chosen::Value(value) if aligner.withholds(value, shape) => {
            let failure = Failure { shape, node: aligner.values.get(value).node, reason: Reason::Unfinished };
            let failure = aligner.failures.push(failure, true);
            Err(Error::of(&aligner, failure))
        }
        Chosen::Value(value) => Ok((make(&aligner, Some(&candidates), value), 0)),
        Chosen::Failure(failure) => {
            if !partial
                && let Some(inside) = inside_string(text)
                && let Ok((made, strings)) = align(schema, ty, &inside, judge, partial, make)
            {
                return Ok((made, strings + 1));
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

impl Aligner<'_, '_, '_> {
    /// The value in writing.
    fn written(&self, id: ValueId, mut out: Write) -> Written {
        let value = self.values.get(id);
        let stated = self.partial && value.stream.with_state;
        if matches!(value.kind, AlignedKind::Text) && value.checks.is_none() && !stated {
            return Written::Text(self.document.text(value.node).to_owned());
        }
        self.full(id, &mut out);
        Written::Json(out.json.into_bytes())
    }
}
