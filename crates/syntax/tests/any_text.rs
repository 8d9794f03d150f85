//! Whatever the text, parsing ends, says something about what is wrong, and marks places that exist; and its
//! cost grows with the text, not with its square.

#![expect(clippy::expect_used, reason = "a test that cannot read its inputs must fail")]

use std::path::Path;

use baml_syntax::{Diagnostic, FileId, Span, parse, parse_type_builder, render};
use proptest::prelude::*;
use proptest::sample::Index;

/// What must hold for every text.
fn check(text: &str) -> Vec<Diagnostic> {
    let (file, diagnostics) = parse(FileId(0), text);
    let sources = [("a.baml".to_owned(), text.to_owned())];
    let places =
        diagnostics.iter().flat_map(|it| [Some(it.span), it.related.as_ref().map(|(span, _)| *span)]);
    for span in places.flatten() {
        check_span(text, span);
    }
    assert!(diagnostics.is_sorted_by_key(|it| it.span.start));
    for place in spans_in(&format!("{file:?}")) {
        check_span(text, place);
    }
    let rendered = render(&sources, &diagnostics, false);
    assert_eq!(rendered.is_empty(), diagnostics.is_empty());
    diagnostics
}

fn check_span(text: &str, span: Span) {
    let (start, end) = (span.start as usize, span.end as usize);
    assert_eq!(span.file, FileId(0));
    assert!(text.get(start..end).is_some(), "{start}..{end} is not in a text of {} bytes", text.len());
}

/// All spans in the debug text of a tree: no visitor to keep in step with the tree.
fn spans_in(debug: &str) -> Vec<Span> {
    let number =
        |text: &str| text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().parse().ok();
    let each = debug.split("Span { file: FileId(0), start: ").skip(1);
    each.filter_map(|rest| {
        let (start, rest) = rest.split_once(", end: ")?;
        Some(Span { file: FileId(0), start: number(start)?, end: number(rest)? })
    })
    .collect()
}

fn valid_sources() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/valid");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the inputs").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let texts = paths.iter().map(|path| std::fs::read_to_string(path).expect("a readable file"));
    texts.filter(|text| !text.is_empty()).collect()
}

/// The pieces that the grammar is made of, to be put together at random.
const PIECES: [&str; 74] = [
    "class",
    "enum",
    "function",
    "type",
    "client",
    "client<llm>",
    "retry_policy",
    "template_string",
    "generator",
    "test",
    "type_builder",
    "dynamic",
    "let",
    "if",
    "A",
    "b",
    "int",
    "string",
    "map",
    "map<string, int>",
    "true",
    "null",
    "env.X",
    "env.",
    "1",
    "-5",
    "1.5",
    "1e5",
    "007",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "[]",
    "?",
    "|",
    ",",
    ":",
    ";",
    "=",
    "->",
    "@",
    "@@",
    "@alias",
    "@check(",
    "{{",
    "}}",
    "{{ x }}",
    "\"",
    "\"a\"",
    "\"\\",
    "\\",
    "#\"",
    "\"#",
    "#\"a\"#",
    "##\"",
    "\"##",
    "#",
    "'",
    "//",
    "///",
    "{//",
    "//}",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\t",
    "é",
    "\u{feff}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text(text in any::<String>()) {
        check(&text);
        let _ = parse_type_builder(FileId(0), &text);
    }

    #[test]
    fn arbitrary_pieces(pieces in prop::collection::vec((prop::sample::select(&PIECES[..]), any::<bool>()), 0..60)) {
        let text: String =
            pieces.iter().flat_map(|(piece, blank)| [*piece, if *blank { " " } else { "" }]).collect();
        check(&text);
        let _ = parse_type_builder(FileId(0), &text);
    }

    /// A slip of the hand in a good file: something cut out, something typed in.
    #[test]
    fn slips(
        source in prop::sample::select(valid_sources()),
        slips in prop::collection::vec((any::<Index>(), 0..12_usize, prop::sample::select(&PIECES[..])), 1..4),
    ) {
        let mut text: Vec<char> = source.chars().collect();
        for (place, cut, piece) in slips {
            let start = place.index(text.len() + 1);
            let end = (start + cut).min(text.len());
            text.splice(start..end, piece.chars());
        }
        check(&text.into_iter().collect::<String>());
    }

    /// Every file is cut short while it is being typed.
    #[test]
    fn beginnings(source in prop::sample::select(valid_sources()), end in any::<Index>()) {
        let characters: Vec<char> = source.chars().collect();
        check(&characters[..end.index(characters.len())].iter().collect::<String>());
    }
}

