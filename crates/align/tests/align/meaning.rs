//! What a person means by an answer: nothing of it is lost, and what is text stays text. One test for each rule that came
//! out of writing answers of the recorded kinds and reading what two engines make of them.

use serde_json::{Value as Json, json};

use super::support::{encode, parse_as, same};

const TYPES: &str = r#"
enum Mood { SAD  GLAD }
enum Grade { A_PLUS @alias("A+")  A @alias("A") }
enum Case { Abc  ABC }
enum Key { ALPHA  BETA @alias("b key") }
enum Level { LOW  HIGH_LOW }
class Node { value int  children Node[] }
class Pair { left string  right string }
class Circle { radius float }
class Rect { w float  h float }
class Label { text string }
class Count { n int }
class Items { items string[] }
class Numbers { numbers int[] }
class Grid { rows Count[][] }
class Feels { mood Mood }
class Spot { name string  at Rect }
class Holder { one Label  many Count[]  named map<string, Label>  maybe Count? }
class Bag { items string[]  by_name map<string, int> @check(some, {{ this|length > 0 }}) }
type Json = int | float | bool | string | null | Json[] | map<string, Json>
class Flagged { name string  fine bool  note map<string, string> }
class Step { text string @stream.not_null @stream.with_state  id int }
"#;

#[track_caller]
fn gives(returns: &str, text: &str, wanted: &Json) {
    let value = parse_as(TYPES, returns, text, false).unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert!(same(&encode(&value), wanted), "{text}\n gives {}\nwanted {wanted}", encode(&value));
}

#[track_caller]
fn shows(returns: &str, text: &str, wanted: &Json) {
    let value = parse_as(TYPES, returns, text, true).unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert!(same(&encode(&value), wanted), "{text}\n shows {}\nwanted {wanted}", encode(&value));
}

#[track_caller]
fn refuses(returns: &str, text: &str) {
    if let Ok(value) = parse_as(TYPES, returns, text, false) {
        panic!("{text} gives {}", encode(&value));
    }
}

#[test]
fn a_text_with_a_fence_in_it_is_a_text() {
    for returns in ["string?", "int | string", "bool | string", "Circle | string"] {
        for text in ["Run\n```\nls\n```", "```\n5\n```\nis it", "Run\n```sh\ntrue\n```"] {
            gives(returns, text, &json!(text));
        }
        for text in ["```json\n```", "```", "```\n\n```"] {
            gives(returns, text, &json!(""));
        }
        gives(returns, " x \n", &json!("x"));
        gives(returns, "some {words} in braces", &json!("some {words} in braces"));
    }
    gives("string[]", "Run\n```\nls\n```", &json!(["Run\n```\nls\n```"]));
    gives("string[]", "```json\n```", &json!([""]));
    gives("string?", "```\nls\n```", &json!("ls"));
    gives("int | string", "Here:\n```json\n5\n```", &json!(5));
    gives("int", "Here:\n```\n5\n```", &json!(5));
    gives("string?", " \n\t ", &json!(" \n\t "));
}

