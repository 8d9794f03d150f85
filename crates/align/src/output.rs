//! What values are made into: values for the engine, or JSON text for those who only hand it on, which costs a
//! tenth of the memory.

use indexmap::IndexMap;
use types::{CheckResult, Checked, ClassId, EnumId, Instance, JsonText, Name, StreamState, Value};

/// Where values go. What has parts is opened, given its parts one after another, and closed.
pub(crate) trait Output {
    /// A value that was made.
    type Value;
    /// A list that is being made.
    type List;
    /// A map that is being made.
    type Map;
    /// An object of a class that is being made.
    type Object;

    /// What comes next stands otherwise in the text: under another name.
    fn departs(&mut self) {}
    /// Whether there is any use in going on.
    fn goes_on(&self) -> bool {
        true
    }

    fn null(&mut self) -> Self::Value;
    fn bool(&mut self, bool: bool) -> Self::Value;
    fn int(&mut self, int: i64) -> Self::Value;
    fn float(&mut self, float: f64) -> Self::Value;
    fn text(&mut self, text: &str) -> Self::Value;
    fn enumeration(&mut self, id: EnumId, name: &Name) -> Self::Value;

    /// An int as JSON writes it.
    fn written_int(&mut self, int: i64, written: &str) -> Self::Value;
    /// A finite float as JSON writes it.
    fn written_float(&mut self, float: f64, written: &str) -> Self::Value;
    /// The text between the quotes of a JSON string, which has escapes. `None` if they are wrong.
    fn written_text(&mut self, written: &str) -> Option<Self::Value>;

    fn list(&mut self, room: usize) -> Self::List;
    fn item(&mut self, list: &mut Self::List, item: Self::Value);
    fn end_list(&mut self, list: Self::List) -> Self::Value;

    fn map(&mut self, room: usize) -> Self::Map;
    /// Before the value of an entry is made.
    fn key(&mut self, key: &str);
    /// Adds an entry, or puts it in the place of an earlier one with that key: whether that was so, where it is known.
    fn entry(&mut self, map: &mut Self::Map, key: &str, value: Self::Value) -> bool;
    fn end_map(&mut self, map: Self::Map) -> Self::Value;

    fn object(&mut self, fields: usize) -> Self::Object;
    fn field(&mut self, object: &mut Self::Object, name: &Name, value: Self::Value);
    /// `order` says which field of the class each one is, if they do not come in its order.
    fn end_object(&mut self, object: Self::Object, class: ClassId, order: Option<&[usize]>) -> Self::Value;

    /// Before a value with the results of its checks is made.
    fn checked(&mut self);
    fn end_checked(&mut self, value: Self::Value, checks: &[CheckResult]) -> Self::Value;
    /// Before a value with its state is made.
    fn stated(&mut self, state: StreamState);
    fn end_stated(&mut self, value: Self::Value, state: StreamState) -> Self::Value;
}

/// Makes [`Value`]s.
pub(crate) struct Build;

impl Output for Build {
    type Value = Value;
    type List = Vec<Value>;
    type Map = IndexMap<Name, Value>;
    type Object = Vec<(Name, Value)>;

    fn null(&mut self) -> Value {
        Value::Null
    }

    fn bool(&mut self, bool: bool) -> Value {
        Value::Bool(bool)
    }

    fn int(&mut self, int: i64) -> Value {
        Value::Int(int)
    }

    fn float(&mut self, float: f64) -> Value {
        Value::Float(float)
    }

    fn text(&mut self, text: &str) -> Value {
        Value::String(text.to_owned())
    }

    fn enumeration(&mut self, id: EnumId, name: &Name) -> Value {
        Value::Enum(id, Name::clone(name))
    }

    fn written_int(&mut self, int: i64, _: &str) -> Value {
        Value::Int(int)
    }

    fn written_float(&mut self, float: f64, _: &str) -> Value {
        Value::Float(float)
    }

    fn written_text(&mut self, written: &str) -> Option<Value> {
        decoded(written).map(Value::String)
    }

    fn list(&mut self, room: usize) -> Vec<Value> {
        Vec::with_capacity(room)
    }

    fn item(&mut self, list: &mut Vec<Value>, item: Value) {
        list.push(item);
    }

    fn end_list(&mut self, list: Vec<Value>) -> Value {
        Value::List(list)
    }

    fn map(&mut self, room: usize) -> IndexMap<Name, Value> {
        IndexMap::with_capacity(room)
    }

    fn key(&mut self, _: &str) {}

    fn entry(&mut self, map: &mut IndexMap<Name, Value>, key: &str, value: Value) -> bool {
        map.insert(Name::from(key), value).is_some()
    }

    fn end_map(&mut self, map: IndexMap<Name, Value>) -> Value {
        Value::Map(map)
    }

    fn object(&mut self, fields: usize) -> Vec<(Name, Value)> {
        Vec::with_capacity(fields)
    }

    fn field(&mut self, object: &mut Vec<(Name, Value)>, name: &Name, value: Value) {
        object.push((Name::clone(name), value));
    }

