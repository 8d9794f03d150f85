//! Wild input: nothing panics, everything ends, and what a schema can write it can read back.

use std::fmt::Write as _;
use std::sync::LazyLock;

use baml_align::{Account, Leniency, parse, parse_partial, parse_with_account};
use proptest::prelude::*;
use schema::Schema;
use serde_json::{Value as Json, json};

use super::support::{Jinja, encode, read, same};

const TYPES: &str = r#"
enum Color { RED  GREEN @alias("light green")  BLUE @description("the colour of the sky") }
class Point { x int  y float }
class Person {
  name string
  age int?
  tags string[]
  home Point?
  favourite Color
  scores map<string, int>
  either (int | string)?
}
class Node { value int  next Node?  children Node[] }
class Checked { n int @check(positive, {{ this > 0 }})  s string @assert({{ this|length < 9 }}) @stream.with_state }
class Streamed { a string @stream.done  b int @stream.not_null  c Point @stream.with_state }
type Any = int | float | bool | string | null | Any[] | map<string, Any>
type Tree = int | Color | Trees | Leaves[]
type Trees = Tree[] | Leaves
type Leaves = string | Trees[] | Point
"#;

pub(crate) const RETURNS: [&str; 17] = [
    "string",
    "int",
    "bool?",
    "Color",
    "\"a\" | \"b\" | 3",
    "Person",
    "Person[]",
    "Node",
    "Any",
    "map<string, Any>",
    "Checked[]",
    "Streamed",
    "Point | Person | string",
    "(Color | Point)[][]",
    "map<Color, int[]>",
    "float | Node?",
    "Tree",
];

pub(crate) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let mut source = TYPES.to_owned();
    for (index, returns) in RETURNS.iter().enumerate() {
        let _ = writeln!(source, "function F{index}() -> {returns} {{ client \"openai/x\" prompt #\"x\"# }}");
    }
    let (schema, diagnostics) = schema::load(&[("main.baml".to_owned(), source)]);
    assert_eq!(schema.functions.len(), RETURNS.len(), "{diagnostics:?}");
    schema
});

/// Text as a model might break it: pieces of JSON and prose in any order.
pub(crate) fn broken() -> impl Strategy<Value = String> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "'",
        "`",
        "```json\n",
        "```",
        "\\",
        "\\u00e9",
        "\\ud83d",
        "//",
        "/*",
        "*/",
        "# ",
        "\n",
        " ",
        "name",
        "\"name\": ",
        "age",
        "\"value\":",
        "x:",
        "1",
        "-2.5",
        "1e999",
        "true",
        "False",
        "None",
        "null",
        "RED",
        "light green",
        "<think>",
        "</think>",
        "é",
        "“",
        "\u{feff}",
        "\"\"\"",
        "{{",
        "not",
        "$1,000",
        "\0",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

fn check(text: &str) {
    for index in 0..RETURNS.len() {
        let returns = &SCHEMA.functions[format!("F{index}").as_str()].returns;
        for result in [false, true].map(|partial| read(&SCHEMA, returns, text, partial)) {
            if let Err(error) = result {
                assert!(!error.problems().is_empty());
                assert!(!error.to_string().is_empty());
            }
        }
        let told = parse_with_account(&SCHEMA, returns, text, &Jinja);
        assert!(told.is_err() || told.is_ok_and(|(_, account)| account.notes().len() <= 200));
    }
}

fn text() -> impl Strategy<Value = String> {
    prop::string::string_regex("[ -~éß“\n\t\"{}\\[\\]:,\\\\]{0,12}").expect("a regular expression")
}

fn point() -> impl Strategy<Value = Json> {
    (any::<i32>(), -1.0e9..1.0e9_f64).prop_map(|(x, y)| json!({ "x": x, "y": y }))
}

