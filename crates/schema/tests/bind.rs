//! Arguments: what is taken and as what, and what is said of the rest.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "the functions that tests share are tests too"
)]

use std::sync::Arc;

use baml_schema::{Schema, Severity};
use serde_json::json;
use types::{Arguments, Judge, Media, MediaKind, MediaSource, Name, Value};

/// Holds what the expressions of these tests need: `this > 0`, `this.a > 0`, and an unknown filter.
struct Comparisons;

impl Judge for Comparisons {
    fn holds(&self, expression: &str, this: &Value) -> Result<bool, String> {
        if expression.contains('|') {
            return Err("there is no filter `nofilter`".to_owned());
        }
        let subject = match (expression.starts_with("this.a"), this) {
            (true, Value::Instance(instance)) => instance.get("a").unwrap_or(&Value::Null),
            _ => this,
        };
        Ok(match subject {
            Value::Int(int) => *int > 0,
            Value::Float(float) => *float > 0.0,
            _ => false,
        })
    }
}

const TYPES: &str = r#"
class In { n int
  s string? }
class Out {
  inner In
  list In[]
  e E
  m map<string, In>
}
class Open {
  a int
  b int?
  @@dynamic
}
class Positive {
  a int
  @@assert(above, {{ this.a > 0 }})
}
class Node {
  v int
  next Node?
}
class Cat {
  kind "cat"
  lives int
}
class Dog {
  kind "dog"
  name string
}
class Wide {
  n int
  more int?
}
class A {
  next (A | B)?
  x int
}
class B {
  next (A | B)?
  y int
}
enum E {
  RED @alias("rouge")
  BLUE
  GREEN @skip
}
enum Any {
  ONE
  @@dynamic
}
type Age = int @assert(grown, {{ this > 0 }})
type Anything = string | int | float | bool | null | Anything[] | map<string, Anything>
"#;

fn program(params: &str) -> Schema {
    let function = format!("function F({params}) -> string {{\n  client \"openai/x\"\n  prompt #\"\"#\n}}\n");
    let types =
        TYPES.replace("class In { n int\n", "class In {\n  n int\n").replace("string? }", "string?\n}");
    let sources = [("main.baml".to_owned(), format!("{types}{function}"))];
    let (schema, diagnostics) = baml_schema::load(&sources);
    let errors: Vec<_> = diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{}", syntax::render(&sources, &errors, false));
    schema
}

