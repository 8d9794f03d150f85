//! One test for each leniency, and for each answer that is better than the peer's.

use serde_json::{Value as Json, json};

use super::support;

const TYPES: &str = r#"
class Pair { left string  right string }
class Reading { id int  value float }
class Holder { name string  pair Pair? }
class Wrapped { text string }
enum Color { RED @alias("dark red")  GREEN  BLUE @description("like the sky") }
class Sm { v int @assert(small, {{ this < 10 }}) }
class Bg { v int @assert(large, {{ this > 20 }}) }
"#;

#[track_caller]
fn gives(returns: &str, text: &str, wanted: &Json) {
    support::reads(TYPES, returns, text, false, wanted);
}

#[track_caller]
fn refuses(returns: &str, text: &str) {
    support::refuses(TYPES, returns, text);
}

#[track_caller]
fn pair(text: &str) {
    gives("Pair", text, &json!({ "left": "a", "right": "b" }));
}

#[test]
fn around_the_value() {
    pair("Sure!\n```json\n{\"left\": \"a\", \"right\": \"b\"}\n```\nAnything else?");
    pair("```json\n{\"left\": \"a\", \"right\": \"b\"\n```\nThat's it: {braces}");
    pair("```json\n{\"left\": \"a\", \"right\": b\n```\nThat's it: {braces}");
    pair("```json\n{\"left\": \"a\", \"right\": \"b\n```\nThat's it");
    pair("~~~ {\"left\": \"a\", \"right\": \"b\"} ~~~");
    pair("Per your {request} [1]: {\"left\": \"a\", \"right\": \"b\"}");
    pair("<think>{\"left\": \"?\", \"right\": \"?\"}</think>{\"left\": \"a\", \"right\": \"b\"}");
    pair("smile :[ and {\"left\": \"a\", \"right\": \"b\"}");
    pair("{\"Pair\": {\"left\": \"a\", \"right\": \"b\"}}");
    pair("{{\"left\": \"a\", \"right\": \"b\"}}");
    pair(r#""{\"left\": \"a\", \"right\": \"b\"}""#);
    pair(r#"{\"left\": \"a\", \"right\": \"b\"}"#);
}

#[test]
fn between_the_members() {
    pair("{\"left\": \"a\",, \"right\": \"b\",}");
    pair("{\"left\": \"a\" \"right\": \"b\"}");
    pair("{\"left\": \"a\"\n\"right\": \"b\"}");
    pair("{\"left\":: \"a\", // one\n /* two */ # three\n \"right\": \"b\"");
    gives("Reading", r#"{"id":5,"value":2.5,}"#, &json!({ "id": 5, "value": 2.5 }));
    gives("Reading", "{id: 5 units, value: 2.5 mm}", &json!({ "id": 5, "value": 2.5 }));
}

#[test]
fn quotes() {
    pair("{left: a, right: b}");
    pair("{\"left\": \"a\", right\": \"b\"}");
    pair("{“left”: “a”, “right”: “b”}");
    gives("Pair", "{“left”: “a “quoted”, b”, right: c}", &json!({ "left": "a “quoted”, b", "right": "c" }));
    pair("{ left : 'a' , `right` : \"\"\"b\"\"\" }");
    gives(
        "Pair",
        r#"{"left": "say "hi" now", "right": "5' 11""}"#,
        &json!({ "left": "say \"hi\" now", "right": "5' 11\"" }),
    );
    gives(
        "Pair",
        r#"{"left": "<a href="x">y</a>", "right": "one", two"}"#,
        &json!({ "left": "<a href=\"x\">y</a>", "right": "one\", two" }),
    );
    gives(
        "Pair",
        r#"{left: "caf\u00e9 \ud83d\ude42 \ude42", right: 'a\nb'}"#,
        &json!({ "left": "café 🙂 \u{fffd}", "right": "a\nb" }),
    );
    gives("Pair", r#"{"left": "\uZZZZ \d", "right": "b\"#, &json!({ "left": "\\uZZZZ \\d", "right": "b\\" }));
    gives(
        "Pair",
        "{\"left\": \"raw\n```ts\nx\n```\n\", \"right\": \"b\",}",
        &json!({ "left": "raw\n```ts\nx\n```\n", "right": "b" }),
    );
}

#[test]
fn numbers() {
    for (text, wanted) in [
        ("$1,234", 1234),
        ("12k", 12000),
        ("3 million", 3_000_000),
        ("- 5", -5),
        ("about 7.", 7),
        ("-2.5", -3),
    ] {
        gives("int", text, &json!(wanted));
    }
    gives("float", "1/3", &json!(1.0 / 3.0));
    gives("float", "€3,50", &json!(3.5));
    gives("float", "1,234.50", &json!(1234.5));
    gives("int", "1,00,000", &json!(100_000));
    for text in ["5-6", "1:30", "0x10", "1_000", "five", "1e30", "NaN", "18446744073709551616", ""] {
        refuses("int", text);
    }
    for text in ["nan", "-inf", "Infinity", "1e400", "1/0", "5.5.5"] {
        refuses("float", text);
    }
    gives("int | string", "5.5", &json!("5.5"));
    gives("int | float", "$3.50", &json!(3.5));
    refuses("1 | 2 | 3", "2.4");
}

#[test]
fn truth() {
    gives("bool", "Considering all facts: TRUE!", &json!(true));
    for text in ["The statement is not true", "true or false", "It isn't true at all", "yes", "1"] {
        refuses("bool", text);
    }
    gives("bool[]", "[yes, \"No\", true]", &json!([true, false, true]));
    gives("(bool | string)[]", "[\"yes\", true]", &json!(["yes", true]));
}

#[test]
fn lines() {
    pair("left: a\nright: b");
    pair("```yaml\n- left: 'a'\n- right: b\n```");
    pair("**Left:** a\n**Right:** b");
    gives("Reading", "id: 5\nvalue: 2.5", &json!({ "id": 5, "value": 2.5 }));
    gives("Pair", "left: |\n  many\n  lines\nright: x", &json!({ "left": "many\nlines", "right": "x" }));
    refuses("Pair", "left: a\nand then right: b");
    refuses("Pair", "left: a\nleft: b\nright: c");
    refuses("Pair", "left: a");
}

#[test]
fn words() {
    for (text, wanted) in
        [("dark-red", "RED"), ("Dark Red.", "RED"), ("the sky? green!", "GREEN"), ("like the sky", "BLUE")]
    {
        gives("Color", text, &json!(wanted));
    }
    refuses("Color", "RED");
    refuses("Color", "green or blue");
    refuses("\"+\" | \"-\"", "*");
    gives("\"+\" | \"-\"", "plus: +", &json!("+"));
}

#[test]
fn lists() {
    gives("int[]", "1\n2\n3", &json!([1, 2, 3]));
    gives("int[]", "```\n[1, 2, 3\n```\nDone.", &json!([1, 2, 3]));
    gives("int[]", "[1; 2; 3]", &json!([1, 2, 3]));
    gives("int[]", "[1 2 3]", &json!([1, 2, 3]));
    gives("int[]", "1,2,3,", &json!([1, 2, 3]));
    gives("int[]", "1,000", &json!([1000]));
    gives("int[]", r#"{"result": [1, 2]}"#, &json!([1, 2]));
    gives("int[]", r#""[1, 2]""#, &json!([1, 2]));
    gives("Color[]", "- green\n- blue", &json!(["GREEN", "BLUE"]));
    gives("string[]", "- a\n- b", &json!(["- a\n- b"]));
    let two = json!([{ "left": "a", "right": "b" }, { "left": "c", "right": "d" }]);
    gives("Pair[]", "{\"left\": \"a\", \"right\": \"b\"} and {\"left\": \"c\", \"right\": \"d\"}", &two);
    gives("Pair[]", r#"{"a": {"left": "a", "right": "b"}, "b": {"left": "c", "right": "d"}}"#, &two);
}

#[test]
fn maps() {
    gives("map<Color, int>", r#"{"dark red": 1, "Green!": 2, "x": 3}"#, &json!({ "RED": 1, "GREEN": 2 }));
    gives("map<\"x\" | \"y\", int>", r#"{"X": 1, "z": 2}"#, &json!({ "x": 1 }));
    gives("map<string, int>", r#"{"a": 1, "": 2,}"#, &json!({ "a": 1, "": 2 }));
    gives("map<string, string>", r#"{"a":"x","":"y",}"#, &json!({ "a": "x", "": "y" }));
    gives("map<string, int>", r#"{"__proto__": 1, "a": 2, "a": 3}"#, &json!({ "__proto__": 1, "a": 3 }));
}

#[test]
fn null_and_python() {
    gives("(string | null)[]", "['a', None, undefined]", &json!(["a", null, null]));
    gives("(bool | string)[]", "[True, 'True']", &json!([true, "True"]));
    gives("string?", "None", &json!("None"));
    gives("Holder", r#"{"name": "x", "pair": "none"}"#, &json!({ "name": "x", "pair": null }));
}

#[test]
fn strings_are_verbatim() {
    for text in ["\"quoted\"", "```json\n{}\n```", "  padded \n", "", "{\"a\": 1}"] {
        gives("string", text, &json!(text));
    }
}

#[test]
fn asserts_steer_unions() {
    gives("Sm | Bg", r#"{"v": 25}"#, &json!({ "v": 25 }));
    refuses("Sm | Bg", r#"{"v": 15}"#);
    gives("Wrapped", "5", &json!({ "text": "5" }));
}
