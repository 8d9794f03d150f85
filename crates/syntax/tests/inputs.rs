//! Files that users could have written: what is read of the valid ones, and what is said of the others.

#![expect(clippy::expect_used, reason = "a test that cannot read its inputs must fail")]

#[path = "support/outline.rs"]
mod outline;

use std::path::Path;

use baml_syntax::{FileId, parse, render};

fn read(path: &Path) -> (String, String) {
    let name = path.file_name().and_then(|name| name.to_str()).expect("a file name");
    (name.to_owned(), std::fs::read_to_string(path).expect("a readable file"))
}

#[test]
fn valid() {
    insta::glob!("inputs/valid/*.baml", |path| {
        let source = read(path);
        let (file, diagnostics) = parse(FileId(0), &source.1);
        assert!(diagnostics.is_empty(), "{}", render(&[source], &diagnostics, false));
        insta::assert_snapshot!(outline::outline(&file));
    });
}

#[test]
fn invalid() {
    insta::glob!("inputs/invalid/*.baml", |path| {
        let source = read(path);
        let (_, diagnostics) = parse(FileId(0), &source.1);
        assert!(!diagnostics.is_empty(), "nothing is said of {}", source.0);
        insta::assert_snapshot!(render(&[source], &diagnostics, false));
    });
}

/// Other line ends must neither change what is read nor where errors are shown.
#[test]
fn line_ends_do_not_matter() {
    insta::glob!("inputs/*/*.baml", |path| {
        let (name, text) = read(path);
        let unix = text.replace("\r\n", "\n");
        let windows = unix.replace('\n', "\r\n");
        let (unix_file, unix_diagnostics) = parse(FileId(0), &unix);
        let (windows_file, windows_diagnostics) = parse(FileId(0), &windows);
        assert_eq!(outline::outline(&unix_file), outline::outline(&windows_file), "{name}");
        let said = |text: &str, diagnostics: &[baml_syntax::Diagnostic]| {
            let place = |offset: u32| text[..offset as usize].matches('\n').count();
            diagnostics.iter().map(|it| (it.message.clone(), place(it.span.start))).collect::<Vec<_>>()
        };
        assert_eq!(said(&unix, &unix_diagnostics), said(&windows, &windows_diagnostics), "{name}");
    });
}

/// A file that ends without a line end, or begins with a byte order mark, reads the same.
#[test]
fn the_ends_of_a_file_do_not_matter() {
    insta::glob!("inputs/valid/*.baml", |path| {
        let (name, text) = read(path);
        let (file, _) = parse(FileId(0), &text);
        for variant in [text.trim_end().to_owned(), format!("\u{feff}{text}"), format!("\n\n{text}\n\n")] {
            let (other, diagnostics) = parse(FileId(0), &variant);
            assert!(diagnostics.is_empty(), "{name}");
            assert_eq!(outline::outline(&file), outline::outline(&other), "{name}");
        }
    });
}
