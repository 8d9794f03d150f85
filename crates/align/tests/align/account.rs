//! What the account of an answer tells: one test for each leniency.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use baml_align::{Leniency, parse_with_account};

use super::support::Jinja;

const TYPES: &str = r#"
enum Color { RED @alias("dark red")  GREEN  BLUE @description("like the sky") }
class Pair { left string  right string }
class Item { id int  price float?  color Color?  tags string[]  ready bool? }
class Only { value int }
class Holder { item Item  pairs Pair[]  scores map<string, int> }
"#;

/// Every leniency: a type, an answer that needs it, and the note that tells it.
const CASES: &[(&str, &str, &str)] = &[
    ("fence", "Pair", "```json\n{\"left\": \"a\", \"right\": \"b\"}\n```"),
    ("prose", "Pair", "Sure! {\"left\": \"a\", \"right\": \"b\"} Done."),
    ("draft", "Pair", "<think>{\"left\": \"a\", \"right\": \"b\"}</think> as I said"),
    ("gathered", "Pair[]", "{\"left\": \"a\", \"right\": \"b\"}\n{\"left\": \"c\", \"right\": \"d\"}"),
    ("whole-text", "int", "the answer is 42"),
    ("lines", "Pair", "left: a\nright: b"),
    ("cut-off", "Pair", "{\"left\": \"a\", \"right\": \"b"),
    ("quotes", "Pair", "{left: \"a\", \"right\": 'b'}"),
    ("comma", "Pair", "{\"left\": \"a\" \"right\": \"b\",}"),
    ("colon", "Pair", "{\"left\" 1, \"right\":: \"b\"}"),
    ("braces", "Pair", "{{\"left\": \"a\", \"right\": \"b\"}}"),
    ("comment", "Pair", "{\"left\": \"a\", // one\n\"right\": \"b\"}"),
    ("json-in-string", "Holder", r#"{"item": "{\"id\": 1}", "pairs": [], "scores": {}}"#),
    ("wrapper", "Pair", r#"{"Pair": {"left": "a", "right": "b"}}"#),
    (
        "number-from-text",
        "Item",
        r#"{"id": "$1,234", "price": "€3,50", "color": null, "tags": [], "ready": null}"#,
    ),
    ("rounded", "Item", r#"{"id": 1.5, "price": 2}"#),
    ("bool-from-text", "Item", r#"{"id": 1, "ready": "yes"}"#),
    ("printed", "Pair", r#"{"left": 5, "right": "b"}"#),
    ("loose-match", "Item", r#"{"id": 1, "color": "Dark-Red!"}"#),
    ("loose-key", "Pair", r#"{"Left": "a", "right": "b"}"#),
    ("single-to-list", "Item", r#"{"id": 1, "tags": "a"}"#),
    ("list-to-single", "Item", r#"{"id": [1]}"#),
    ("enumeration", "Color[]", "- green\n- blue"),
    ("only-field", "Only", "5"),
    ("null-word", "(string | null)[]", "['a', None]"),
    ("absent", "Item", r#"{"id": 1}"#),
    ("replaced", "Item", r#"{"id": 1, "price": "on request"}"#),
    ("key", "Pair", r#"{"left": "a", "right": "b", "extra": 1}"#),
    ("item", "int[]", "[1, \"x\", 3]"),
    ("entry", "map<string, int>", r#"{"a": 1, "b": "x"}"#),
];

fn notes(returns: &str, text: &str) -> Vec<String> {
    let source = format!("{TYPES}\nfunction F() -> {returns} {{ client \"openai/x\" prompt #\"x\"# }}");
    let (schema, diagnostics) = schema::load(&[("main.baml".to_owned(), source)]);
    let function = schema.functions.get("F").unwrap_or_else(|| panic!("{diagnostics:?}"));
    let (_, account) = parse_with_account(&schema, &function.returns, text, &Jinja)
        .unwrap_or_else(|error| panic!("{text}\n{error}"));
    account
        .notes()
        .iter()
        .map(|note| {
            let rule = note.leniency().name();
            let change = note.leniency().change().name();
            format!("{} {change} {rule} x{}: {}", note.path(), note.count(), note.message())
        })
        .collect()
}

#[test]
fn every_leniency_is_told() {
    let mut told = String::new();
    for (rule, returns, text) in CASES {
        let notes = notes(returns, text);
        assert!(
            notes.iter().any(|note| note.split(' ').any(|word| word == *rule)),
            "{rule}: {text}\n{notes:#?}"
        );
        let _ = writeln!(told, "{text}\n  {}", notes.join("\n  "));
    }
    insta::assert_snapshot!(told);
    let covered: BTreeSet<&str> = CASES.iter().map(|(rule, ..)| *rule).collect();
    let all: BTreeSet<&str> = Leniency::ALL.iter().map(|leniency| leniency.name()).collect();
    assert_eq!(covered, all);
}

#[test]
fn the_documentation_has_a_line_for_each() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/parsing.md");
    let documentation = std::fs::read_to_string(path).expect("docs/parsing.md");
    for leniency in Leniency::ALL {
        let row = format!("| `{}` |", leniency.name());
        assert!(documentation.contains(&row), "docs/parsing.md has no row for {}", leniency.name());
    }
}

#[test]
fn strict_json_needs_no_account() {
    for (returns, text) in [
        ("Pair", "{\"left\": \"a\", \"right\": \"b\"}"),
        ("Pair", " {\n  \"right\": \"b, c\",\n  \"left\": \"a\"\n}\n"),
        ("int[]", "[1, 2, 3]"),
        ("map<string, int>", "{\"a\": 1, \"b\": 2}"),
        ("Color", "\"dark red\""),
        ("Holder?", "null"),
        ("string", "any text at all"),
    ] {
        assert_eq!(notes(returns, text), Vec::<String>::new(), "{returns}: {text}");
    }
}

#[test]
fn paths_lead_to_the_place() {
    let text = r#"{
        "item": {"id": "7", "tags": ["a", null], "surplus": 1},
        "pairs": [{"left": "a", "right": 1}, "?", {"left": "c", "right": "d"}],
        "scores": {"a": 1.5, "b": {}},
    }"#;
    insta::assert_snapshot!(notes("Holder", text).join("\n"));
}

#[test]
fn there_is_an_end_to_notes() {
    let items = "\"x\",".repeat(1_000);
    let notes = notes("int[]", &format!("[{items} 1]"));
    assert_eq!(notes.len(), 200);
}
