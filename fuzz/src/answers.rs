//! What the align target promises of any schema and any answer.

use align::{Incremental, Look, parse, parse_partial, parse_with_account};
use schema::Schema;
use types::{Judge, Type, Value};

/// Longer answers are cut at fewer places: each cut is read anew as well.
const CUT_EVERYWHERE: usize = 300;

/// Pieces of what models write, for half of the answers.
const PIECES: [&str; 48] = [
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
    "\n```\n",
    "\\",
    "\\u00e9",
    "\\\"",
    "//",
    "/*",
    "*/",
    "# ",
    "\n",
    " ",
    "a",
    "\"a\": ",
    "b",
    "\"b\":",
    "c:",
    "1",
    "-2.5",
    "1e999",
    "true",
    "no",
    "None",
    "null",
    "RED",
    "red, green",
    "<think>",
    "</think>",
    "é",
    "“",
    "”",
    "\"\"\"",
    "{{",
    "}}",
    "not",
    "$1,000",
    "- ",
    "\"x\"",
    "d: ",
];

/// Nothing panics; the account changes no value; and an answer that is read as it comes shows at every cut what
/// reading it anew would show. The first bytes say the types, the rest the answer.
///
/// # Panics
/// The promise is broken.
pub fn align(data: &[u8]) {
    let mut bytes = Bytes { data };
    let Some((schema, ty)) = types(&mut bytes) else { return };
    let ty = &ty;
    let spelled = bytes.next().is_multiple_of(2);
    let step = if spelled { 1 } else { 1 + usize::from(bytes.next() % 23) };
    let text = if spelled {
        bytes.data.iter().map(|byte| PIECES[usize::from(*byte) % PIECES.len()]).collect()
    } else {
        String::from_utf8_lossy(bytes.data).into_owned()
    };
    let whole = parse(&schema, ty, &text, &Fixed);
    let accounted = parse_with_account(&schema, ty, &text, &Fixed).map(|(value, _)| value);
    assert_eq!(whole.ok(), accounted.ok(), "with and without account: {text:?}");
    let step = if text.len() > CUT_EVERYWHERE { step.max(text.len() / 100) } else { step };
    follow(&schema, ty, &text, step);
}

fn follow(schema: &Schema, ty: &Type, text: &str, step: usize) {
    let mut incremental = Incremental::new(schema, ty);
    let mut at = 0;
    let ends = (1..text.len()).step_by(step).filter(|end| text.is_char_boundary(*end));
    for end in ends {
        incremental.push(&text[at..end]);
        at = end;
        match incremental.look(&Fixed) {
            Look::Later => {}
            look => same(schema, ty, &text[..end], look),
        }
    }
    incremental.push(&text[at..]);
    same(schema, ty, text, incremental.last_look(&Fixed));
}

fn same(schema: &Schema, ty: &Type, text: &str, look: Look) {
    let shown = match look {
        Look::Value(partial) => Some(partial.to_value()),
        _ => None,
    };
    assert_eq!(shown, parse_partial(schema, ty, text, &Fixed).ok(), "of {text:?}");
}

/// Expressions hold unless they say otherwise.
struct Fixed;

impl Judge for Fixed {
    fn holds(&self, expression: &str, this: &Value) -> Result<bool, String> {
        match this {
            Value::Int(int) if expression.contains('5') => Ok(*int < 5),
            Value::String(text) if expression.contains('5') => Ok(text.len() < 5),
            _ => Ok(!expression.contains("false")),
        }
    }
}

/// The bytes that are left; zeroes behind them.
struct Bytes<'a> {
    data: &'a [u8],
}

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.data.split_first() else { return 0 };
        self.data = rest;
        *first
    }

    fn pick<'p>(&mut self, choices: &[&'p str]) -> &'p str {
        choices[usize::from(self.next()) % choices.len()]
    }
}

/// A program of two classes, an enum, a recursive alias and a function that returns one of them, or something made
/// of them. `None` when the checker refuses it.
fn types(bytes: &mut Bytes<'_>) -> Option<(Schema, Type)> {
    let mut source =
        String::from("enum Color { RED  GREEN @alias(\"light green\")  BLUE @description(\"the sky\") }\n");
    source += "type Any = int | float | bool | string | null | Any[] | map<string, Any>\n";
    source += "type Tree = int | Color | Trees | Leaves[]\ntype Trees = Tree[] | Leaves\ntype Leaves = string | Trees[] | One\n";
    for class in ["One", "Two"] {
        source += &format!("class {class} {{\n");
        for field in ["a", "b", "c", "d"].iter().take(1 + usize::from(bytes.next() % 4)) {
            let ty = written(bytes, 0);
            let attribute = bytes.pick(&[
                "",
                "",
                "",
                "@stream.done",
                "@stream.not_null",
                "@stream.with_state",
                "@check(x, {{ this < 5 }})",
                "@assert({{ this < 5 }})",
                "@alias(\"the name\")",
            ]);
            source += &format!("  {field} ({ty}) {attribute}\n");
        }
        source += bytes.pick(&["}\n", "}\n", "}\n", "  @@stream.done\n}\n"]);
    }
    let returns = written(bytes, 0);
    source += &format!("function F() -> {returns} {{ client \"openai/x\" prompt #\"x\"# }}\n");
    let (schema, _) = schema::load(&[("main.baml".to_owned(), source)]);
    let returns = schema.functions.get("F")?.returns.clone();
    Some((schema, returns))
}

fn written(bytes: &mut Bytes<'_>, depth: usize) -> String {
    let kind = bytes.next() % if depth < 3 { 16 } else { 10 };
    match kind {
        0 => "int".to_owned(),
        1 => "float".to_owned(),
        2 => "bool".to_owned(),
        3 => "string".to_owned(),
        4 => "Tree".to_owned(),
        5 => "Color".to_owned(),
        6 => "\"x\" | \"y\" | 3".to_owned(),
        7 => "One?".to_owned(),
        8 => "Two?".to_owned(),
        9 => "Any".to_owned(),
        10 | 11 => format!("({})[]", written(bytes, depth + 1)),
        12 => format!("map<{}, {}>", bytes.pick(&["string", "Color"]), written(bytes, depth + 1)),
        13 => format!("({})?", written(bytes, depth + 1)),
        _ => format!("({}) | ({})", written(bytes, depth + 1), written(bytes, depth + 1)),
    }
}