/// Deep nesting is refused with a word about it, and without the stack that the nesting asks for.
#[test]
fn deep_nesting_is_refused() {
    const DEPTH: usize = 100_000;
    let heads = [
        ("type X = ", "", "("),
        ("type X = ", "", "map<string, "),
        ("type X = int", "", "[]"),
        ("class K {\n  a ", "\n}\n", "("),
        ("function F(x: ", ") -> int {\n}\n", "("),
        ("client<llm> C {\n  a ", "\n}\n", "["),
        ("client<llm> C {\n  a ", "\n}\n", "{ a "),
        ("client<llm> C {\n  a ", "\n}\n", "{\n a "),
        ("client<llm> C {\n  a ", "\n}\n", "[{ a "),
        ("class K {\n  a int @alias(", ")\n}\n", "["),
    ];
    for (before, after, opener) in heads {
        let text = format!("{before}{}{after}class Next {{\n  a int,\n}}\n", opener.repeat(DEPTH));
        let said = check(&text);
        let deep = said.iter().filter(|it| it.message.contains("levels deep")).count();
        assert_eq!(deep, 1, "{opener:?}: {:?}", said.iter().map(|it| &it.message).collect::<Vec<_>>());
        assert!(said.len() <= 4, "{opener:?}: {:?}", said.iter().map(|it| &it.message).collect::<Vec<_>>());
    }
}

/// The same with the closers: what is legal up to the limit, and what follows, are still read.
#[test]
fn nesting_up_to_the_limit_is_fine() {
    for depth in [1, 10, 60] {
        let list = format!("client<llm> C {{\n  a {}{}\n}}\n", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check(&list), []);
        let ty = format!("type X = {}int{}", "(".repeat(depth), ")[]".repeat(depth));
        assert_eq!(check(&ty), []);
    }
}

/// Nests of openers that nothing ever closes, in every block.
#[test]
fn openers_without_end() {
    for opener in [
        "(", "[", "{", "<", "\"", "#\"", "{{", "{//", "@", "@@", "@a(", "//", "///", "|", "a ", "{a ", "\"\n",
    ] {
        for before in [
            "",
            "class K {\n a ",
            "enum E {\n A ",
            "type X = ",
            "client<llm> C {\n a ",
            "function F(",
            "test T {\n type_builder { class K {",
        ] {
            check(&format!("{before}{}", opener.repeat(20_000)));
        }
    }
}

/// Texts that make a careless search look through the rest of the file again and again. With a cost that grows
/// with the square, this test would take many minutes.
#[test]
fn the_cost_is_linear() {
    const LENGTH: usize = 200_000;
    let repeat = |unit: &str| unit.repeat(LENGTH / unit.len());
    let in_options =
        |text: String| format!("client<llm> C {{\n  provider openai\n  options {{\n{text}\n  }}\n}}\n");
    let texts = [
        in_options(repeat("a \"b\n")),
        in_options(repeat("a \"b\\\"\n")),
        in_options(repeat("a \\\"b\n")),
        in_options(repeat("a \"x\n b \"\" c\n")),
        in_options(repeat("a [\"x\", ")),
        in_options(repeat("a #\"b\n")),
        in_options(repeat("a {{ b\n")),
        in_options(repeat("a {{ '\"'\"' }}, ")),
        in_options(repeat("a {{ b }}, ")),
        in_options(repeat("a b(c ")),
        in_options(repeat("a(")),
        in_options(repeat("{// ")),
        in_options(repeat("a 1 {//\n")),
        in_options(repeat("a 'x'\n")),
        in_options(repeat("a {\n")),
        in_options(format!("a {}", repeat("b"))),
        in_options(format!("a {}", repeat("x "))),
        in_options(format!("a {}", repeat("/ "))),
        repeat("class A {\n"),
        repeat("class A { a int }\n"),
        repeat("class A { a ( }\n"),
        repeat("type X = int |\n"),
        repeat("type_builder {\n"),
        repeat("function F() -> int { x }\n"),
        repeat("function F(\n"),
        repeat("let x = {\n"),
        repeat("enum E { A\n"),
        repeat("garbage\n"),
        repeat("garbage {\n"),
        repeat("/// docs\n"),
        repeat("#"),
        repeat("# "),
        repeat("{//"),
        repeat("@"),
        repeat("\n"),
        repeat("é"),
        repeat("\u{feff}"),
        format!("template_string T #\"{}", repeat("\"")),
        format!("template_string T ###\"{}", repeat("\"##")),
        format!("class K {{ a int {} }}", repeat("@a ")),
        format!("class K {{ a int @a({}) }}", repeat("b, ")),
        format!("class K {{ a {} }}", repeat("int | ")),
        format!("class K {{ {} }}", repeat("a int ")),
        format!("class K {{ {} }}", repeat("\"a\" ")),
        format!("class {}", repeat("K")),
    ];
    for text in texts {
        check(&text);
    }
}

/// A large program, all of it valid.
#[test]
fn two_megabytes() {
    let one = valid_sources().concat();
    let text = one.repeat(2_000_000 / one.len() + 1);
    let (file, diagnostics) = parse(FileId(0), &text);
    assert_eq!(diagnostics, []);
    assert!(file.items.len() > 10_000, "{}", file.items.len());
}
