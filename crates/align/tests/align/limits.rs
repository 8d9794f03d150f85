//! Text that tries to cost time, memory or the stack.

use baml_align::{Error, ErrorKind};
use types::Value;

use super::support::parse_as;

const TYPES: &str = r#"
type Any = int | float | bool | string | null | Any[] | map<string, Any>
class Link { v int  next Link? }
class Only { next Only? }
class Box { items Box[] }
class Cat { name string  child (Cat | Dog)? }
class Dog { name string  child (Cat | Dog)?  bone string? }
class Shell { shell (Shell | "end")  size int }
"#;

/// A result, however bad the text is. What takes a power of it, or more, would never end; how the time grows with the text is
/// measured by `npm run bench -- --only parse`.
fn run(returns: &str, text: &str, partial: bool) -> Result<Value, Error> {
    parse_as(TYPES, returns, text, partial)
}

const RETURNS: [&str; 10] = [
    "Any",
    "Link",
    "Only",
    "Box",
    "(Cat | Dog)[]",
    "string?",
    "int[][]",
    "map<string, Any>",
    "Only[]",
    "int | Any[]",
];

#[test]
fn deep_nesting_is_read_to_the_limit() {
    for depth in [10, 120, 130, 400, 512] {
        let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let mut value = run("Any", &text, false).expect("within the limit");
        let mut found = 0;
        while let Value::List(mut items) = value {
            found += 1;
            value = items.pop().unwrap_or(Value::Null);
        }
        assert_eq!(found, depth);
    }
    let text = format!("{}{{\"v\": 1}}{}", "{\"v\": 1, \"next\": ".repeat(500), "}".repeat(500));
    let value = run("Link", &text, false).expect("within the limit");
    let mut depth = 0;
    let mut next = Some(&value);
    while let Some(Value::Instance(link)) = next {
        depth += 1;
        next = link.get("next");
    }
    assert_eq!(depth, 501);
}

#[test]
fn deeper_nesting_is_an_error_that_says_so() {
    for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "[{\"a\":".repeat(50_000)] {
        for returns in RETURNS {
            for partial in [false, true] {
                let error = run(returns, &text, partial).expect_err("too deep");
                assert_eq!(error.kind(), ErrorKind::Limit, "{returns}: {error}");
                assert!(error.to_string().contains("512"), "{error}");
            }
        }
    }
}

#[test]
fn every_kind_of_nesting_fits_the_stack() {
    let pieces = [
        ("[", "]"),
        ("{\"a\":", "}"),
        ("{\"next\":", "}"),
        ("[{\"items\":", "}]"),
        ("{\"child\":[", "]}"),
        ("{{", "}}"),
    ];
    for (open, close) in pieces {
        let depth = 512 / open.matches(['[', '{']).count();
        for text in [
            open.repeat(depth),
            format!("{}1{}", open.repeat(depth), close.repeat(depth)),
            format!("{}\"name\": \"x\",{}", open.repeat(depth), close.repeat(depth)),
        ] {
            for returns in RETURNS {
                for partial in [false, true] {
                    let _ = run(returns, &text, partial);
                }
            }
        }
    }
}

#[test]
fn choices_do_not_multiply() {
    let depth = 250;
    let text =
        format!("[{}{{\"name\":\"end\"}}{},]", "{\"name\":\"n\",\"child\":".repeat(depth), "}".repeat(depth));
    let value = run("(Cat | Dog)[]", &text, false).expect("a list of cats");
    assert!(matches!(value, Value::List(items) if items.len() == 1));
}

#[test]
fn wrappers_with_the_names_of_fields_do_not_multiply() {
    for inner in [r#"{"size": 1}"#, r#"{"shell": "end", "size": 1}"#, r#"{"other": 1}"#] {
        let text = format!("{}{inner}{}", "{\"shell\": ".repeat(400), "}".repeat(400));
        for partial in [false, true] {
            drop(run("Shell", &text, partial));
            drop(run("Shell | Dog", &text, partial));
        }
    }
}

#[test]
fn types_that_ask_for_each_other_do_not_multiply() {
    let names: Vec<String> = (0..9).map(|number| format!("A{number}")).collect();
    let lists = names.iter().map(|name| format!("{name}[]")).collect::<Vec<_>>().join(" | ");
    let types =
        names.iter().fold(String::new(), |types, name| types + &format!("type {name} = int | {lists}\n"));
    for text in ["{x: 1}", "hello", "[[{x: 1}, {y: 2}], \"abc\", {z: {q: [1, 2]}}]"] {
        for partial in [false, true] {
            let _ = parse_as(&types, "A0", text, partial);
        }
    }
    let value = parse_as(&types, "A0", "[[1, [2]], 3]", false).expect("lists of ints");
    let (int, list) = (Value::Int, Value::List);
    assert_eq!(value, list(vec![list(vec![int(1), list(vec![int(2)])]), int(3)]));
}

#[test]
fn long_runs_of_one_character_end() {
    for piece in [
        "{",
        "}",
        "]",
        "\"",
        "'",
        "`",
        "```\n",
        ",",
        ":",
        "\\",
        " ",
        "\n",
        "/*",
        "//",
        "{x} ",
        "it's {so} ",
        "\"a\",",
        "<think>",
        "-",
        "1 ",
        "{a: ",
        "é",
    ] {
        let text = piece.repeat(20_000 / piece.len());
        for start in ["", "{\"a\": ", "[", "```json\n{a: "] {
            for returns in ["Any", "Link", "string?", "int[]"] {
                for partial in [false, true] {
                    let _ = run(returns, &format!("{start}{text}"), partial);
                }
            }
        }
    }
}
