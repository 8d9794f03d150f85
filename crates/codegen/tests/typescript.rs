//! Clients generated for programs that a user could have written. `__test__` also type-checks the clients of
//! these programs with the TypeScript compilers.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

use baml_codegen::{ClientMode, GeneratedFile, ModuleFormat, Options, typescript};
use insta::{assert_snapshot, glob};
use proptest::prelude::*;
use schema::{Schema, Severity};

/// Files that are the same for every program.
const FIXED: &[&str] = &["config.ts", "tracing.ts", "watchers.ts"];

fn options() -> Options {
    Options {
        module_format: ModuleFormat::Cjs,
        default_client_mode: ClientMode::Async,
        version: "0.226.2".to_owned(),
    }
}

fn load(text: &str) -> (Schema, Vec<(String, String)>) {
    let sources = vec![("main.baml".to_owned(), text.to_owned())];
    let (schema, diagnostics) = schema::load(&sources);
    let errors: Vec<&str> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    assert_eq!(errors, Vec::<&str>::new());
    (schema, sources)
}

fn generate(text: &str, options: &Options) -> Vec<GeneratedFile> {
    let (schema, sources) = load(text);
    typescript(&schema, &sources, options)
}

fn text_of<'a>(files: &'a [GeneratedFile], path: &str) -> &'a str {
    &files.iter().find(|file| file.path == path).unwrap().text
}

/// Chosen files in one text, each under its name.
fn show<'a>(files: impl IntoIterator<Item = &'a GeneratedFile>) -> String {
    let files: Vec<String> =
        files.into_iter().map(|file| format!("==== {}\n{}", file.path, body(file))).collect();
    files.join("\n")
}

/// The text without the two lines that every file begins with.
fn body(file: &GeneratedFile) -> &str {
    file.text.splitn(4, '\n').nth(3).unwrap()
}

#[test]
fn clients_of_user_programs() {
    glob!("inputs/*.baml", |path| {
        let files = generate(&std::fs::read_to_string(path).unwrap(), &options());
        assert_snapshot!(show(files.iter().filter(|file| !FIXED.contains(&file.path.as_str()))));
    });
}

#[test]
fn fixed_files() {
    let files = generate(include_str!("inputs/types_only.baml"), &options());
    assert_snapshot!(show(files.iter().filter(|file| FIXED.contains(&file.path.as_str()))));
}

#[test]
fn a_client_has_the_files_that_users_import() {
    let files = generate(include_str!("inputs/resume.baml"), &options());
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "async_client.ts",
            "async_request.ts",
            "config.ts",
            "globals.ts",
            "index.ts",
            "inlinedbaml.ts",
            "parser.ts",
            "partial_types.ts",
            "sync_client.ts",
            "sync_request.ts",
            "tracing.ts",
            "type_builder.ts",
            "types.ts",
            "watchers.ts"
        ]
    );
    for file in &files {
        assert!(baml_codegen::was_generated(&file.text), "{}", file.path);
        assert!(!file.text.contains("@ts-nocheck"), "{}", file.path);
        assert!(file.text.ends_with('\n') && !file.text.ends_with("\n\n"), "{}", file.path);
    }
}

#[test]
fn the_module_format_changes_only_how_siblings_are_named() {
    let text = include_str!("inputs/rich.baml");
    let cjs = generate(text, &options());
    let esm = generate(text, &Options { module_format: ModuleFormat::Esm, ..options() });
    assert!(text_of(&cjs, "index.ts").contains("from \"./async_client\"\n"));
    assert!(text_of(&esm, "index.ts").contains("from \"./async_client.js\"\n"));
    for (cjs, esm) in cjs.iter().zip(&esm) {
        let renamed: Vec<String> = esm
            .text
            .lines()
            .map(
                |line| {
                    if line.contains(" from \"./") { line.replace(".js\"", "\"") } else { line.to_owned() }
                },
            )
            .collect();
        assert_eq!(cjs.text.lines().collect::<Vec<_>>(), renamed, "{}", cjs.path);
    }
}

#[test]
fn the_client_mode_chooses_b() {
    let sync = Options { default_client_mode: ClientMode::Sync, ..options() };
    let files = generate(include_str!("inputs/resume.baml"), &sync);
    assert!(text_of(&files, "index.ts").contains("export { b } from \"./sync_client\"\n"));
}

#[test]
fn the_same_program_gives_the_same_text() {
    let text = include_str!("inputs/rich.baml");
    assert_eq!(generate(text, &options()), generate(text, &options()));
}

#[test]
fn sources_are_sorted_and_named_with_slashes() {
    let (schema, _) = load("");
    let sources = vec![
        ("b.baml".to_owned(), "// b".to_owned()),
        ("sub\\a.baml".to_owned(), "// \"a\"\n".to_owned()),
        ("a.baml".to_owned(), String::new()),
    ];
    let files = typescript(&schema, &sources, &options());
    let lines: Vec<&str> =
        text_of(&files, "inlinedbaml.ts").lines().filter(|line| line.contains(".baml\":")).collect();
    assert_eq!(
        lines,
        ["  \"a.baml\": \"\",", "  \"b.baml\": \"// b\",", "  \"sub/a.baml\": \"// \\\"a\\\"\\n\","]
    );
}

proptest! {
    #[test]
    fn any_source_is_carried_unchanged(source in any::<String>()) {
        let (schema, _) = schema::load(&[]);
        let files = typescript(&schema, &[("main.baml".to_owned(), source.clone())], &options());
        let inlined = text_of(&files, "inlinedbaml.ts");
        let line = inlined.lines().find_map(|line| line.strip_prefix("  \"main.baml\": ")).unwrap();
        let literal = line.strip_suffix(',').unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(literal).unwrap(), source);
        let one_line = !literal.contains(['\u{2028}', '\u{2029}']);
        prop_assert!(one_line);
    }

    #[test]
    fn any_program_text_gives_a_client(source in "(class|enum|function|type|[A-Z][a-z]|[a-z]+| |\n|[{}()?|\\[\\]:@<>\"#=]){0,200}") {
        let (schema, _) = schema::load(&[("main.baml".to_owned(), source.clone())]);
        prop_assert_eq!(typescript(&schema, &[("main.baml".to_owned(), source)], &options()).len(), 14);
    }
}
