//! Return types as providers are told them: `answer_schema/*.baml`, the return type of each function in turn.

#![expect(clippy::format_push_string, reason = "an allocation more does no harm in a test")]

use baml_schema::{Schema, load};
use types::{Primitive, Type, TypeKind};

fn checked(text: &str) -> Schema {
    let (schema, diagnostics) = load(&[("main.baml".to_owned(), text.to_owned())]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    schema
}

#[test]
fn answer_schemas() {
    insta::glob!("answer_schema/*.baml", |path| {
        let schema = checked(&std::fs::read_to_string(path).unwrap());
        let mut text = String::new();
        for function in schema.functions.values() {
            text.push_str(&format!("{} -> {}\n", function.name, schema.describe(&function.returns)));
            match schema.answer_schema(&function.returns) {
                Some(written) => {
                    let facts = [(written.is_recursive, "recursive"), (written.has_maps, "with maps")];
                    for (_, fact) in facts.iter().filter(|(holds, _)| *holds) {
                        text.push_str(&format!("  {fact}\n"));
                    }
                    text.push_str(&serde_json::to_string_pretty(&written.schema).unwrap());
                }
                None => text.push_str("  not to be told"),
            }
            text.push_str("\n\n");
        }
        insta::assert_snapshot!(text);
    });
}

#[test]
fn a_type_without_end_is_not_told() {
    let nested = |depth: usize| {
        (0..depth).fold(Type::primitive(Primitive::Int), |item, _| Type::new(TypeKind::List(Box::new(item))))
    };
    let schema = Schema::default();
    assert!(schema.answer_schema(&nested(100)).is_some());
    assert!(schema.answer_schema(&nested(101)).is_none());
}

/// Each declaration is written once, however often it is used.
#[test]
fn shared_classes_cost_nothing_more() {
    let mut text = String::from("class C0 {\n  n int\n}\n");
    for index in 1..60 {
        let used = index - 1;
        text.push_str(&format!("class C{index} {{\n  a C{used}\n  b C{used}\n}}\n"));
    }
    text.push_str("function F() -> C59 {\n  client \"openai/x\"\n  prompt #\"x\"#\n}\n");
    let schema = checked(&text);
    let written = schema.answer_schema(&schema.functions["F"].returns).unwrap();
    assert!(written.schema.to_string().len() < 20_000);
}
