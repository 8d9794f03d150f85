//! Values: arguments on their way in, answers on their way out.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::{CheckResult, ClassId, EnumId, Media, MediaSource, Name};

/// A value. Before binding (from JavaScript, JSON or a test block) only the untyped variants occur: an
/// object is a [`Value::Map`] and an enum a [`Value::String`]. After binding and after aligning, objects of
/// a class are [`Value::Instance`] and enum values [`Value::Enum`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A 64-bit float.
    Float(f64),
    /// Text.
    String(String),
    /// A list.
    List(Vec<Value>),
    /// An object without a class, in the order written.
    Map(IndexMap<Name, Value>),
    /// An object of a class.
    Instance(Instance),
    /// An enum value, by its BAML name (never its alias).
    Enum(EnumId, Name),
    /// An image, audio clip, PDF or video.
    Media(Arc<Media>),
    /// A value with the results of its checks.
    Checked(Box<Checked>),
    /// A value with its state, in partial answers.
    Stated(Box<Value>, StreamState),
}

/// The arguments of a call, in the order of the function's parameters.
pub type Arguments = IndexMap<Name, Value>;

/// An object of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// The class.
    pub class: ClassId,
    /// BAML field names and values. An answer has every field, in schema order; an argument has those given.
    pub fields: Vec<(Name, Value)>,
}

impl Instance {
    /// The field's value, if it is there.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, _)| &**name == field).map(|(_, value)| value)
    }
}

/// A value with the results of its checks.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The value itself.
    pub value: Value,
    /// One result per check, in the order declared.
    pub checks: Vec<CheckResult>,
}

/// How much of a value a stream has brought so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamState {
    /// Not begun.
    Pending,
    /// Begun.
    Incomplete,
    /// Finished.
    Complete,
}

impl StreamState {
    /// The word that users see.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Incomplete => "Incomplete",
            Self::Complete => "Complete",
        }
    }
}

/// A value's kind, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// `null`.
    Null,
    /// A boolean.
    Bool,
    /// An integer.
    Int,
    /// A float.
    Float,
    /// Text.
    String,
    /// A list.
    List,
    /// An object, with or without a class.
    Object,
    /// An enum value.
    Enum,
    /// Media.
    Media,
}

impl ValueKind {
    /// The kind in the words of an error message: `a string`, `an int`.
    #[must_use]
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a bool",
            Self::Int => "an int",
            Self::Float => "a float",
            Self::String => "a string",
            Self::List => "a list",
            Self::Object => "an object",
            Self::Enum => "an enum value",
            Self::Media => "media",
        }
    }
}

impl Value {
    /// The value's kind, looking through checks and states.
    #[must_use]
    pub fn kind(&self) -> ValueKind {
        match self {
            Self::Null => ValueKind::Null,
            Self::Bool(_) => ValueKind::Bool,
            Self::Int(_) => ValueKind::Int,
            Self::Float(_) => ValueKind::Float,
            Self::String(_) => ValueKind::String,
            Self::List(_) => ValueKind::List,
            Self::Map(_) | Self::Instance(_) => ValueKind::Object,
            Self::Enum(..) => ValueKind::Enum,
            Self::Media(_) => ValueKind::Media,
            Self::Checked(checked) => checked.value.kind(),
            Self::Stated(value, _) => value.kind(),
        }
    }
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(bool) => Self::Bool(bool),
            serde_json::Value::Number(number) => {
                number.as_i64().map_or_else(|| Self::Float(number.as_f64().unwrap_or(f64::NAN)), Self::Int)
            }
            serde_json::Value::String(text) => Self::String(text),
            serde_json::Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            serde_json::Value::Object(entries) => Self::Map(
                entries.into_iter().map(|(key, value)| (Name::from(key), Self::from(value))).collect(),
            ),
        }
    }
}

impl From<Value> for serde_json::Value {
    /// The value as JSON. A float that JSON has no word for becomes `null`.
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(bool),
            Value::Int(integer) => integer.into(),
            Value::Float(float) => float.into(),
            Value::String(text) => Self::String(text),
            Value::Enum(_, name) => Self::String(name.to_string()),
            Value::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Map(entries) => Self::Object(
                entries.into_iter().map(|(key, value)| (key.to_string(), value.into())).collect(),
            ),
            Value::Instance(instance) => Self::Object(
                instance.fields.into_iter().map(|(key, value)| (key.to_string(), value.into())).collect(),
            ),
            Value::Media(media) => {
                let (key, text) = match &media.source {
                    MediaSource::Url(url) => ("url", url),
                    MediaSource::Base64(base64) => ("base64", base64),
                };
                let mut json = serde_json::Map::new();
                json.insert(key.to_owned(), text.clone().into());
                if let Some(mime_type) = &media.mime_type {
                    json.insert("media_type".to_owned(), mime_type.clone().into());
                }
                Self::Object(json)
            }
            Value::Checked(checked) => {
                let checks = checked
                    .checks
                    .into_iter()
                    .map(|check| {
                        let result = serde_json::json!({
                            "name": &*check.name, "expression": &*check.expression, "status": check.status(),
                        });
                        (check.name.to_string(), result)
                    })
                    .collect();
                serde_json::json!({ "value": Self::from(checked.value), "checks": Self::Object(checks) })
            }
            Value::Stated(value, state) => {
                serde_json::json!({ "state": state.name(), "value": Self::from(*value) })
            }
        }
    }
}
