//! What a type builder adds for one call: what the program becomes, and what is said when it does not fit.

#![expect(clippy::panic, reason = "the functions that tests share are tests too")]

#[path = "support/outline.rs"]
mod outline;

use std::sync::Arc;

use baml_schema::{Additions, PropertyAddition, Schema, Severity, TypeExpression, ValueAddition};
use types::{Literal, Name, Primitive};

const PROGRAM: &str = r##"
class Open {
  a int
  @@dynamic
}

class Static {
  a int
}

class Untouched {
  open Open
}

enum OpenEnum {
  A
  B
  @@dynamic
}

enum StaticEnum {
  A
}

function F(x: string) -> Open {
  client "openai/gpt-5-mini"
  prompt #"{{ x }}"#
}
"##;

fn program() -> Schema {
    let sources = [("main.baml".to_owned(), PROGRAM.to_owned())];
    let (schema, diagnostics) = baml_schema::load(&sources);
    assert!(diagnostics.iter().all(|found| found.severity != Severity::Error));
    schema
}

fn property(ty: TypeExpression) -> PropertyAddition {
    PropertyAddition { ty: Some(ty), ..PropertyAddition::default() }
}

fn string() -> TypeExpression {
    TypeExpression::primitive(Primitive::String)
}

/// Additions of one property, `Open.p`.
fn open_with(ty: TypeExpression) -> Additions {
    let mut additions = Additions::default();
    additions.classes.entry("Open".into()).or_default().properties.insert("p".into(), property(ty));
    additions
}

fn extended(additions: &Additions) -> String {
    match program().extend(additions) {
        Ok(schema) => outline::outline(&schema),
        Err(error) => panic!("{error}"),
    }
}

fn refused(additions: &Additions) -> String {
    match program().extend(additions) {
        Ok(schema) => panic!("taken: {}", outline::outline(&schema)),
        Err(error) => error.to_string(),
    }
}

#[test]
fn properties_and_values_of_every_kind() {
    let literals = [Literal::String("a".into()), Literal::Int(5), Literal::Bool(true)];
    let union = TypeExpression::union(literals.map(TypeExpression::literal).to_vec());
    let map = TypeExpression::map(string(), TypeExpression::named("Fresh").list().optional());
    let mut additions = Additions::default();
    let open = additions.classes.entry("Open".into()).or_default();
    open.properties.insert("union".into(), property(union));
    open.properties.insert("map".into(), property(map));
    open.properties.insert(
        "described".into(),
        PropertyAddition {
            ty: Some(TypeExpression::named("OpenEnum")),
            alias: Some("other name".into()),
            description: Some("What it is".into()),
            skip: None,
        },
    );
    open.properties
        .insert("a".into(), PropertyAddition { alias: Some("aa".into()), ..PropertyAddition::default() });
    let fresh = additions.classes.entry("Fresh".into()).or_default();
    fresh.properties.insert("again".into(), property(TypeExpression::named("Fresh").optional()));
    let values = &mut additions.enums.entry("OpenEnum".into()).or_default().values;
    values.insert("C".into(), ValueAddition { alias: Some("sea".into()), ..ValueAddition::default() });
    values.insert("A".into(), ValueAddition { skip: Some(true), ..ValueAddition::default() });
    additions
        .enums
        .entry("FreshEnum".into())
        .or_default()
        .values
        .insert("x y".into(), ValueAddition::default());
    insta::assert_snapshot!(extended(&additions));
}

#[test]
fn what_is_not_changed_is_shared() {
    let program = program();
    let more = program.extend(&open_with(string())).unwrap();
    assert!(Arc::ptr_eq(&program.classes[2], &more.classes[2]));
    assert!(Arc::ptr_eq(&program.functions["F"], &more.functions["F"]));
    assert_eq!(program.classes[0].fields.len(), 1);
    assert_eq!(more.classes[0].fields.len(), 2);
}

#[test]
fn text_and_builder_know_each_other() {
    let mut additions = open_with(TypeExpression::named("FromText"));
    additions.classes.entry("Built".into()).or_default();
    additions
        .add_baml("class FromText {\n  built Built\n  many Many\n}\ntype Many = FromText[] | string\n")
        .unwrap();
    additions
        .add_baml(
            "dynamic class Open {\n  late FromText? @alias(\"l\")\n}\n\ndynamic enum OpenEnum {\n  C\n}",
        )
        .unwrap();
    insta::assert_snapshot!(extended(&additions));
}

#[test]
fn problems_name_the_thing() {
    let mut additions = open_with(TypeExpression::named("Opne").list());
    let open = additions.classes.entry("Open".into()).or_default();
    open.properties.insert("a".into(), property(string()));
    open.properties.insert("typeless".into(), PropertyAddition::default());
    open.properties.insert(
        "keyed".into(),
        property(TypeExpression::map(TypeExpression::primitive(Primitive::Int), string())),
    );
    let deep = (0..100_000).fold(string(), |inner, _| inner.list());
    open.properties.insert("deep".into(), property(deep));
    let wide = (0..64).fold(string(), |inner, _| TypeExpression::union(vec![inner.clone(), inner]));
    open.properties.insert("wide".into(), property(wide));
    additions.classes.entry("StaticEnum".into()).or_default();
    additions.enums.entry("F".into()).or_default();
    insta::assert_snapshot!(refused(&additions));
}

#[test]
fn text_that_does_not_fit_is_shown() {
    let mut additions = Additions::default();
    additions.add_baml("class Fresh {\n  a int\n}").unwrap();
    additions
        .add_baml(
            "dynamic class Static {\n  b int\n}\n\nclass Open {\n  b Missing\n}\n\ndynamic class Open {\n  a string\n  b Frish\n}\n",
        )
        .unwrap();
    insta::assert_snapshot!(refused(&additions));
}

#[test]
fn text_that_cannot_be_parsed_is_not_added() {
    let mut additions = Additions::default();
    let error = additions.add_baml("function G(x: int) -> int {\n  client \"openai/x\"\n}\n").unwrap_err();
    assert!(additions.is_empty());
    insta::assert_snapshot!(error.to_string());
}

#[test]
fn a_cycle_without_end_is_refused() {
    let name = TypeExpression::named("Open");
    assert_eq!(refused(&open_with(name.clone())), "classes need each other without end: Open -> Open");
    let schema = program().extend(&open_with(name.optional())).unwrap();
    assert!(schema.classes[0].recursive);
    assert!(!schema.classes[2].recursive);
}

#[test]
fn the_type_builder_of_a_test_is_applied() {
    let test = "test t {\n  functions [F]\n  args {\n    x \"a\"\n  }\n  type_builder {\n    dynamic class Open {\n      b int\n    }\n  }\n}\n";
    let sources = [("main.baml".to_owned(), format!("{PROGRAM}{test}"))];
    let (schema, diagnostics) = baml_schema::load(&sources);
    assert!(diagnostics.is_empty(), "{}", syntax::render(&sources, &diagnostics, false));
    let mut additions = Additions::default();
    additions.add_items(&schema.tests[0].type_builder);
    let fields: Vec<Name> =
        schema.extend(&additions).unwrap().classes[0].fields.iter().map(|field| field.name.clone()).collect();
    assert_eq!(fields.iter().map(|name| &**name).collect::<Vec<_>>(), ["a", "b"]);
}
