//! An answer read as it comes shows at every moment what reading it anew would show.

use baml_align::{Incremental, Look, parse_partial};
use proptest::prelude::*;
use schema::Schema;
use types::Type;

use super::support::{Jinja, cases, encode};
use super::wild::{RETURNS, SCHEMA, broken, person, returns};

/// Reads `text` in the pieces that end at `ends`, and compares each look with a parse of the text so far. Returns
/// how many looks were put off.
fn follow(schema: &Schema, ty: &Type, text: &str, ends: impl IntoIterator<Item = usize>) -> usize {
    let mut incremental = Incremental::new(schema, ty);
    let mut at = 0;
    let mut later = 0;
    for end in ends {
        incremental.push(&text[at..end]);
        at = end;
        let so_far = &text[..end];
        assert_eq!(incremental.text(), so_far);
        let anew = parse_partial(schema, ty, so_far, &Jinja).map(|value| encode(&value));
        match (incremental.look(&Jinja), anew) {
            (Look::Later, _) => later += 1,
            (Look::Nothing, Err(_)) => {}
            (Look::Nothing, Ok(anew)) => panic!("nothing shown of {so_far:?}, but anew {anew}"),
            (Look::Value(partial), Err(error)) => {
                panic!("shown of {so_far:?}: {}, but anew {error}", encode(&partial.to_value()));
            }
            (Look::Value(partial), Ok(anew)) => {
                assert_eq!(encode(&partial.to_value()), anew, "of {so_far:?}");
            }
        }
    }
    later
}

/// The ends of all characters.
fn every_split(text: &str) -> impl Iterator<Item = usize> {
    (1..=text.len()).filter(|end| text.is_char_boundary(*end))
}

#[test]
fn recorded_cases_at_every_split() {
    for file in ["open/cases.jsonl", "open/prefixes.jsonl", "better.jsonl"] {
        for case in cases(file) {
            if case.text.len() > 600 {
                continue;
            }
            let (schema, _) = schema::load(&[("main.baml".to_owned(), case.baml.clone())]);
            let Some(function) = schema.functions.get("F") else { continue };
            follow(&schema, &function.returns, &case.text, every_split(&case.text));
        }
    }
}

/// Answers that a fuzzer found to be shown otherwise than anew: the types, with what the function returns, and the text.
const FOUND: [(&str, &str, &str); 7] = [
    ("", "string | map<string, int>", " null, or nothing"),
    (EMPTY_BESIDE, "One?", "{{c:[not}}not"),
    (ANY, "Any | \"x\" | 3", "{true}}{"),
    (PERSON, "Person?", "\"b\":red, green[c:red, green[é"),
    (PERSON, "Person?", "\"\"\"[- \"\"\"\"b\":]None"),
    (
        "",
        "(\"x\" | \"y\" | 3)[]",
        "{{\"a\": //1e999\"b\":\"\"\"[null{</think>\"a\": ”//<think>/*- */\\u00e9null11e999 ,é- {{/*d: </think>no\n$1,000'\"x\"```json\nred, green# :\n```\n\\u00e9\"\"\"`None/*“ ']1e999'//c:</think>1””,'# {/*```'//# \n```\n```red, green1éb'-2.5`'1e999\"\"\"é1true}}$1,000no- \\u00e9</think>\"\"\"a}}[```]",
    ),
    (
        TREE,
        "Tree | Any",
        "{{11# ,null“```json\n'\"a\": {not</think>\\\"`\"\\\"no}}1e999,\n{{true\\u00e9-2.5```json\n:}}c:a\\not}",
    ),
];

const ANY: &str = "type Any = int | float | bool | string | null | Any[] | map<string, Any>";
const EMPTY_BESIDE: &str = r"
class One {
  a bool?
  b (One?)[]
  c Tree
  d Any
  @@stream.done
}
enum Color {
  RED
  GREEN
}
type Any = int | float | bool | string | null | Any[] | map<string, Any>
type Tree = int | Color | Trees | Leaves[]
type Trees = Tree[] | Leaves
type Leaves = string | Trees[] | One
";
const TREE: &str = r#"
enum Color {
  RED
  GREEN @alias("light green")
}
class One {
  a string @check(x, {{ this < 5 }})
  b ("x" | "y" | 3)[] @assert({{ this < 5 }})
  c bool[] @stream.done
  d Tree @stream.with_state
}
type Any = int | float | bool | string | null | Any[] | map<string, Any>
type Tree = int | Color | Trees | Leaves[]
type Trees = Tree[] | Leaves
type Leaves = string | Trees[] | One
"#;
const PERSON: &str = "class Person {\n  a string\n  b bool\n  c string\n}";

#[test]
fn found_answers_at_every_split() {
    for (types, returns, text) in FOUND {
        let source = format!("{types}\nfunction F() -> {returns} {{ client \"openai/x\" prompt #\"x\"# }}");
        let (schema, diagnostics) = schema::load(&[("main.baml".to_owned(), source)]);
        let function = schema.functions.get("F").unwrap_or_else(|| panic!("{diagnostics:?}"));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        follow(&schema, &function.returns, text, every_split(text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn broken_answers_at_every_split(text in broken(), index in 0..RETURNS.len()) {
        follow(&SCHEMA, returns(RETURNS[index]), &text, every_split(&text));
    }

    #[test]
    fn answers_in_random_pieces(
        people in prop::collection::vec(person(), 0..5),
        style in 0..4,
        seed in any::<u64>(),
    ) {
        let text = match style {
            0 => serde_json::to_string(&people).expect("JSON"),
            1 => serde_json::to_string_pretty(&people).expect("JSON"),
            2 => format!("Here:\n```json\n{}\n```\nDone.", serde_json::to_string_pretty(&people).expect("JSON")),
            _ => serde_json::to_string(&people).expect("JSON").replace("\"name\"", "name").replace('}', ", // x\n}"),
        };
        let mut state = seed;
        let ends: Vec<usize> = every_split(&text)
            .filter(|end| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *end == text.len() || (state >> 33).is_multiple_of(7)
            })
            .collect();
        for wanted in ["Person[]", "Any", "Node"] {
            follow(&SCHEMA, returns(wanted), &text, ends.iter().copied());
        }
    }
}

#[test]
fn what_settled_text_was_read_as_stays() {
    let text = "[x:$1,000";
    for wanted in RETURNS {
        follow(&SCHEMA, returns(wanted), text, every_split(text));
    }
}