pub(crate) fn person() -> impl Strategy<Value = Json> {
    let either = prop_oneof![
        Just(Json::Null),
        any::<i64>().prop_map(|int| json!(int)),
        text().prop_map(|text| json!(text))
    ];
    (
        text(),
        prop::option::of(any::<i64>()),
        prop::collection::vec(text(), 0..4),
        prop::option::of(point()),
        prop::sample::select(vec!["RED", "light green", "BLUE"]),
        prop::collection::btree_map("[a-z_]{0,8}", any::<i32>(), 0..4),
        either,
    )
        .prop_map(|(name, age, tags, home, favourite, scores, either)| {
            json!({ "name": name, "age": age, "tags": tags, "home": home, "favourite": favourite, "scores": scores, "either": either })
        })
}

/// Any JSON at all.
fn any_json() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(|bool| json!(bool)),
        any::<i64>().prop_map(|int| json!(int)),
        (-1.0e12..1.0e12_f64).prop_map(|float| json!(float)),
        text().prop_map(|text| json!(text)),
    ];
    scalar.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::btree_map(text(), inner, 0..5).prop_map(|entries| json!(entries)),
        ]
    })
}

/// The answer that a person written by the model comes out as: the alias is gone.
fn expected(person: &Json) -> Json {
    let mut person = person.clone();
    if person["favourite"] == "light green" {
        person["favourite"] = json!("GREEN");
    }
    person
}

