//! How the time grows with the text: each row is a shape of answer, each column a size. The last column is the
//! exponent between the two largest sizes; linear is 1.
//!
//! `cargo run --release -p baml-align --example timing`

#![expect(clippy::disallowed_methods, reason = "a clock and an argument are what this program is made of")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use baml_align::{Incremental, Look, parse, parse_partial};
use types::{Judge, Value};

const SOURCE: &str = r##"
class Item { id int  title string  note string? }
class Holder { title string  items Item[] }
class Skills { name string  skills string[] }
class Node { value int  next Node? }
class Cat { name string  child (Cat | Dog)? }
class Dog { name string  child (Cat | Dog)?  bone string? }
type Any = int | float | bool | string | null | Any[] | map<string, Any>
function Items() -> Item[] { client "openai/x" prompt #"x"# }
function Holder_() -> Holder { client "openai/x" prompt #"x"# }
function Skills_() -> Skills { client "openai/x" prompt #"x"# }
function Json_() -> Any { client "openai/x" prompt #"x"# }
function Map() -> map<string, string> { client "openai/x" prompt #"x"# }
function Ints() -> int[] { client "openai/x" prompt #"x"# }
function Chain() -> Node { client "openai/x" prompt #"x"# }
function Union() -> (Cat | Dog)[] { client "openai/x" prompt #"x"# }
function Text() -> string? { client "openai/x" prompt #"x"# }
"##;

/// How long each size is measured; the system tells the time spent in steps of some milliseconds.
const ENOUGH: Duration = Duration::from_millis(60);

struct Never;

impl Judge for Never {
    fn holds(&self, _: &str, _: &Value) -> Result<bool, String> {
        Ok(true)
    }
}

/// The time this thread spent computing, which other work on the machine does not change; the time that passed
/// where the system does not tell.
fn now(begin: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next().and_then(|first| first.parse().ok()));
    nanoseconds.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

fn item(index: usize) -> String {
    format!("{{\"id\":{index},\"title\":\"title {index}\",\"note\":\"a note of some length\"}}")
}

fn items(bytes: usize) -> String {
    let mut out = String::from("[");
    for index in 0.. {
        if out.len() >= bytes {
            break;
        }
        if index > 0 {
            out.push(',');
        }
        out.push_str(&item(index));
    }
    out.push(']');
    out
}

fn pretty(bytes: usize) -> String {
    items(bytes).replace("{\"", "{\n  \"").replace(",\"", ",\n  \"").replace(':', ": ")
}

fn repeat(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len() + 1)
}

type Row = (&'static str, &'static str, bool, fn(usize) -> String);

const ROWS: &[Row] = &[
    ("clean array", "Items", false, items),
    ("class with list", "Holder_", false, |n| format!("{{\"title\":\"t\",\"items\":{}}}", items(n))),
    ("class with strings", "Skills_", false, |n| {
        format!("{{\"name\":\"n\",\"skills\":[{}\"\"]}}", repeat("\"skill\",", n))
    }),
    ("fenced pretty array", "Items", false, |n| format!("Here you go:\n```json\n{}\n```\nDone.", pretty(n))),
    ("dirty array", "Items", false, |n| {
        format!(
            "```json\n{}\n```",
            items(n).replace("\"id\"", "id").replace("\"title\"", "title").replace('}', ", // note\n}")
        )
    }),
    ("cut off array", "Items", false, |n| items(n).trim_end_matches(']').trim_end_matches('}').to_owned()),
    ("cut off array, partial", "Items", true, |n| {
        items(n).trim_end_matches(']').trim_end_matches('}').to_owned()
    }),
    ("any JSON", "Json_", false, |n| format!("{{\"title\":\"t\",\"items\":{}}}", items(n))),
    ("any JSON, dirty", "Json_", false, |n| format!("{{\"title\":\"t\",\"items\":{},}}", items(n))),
    ("map", "Map", false, |n| {
        let entries: Vec<String> = (0..n / 16).map(|index| format!("\"k{index}\":\"value\"")).collect();
        format!("{{{}}}", entries.join(","))
    }),
    ("map, dirty", "Map", false, |n| {
        let entries: Vec<String> = (0..n / 16).map(|index| format!("k{index}: 'value'")).collect();
        format!("{{{},}}", entries.join(","))
    }),
    ("words with digits", "Ints", false, |n| format!("[{}1]", repeat("\"about 12 apples\",", n))),
    ("union of classes", "Union", false, |n| {
        format!("[{}]", repeat("{\"name\":\"a\",\"child\":{\"name\":\"b\"}},", n))
    }),
    ("many blobs in prose", "Holder_", false, |n| repeat("some {x} prose {\"a\": 1} ", n)),
    ("many blobs, a list wanted", "Items", false, |n| repeat("{\"id\": 1, \"title\": \"t\"} and ", n)),
    ("many fences", "Holder_", false, |n| repeat("```json\n{\"a\": 1}\n```\n", n)),
    ("many unclosed fences", "Holder_", false, |n| repeat("```json\n{\"a\": \"b\n```\n", n)),
    ("open brackets", "Items", false, |n| "[".repeat(n)),
    ("open braces", "Holder_", false, |n| "{".repeat(n)),
    ("open objects", "Items", false, |n| repeat("{\"a\":", n)),
    ("open both", "Items", false, |n| repeat("[{\"a\":", n)),
    ("open brackets in prose", "Items", false, |n| repeat("a [ b ", n)),
    ("quotes", "Holder_", false, |n| "\"".repeat(n)),
    ("object of quotes", "Holder_", false, |n| format!("{{\"a\": {}", "\" , ".repeat(n / 4))),
    ("object of commas", "Holder_", false, |n| format!("{{\"a\": x{}", ",".repeat(n))),
    ("object of words", "Holder_", false, |n| format!("{{a: {}", repeat("x, y: z ", n))),
    ("apostrophes and braces", "Holder_", false, |n| repeat("it's {so} don't ", n)),
    ("backslashes", "Holder_", false, |n| {
        format!("{{\"title\": \"{}\", \"items\": [], }}", "\\n".repeat(n / 2))
    }),
    ("prose", "Holder_", false, |n| repeat("only words here, nothing else. ", n)),
    ("prose, a string wanted", "Text", false, |n| repeat("only words here, nothing else. ", n)),
    ("string in string", "Items", false, |n| serde_json::to_string(&items(n)).unwrap_or_default()),
];

const SIZES: [usize; 4] = [30_000, 100_000, 300_000, 1_000_000];

/// Rows that grow in depth.
const DEEP_ROWS: &[Row] = &[
    ("deep lists", "Json_", false, |n| "[".repeat(n) + &"]".repeat(n)),
    ("deep lists, dirty", "Json_", false, |n| "[".repeat(n) + "1," + &"]".repeat(n)),
    ("deep lists, cut off", "Json_", true, |n| "[".repeat(n)),
    ("deep objects", "Json_", false, |n| "{\"a\":".repeat(n) + "1" + &"}".repeat(n)),
    ("deep objects, dirty", "Json_", false, |n| "{a:".repeat(n) + "1" + &"}".repeat(n)),
    ("deep objects, cut off", "Json_", true, |n| "{\"a\":".repeat(n)),
    ("deep both, dirty", "Json_", false, |n| "[{a:".repeat(n / 2) + "1" + &"}]".repeat(n / 2)),
    ("deep both, siblings", "Json_", false, |n| "[1,{b:[2],a:".repeat(n / 2) + "1" + &"}]".repeat(n / 2)),
    ("deep chain of a class", "Chain", false, |n| {
        "{\"value\":1,\"next\":".repeat(n) + "null" + &"}".repeat(n)
    }),
    ("deep chain, dirty", "Chain", false, |n| "{value:1,next:".repeat(n) + "null" + &"}".repeat(n)),
    ("deep union of classes", "Union", false, |n| {
        "{\"name\":\"a\",\"child\":".repeat(n) + "null" + &"}".repeat(n)
    }),
];

const DEPTHS: [usize; 4] = [60, 120, 240, 480];

#[expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "a table of times is what this is for")]
fn main() {
    let epoch = Instant::now();
    let (schema, diagnostics) = schema::load(&[("main.baml".to_owned(), SOURCE.to_owned())]);
    for diagnostic in diagnostics {
        println!("{diagnostic:?}");
    }
    println!(
        "{:28} {}  exponent  result at the end",
        "",
        SIZES.map(|size| format!("{:>9}", size / 1000)).join(" ")
    );
    let only = std::env::args().nth(1).unwrap_or_default();
    let flat = ROWS.iter().map(|row| (row, SIZES));
    let deep = DEEP_ROWS.iter().map(|row| (row, DEPTHS));
    for ((name, function, partial, text), sizes) in flat.chain(deep).filter(|(row, _)| row.0.contains(&only))
    {
        let Some(function) = schema.functions.get(*function) else {
            println!("{name}: no function");
            continue;
        };
        let mut times = Vec::new();
        let mut outcome = String::new();
        for size in sizes {
            let text = text(size);
            let start = now(epoch);
            let mut rounds = 0;
            let mut spent = Duration::ZERO;
            while spent < ENOUGH {
                let result =
                    if *partial { parse_partial } else { parse }(&schema, &function.returns, &text, &Never);
                rounds += 1;
                spent = now(epoch).saturating_sub(start);
                outcome = match result {
                    Ok(Value::List(items)) => format!("{} items", items.len()),
                    Ok(Value::Map(entries)) => format!("{} entries", entries.len()),
                    Ok(_) => "a value".to_owned(),
                    Err(error) => error
                        .to_string()
                        .lines()
                        .take(2)
                        .collect::<Vec<_>>()
                        .join(" ")
                        .chars()
                        .take(60)
                        .collect(),
                };
            }
            let best = spent / rounds;
            times.push((text.len() as f64, best.as_secs_f64()));
        }
        let last = (times[3].1 / times[2].1).ln() / (times[3].0 / times[2].0).ln();
        let columns: Vec<String> = times.iter().map(|(_, time)| format!("{:9.3}", time * 1000.0)).collect();
        println!("{name:28} {}  {last:8.2}  {outcome}", columns.join(" "));
    }
    if only.is_empty() || only == "stream" {
        stream(&schema, epoch);
    }
    let small = item(1);
    let Some(function) = schema.functions.get("Items") else { return };
    let text =
        format!("{{\"id\":1,\"title\":\"a title for a small answer\",\"note\":\"{}\"}}", "n".repeat(90));
    for (name, text) in [("small, strict", format!("[{small}]")), ("small, 150 bytes", text)] {
        let begin = Instant::now();
        for _ in 0..10_000 {
            let _ = std::hint::black_box(parse(&schema, &function.returns, &text, &Never));
        }
        println!("{name}: {:.2} microseconds", begin.elapsed().as_secs_f64() * 100.0);
    }
}

/// Answers that come in pieces of about four tokens, with a look after each piece.
#[expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "a table of times is what this is for")]
fn stream(schema: &schema::Schema, epoch: Instant) {
    for (name, function, _, text) in ROWS.iter().filter(|row| !row.0.starts_with("open")) {
        let Some(function) = schema.functions.get(*function) else { continue };
        let mut columns = String::new();
        let mut last = Vec::new();
        let mut outcome = (0, 0, 0);
        for size in [10_000, 30_000, 100_000, 300_000] {
            let text = text(size);
            let start = now(epoch);
            let mut incremental = Incremental::new(schema, &function.returns);
            outcome = (0, 0, 0);
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let mut end = rest.len().min(16);
                while !rest.is_char_boundary(end) {
                    end += 1;
                }
                incremental.push(&rest[..end]);
                rest = &rest[end..];
                match std::hint::black_box(incremental.look(&Never)) {
                    Look::Value(_) => outcome.0 += 1,
                    Look::Nothing => outcome.1 += 1,
                    Look::Later => outcome.2 += 1,
                }
            }
            let spent = now(epoch).saturating_sub(start).as_secs_f64();
            let _ = write!(columns, "{:9.3} ", spent * 1000.0);
            last.push((text.len() as f64, spent));
        }
        let exponent = (last[3].1 / last[2].1).ln() / (last[3].0 / last[2].0).ln();
        println!("streamed {name:28} {columns} {exponent:8.2}  {outcome:?}");
    }
}
