//! Arguments as one JSON text. JavaScript writes the text several times faster than native code asks for single
//! properties, so an argument that is plain data crosses as text; what JSON has no exact word for does not (see
//! `ts/argument_text.ts`). Measured with `npm run bench -- --only build --variant argument`.

use std::fmt;

use indexmap::{IndexMap, IndexSet};
use napi::Result;
use napi::bindgen_prelude::{Env, Object};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use types::{Name, Value};

use crate::face::face;
use crate::failure::outlive;
use crate::value::from_number;

/// The value of an object that is plain data; `None` for any other, and when nothing is there to write it.
pub(crate) fn read(env: &Env, object: &Object<'_>) -> Result<Option<Value>> {
    let Some(writer) = face(env)?.and_then(|face| face.write_argument.as_ref()) else { return Ok(None) };
    let text = writer.borrow_back(env)?.call(outlive(env, object))?;
    // What JSON can say and Rust cannot hold, half of a surrogate pair, is left to the reading of properties.
    Ok(text.and_then(|text| parse(&text).ok()))
}

fn parse(text: &str) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Reader { names: &mut Names::default() }.deserialize(&mut deserializer)
}

/// The keys met so far. Objects of a list have the same keys in the same order, so each is shared, and looked for
/// behind the one before.
#[derive(Default)]
struct Names {
    known: IndexSet<Name>,
    next: usize,
}

impl Names {
    fn name(&mut self, text: &str) -> Name {
        let place = match self.known.get_index(self.next) {
            Some(name) if **name == *text => self.next,
            _ => match self.known.get_index_of(text) {
                Some(place) => place,
                None => self.known.insert_full(Name::from(text)).0,
            },
        };
        self.next = place + 1;
        self.known.get_index(place).map_or_else(|| Name::from(text), Name::clone)
    }
}

struct Reader<'n> {
    names: &'n mut Names,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an argument")
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, bool: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(bool))
    }

    #[expect(clippy::cast_precision_loss, reason = "the text is that of a JavaScript number: none is lost")]
    fn visit_i64<E>(self, integer: i64) -> std::result::Result<Value, E> {
        Ok(from_number(integer as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "the text is that of a JavaScript number: none is lost")]
    fn visit_u64<E>(self, integer: u64) -> std::result::Result<Value, E> {
        Ok(from_number(integer as f64))
    }

    fn visit_f64<E>(self, float: f64) -> std::result::Result<Value, E> {
        Ok(from_number(float))
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> std::result::Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Reader { names: &mut *self.names })? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<Value, A::Error> {
        let mut map = IndexMap::new();
        while let Some(key) = entries.next_key_seed(Key { names: &mut *self.names })? {
            let next = self.names.next;
            let value = entries.next_value_seed(Reader { names: &mut *self.names })?;
            self.names.next = next;
            map.insert(key, value);
        }
        self.names.next = 0;
        Ok(Value::Map(map))
    }
}

struct Key<'n> {
    names: &'n mut Names,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Name, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Name;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, text: &str) -> std::result::Result<Name, E> {
        Ok(self.names.name(text))
    }
}