pub(crate) fn returns(wanted: &str) -> &'static types::Type {
    let index = RETURNS.iter().position(|returns| *returns == wanted).expect("a return type");
    &SCHEMA.functions[format!("F{index}").as_str()].returns
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_ends(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn broken_answers_end(text in broken()) {
        check(&text);
    }

    /// What the fast path writes of a list that was cut off is what the tolerant path makes of the whole text.
    #[test]
    fn lists_may_be_cut_off_anywhere(
        people in prop::collection::vec(person(), 0..6),
        others in prop::collection::vec(any_json(), 0..9),
        pretty in any::<bool>(),
        around in prop::sample::select(vec!["", "Here it is: ", "```json\n", " So:\n```\n"]),
        cut in any::<prop::sample::Index>(),
    ) {
        for items in [json!(people), json!(others)] {
            let json = if pretty { serde_json::to_string_pretty(&items).expect("JSON") } else { items.to_string() };
            let text = &json[..json.floor_char_boundary(cut.index(json.len()))];
            for wanted in ["Person[]", "Any", "(Color | Point)[][]"] {
                let _ = read(&SCHEMA, returns(wanted), &format!("{around}{text}"), false);
            }
        }
    }

    #[test]
    fn strict_json_comes_back(people in prop::collection::vec(person(), 0..4)) {
        let wanted = Json::Array(people.iter().map(expected).collect());
        for text in [json!(people).to_string(), serde_json::to_string_pretty(&people).expect("JSON")] {
            let value = read(&SCHEMA, returns("Person[]"), &text, false).expect("strict JSON fits");
            prop_assert!(same(&encode(&value), &wanted), "{text}\n{}", encode(&value));
        }
    }

    #[test]
    fn both_paths_agree(people in prop::collection::vec(person(), 1..4)) {
        // A trailing comma is the one thing that keeps the text from the fast path.
        let strict = json!(people).to_string();
        let loose = format!("{},]", &strict[..strict.len() - 1]);
        let direct = parse(&SCHEMA, returns("Person[]"), &strict, &Jinja).expect("strict JSON fits");
        let tolerant = parse(&SCHEMA, returns("Person[]"), &loose, &Jinja).expect("a trailing comma is forgiven");
        prop_assert_eq!(encode(&direct), encode(&tolerant), "{}", loose);
        let partial = parse_partial(&SCHEMA, returns("Person[]"), &strict, &Jinja).expect("a whole answer is a partial one");
        prop_assert_eq!(encode(&direct), encode(&partial), "{}", strict);
    }

    #[test]
    fn the_order_of_keys_is_that_of_the_class(person in person(), seed in any::<[u8; 7]>()) {
        let wanted = expected(&person);
        let Json::Object(fields) = person else { unreachable!() };
        let mut fields: Vec<_> = fields.into_iter().zip(seed).collect();
        fields.sort_by_key(|(_, seed)| *seed);
        // Fields that may be absent are, now and then.
        fields.retain(|((key, _), seed)| seed % 3 > 0 || !["age", "tags", "home", "either"].contains(&key.as_str()));
        let kept: Vec<&String> = fields.iter().map(|((key, _), _)| key).collect();
        let mut wanted = wanted;
        for key in ["age", "tags", "home", "either"] {
            if !kept.iter().any(|kept| *kept == key) {
                wanted[key] = if key == "tags" { json!([]) } else { Json::Null };
            }
        }
        let text = Json::Object(fields.into_iter().map(|(field, _)| field).collect()).to_string();
        let value = read(&SCHEMA, returns("Person"), &text, false).expect("strict JSON fits");
        prop_assert!(same(&encode(&value), &wanted), "{text}\n{}", encode(&value));
    }

    #[test]
    fn what_stands_around_strict_json_does_not_matter(
        people in prop::collection::vec(person(), 1..4),
        before in prop::sample::select(vec!["", " \n", "Here's your list:\n", "\u{feff}", "It is 5 > 4.\n", "\"so\" "]),
        after in prop::sample::select(vec!["", "\n", "\nIs that all?", " <done>", "\n{x}", " [1]"]),
        fenced in any::<bool>(),
        pretty in any::<bool>(),
    ) {
        let json = if pretty { serde_json::to_string_pretty(&people).expect("JSON") } else { json!(people).to_string() };
        let frame = |json: &str| {
            let fenced = if fenced { format!("```json\n{json}\n```") } else { json.to_owned() };
            format!("{before}{fenced}{after}")
        };
        let strict = frame(&json);
        // A trailing comma is the one thing that keeps the text from the fast path.
        let loose = frame(&format!("{},]", &json[..json.len() - 1]));
        for wanted in ["Person[]", "Any", "map<string, Any>", "Point | Person | string"] {
            let returns = returns(wanted);
            let answers = [&strict, &loose].map(|text| read(&SCHEMA, returns, text, false).map(|value| encode(&value)).ok());
            // Taken as text, the two differ as they are written.
            if !matches!(&answers[0], Some(Json::String(_))) {
                prop_assert_eq!(&answers[0], &answers[1], "{} {}", wanted, strict);
            }
        }
        let strict = parse_with_account(&SCHEMA, returns("Person[]"), &strict, &Jinja).expect("it fits");
        let loose = parse_with_account(&SCHEMA, returns("Person[]"), &loose, &Jinja).expect("it fits");
        let notes = |account: &Account| -> Vec<_> {
            account.notes().iter().filter(|note| note.leniency() != Leniency::Comma).cloned().collect()
        };
        prop_assert_eq!(notes(&strict.1), notes(&loose.1));
    }

    #[test]
    fn any_json_comes_back_on_both_paths(value in any_json()) {
        let strict = json!([value]).to_string();
        let loose = format!("{},]", &strict[..strict.len() - 1]);
        for text in [strict, loose] {
            let found = read(&SCHEMA, returns("Any"), &text, false).expect("it is JSON");
            prop_assert!(same(&encode(&found), &json!([value])), "{text}\n{}", encode(&found));
        }
    }

    #[test]
    fn cut_answers_end(person in person(), cut in 0.0..1.0_f64) {
        let text = person.to_string();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a short text")]
        let mut at = (text.len() as f64 * cut) as usize;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        check(&text[..at]);
        prop_assert!(parse_partial(&SCHEMA, returns("Person"), &text[..at], &Jinja).is_ok(), "{}", &text[..at]);
    }
}
