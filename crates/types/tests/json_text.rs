//! JSON written part by part is the JSON of the value.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use baml_types::{CheckResult, Checked, Instance, JsonText, Name, StreamState, Value};

fn text(value: &Value) -> Option<String> {
    let mut json = JsonText::default();
    json.value(value).then(|| String::from_utf8(json.into_bytes()).unwrap())
}

#[test]
fn it_is_what_the_value_is_as_json() {
    let check = |name: &str, passed| CheckResult {
        name: Name::from(name),
        expression: Name::from("this == \"x\""),
        passed,
    };
    let value = Value::List(vec![
        Value::Null,
        Value::Bool(true),
        Value::Int(i64::MIN),
        Value::Float(-0.5e-300),
        Value::String("a \"quote\", a \\, a \n and \u{1}, é and 😀".to_owned()),
        Value::List(Vec::new()),
        Value::Map(
            [(Name::from("a\tkey"), Value::Int(1)), (Name::from(""), Value::Null)].into_iter().collect(),
        ),
        Value::Instance(Instance { class: baml_types::ClassId(0), fields: Vec::new() }),
        Value::Stated(
            Box::new(Value::Checked(Box::new(Checked {
                value: Value::Int(5),
                checks: vec![check("one", true), check("two", false)],
            }))),
            StreamState::Incomplete,
        ),
        Value::Checked(Box::new(Checked { value: Value::Null, checks: Vec::new() })),
    ]);
    assert_eq!(text(&value).unwrap(), serde_json::Value::from(value).to_string());
}

#[test]
fn what_json_has_no_word_for_is_refused() {
    for value in [Value::Float(f64::NAN), Value::Float(f64::INFINITY)] {
        assert_eq!(text(&Value::List(vec![Value::Stated(Box::new(value), StreamState::Complete)])), None);
    }
}

#[test]
fn parts_are_put_into_another_order() {
    let mut json = JsonText::default();
    json.open_object();
    let start = json.len();
    let ends = ["c", "a", "b"].map(|key| {
        json.key(key);
        json.text(&key.repeat(3));
        json.comma();
        json.len()
    });
    json.reorder(start, &ends, &[2, 0, 1]);
    json.close_object();
    let written: Arc<str> = String::from_utf8(json.into_bytes()).unwrap().into();
    assert_eq!(&*written, r#"{"a":"aaa","b":"bbb","c":"ccc"}"#);
}