    fn end_object(
        &mut self,
        mut fields: Vec<(Name, Value)>,
        class: ClassId,
        order: Option<&[usize]>,
    ) -> Value {
        if let Some(order) = order {
            let mut placed: Vec<_> = order.iter().zip(fields).collect();
            placed.sort_unstable_by_key(|(place, _)| **place);
            fields = placed.into_iter().map(|(_, field)| field).collect();
        }
        Value::Instance(Instance { class, fields })
    }

    fn checked(&mut self) {}

    fn end_checked(&mut self, value: Value, checks: &[CheckResult]) -> Value {
        Value::Checked(Box::new(Checked { value, checks: checks.to_vec() }))
    }

    fn stated(&mut self, _: StreamState) {}

    fn end_stated(&mut self, value: Value, state: StreamState) -> Value {
        Value::Stated(Box::new(value), state)
    }
}

/// Writes JSON.
pub(crate) struct Write {
    pub(crate) json: JsonText,
    /// Where each field of the open objects ends, the innermost last.
    ends: Vec<usize>,
}

impl Write {
    /// With room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { json: JsonText::with_capacity(bytes), ends: Vec::new() }
    }

    /// Takes back what was written behind so many bytes, where no object was open, and keeps the room.
    pub(crate) fn truncate(&mut self, bytes: usize) {
        self.json.truncate(bytes);
        self.ends.clear();
    }
}

/// An object that is being written.
pub(crate) struct WrittenObject {
    /// Where its first field begins.
    start: usize,
    /// How many ends there were before it.
    ends: usize,
}

impl Output for Write {
    type Value = ();
    type List = ();
    type Map = ();
    type Object = WrittenObject;

    fn null(&mut self) {
        self.json.raw("null");
    }

    fn bool(&mut self, bool: bool) {
        self.json.bool(bool);
    }

    fn int(&mut self, int: i64) {
        self.json.int(int);
    }

    fn float(&mut self, float: f64) {
        self.json.float(float);
    }

    fn text(&mut self, text: &str) {
        self.json.text(text);
    }

    fn enumeration(&mut self, _: EnumId, name: &Name) {
        self.json.text(name);
    }

    fn written_int(&mut self, _: i64, written: &str) {
        self.json.raw(written);
    }

    fn written_float(&mut self, _: f64, written: &str) {
        self.json.raw(written);
    }

    fn written_text(&mut self, written: &str) -> Option<()> {
        if is_json_text(written) {
            self.json.escaped(written);
        } else {
            self.json.text(&decoded(written)?);
        }
        Some(())
    }

    fn list(&mut self, _: usize) {
        self.json.open_list();
    }

    fn item(&mut self, (): &mut (), (): ()) {
        self.json.comma();
    }

    fn end_list(&mut self, (): ()) {
        self.json.close_list();
    }

    fn map(&mut self, _: usize) {
        self.json.open_object();
    }

    fn key(&mut self, key: &str) {
        self.json.key(key);
    }

    fn entry(&mut self, (): &mut (), _: &str, (): ()) -> bool {
        self.json.comma();
        false
    }

    fn end_map(&mut self, (): ()) {
        self.json.close_object();
    }

    fn object(&mut self, _: usize) -> WrittenObject {
        self.json.open_object();
        WrittenObject { start: self.json.len(), ends: self.ends.len() }
    }

    fn field(&mut self, _: &mut WrittenObject, _: &Name, (): ()) {
        self.json.comma();
        self.ends.push(self.json.len());
    }

    fn end_object(&mut self, object: WrittenObject, _: ClassId, order: Option<&[usize]>) {
        if let Some(order) = order {
            self.json.reorder(object.start, &self.ends[object.ends..], order);
        }
        self.ends.truncate(object.ends);
        self.json.close_object();
    }

    fn checked(&mut self) {
        self.json.open_checked();
    }

    fn end_checked(&mut self, (): (), checks: &[CheckResult]) {
        self.json.close_checked(checks);
    }

    fn stated(&mut self, state: StreamState) {
        self.json.open_stated(state);
    }

    fn end_stated(&mut self, (): (), _: StreamState) {
        self.json.close_stated();
    }
}

/// The text between the quotes of a JSON string.
pub(crate) fn decoded(written: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{written}\"")).ok()
}

/// Whether JSON may have the text between quotes as it is, and no half of a character is escaped in it.
pub(crate) fn is_json_text(written: &str) -> bool {
    if has_control(written) {
        return false;
    }
    let mut rest = written.as_bytes().iter();
    while let Some(byte) = rest.next() {
        if *byte != b'\\' {
            continue;
        }
        match rest.next() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
            Some(b'u') => {
                let digits = rest.as_slice().get(..4).unwrap_or_default();
                let half = matches!(digits, [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]);
                if half || digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    true
}

/// Whether the text has a character that JSON wants escaped whatever stands around it.
pub(crate) fn has_control(text: &str) -> bool {
    // The smallest byte: a loop without an early end is done many bytes at a time.
    text.bytes().fold(u8::MAX, u8::min) < 0x20
}

/// Whether JSON writes a number so.
pub(crate) fn is_json_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