fn bind_values(params: &str, arguments: Arguments) -> Result<Arguments, String> {
    let schema = program(params);
    schema
        .bind(&schema.functions["F"], arguments, &Comparisons)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn bind(params: &str, arguments: &serde_json::Value) -> Result<Arguments, String> {
    let Value::Map(arguments) = Value::from(arguments.clone()) else { panic!("an object is needed") };
    bind_values(params, arguments)
}

/// The one argument `x`, bound.
fn one(ty: &str, value: serde_json::Value) -> Result<Value, String> {
    Ok(bind(&format!("x: {ty}"), &json!({ "x": value }))?.swap_remove("x").unwrap())
}

fn refused(ty: &str, value: serde_json::Value) -> String {
    match one(ty, value) {
        Ok(bound) => panic!("{ty} took {bound:?}"),
        Err(message) => message,
    }
}

#[test]
fn scalars_are_strict() {
    assert_eq!(one("int", json!(5)), Ok(Value::Int(5)));
    assert_eq!(one("int", json!(5.0)), Ok(Value::Int(5)));
    assert_eq!(one("int", json!(1e15)), Ok(Value::Int(1_000_000_000_000_000)));
    assert_eq!(one("float", json!(5)), Ok(Value::Float(5.0)));
    assert_eq!(one("bool", json!(true)), Ok(Value::Bool(true)));
    assert_eq!(one("string", json!("5")), Ok(Value::String("5".to_owned())));
    assert_eq!(one("null", json!(null)), Ok(Value::Null));
    assert_eq!(refused("int", json!("5")), "x: expected an int, got a string");
    assert_eq!(refused("int", json!(5.5)), "x: expected an int, got 5.5");
    assert_eq!(refused("int", json!(1e20)), "x: expected an int, got 100000000000000000000");
    assert_eq!(refused("int", json!(null)), "x: expected an int, got null");
    assert_eq!(refused("float", json!("1.5")), "x: expected a float, got a string");
    assert_eq!(refused("bool", json!(1)), "x: expected a bool, got an int");
    assert_eq!(refused("string", json!(5)), "x: expected a string, got an int");
    assert_eq!(refused("null", json!(5)), "x: expected null, got an int");
    assert_eq!(refused("true", json!(false)), "x: expected true, got false");
    assert_eq!(refused("5", json!("5")), "x: expected 5, got \"5\"");
}

#[test]
fn missing_and_null_are_told_apart() {
    let bound =
        bind("a: int?, b: string?, c: In", &json!({ "b": null, "c": { "n": 1 }, "extra": 5 })).unwrap();
    assert_eq!(bound.keys().map(|name| &**name).collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!(bound["b"], Value::Null);
    let Value::Instance(instance) = &bound["c"] else { panic!() };
    assert_eq!(instance.get("s"), None);
    assert_eq!(bind("a: int, b: Age", &json!({})), Err("a: is missing\nb: is missing".to_owned()));
}

#[test]
fn every_problem_has_its_path() {
    let arguments = json!({
        "x": { "inner": { "n": "1" }, "list": [{ "n": 1 }, { "s": "a" }], "e": "rouge", "m": { "a b": 5 } },
        "y": "no",
    });
    let problems = bind("x: Out, y: int[]", &arguments).unwrap_err();
    assert_eq!(
        problems,
        "x.inner.n: expected an int, got a string\n\
         x.list[1]: `In` needs a field `n`, which is missing\n\
         x.e: `rouge` is not a value of enum `E`; did you mean `RED`?\n\
         x.m[\"a b\"]: expected an object of class `In`, got an int\n\
         y: expected a list (int[]), got a string"
    );
}

#[test]
fn classes_keep_the_order_given_and_only_known_keys() {
    let bound = one("In", json!({ "zz": 1, "s": "a", "n": 1 })).unwrap();
    let Value::Instance(instance) = bound else { panic!() };
    assert_eq!(instance.fields.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["s", "n"]);
    let bound = one("Open", json!({ "zz": { "q": [1] }, "a": 1 })).unwrap();
    let Value::Instance(instance) = bound else { panic!() };
    assert_eq!(instance.get("zz"), Some(&Value::from(json!({ "q": [1] }))));
    assert_eq!(refused("In", json!([{ "n": 1 }])), "x: expected an object of class `In`, got a list");
}

#[test]
fn enums_are_named_in_baml() {
    assert!(matches!(one("E", json!("RED")), Ok(Value::Enum(_, name)) if &*name == "RED"));
    assert!(matches!(one("E", json!("GREEN")), Ok(Value::Enum(..))));
    assert!(matches!(one("Any", json!("NEW")), Ok(Value::Enum(_, name)) if &*name == "NEW"));
    assert_eq!(refused("E", json!("red")), "x: `red` is not a value of enum `E`; did you mean `RED`?");
    assert_eq!(
        refused("E", json!("PINK")),
        "x: `PINK` is not a value of enum `E`, which are RED, BLUE, GREEN"
    );
    assert_eq!(refused("E", json!(5)), "x: expected a value of enum `E`, got an int");
}

#[test]
fn map_keys_are_checked() {
    assert!(one("map<E, int>", json!({ "RED": 1 })).is_ok());
    assert!(one("map<\"a\" | \"b\", int>", json!({ "a": 1 })).is_ok());
    assert_eq!(
        refused("map<E, int>", json!({ "REDD": 1 })),
        "x.REDD: `REDD` is not a key of the map; did you mean `RED`?"
    );
    assert_eq!(
        refused("map<\"a\" | \"b\", int>", json!({ "zzz": 1 })),
        "x.zzz: `zzz` is not a key of the map, which are a, b"
    );
    assert_eq!(
        refused("map<string, int>", json!([])),
        "x: expected an object (map<string, int>), got a list"
    );
}

#[test]
fn unions_take_the_best_fit() {
    assert_eq!(one("int | string", json!(5)), Ok(Value::Int(5)));
    assert_eq!(one("float | int", json!(5)), Ok(Value::Float(5.0)));
    assert_eq!(one("int | float", json!(5.5)), Ok(Value::Float(5.5)));
    assert_eq!(one("string | E", json!("RED")), Ok(Value::String("RED".to_owned())));
    assert!(matches!(one("E | string", json!("RED")), Ok(Value::Enum(..))));
    assert_eq!(one("E | string", json!("PINK")), Ok(Value::String("PINK".to_owned())));
    let class = |value: serde_json::Value, ty: &str| match one(ty, value) {
        Ok(Value::Instance(instance)) => program("x: int").class(instance.class).name.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(class(json!({ "kind": "dog", "name": "Rex" }), "Cat | Dog"), "Dog");
    // `In` would lose `more`, `Wide` loses nothing.
    assert_eq!(class(json!({ "n": 1, "more": 2 }), "In | Wide"), "Wide");
    assert_eq!(class(json!({ "n": 1 }), "In | Wide"), "In");
    assert_eq!(refused("int | string", json!(true)), "x: expected int | string, got a bool");
    assert_eq!(refused("\"a\" | \"b\"", json!("c")), "x: expected \"a\" | \"b\", got \"c\"");
}

#[test]
fn the_only_possible_member_explains_itself() {
    let value = json!({ "v": 1, "next": { "v": 2, "next": { "v": "3" } } });
    assert_eq!(refused("Node", value), "x.next.next.v: expected an int, got a string");
    assert_eq!(refused("E?", json!("REDD")), "x: `REDD` is not a value of enum `E`; did you mean `RED`?");
}

#[test]
fn recursive_aliases_take_json() {
    let value = json!({ "a": [1, 2.5, "x", { "b": null }], "c": true });
    assert_eq!(one("Anything", value.clone()), Ok(Value::from(value)));
}

#[test]
fn media_comes_in_three_forms() {
    let url = |mime_type: Option<&str>| {
        Value::Media(Arc::new(Media {
            kind: MediaKind::Image,
            mime_type: mime_type.map(ToOwned::to_owned),
            source: MediaSource::Url("https://a.b/c".to_owned()),
        }))
    };
    assert_eq!(one("image", json!({ "url": "https://a.b/c" })), Ok(url(None)));
    assert_eq!(
        one("image | string", json!({ "url": "https://a.b/c", "media_type": "image/png" })),
        Ok(url(Some("image/png")))
    );
    let given = Arguments::from_iter([(Name::from("x"), url(None))]);
    assert_eq!(bind_values("x: image", given.clone()).unwrap()["x"], url(None));
    assert_eq!(bind_values("x: audio", given), Err("x: expected an audio clip, got an image".to_owned()));
    assert!(matches!(
        one("pdf", json!({ "base64": "aGk=", "media_type": "application/pdf" })),
        Ok(Value::Media(media)) if matches!(media.source, MediaSource::Base64(_))
    ));
    let either = "x: expected an image: an object with either `url` or `base64`, both text";
    assert_eq!(refused("image", json!({ "url": "a", "base64": "b" })), either);
    assert_eq!(refused("image", json!({})), either);
    assert_eq!(refused("image", json!("https://a.b/c")), "x: expected an image, got a string");
    assert_eq!(
        refused("image", json!({ "url": "a", "mediatype": "b" })),
        "x: media has no key `mediatype`; did you mean `media_type`?"
    );
    assert_eq!(
        refused("image", json!({ "url": "a", "media_type": 5 })),
        "x: `media_type` must be text, got an int"
    );
}

#[test]
fn content_of_media_is_base64() {
    for text in ["aGk=", "aGk", "aG\nk=", "-_-_", "data:image/png;base64,aGk=", "DATA:image/svg+xml,<svg>"] {
        assert!(one("image", json!({ "base64": text })).is_ok(), "{text}");
    }
    assert_eq!(
        refused("image", json!({ "base64": "photos/cat.png" })),
        "x: expected an image in base64, but character 11 is `.`"
    );
    assert_eq!(
        refused("image[]", json!([{ "base64": "" }])),
        "x[0]: expected an image in base64, but it is empty"
    );
    let media =
        Media { kind: MediaKind::Pdf, mime_type: None, source: MediaSource::Base64("%PDF-1.7".to_owned()) };
    let given = Arguments::from_iter([(Name::from("x"), Value::Media(Arc::new(media)))]);
    let told = "x: expected a PDF in base64, but character 1 is `%`";
    assert_eq!(bind_values("x: pdf", given), Err(told.to_owned()));
}

#[test]
fn asserts_are_enforced_wherever_they_stand() {
    assert_eq!(refused("Positive", json!({ "a": -1 })), "x: the assert `above` does not hold: this.a > 0");
    assert_eq!(refused("Age", json!(-1)), "x: the assert `grown` does not hold: this > 0");
    assert_eq!(
        refused("(int @assert({{ this > 0 }}))[]", json!([1, -1])),
        "x[1]: the assert does not hold: this > 0"
    );
    assert_eq!(
        refused("int @assert(odd, {{ this|nofilter }})", json!(1)),
        "x: the assert `this|nofilter` cannot be evaluated: there is no filter `nofilter`"
    );
    assert_eq!(one("Age", json!(3)), Ok(Value::Int(3)));
}

#[test]
fn depth_is_bounded_and_nothing_overflows() {
    let node = |v: i64, next: Option<Value>| {
        let next = next.map(|next| (Name::from("next"), next));
        Value::Map([(Name::from("v"), Value::Int(v))].into_iter().chain(next).collect())
    };
    let nested = |depth: i64| (0..depth).fold(node(0, None), |inner, v| node(v, Some(inner)));
    let bind = |ty: &str, value: Value| {
        bind_values(&format!("x: {ty}"), Arguments::from_iter([(Name::from("x"), value)]))
    };
    assert!(bind("Node", nested(200)).is_ok());
    assert!(bind("Node", nested(600)).unwrap_err().ends_with("is nested more than 512 levels deep"));
    let list = |depth: usize| (0..depth).fold(Value::Int(1), |inner, _| Value::List(vec![inner]));
    assert!(bind("Anything", list(150)).is_ok());
    assert!(bind("Anything", list(600)).unwrap_err().ends_with("is nested more than 512 levels deep"));
    // Trying the members of a union goes as deep.
    let either = |next: Value| {
        let entries = [("next", next), ("x", Value::Int(1)), ("y", Value::Int(1))];
        Value::Map(entries.map(|(key, value)| (Name::from(key), value)).into_iter().collect())
    };
    assert!(bind("A | B", (0..600).fold(Value::Null, |inner, _| either(inner))).is_err());
}

#[test]
fn ambiguous_classes_do_not_cost_two_to_the_depth() {
    // Every level fits neither `A` nor `B` for a reason that lies at the bottom.
    let mut value = json!({ "z": 1 });
    for _ in 0..100 {
        value = json!({ "next": value, "x": 1, "y": 1 });
    }
    assert_eq!(refused("A | B", value), "x: expected A | B, got an object");
}
