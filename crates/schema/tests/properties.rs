//! What must hold for every text: nothing panics, every place is inside its text, and large programs are no
//! harder than small ones.

use std::fmt::Write as _;

use baml_schema::{Additions, Severity, load};
use proptest::prelude::*;

/// Words and signs that make up BAML, so that random texts come near to programs.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "class A {\n",
        "class B {\n",
        "enum E {\n",
        "type T = ",
        "function F(a: A, b: T?) -> B {\n",
        "client<llm> C {\n",
        "retry_policy R {\n",
        "template_string S(a: E) #\"x\"#\n",
        "generator g {\n",
        "test t {\n",
        "type_builder {\n",
        "dynamic class A {\n",
        "}\n",
        "  a A\n",
        "  b B?\n",
        "  c (A | B)[]\n",
        "  d map<E, T>\n",
        "  e T\n",
        "  f \"x\" | 5\n",
        "  g (int, T)\n",
        "  V\n",
        "  W @alias(\"w\")\n",
        "A | int\n",
        "T[]\n",
        "  client C\n",
        "  prompt #\"p\"#\n",
        "  provider fallback\n",
        "  options {\n",
        "  strategy [C]\n",
        "  retry_policy R\n",
        "  max_retries 2\n",
        "  functions [F]\n",
        "  args {\n",
        "  output_type typescript\n",
        " @check(n, {{ this }})",
        " @assert({{ 1 }})",
        " @skip",
        "  @@dynamic\n",
        "  @@alias(5)\n",
        " @stream.done",
        " @description",
        "?",
        "|",
        "[]",
        "(",
        ")",
        "\n",
        "{",
        "}",
    ]);
    prop_oneof![8 => fixed.prop_map(str::to_owned), 1 => "[ -~\n]{0,12}", 1 => "\\PC{0,4}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_strange(pieces in prop::collection::vec(piece(), 0..60), more in prop::collection::vec(piece(), 0..12)) {
        let sources = [("a.baml".to_owned(), pieces.concat()), ("b.baml".to_owned(), more.concat())];
        let (schema, diagnostics) = load(&sources);
        for found in &diagnostics {
            for span in std::iter::once(found.span).chain(found.related.as_ref().map(|(span, _)| *span)) {
                let text = &sources[span.file.0 as usize].1;
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{found:?} in {text:?}");
            }
            prop_assert!(!found.message.is_empty());
        }
        let _ = syntax::render(&sources, &diagnostics, false);
        if diagnostics.iter().all(|found| found.severity != Severity::Error) {
            for class in &schema.classes {
                for field in &class.fields {
                    let _ = schema.describe(&field.ty);
                    let _ = schema.is_optional(&field.ty);
                }
            }
        }
        let mut additions = Additions::default();
        if additions.add_baml(more.concat()).is_ok() {
            _ = schema.extend(&additions);
        }
    }
}

fn checked(text: String) -> usize {
    let (_, diagnostics) = load(&[("main.baml".to_owned(), text)]);
    diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
}

#[test]
fn long_chains_are_no_deep_stacks() {
    const LENGTH: usize = 20_000;
    let mut text = String::new();
    for position in 0..LENGTH {
        writeln!(text, "class C{position} {{\n  next C{}\n}}", position + 1).unwrap();
        writeln!(text, "type T{position} = T{}[]", (position + 1) % LENGTH).unwrap();
        writeln!(text, "type U{position} = U{} | int", position + 1).unwrap();
    }
    let ends = format!("class C{LENGTH} {{\n  end int\n}}\ntype U{LENGTH} = string\n");
    let function = "function F(a: U0) -> C0 {\n  client \"openai/x\"\n  prompt #\"\"#\n}\n";
    assert_eq!(checked(format!("{text}{ends}{function}")), 0);
    // Closing the chain makes one cycle of all.
    let closed = format!("class C{LENGTH} {{\n  again C0\n}}\ntype U{LENGTH} = string\n");
    assert_eq!(checked(format!("{text}{closed}")), 1);
}

#[test]
fn many_wrong_names_cost_no_more_than_many_names() {
    let mut text = String::new();
    for position in 0..5_000 {
        writeln!(text, "class Name{position} {{\n  wrong Nane{position}\n}}").unwrap();
    }
    assert_eq!(checked(text), 5_000);
}
