//! How diagnostics look when the place they name is not a plain line of the only file.

use baml_syntax::{Diagnostic, FileId, Span, parse, render};

fn span(file: u32, start: u32, end: u32) -> Span {
    Span { file: FileId(file), start, end }
}

fn sources(texts: &[&str]) -> Vec<(String, String)> {
    texts.iter().enumerate().map(|(at, text)| (format!("file{at}.baml"), (*text).to_owned())).collect()
}

#[test]
fn a_place_in_another_file_explains() {
    let sources = sources(&["class K {\n  a int\n}\n", "// other\nenum K {\n  A\n}\n"]);
    let diagnostic = Diagnostic::error(span(1, 14, 15), "`K` is defined twice")
        .with_related(span(0, 6, 7), "first defined here")
        .with_help("rename one of them");
    insta::assert_snapshot!(render(&sources, &[diagnostic], false));
}

#[test]
fn a_warning_says_so() {
    let diagnostic = Diagnostic::warning(span(0, 6, 7), "`K` is never used");
    insta::assert_snapshot!(render(&sources(&["class K {}"]), &[diagnostic], false));
}

#[test]
fn colour_is_only_added_when_asked_for() {
    let diagnostic = [Diagnostic::error(span(0, 6, 7), "wrong")];
    let sources = sources(&["class K {}"]);
    let (plain, coloured) = (render(&sources, &diagnostic, false), render(&sources, &diagnostic, true));
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains("\u{1b}["));
}

#[test]
fn a_place_of_several_lines_is_marked_on_its_first() {
    let diagnostic = Diagnostic::error(span(0, 6, 20), "over lines");
    insta::assert_snapshot!(render(&sources(&["class K {\n  a int\n}\n"]), &[diagnostic], false));
}

#[test]
fn tabs_and_wide_characters_do_not_shift_the_mark() {
    let text = "\tclient 日本 x\n";
    let diagnostic = Diagnostic::error(span(0, 15, 16), "here");
    insta::assert_snapshot!(render(&sources(&[text]), &[diagnostic], false));
}

#[test]
fn a_long_line_is_shown_in_part() {
    let text = format!("type X = {}'y' | {}\n", "\"some literal\" | ".repeat(200), "int | ".repeat(200));
    let (_, diagnostics) = parse(FileId(0), &text);
    let rendered = render(&sources(&[&text]), &diagnostics, false);
    assert!(rendered.lines().all(|line| line.len() < 300), "{rendered}");
    assert!(rendered.contains("'y'"), "{rendered}");
}

/// A caller's mistake must not become a panic while an error is reported.
#[test]
fn places_that_do_not_exist_are_brought_back_into_the_text() {
    let sources = sources(&["é"]);
    for place in [span(0, 1, 1), span(0, 1, 2), span(0, 9, 12), span(0, 2, 0), span(7, 0, 1)] {
        let rendered =
            render(&sources, &[Diagnostic::error(place, "wrong").with_related(place, "here")], false);
        assert!(rendered.starts_with("error: wrong"), "{rendered}");
    }
}

#[test]
fn too_many_are_counted() {
    let diagnostics = vec![Diagnostic::error(span(0, 0, 1), "wrong"); 120];
    let rendered = render(&sources(&["x"]), &diagnostics, false);
    assert!(rendered.ends_with("… and 70 more"), "{rendered}");
    assert_eq!(rendered.matches("error: wrong").count(), 50);
}

#[test]
fn nothing_wrong_is_nothing_said() {
    assert_eq!(render(&sources(&["class K {}"]), &[], false), "");
}
