//! Programs with something wrong in their clients: `checks/*.baml`, and what their authors are told.

use crate::registry;

#[test]
fn checks() {
    insta::glob!("checks/*.baml", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let sources = [(name, text)];
        let (schema, diagnostics) = schema::load(&sources);
        assert!(diagnostics.is_empty(), "{}", schema::render(&sources, &diagnostics, false));
        insta::assert_snapshot!(schema::render(&sources, &registry::check(&schema), false));
    });
}
