//! What the account of an answer tells: one test for each leniency.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use baml_align::{Leniency, parse_with_account};
use proptest::prelude::*;

use super::support::Jinja;

const TYPES: &str = r#"
enum Color { RED @alias("dark red")  GREEN  BLUE @description("like the sky") }
class Pair { left string  right string }
class Item { id int  price float?  color Color?  tags string[]  ready bool? }
class Only { value int }
class Holder { item Item  pairs Pair[]  scores map<string, int> }
class Size { width int }
class One { a int }
class Two { a int  b int }
class Named { name string  age int }
class Texts { a string }
class Numbers { a int[] }
class Truth { ok bool }
class Noted { note string }
class Aged { age int? }
class Tagged { tags string[] }
class Full { fullName string }
enum Shade { DARK_RED  PALE_RED }
enum Light { Red  Green }
class Age { age int @assert(adult, {{ this >= 18 }}) }
class People { people (Age | Size)[]  oldest int? @assert({{ this < 120 }})  by_name map<Color, Age> }
"#;

/// Every leniency in each form that docs/parsing.md names: a type, an answer that needs it, and the note that tells it.
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
    ("fence", "Pair", "```\n{\"left\": \"a\", \"right\": \"b\"}"),
    ("prose", "Pair", "{\"left\": \"a\", \"right\": \"b\"}}"),
    ("gathered", "Pair[]", "1. {\"left\": \"a\", \"right\": \"b\"}\n2. {\"left\": \"c\", \"right\": \"d\"}"),
    ("lines", "Pair", "**Left:** |\n  many\n  lines\n**Right:** b"),
    ("cut-off", "int[]", "[1, 2"),
    ("cut-off", "Pair", "[{\"left\": \"a\", \"right\": \"b\"}"),
    ("quotes", "Pair", "{left: a, right: b}"),
    ("quotes", "Pair", "{\"left\": “a”, \"right\": \"b\"}"),
    ("quotes", "Pair", "{\"left\": `a`, \"right\": \"b\"}"),
    ("quotes", "Pair", "{\"left\": \"\"\"a\"\"\", \"right\": \"b\"}"),
    ("quotes", "Pair", r#"{\"left\": \"a\", \"right\": \"b\"}"#),
    ("quotes", "Pair", "{\"left\": \"say \"hi\" now\", \"right\": \"b\"}"),
    ("quotes", "Pair", "{\"left\": \"two\nlines\", \"right\": \"b\"}"),
    ("quotes", "Pair", r#"{"left": "\d", "right": "b"}"#),
    ("quotes", "Pair", r#"{"left": "\u12", "right": "b"}"#),
    ("comma", "Pair", "{\"left\": \"a\",, \"right\": \"b\"}"),
    ("comma", "int[]", "[1, 2,]"),
    ("colon", "Pair", "{\"left\" {\"x\": 1}, \"right\": \"b\"}"),
    ("comment", "Pair", "{\"left\": \"a\", /* one, two */ \"right\": \"b\"}"),
    ("comment", "Pair", "{\"left\": \"a\", # one\n\"right\": \"b\"}"),
    ("json-in-string", "Pair", r#""{\"left\": \"a\", \"right\": \"b\"}""#),
    ("json-in-string", "int[]", r#""[1, 2]""#),
    ("json-in-string", "map<string, int>", r#""{\"a\": 1}""#),
    ("json-in-string", "int[]", r#"["[1, 2]", "5"]"#),
    ("wrapper", "int[]", r#"{"result": [1, 2]}"#),
    ("wrapper", "Color", r#"{"color": "GREEN"}"#),
    ("wrapper", "\"a\" | \"b\"", r#"{"letter": "a"}"#),
    ("number-from-text", "float", "12k"),
    ("number-from-text", "float", "\"1/3\""),
    ("number-from-text", "int", "it is 50%"),
    ("number-from-text", "float[]", "[.5]"),
    ("number-from-text", "int[]", "[+5]"),
    ("number-from-text", "int[]", "[05]"),
    ("rounded", "int", "5.5"),
    ("rounded", "int", "9007199254740993"),
    ("bool-from-text", "bool", "It is TRUE!"),
    ("bool-from-text", "bool[]", "[yes, no]"),
    ("printed", "Pair", r#"{"left": {"a": 1.50}, "right": [1]}"#),
    ("loose-match", "Color", "like the sky"),
    ("loose-match", "Color", "it is GREEN"),
    ("loose-key", "Pair", r#"{"LÉFT": "a", "r.ight": "b"}"#),
    ("loose-key", "map<Color, int>", r#"{"Green": 1}"#),
    ("list-to-single", "Color", r#"["GREEN"]"#),
    ("enumeration", "int[]", "[1 2]"),
    ("enumeration", "int[]", "1; 2"),
    ("null-word", "(int | null)[]", "[undefined]"),
    ("absent", "Holder", r#"{"item": {"id": 1}}"#),
    ("replaced", "Holder", r#"{"item": {"id": 1, "tags": null}, "pairs": [], "scores": "none"}"#),
    ("key", "Pair", r#"{"left": "a", "right": "b", "left": "c"}"#),
    ("item", "Pair[]", r#"[{"left": "a", "right": "b"}, {"left": "c"}, null]"#),
    ("entry", "map<string, int>", r#"{"a": 1, "a": 2}"#),
    ("entry", "map<Color, int>", r#"{"dark red": 1, "PINK": 2}"#),
];

/// The examples of docs/parsing.md as they stand there, each with a type that needs the leniency.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("fence", "One", r#"```json {"a": 1} ```"#),
    ("prose", "One", r#"Sure! {"a": 1} Anything else?"#),
    ("draft", "One", r#"<think>{"a": 1}</think>"#),
    ("gathered", "One[]", r#"{"a": 1} {"a": 2}"#),
    ("lines", "Named", "name: Ada` `age: 36"),
    ("whole-text", "int", "The answer is 42"),
    ("cut-off", "Numbers", r#"{"a": [1, 2"#),
    ("quotes", "Texts", r#"{a: 'say "hi"'}"#),
    ("comma", "Two", r#"{"a": 1 "b": 2,}"#),
    ("colon", "One", r#"{"a" 1}"#),
    ("braces", "One", r#"{{"a": 1}}"#),
    ("comment", "One", r#"{"a": 1 // one"#),
    ("json-in-string", "One", r#""{\"a\": 1}""#),
    ("wrapper", "int[]", r#"{"result": [1, 2]}"#),
    ("number-from-text", "int", r#""$1,234""#),
    ("number-from-text", "float", r#""€3,50""#),
    ("number-from-text", "float", r#""12k""#),
    ("number-from-text", "float", r#""1/3""#),
    ("number-from-text", "float", ".5"),
    ("number-from-text", "int", "+5"),
    ("number-from-text", "int", "05"),
    ("rounded", "int", "5.5"),
    ("rounded", "int", "9007199254740993"),
    ("bool-from-text", "bool", r#""TRUE!""#),
    ("bool-from-text", "Truth", r#"{"ok": yes}"#),
    ("printed", "Noted", r#"{"note": {"a": 1.50}}"#),
    ("loose-match", "Shade", r#""dark-red.""#),
    ("loose-key", "Full", r#"{"Full Name": "x"}"#),
    ("single-to-list", "int[]", "5"),
    ("list-to-single", "int", "[5]"),
    ("enumeration", "Light[]", "- red` `- green"),
    ("only-field", "Aged", "5"),
    ("null-word", "(int?)[]", "[None]"),
    ("absent", "Tagged", "{}"),
    ("replaced", "Aged", r#"{"age": "x"}"#),
    ("key", "One", r#"{"a": 1, "extra": 2}"#),
    ("item", "int[]", r#"[1, "x", 3]"#),
    ("entry", "map<string, int>", r#"{"a": 1, "b": "x"}"#),
];

fn notes(returns: &str, text: &str) -> Vec<String> {
    kept(returns, text).unwrap_or_else(|error| panic!("{error}")).1
}

#[test]
fn every_leniency_is_told() {
    let mut told = String::new();
    let mut silent = Vec::new();
    for (rule, returns, text) in CASES {
        let notes = notes(returns, text);
        if !notes.iter().any(|note| note.split(' ').any(|word| word == *rule)) {
            silent.push(format!("{rule}: {text}\n{notes:#?}"));
        }
        let _ = writeln!(told, "{returns}: {text}\n  {}", notes.join("\n  "));
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
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
fn the_examples_of_the_documentation_do_what_it_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/parsing.md");
    let documentation = std::fs::read_to_string(path).expect("docs/parsing.md");
    for (rule, returns, example) in EXAMPLES {
        let row = documentation.lines().find(|line| line.starts_with(&format!("| `{rule}` |")));
        let shown =
            row.is_some_and(|row| row.rsplit(" | ").next().is_some_and(|last| last.contains(example)));
        assert!(shown, "docs/parsing.md does not show {example} for {rule}");
        // Two code spans are two lines.
        let notes = notes(returns, &example.replace("` `", "\n"));
        assert!(
            notes.iter().any(|note| note.contains(&format!(" {rule} x"))),
            "{rule}: {example}\n{notes:#?}"
        );
    }
    let shown: BTreeSet<&str> = EXAMPLES.iter().map(|(rule, ..)| *rule).collect();
    assert_eq!(shown.len(), Leniency::ALL.len());
}

#[test]
fn strict_json_needs_no_account() {
    for (returns, text) in [
        ("Pair", "{\"left\": \"a\", \"right\": \"b\"}"),
        ("Pair", " {\n  \"right\": \"b, c\",\n  \"left\": \"a\"\n}\n"),
        ("int[]", "[1, 2, 3]"),
        ("map<string, int>", "{\"a\": 1, \"b\": 2}"),
        ("Color", "\"dark red\""),
        ("map<Color, int>", "{\"dark red\": 1, \"GREEN\": 2}"),
        ("float[]", "[-0.5, 1e5, 1E-3, 0, 9007199254740993]"),
        ("int[]", "[9007199254740992, -9223372036854775808]"),
        ("Pair", r#"{"left": "\u00e9\ud83d \/\"", "right": "\\"}"#),
        ("map<string, Pair>", r#"{"": {"left": "", "right": "\""}, "a b": {"left": ",", "right": "}"}}"#),
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
fn what_was_left_out_is_told_with_the_reason() {
    let text = r#"{
        "people": [{"age": 20}, {"age": 12}, {"width": "wide"}, "x", {"name": "Ada"}],
        "oldest": 130,
        "by_name": {"GREEN": {"age": 1}, "PINK": {"age": 20}, "blue": {"age": 30}}
    }"#;
    insta::assert_snapshot!(notes("People", text).join("\n"));
    insta::assert_snapshot!(notes("int[]", r#"{"list": "[1, \"x\", [2]]"}"#).join("\n"));
}

#[test]
fn paths_have_odd_keys_in_quotes() {
    let text = r#"{"a b.c": {"d[0]": "1"}, "": {"": "2"}, "x\"\n": {"ä-ö": "3"}, "plain": {"x": "4"}}"#;
    insta::assert_snapshot!(notes("map<string, map<string, int>>", text).join("\n"), @r#"
    ["a b.c"]["d[0]"] coerced number-from-text x1: the text "1" was read as 1
    [""][""] coerced number-from-text x1: the text "2" was read as 2
    ["x\"\n"].ä-ö coerced number-from-text x1: the text "3" was read as 3
    plain.x coerced number-from-text x1: the text "4" was read as 4
    "#);
    let notes = notes("map<string, int>", &format!(r#"{{"{}": "5"}}"#, "é".repeat(1_000)));
    assert!(notes[0].len() < 200, "{notes:?}");
}

#[test]
fn there_is_an_end_to_notes() {
    let items = "\"x\",".repeat(1_000);
    let notes = notes("int[]", &format!("[{items} 1]"));
    assert_eq!(notes.len(), 200);
}

/// Lists of what a model might put into them, in some frames.
fn mixed() -> impl Strategy<Value = (usize, String)> {
    let items = [
        "1",
        "\"3\"",
        "\"x\"",
        "null",
        "true",
        "[1]",
        "[1, 2]",
        "[\"q\"]",
        "{\"a\": 1}",
        "{\"a\": \"q\"}",
        "{}",
        "[]",
        "\"red\"",
        "1.5",
        "{\"r\": {\"a\": 1}}",
        "\"[1, 2]\"",
        "\"{\\\"a\\\": 1}\"",
        "\"1, 2\"",
        "\"- 1\\n- 2\"",
    ];
    let items = prop::collection::vec(prop::sample::select(items.to_vec()), 1..5);
    (items, 0..5_usize).prop_map(|(items, frame)| {
        let list = format!("[{}]", items.join(", "));
        let text = match frame {
            0 => list,
            1 => format!("[{},]", items.join(", ")),
            2 => format!("{{\"result\": {list}}}"),
            3 => format!("{{\"result\": {}}}", serde_json::json!(list)),
            _ => serde_json::json!(list).to_string(),
        };
        (items.len(), text)
    })
}

const LISTS: [&str; 7] =
    ["int[]", "(int | bool)[]", "One[]", "(One | Size)[]", "Light[]", "int[][]", "map<string, int>[]"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_item_is_there_or_told((count, text) in mixed()) {
        for returns in LISTS {
            let Ok((values, notes)) = kept(returns, &text) else { continue };
            // One item may stand for several, and several texts for one another.
            let one_to_one = notes.iter().all(|note| !note.contains("became") && !note.contains(" replaced x"));
            let dropped = notes.iter().filter(|note| note.starts_with(" dropped item")).count();
            if one_to_one {
                prop_assert!(values + dropped >= count, "{returns}: {text}\n{values} values, {notes:#?}");
            }
        }
    }
}

/// How many items there are, and the notes.
fn kept(returns: &str, text: &str) -> Result<(usize, Vec<String>), String> {
    let source = format!("{TYPES}\nfunction F() -> {returns} {{ client \"openai/x\" prompt #\"x\"# }}");
    let (schema, diagnostics) = schema::load(&[("main.baml".to_owned(), source)]);
    let function = schema.functions.get("F").unwrap_or_else(|| panic!("{diagnostics:?}"));
    let (value, account) = parse_with_account(&schema, &function.returns, text, &Jinja)
        .map_err(|error| format!("{text}\n{error}"))?;
    let notes = account.notes().iter().map(|note| {
        let rule = note.leniency().name();
        let change = note.leniency().change().name();
        format!("{} {change} {rule} x{}: {}", note.path(), note.count(), note.message())
    });
    let values = if let types::Value::List(items) = &value { items.len() } else { 1 };
    Ok((values, notes.collect()))
}
