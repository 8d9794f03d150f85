//! Arguments as one array of numbers and one text. JavaScript packs plain data several times faster than native code
//! asks for single properties; what is not plain data is not packed (see `ts/packed_argument.ts`). Measured with
//! `npm run bench -- --only build --variant argument`.

use std::slice;

use indexmap::IndexMap;
use napi::Result;
use napi::bindgen_prelude::{Env, Float64ArraySlice, JsObjectValue, Object};
use types::{Name, Value};

use crate::face::face;
use crate::failure::outlive;
use crate::value::{MAX_DEPTH, from_number};

const NULL: usize = 0;
const FALSE: usize = 1;
const TRUE: usize = 2;
const NUMBER: usize = 3;
const TEXT: usize = 4;
const LIST: usize = 5;
const OBJECT: usize = 6;

/// Objects with more keys than these are hardly alike.
const MOST_KEYS_KEPT: usize = 64;

/// The value of an object that is plain data; `None` for any other, and when nothing is there to pack it.
pub(crate) fn read(env: &Env, object: &Object<'_>) -> Result<Option<Value>> {
    let Some(pack) = face(env)?.and_then(|face| face.pack_argument.as_ref()) else { return Ok(None) };
    let Some(packed) = pack.borrow_back(env)?.call(outlive(env, object))? else { return Ok(None) };
    let codes: Float64ArraySlice<'_> = packed.get_element(0)?;
    let texts: String = packed.get_element(1)?;
    Ok(unpack(&codes, &texts))
}

/// The value; `None` for what is not packed as it should be, which includes texts that contain a NUL.
fn unpack(codes: &[f64], texts: &str) -> Option<Value> {
    let (codes, text_count) = split_count(codes)?;
    let (codes, key_count) = split_count(codes)?;
    let (codes, before) = codes.split_at_checked(codes.len().checked_sub(key_count)?)?;
    if texts.bytes().filter(|byte| *byte == 0).count() != text_count {
        return None;
    }
    let mut unpacker =
        Unpacker { codes: codes.iter(), texts, keys: Vec::with_capacity(key_count), empty: Vec::new() };
    for number in before {
        let name = Name::from(unpacker.text()?);
        unpacker.keys.push((index(*number), name));
    }
    unpacker.empty.resize(key_count + 1, None);
    unpacker.value(MAX_DEPTH)
}

fn split_count(codes: &[f64]) -> Option<(&[f64], usize)> {
    codes.split_last().map(|(count, codes)| (codes, index(*count)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "JavaScript put a small whole number"
)]
fn index(code: f64) -> usize {
    code as usize
}

struct Unpacker<'a> {
    codes: slice::Iter<'a, f64>,
    texts: &'a str,
    /// Each key with the number of the one before it. Keys are counted from one; before the first there is none.
    keys: Vec<(usize, Name)>,
    /// The object of nulls for the last key of each object that was met: a copy of it costs no hashing.
    empty: Vec<Option<IndexMap<Name, Value>>>,
}

impl<'a> Unpacker<'a> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        let inside = depth.checked_sub(1)?;
        Some(match self.index()? {
            NULL => Value::Null,
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            NUMBER => from_number(*self.codes.next()?),
            TEXT => Value::String(self.text()?.to_owned()),
            LIST => {
                let length = self.index()?;
                let mut items = Vec::with_capacity(length.min(self.codes.len()));
                for _ in 0..length {
                    items.push(self.value(inside)?);
                }
                Value::List(items)
            }
            OBJECT => {
                let last = self.index()?;
                let mut entries = self.nulls(last)?;
                for entry in entries.values_mut() {
                    *entry = self.value(inside)?;
                }
                Value::Map(entries)
            }
            _ => return None,
        })
    }

    fn index(&mut self) -> Option<usize> {
        self.codes.next().map(|code| index(*code))
    }

    fn text(&mut self) -> Option<&'a str> {
        let (text, rest) = self.texts.split_once('\0')?;
        self.texts = rest;
        Some(text)
    }

    /// The object whose last key this is, with nothing but nulls in it.
    fn nulls(&mut self, last: usize) -> Option<IndexMap<Name, Value>> {
        let known = self.empty.get_mut(last)?;
        if let Some(known) = known {
            return Some(known.clone());
        }
        let mut names = Vec::new();
        let mut number = last;
        while let Some(place) = number.checked_sub(1) {
            let (before, name) = self.keys.get(place)?;
            // What JavaScript packs counts down, and so this ends.
            if *before >= number {
                return None;
            }
            names.push(name);
            number = *before;
        }
        let entries: IndexMap<_, _> =
            names.into_iter().rev().map(|name| (Name::clone(name), Value::Null)).collect();
        if entries.len() <= MOST_KEYS_KEPT {
            *known = Some(entries.clone());
        }
        Some(entries)
    }
}
