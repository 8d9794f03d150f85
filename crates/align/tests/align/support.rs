//! What the tests of this room share: a judge, values as JSON, recorded cases.

use std::path::PathBuf;

use baml_align::{Error, Written, parse, parse_partial, parse_written};
use schema::Schema;
use serde_json::{Map, Value as Json, json};
use types::{JsonText, Judge, StreamState, Type, Value};

/// Evaluates expressions as the prompt room does, as far as the recorded cases need it.
pub(crate) struct Jinja;

impl Judge for Jinja {
    fn holds(&self, expression: &str, this: &Value) -> Result<bool, String> {
        let environment = minijinja::Environment::new();
        let compiled = environment.compile_expression(expression).map_err(|error| error.to_string())?;
        let this = minijinja::Value::from_serialize(encode(this));
        match compiled.eval(minijinja::context! { this }) {
            Ok(result) => Ok(result.is_true()),
            Err(error) if error.kind() == minijinja::ErrorKind::UndefinedError => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The value as the door hands it to JavaScript, in the encoding of the recorded cases.
pub(crate) fn encode(value: &Value) -> Json {
    match value {
        Value::Null | Value::Media(_) => Json::Null,
        Value::Bool(bool) => json!(bool),
        #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
        Value::Int(int) => number(*int as f64),
        Value::Float(float) => number(*float),
        Value::String(text) => json!(text),
        Value::Enum(_, name) => json!(&**name),
        Value::List(items) => items.iter().map(encode).collect(),
        Value::Map(entries) => entries.iter().map(|(key, value)| (key.to_string(), encode(value))).collect(),
        Value::Instance(instance) => {
            instance.fields.iter().map(|(key, value)| (key.to_string(), encode(value))).collect()
        }
        Value::Checked(checked) => {
            let checks: Map<String, Json> = checked
                .checks
                .iter()
                .map(|check| {
                    let status = if check.passed { "succeeded" } else { "failed" };
                    let name = check.name.to_string();
                    (
                        name.clone(),
                        json!({ "name": name, "expression": &*check.expression, "status": status }),
                    )
                })
                .collect();
            json!({ "value": encode(&checked.value), "checks": checks })
        }
        Value::Stated(value, state) => {
            let state = match state {
                StreamState::Pending => "Pending",
                StreamState::Incomplete => "Incomplete",
                StreamState::Complete => "Complete",
            };
            json!({ "state": state, "value": encode(value) })
        }
    }
}

/// A number as JavaScript would write it: whole numbers without a fraction.
fn number(float: f64) -> Json {
    if float == 0.0 && float.is_sign_negative() {
        return json!({ "$js": "-0" });
    }
    json!(float)
}

/// Whether two encoded values are the same: numbers by value, keys in order, check results in any order.
pub(crate) fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            let checks =
                one.values().all(|value| value.get("status").is_some() && value.get("expression").is_some());
            one.len() == other.len()
                && (checks || one.keys().eq(other.keys()))
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

/// A recorded case.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) baml: String,
    pub(crate) text: String,
    pub(crate) partial: bool,
    /// What the peer answered.
    pub(crate) expect: Expected,
    /// What a person would expect, where the peer is wrong.
    pub(crate) better: Option<Expected>,
}

/// A recorded outcome.
pub(crate) enum Expected {
    Value(Json),
    Error,
}

impl Expected {
    fn of(json: &Json) -> Self {
        json.get("ok").map_or(Self::Error, |value| Self::Value(value.clone()))
    }

    /// Whether the outcome is the expected one; errors count as equal.
    pub(crate) fn matches(&self, got: &Result<Json, String>) -> bool {
        match (self, got) {
            (Self::Error, Err(_)) => true,
            (Self::Value(expected), Ok(got)) => same(expected, got),
            _ => false,
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(json) => json.fmt(f),
            Self::Error => f.write_str("error"),
        }
    }
}

/// The cases of a file under `conformance/parsing`, or of any file by its whole path.
pub(crate) fn cases(file: &str) -> Vec<Case> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../conformance/parsing").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .filter(|line| !line.is_empty())
        // Two cases nest deeper than serde_json reads; `limits.rs` has them as tests of their own.
        .filter_map(|line| serde_json::from_str::<Json>(line).ok())
        .map(|json| {
            let string = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
            Case {
                id: string("id"),
                group: string("group"),
                baml: string("baml"),
                text: string("text"),
                partial: json["partial"].as_bool().unwrap_or(false),
                expect: Expected::of(&json["expect"]),
                better: json.get("better").map(Expected::of),
            }
        })
        .collect()
}

/// Parses `text`: what is written must be the same as the value.
pub(crate) fn read(schema: &Schema, returns: &Type, text: &str, partial: bool) -> Result<Value, Error> {
    let made = if partial { parse_partial } else { parse }(schema, returns, text, &Jinja);
    let written = parse_written(schema, returns, text, &Jinja, partial);
    let written = written.map(|written| match written {
        Written::Part(place) => Written::Json(text[place].into()),
        other => other,
    });
    match (&made, &written) {
        (Ok(Value::String(made)), Ok(Written::Text(written))) => assert_eq!(made, written, "{text}"),
        (Ok(made), Ok(Written::Json(written))) => {
            let mut json = JsonText::default();
            assert!(json.value(made), "{text}");
            let read = |json: &[u8]| {
                // The values of the tests of limits nest deeper than this reader goes.
                serde_json::from_slice::<Json>(json).or_else(|error| {
                    let too_deep = error.to_string().contains("recursion limit");
                    if too_deep { Ok(Json::Null) } else { Err(error) }
                })
            };
            let (made, written) = (read(&json.into_bytes()), read(written));
            assert!(same(&made.expect("JSON"), &written.expect("JSON")), "{text}");
        }
        (Err(made), Err(written)) => assert_eq!(made.to_string(), written.to_string(), "{text}"),
        _ => panic!("{text}: {made:?}, but {written:?}"),
    }
    made
}

/// Parses `text` as what a function of the program `types` returns.
pub(crate) fn parse_as(types: &str, returns: &str, text: &str, partial: bool) -> Result<Value, Error> {
    let source = format!("{types}\nfunction F() -> {returns} {{ client \"openai/x\" prompt #\"x\"# }}");
    let (schema, diagnostics) = schema::load(&[("main.baml".to_owned(), source)]);
    let function = schema.functions.get("F").unwrap_or_else(|| panic!("{diagnostics:?}"));
    read(&schema, &function.returns, text, partial)
}

/// Runs a case: the value, or the error's text.
pub(crate) fn run(case: &Case) -> Result<Json, String> {
    let (schema, diagnostics) = schema::load(&[("main.baml".to_owned(), case.baml.clone())]);
    let function = schema.functions.get("F").ok_or_else(|| format!("no function: {diagnostics:?}"))?;
    read(&schema, &function.returns, &case.text, case.partial)
        .map(|value| encode(&value))
        .map_err(|error| error.to_string())
}

/// Asserts that `text` is read as the type that the declarations `types` and the expression `returns` make, with the
/// value `wanted`; `partial` while the text may go on.
#[track_caller]
pub(crate) fn reads(types: &str, returns: &str, text: &str, partial: bool, wanted: &Json) {
    let value = parse_as(types, returns, text, partial).unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert!(same(&encode(&value), wanted), "{text}\n gives {}\nwanted {wanted}", encode(&value));
}

/// Asserts that `text` does not fit the type.
#[track_caller]
pub(crate) fn refuses(types: &str, returns: &str, text: &str) {
    if let Ok(value) = parse_as(types, returns, text, false) {
        panic!("{text} gives {}", encode(&value));
    }
}
