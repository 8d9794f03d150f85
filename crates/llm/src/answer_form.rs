//! The form that an answer must have, told to the provider in its own field: `structured_output true`.

use serde_json::{Map, Value, json};

/// The one key of an answer that is no object by itself: providers want an object.
const KEY: &str = "answer";

/// The longest name that every provider takes.
const LONGEST_NAME: usize = 64;

/// The form that an answer must have. It is told only to the providers of clients with `structured_output true`; what
/// comes back is read like any other text.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerForm {
    name: String,
    schema: Value,
    is_enveloped: bool,
    is_recursive: bool,
    has_maps: bool,
}

impl AnswerForm {
    /// A form from a JSON Schema whose references are to its own `$defs`. `name` says what the answer is, such as the
    /// name of a function; `is_recursive` and `has_maps` whether a value can contain itself, and whether there are
    /// objects of any keys: some providers do not take such schemas.
    ///
    /// `None` for plain text: it needs no form.
    #[must_use]
    pub fn new(name: &str, schema: Value, is_recursive: bool, has_maps: bool) -> Option<Self> {
        let kind = schema.get("type").and_then(Value::as_str);
        if kind == Some("string") && schema.get("enum").is_none() {
            return None;
        }
        let is_enveloped = kind != Some("object");
        let schema = if is_enveloped { enveloped(schema) } else { schema };
        Some(Self { name: plain_name(name), schema, is_enveloped, is_recursive, has_maps })
    }

    /// The answer in the text that a model wrote: what is inside the object that was made for it, if one was. A text
    /// that is not as it should be is the answer itself. `is_whole` says whether the text has come to its end.
    #[must_use]
    pub fn answer<'t>(&self, text: &'t str, is_whole: bool) -> &'t str {
        if !self.is_enveloped {
            return text;
        }
        let mut rest = text.trim_start();
        for token in ["{", "\"answer\"", ":"] {
            rest = match rest.strip_prefix(token) {
                Some(after) => after.trim_start(),
                // The beginning of the object is not there yet.
                None if !is_whole && token.starts_with(rest) => return "",
                None => return text,
            };
        }
        if !is_whole {
            return rest;
        }
        rest.trim_end().strip_suffix('}').unwrap_or(rest)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    /// Whether it can be kept to the letter: there are no keys that nobody knows beforehand.
    pub(crate) fn is_closed(&self) -> bool {
        !self.has_maps
    }

    pub(crate) fn is_recursive(&self) -> bool {
        self.is_recursive
    }
}

fn enveloped(schema: Value) -> Value {
    let mut inner = schema;
    let definitions = inner.as_object_mut().and_then(|inner| inner.shift_remove("$defs"));
    let mut outer = json!({
        "type": "object",
        "properties": { KEY: inner },
        "required": [KEY],
        "additionalProperties": false,
    });
    if let (Some(outer), Some(definitions)) = (outer.as_object_mut(), definitions) {
        outer.insert("$defs".to_owned(), definitions);
    }
    outer
}

/// Letters, digits, `_` and `-`.
fn plain_name(name: &str) -> String {
    let plain =
        |character: char| if character.is_ascii_alphanumeric() || character == '-' { character } else { '_' };
    let name: String = name.chars().take(LONGEST_NAME).map(plain).collect();
    if name.is_empty() { KEY.to_owned() } else { name }
}

/// The user's object, if the option is one, with more in it; what is added replaces what has its name.
pub(crate) fn extended<const N: usize>(option: Option<&Value>, added: [(&str, Value); N]) -> Value {
    let mut object = match option {
        Some(Value::Object(object)) => object.clone(),
        _ => Map::new(),
    };
    object.extend(added.into_iter().map(|(key, value)| (key.to_owned(), value)));
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::AnswerForm;

    #[test]
    fn the_answer_is_taken_out_of_its_envelope() {
        let form = AnswerForm::new("F", json!({ "type": "array", "items": {} }), false, false).unwrap();
        let text = " {\n \"answer\" : [1, {\"a\": 2}] } ";
        assert_eq!(form.answer(text, true), "[1, {\"a\": 2}] ");
        let starts = [("", ""), ("{ \"ans", ""), ("{\"answer\"", ""), ("{\"answer\": [1, {", "[1, {")];
        for (text, answer) in starts {
            assert_eq!(form.answer(text, false), answer, "{text}");
        }
        for other in ["[1]", "{\"other\": 1}", "Sorry"] {
            assert_eq!((form.answer(other, true), form.answer(other, false)), (other, other));
        }
        assert_eq!(form.answer("{\"answer\": [1", true), "[1");
    }

    #[test]
    fn an_object_has_no_envelope_and_text_no_form() {
        let form = AnswerForm::new("Größe!", json!({ "type": "object" }), false, false).unwrap();
        assert_eq!((form.name(), form.answer("{\"answer\": 1}", true)), ("Gr__e_", "{\"answer\": 1}"));
        assert_eq!(AnswerForm::new("F", json!({ "type": "string" }), false, false), None);
        assert!(AnswerForm::new("F", json!({ "type": "string", "enum": ["a"] }), false, false).is_some());
    }
}
