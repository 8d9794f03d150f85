//! JSON written part by part, without a tree of values before it.

use crate::constraint::CheckResult;
use crate::value::{StreamState, Value};

/// JSON that is being written. Lists and objects are opened and closed, and every part in them is followed by
/// [`JsonText::comma`]: closing takes the last comma away.
#[derive(Debug, Default)]
pub struct JsonText {
    bytes: Vec<u8>,
}

impl JsonText {
    /// Nothing yet, with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    /// The text, which is UTF-8.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// How much was written, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes back what was written behind so many bytes, and keeps the room.
    pub fn truncate(&mut self, bytes: usize) {
        self.bytes.truncate(bytes);
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What is JSON already: a number as it was written, `null`.
    pub fn raw(&mut self, json: &str) {
        self.bytes.extend_from_slice(json.as_bytes());
    }

    /// A boolean.
    pub fn bool(&mut self, bool: bool) {
        self.raw(if bool { "true" } else { "false" });
    }

    /// An integer.
    pub fn int(&mut self, int: i64) {
        // Writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.bytes, &int);
    }

    /// A float; what JSON has no word for is `null`.
    pub fn float(&mut self, float: f64) {
        if serde_json::to_writer(&mut self.bytes, &float).is_err() {
            self.raw("null");
        }
    }

    /// A text, in quotes.
    pub fn text(&mut self, text: &str) {
        // A loop without an early end is done many bytes at a time.
        let special = text.bytes().fold(0, |found, byte| {
            found | u8::from(byte < 0x20) | u8::from(byte == b'"') | u8::from(byte == b'\\')
        });
        if special == 0 {
            return self.escaped(text);
        }
        // Writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.bytes, text);
    }

    /// A text whose special characters are escaped already.
    pub fn escaped(&mut self, text: &str) {
        self.bytes.reserve(text.len() + 2);
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'"');
    }

    /// The key of an object, with its colon.
    pub fn key(&mut self, key: &str) {
        self.text(key);
        self.bytes.push(b':');
    }

    /// The end of a part of a list or object.
    pub fn comma(&mut self) {
        self.bytes.push(b',');
    }

    /// Begins a list.
    pub fn open_list(&mut self) {
        self.bytes.push(b'[');
    }

    /// Ends a list.
    pub fn close_list(&mut self) {
        self.close(b']');
    }

    /// Begins an object.
    pub fn open_object(&mut self) {
        self.bytes.push(b'{');
    }

    /// Ends an object.
    pub fn close_object(&mut self) {
        self.close(b'}');
    }

    fn close(&mut self, closer: u8) {
        match self.bytes.last_mut() {
            Some(last @ b',') => *last = closer,
            _ => self.bytes.push(closer),
        }
    }

    /// Begins a value that has the results of its checks with it; the value comes next.
    pub fn open_checked(&mut self) {
        self.raw("{\"value\":");
    }

    /// Ends it.
    pub fn close_checked(&mut self, checks: &[CheckResult]) {
        self.raw(",\"checks\":{");
        for check in checks {
            self.key(&check.name);
            self.raw("{\"name\":");
            self.text(&check.name);
            self.raw(",\"expression\":");
            self.text(&check.expression);
            self.raw(",\"status\":");
            self.escaped(check.status());
            self.raw("},");
        }
        self.close_object();
        self.raw("}");
    }

    /// Begins a value that has its state with it; the value comes next.
    pub fn open_stated(&mut self, state: StreamState) {
        self.raw("{\"state\":");
        self.escaped(state.name());
        self.raw(",\"value\":");
    }

    /// Ends it.
    pub fn close_stated(&mut self) {
        self.raw("}");
    }

    /// Puts what was written since `start` into another order: it consists of parts of which `ends` has the ends, and
    /// `order` says at which place each of them belongs.
    pub fn reorder(&mut self, start: usize, ends: &[usize], order: &[usize]) {
        let mut parts: Vec<(usize, std::ops::Range<usize>)> = Vec::with_capacity(ends.len());
        let mut from = start;
        for (end, place) in ends.iter().zip(order) {
            parts.push((*place, from..*end));
            from = *end;
        }
        parts.sort_unstable_by_key(|(place, _)| *place);
        let written = self.bytes.split_off(start.min(self.bytes.len()));
        for (_, part) in parts {
            let part = part.start - start..part.end - start;
            self.bytes.extend_from_slice(written.get(part).unwrap_or_default());
        }
    }

    /// A whole value. `false` if a part of it is media or a float that JSON has no word for: then what was written
    /// of it is of no use.
    #[must_use]
    pub fn value(&mut self, value: &Value) -> bool {
        match value {
            Value::Null => self.raw("null"),
            Value::Bool(bool) => self.bool(*bool),
            Value::Int(int) => self.int(*int),
            Value::Float(float) if float.is_finite() => self.float(*float),
            Value::Float(_) | Value::Media(_) => return false,
            Value::String(text) => self.text(text),
            Value::Enum(_, name) => self.text(name),
            Value::List(items) => {
                self.open_list();
                for item in items {
                    if !self.value(item) {
                        return false;
                    }
                    self.comma();
                }
                self.close_list();
            }
            Value::Map(entries) => {
                return self.entries(entries.iter().map(|(key, value)| (&**key, value)));
            }
            Value::Instance(instance) => {
                return self.entries(instance.fields.iter().map(|(name, value)| (&**name, value)));
            }
            Value::Checked(checked) => {
                self.open_checked();
                if !self.value(&checked.value) {
                    return false;
                }
                self.close_checked(&checked.checks);
            }
            Value::Stated(value, state) => {
                self.open_stated(*state);
                if !self.value(value) {
                    return false;
                }
                self.close_stated();
            }
        }
        true
    }

    fn entries<'v>(&mut self, entries: impl Iterator<Item = (&'v str, &'v Value)>) -> bool {
        self.open_object();
        for (key, value) in entries {
            self.key(key);
            if !self.value(value) {
                return false;
            }
            self.comma();
        }
        self.close_object();
        true
    }
}
