//! What is said of templates that compile and name what is not there.

use baml_prompt::Templates;
use proptest::prelude::*;
use schema::{Diagnostic, Severity};

fn sources(text: &str) -> Vec<(String, String)> {
    vec![("main.baml".to_owned(), text.to_owned())]
}

/// What is said of a program that has no errors.
fn warnings(sources: &[(String, String)]) -> Vec<Diagnostic> {
    let (schema, mut diagnostics) = schema::load(sources);
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    assert!(diagnostics.is_empty(), "{}", schema::render(sources, &diagnostics, false));
    let (_, mut diagnostics) = Templates::compile_with_sources(&schema, sources);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    diagnostics
}

/// A program of one function with this prompt.
fn of_prompt(prompt: &str) -> Vec<(String, String)> {
    sources(&format!(
        "class C {{\n  name string\n  next C?\n  items map<string, C>\n}}\ntemplate_string T(a: C) #\"{{{{ a.name }}}}\"#\n\
         function F(x: string, c: C, all: C[]) -> string {{\n  client \"openai/m\"\n  prompt ####\"{prompt}\"####\n}}\n"
    ))
}

/// Every file in `warnings/` is a program that a user could have written.
#[test]
fn programs() {
    insta::glob!("warnings/*.baml", |path| {
        let sources = sources(&std::fs::read_to_string(path).unwrap());
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(schema::render(&sources, &warnings(&sources), false));
        });
    });
}

#[test]
fn nothing_is_said_where_nothing_is_wrong() {
    let sources = sources(include_str!("warnings/nothing_wrong.baml"));
    let diagnostics = warnings(&sources);
    assert!(diagnostics.is_empty(), "{}", schema::render(&sources, &diagnostics, false));
}

#[test]
fn places_are_exact_whatever_was_trimmed() {
    for prompt in [
        "{{ slip }}",
        "\n\n      {{ x }}\n        é {{ slip }}\n    ",
        "\n\t\t{{ x }}\n\t\t{{- slip -}}\n",
        "\r\n    {{ x }}\r\n      {% if slip %}{% endif %}\r\n",
    ] {
        let sources = of_prompt(prompt);
        let diagnostics = warnings(&sources);
        let [diagnostic] = diagnostics.as_slice() else { panic!("{prompt:?}: {diagnostics:?}") };
        let (start, end) = (diagnostic.span.start as usize, diagnostic.span.end as usize);
        assert_eq!(&sources[0].1[start..end], "slip", "{prompt:?}");
    }
}

#[test]
fn places_in_checks_are_exact_however_often_they_are_written() {
    let sources = sources(
        "class C {\r\n  both (string @check(a, {{ this.slip }}) | (int @check(b, {{ this.slip }})))\r\n  \
         // {{ this.slip }}\r\n  name string @assert(c, {{\r\n      this|length > 0\r\n    and this.slip\r\n  }})\r\n  \
         @@assert(d, {{this.slip}})\r\n}\r\ntype A = string @check(e, {{this.slip}})\r\n",
    );
    let text = &sources[0].1;
    let places: Vec<usize> =
        warnings(&sources).iter().map(|diagnostic| diagnostic.span.start as usize).collect();
    let mut written: Vec<usize> = text.match_indices("slip").map(|(place, _)| place).collect();
    written.remove(2);
    assert_eq!(places, written);
}

/// With a cost that is a power of the length, none of these would end while somebody waits.
#[test]
fn a_text_full_of_slips_costs_no_more_than_its_length() {
    let mut names = String::new();
    for number in 0..4_000 {
        names.push_str(&format!("{{% set a{number} = c.b{number} %}}{{{{ d{number}|e{number} }}}}\n"));
    }
    let chain = format!("{{{{ c{} }}}}", ".next".repeat(290)).repeat(50);
    let branches =
        format!("{{% if c.next %}}{}{{% endif %}}", "{% elif c.next.next and c.nxt %}x".repeat(290))
            .repeat(20);
    let nested = format!("{}{}", "{% if c.next %}".repeat(60), "{% endif %}".repeat(60)).repeat(30);
    for prompt in [names, chain, branches, nested] {
        let sources = of_prompt(&prompt);
        assert!(warnings(&sources).len() <= 100);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any mixture of Jinja's words: what is said of it points at a part of the file.
    #[test]
    fn no_template_is_too_odd(words in prop::collection::vec(prop::sample::select(vec![
        "{{ ", " }}", "{% ", " %}", "{% if ", "{% for y in ", "{% endif %}", "{% endfor %}", "{% else %}", "{% set z = ",
        "{% set ", "{% macro m(a, b=c) %}", "{% endmacro %}", "{% call m() %}", "{% endcall %}", "{% with a = ",
        "{% endwith %}", "{% filter upper %}", "{% endfilter %}", "{% do ", "x", "c", "all", "slip", "T", "_", "ctx",
        "loop", ".name", ".next", ".items", ".slip", "[0]", "[\"slip\"]", "[1:]", "(", ")", "*", "**", ", ", "=",
        "|first", "|slip", "|default(", " is defined", " is slip", " and ", " or ", " not ", " if ", " else ", " == ",
        "\"text\"", "1", "none", "é", "\n", "  ", "{# ", " #}", "-",
    ]), 0..30)) {
        let sources = of_prompt(&words.concat());
        let (schema, _) = schema::load(&sources);
        let (_, diagnostics) = Templates::compile_with_sources(&schema, &sources);
        for diagnostic in diagnostics {
            prop_assert!(sources[0].1.get(diagnostic.span.start as usize..diagnostic.span.end as usize).is_some());
        }
    }

    /// Any expression of a check.
    #[test]
    fn no_expression_is_too_odd(words in prop::collection::vec(prop::sample::select(vec![
        "this", ".name", ".next", ".slip", "[0]", "(", ")", "|length", "|slip", " is none", " and ", " == ", "\"text\"", "1",
        "_", "slip", " not ", " if ", " else ", "é", " ",
    ]), 0..16)) {
        let sources = sources(&format!(
            "class C {{\n  name string\n  next C? @check(odd, {{{{ {0} }}}})\n  @@assert(odd, {{{{ {0} }}}})\n}}\n", words.concat()
        ));
        let (schema, _) = schema::load(&sources);
        let (_, diagnostics) = Templates::compile_with_sources(&schema, &sources);
        for diagnostic in diagnostics {
            prop_assert!(sources[0].1.get(diagnostic.span.start as usize..diagnostic.span.end as usize).is_some());
        }
    }
}
