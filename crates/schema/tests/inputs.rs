//! Programs that users could have written: what is understood of the right ones, what is said of the others.

#[path = "support/outline.rs"]
mod outline;

use baml_schema::Severity;

#[test]
fn programs() {
    insta::glob!("inputs/*.baml", |path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let sources = [(name, std::fs::read_to_string(path).unwrap())];
        let (schema, diagnostics) = baml_schema::load(&sources);
        let mut text = syntax::render(&sources, &diagnostics, false);
        if diagnostics.iter().all(|found| found.severity != Severity::Error) {
            text.push_str(&outline::outline(&schema));
        }
        insta::assert_snapshot!(text);
    });
}

#[test]
fn only_baml_files() {
    let sources = [
        ("main.baml".to_owned(), "class A {\n  b B\n}".to_owned()),
        ("more/notes.txt".to_owned(), "not looked at {{{".to_owned()),
        ("more/other.baml".to_owned(), "class B {\n  a int\n}".to_owned()),
    ];
    let (schema, diagnostics) = baml_schema::load(&sources);
    assert_eq!(schema.classes.len(), 2);
    insta::assert_snapshot!(syntax::render(&sources, &diagnostics, false));
}