#[test]
fn several_lists_of_texts_are_one() {
    gives("string[]", "[\"a\"]\n[\"b\", \"c\"]\ntext", &json!(["a", "b", "c"]));
    gives("string[]", "see [1]: [\"a\"] and [\"b\"]", &json!(["a", "b"]));
    gives("string[]", "[1, 2] [3]", &json!(["1", "2", "3"]));
    gives("string[]", r#"{"a": "b"} {"c": 1.50}"#, &json!([r#"{"a": "b"}"#, r#"{"c": 1.50}"#]));
    gives("string[]", r#"[1] {"c": "d"}"#, &json!(["1", r#"{"c": "d"}"#]));
    gives("int[]", "[1, 2] [3]", &json!([1, 2]));
}

#[test]
fn numbers_keep_their_spelling_in_text() {
    gives("Pair", r#"{"left": 0.10, "right": 1e3}"#, &json!({ "left": "0.10", "right": "1e3" }));
    gives("int | string", ".7", &json!(".7"));
    gives("string[]", "[1.50, 007]", &json!(["1.50", "007"]));
}

#[test]
fn a_name_with_punctuation_around_it_is_that_name() {
    for (text, wanted) in [
        ("A", "A"),
        ("A.", "A"),
        ("(A)", "A"),
        ("[\"A\"]", "A"),
        ("A+", "A_PLUS"),
        ("(A+)", "A_PLUS"),
        ("A +", "A_PLUS"),
    ] {
        gives("Grade", text, &json!(wanted));
    }
    gives("Case", "ABC!", &json!("ABC"));
    gives("Case", "[ABC]", &json!("ABC"));
    for text in ["Light Green!", "lightgreen", "light-green"] {
        gives("\"red\" | \"green\" | \"light green\"", text, &json!("light green"));
    }
    gives("\"red\" | \"green\" | \"light green\"", "the green one", &json!("green"));
    gives("map<Key, int>", r#"{"Beta": 1, "alpha": 2}"#, &json!({ "BETA": 1, "ALPHA": 2 }));
}

#[test]
fn text_stands_for_a_part_with_one_field_and_not_for_an_answer() {
    gives(
        "Holder",
        r#"{"one": "x", "many": ["5", 6], "named": {"k": "y"}, "maybe": "7"}"#,
        &json!({ "one": { "text": "x" }, "many": [{ "n": 5 }, { "n": 6 }], "named": { "k": { "text": "y" } }, "maybe": { "n": 7 } }),
    );
    gives("Count[]", "\"5\"", &json!([{ "n": 5 }]));
    gives("(Circle | Label)[]", r#"[5, "x"]"#, &json!([{ "radius": 5 }, { "text": "x" }]));
    gives("Grid", r#"{"rows": [["1"]]}"#, &json!({ "rows": [[{ "n": 1 }]] }));
    refuses("Label", "words");
    refuses("Label", "\"words\"");
    refuses("Label", "[\"words\"]");
    refuses("Count", "\"5\"");
}

#[test]
fn a_list_is_the_only_field_with_all_of_its_items() {
    gives("Numbers", "[[1], [2]]", &json!({ "numbers": [1, 2] }));
    gives("Numbers", "[[1, 2]]", &json!({ "numbers": [1, 2] }));
    gives("Grid", "[1, 2]", &json!({ "rows": [[{ "n": 1 }], [{ "n": 2 }]] }));
    gives("Items", r#"[{"items": ["a", "b"]}, {"items": ["c"]}]"#, &json!({ "items": ["a", "b"] }));
}

#[test]
fn what_keeps_more_of_a_list_goes_first() {
    gives("int[] | string", r#"[1, "a"]"#, &json!(r#"[1, "a"]"#));
    gives("string | int[]", r#"["a"]"#, &json!(r#"["a"]"#));
    gives("int[] | string", r#"[1, "2", null]"#, &json!([1, 2]));
    gives("Circle | Rect[]", r#"[{"radius": 1}]"#, &json!({ "radius": 1 }));
    gives("Label | Circle", r#"[{"radius": 1}]"#, &json!({ "radius": 1 }));
    gives("Label | Circle", "[5]", &json!({ "radius": 5 }));
    gives("(int | bool)[] | string[]", r#"[1, "a"]"#, &json!([1]));
    shows("int[] | string[]", "[true]", &json!(["true"]));
}

#[test]
fn lists_without_a_list_around_them_are_its_items() {
    gives("int[][]", "[1, 2, 3] and [4, 5]", &json!([[1, 2, 3], [4, 5]]));
    gives("int[][]", "[[1, 2], [3]]", &json!([[1, 2], [3]]));
    gives("float[]", "1.000,50", &json!([]));
}

#[test]
fn an_object_is_a_map_and_no_list_of_one() {
    gives("Json?", r#"{"a": [1]}"#, &json!({ "a": [1] }));
    gives("Json | bool[]", r#"{"a": [1]}"#, &json!({ "a": [1] }));
    gives(
        "Pair[] | string",
        r#"[{"left": "a", "right": "b"}, {"left": "c"}]"#,
        &json!([{ "left": "a", "right": "b" }]),
    );
    gives("bool[] | string", "[True, False, None]", &json!([true, false]));
}

#[test]
fn an_object_with_the_key_of_a_class_is_that_class() {
    gives("Mood | Feels", r#"{"mood": "glad"}"#, &json!({ "mood": "GLAD" }));
    gives("Mood | Feels", r#"{"x": "glad"}"#, &json!("GLAD"));
}

#[test]
fn a_map_of_which_nothing_fits_is_empty_and_not_null() {
    gives("map<string, int>?", r#"{"a": "x"}"#, &json!({}));
    gives("map<string, int>?", "x", &json!(null));
}

#[test]
fn a_map_with_checks_is_not_made_up() {
    refuses("Bag", r#"{"items": ["a"]}"#);
    shows("Bag", r#"{"items": ["a"]"#, &json!({ "items": ["a"], "by_name": null }));
}

#[test]
fn the_number_that_is_meant() {
    for (text, wanted) in [
        ("minus 5", -5),
        ("−5", -5),
        ("- 5", -5),
        ("-$5", -5),
        ("--5", -5),
        ("3 hundred", 300),
        ("5M", 5_000_000),
        ("5m", 5),
    ] {
        gives("int", text, &json!(wanted));
    }
    gives("int", "-9223372036854775808", &json!(i64::MIN));
    refuses("int", "-9223372036854775809");
    for text in ["That cannot be true", "no longer true", "hardly true"] {
        refuses("bool", text);
    }
}

#[test]
fn separators_of_names_are_one() {
    gives("Level", "the HIGH-LOW one", &json!("HIGH_LOW"));
    gives("Level", "level: high low", &json!("HIGH_LOW"));
    gives("Level", "the LOW one", &json!("LOW"));
}

#[test]
fn the_only_list_of_an_object_is_the_list() {
    let pairs = json!([{ "left": "a", "right": "b" }]);
    gives("Pair[]", r#"{"items": [{"left": "a", "right": "b"}], "count": 1, "more": false}"#, &pairs);
    gives("int[]", r#"{"numbers": [1, 2], "total": 2}"#, &json!([1, 2]));
    gives("int[]", r#"{"a": [1], "b": [2]}"#, &json!([]));
    gives("Node[]", r#"{"value": "x", "children": [{"value": 2}]}"#, &json!([]));
}

#[test]
fn drafts_in_thought_are_drafts() {
    for tag in ["thought", "analysis", "reflection"] {
        let text = format!(
            "<{tag}>{{\"left\": \"x\", \"right\": \"y\"}}</{tag}>{{\"left\": \"a\", \"right\": \"b\"}}"
        );
        gives("Pair", &text, &json!({ "left": "a", "right": "b" }));
    }
}

#[test]
fn rows_and_parentheses_of_numbers() {
    gives("int[]", "(1,2)", &json!([1, 2]));
    gives("int[]", "(1,2,3)", &json!([1, 2, 3]));
    gives("int[]", "1,2\n3,4", &json!([1, 2, 3, 4]));
    gives("int[]", "1,2;3,4", &json!([1, 2, 3, 4]));
    gives("int[]", "1,000\n2,000", &json!([1000, 2000]));
    gives("float[]", "1,5; 2,5", &json!([1.5, 2.5]));
}

#[test]
fn keys_that_begin_with_a_digit() {
    gives("map<string, string>", "{1: a, 2nd: b}", &json!({ "1": "a", "2nd": "b" }));
    gives("map<string, string>", r#"{1: "a", 2: "b"}"#, &json!({ "1": "a", "2": "b" }));
    gives("map<string, string>", "{a: 9, 10:30, b: c}", &json!({ "a": "9, 10:30", "b": "c" }));
}

#[test]
fn a_quoted_word_behind_a_comma_is_text() {
    gives(
        "Pair",
        r#"{"left": "a "b", "c"", "right": "d "e", "f""}"#,
        &json!({ "left": "a \"b\", \"c\"", "right": "d \"e\", \"f\"" }),
    );
    gives("map<string, string>", r#"{"a": "b", "c"}"#, &json!({ "a": "b" }));
}

#[test]
fn what_was_shown_whole_stays_when_another_one_begins() {
    let one = r#"{"name": "x", "fine": False, "note": {"a": "b"}}"#;
    let whole = json!({ "name": "x", "fine": false, "note": { "a": "b" } });
    for begun in [r#"{"name": "x", "fine": F"#, r#"{"name": "x", "fine": true, "note":"#, "{"] {
        for between in ["", "\n", "\n\nOr, if you prefer: "] {
            shows("Flagged", &format!("{one}{between}{begun}"), &whole);
        }
    }
}

#[test]
fn what_has_begun_behind_words_and_drafts_shows() {
    shows("int[]", "I see [some] values.\n[1,", &json!([1]));
    shows(
        "Pair",
        "Draft: {\"left\": \"x\"}\nFinal: {\"left\": \"a\", \"right\": \"b",
        &json!({ "left": "a", "right": "b" }),
    );
    shows("Spot", r#"{"name": "x", "at": null"#, &json!({ "name": "x", "at": null }));
    shows("Circle?", "N", &json!(null));
    if let Ok(value) = parse_as(TYPES, "int?", "nu", true) {
        panic!("shows {}", encode(&value));
    }
    if let Ok(value) = parse_as(TYPES, "Step", r#"{"text": "#, true) {
        panic!("shows {}", encode(&value));
    }
}
