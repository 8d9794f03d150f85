//! Whatever the template and the values: a prompt or an error, never a panic and never an overflow.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::support::{Program, client, show};
use baml_prompt::{ErrorKind, Templates};
use proptest::prelude::*;
use types::{Arguments, Judge, Name, Value};

fn text_of(prompt: &str) -> String {
    show(&Program::of_prompt(prompt).with_text("x").unwrap())
}

fn kind_of(prompt: &str) -> ErrorKind {
    Program::of_prompt(prompt).with_text("x").unwrap_err().kind()
}

#[test]
fn any_two_numbers_can_be_compared() {
    let text = text_of(
        "{% set big = 2 ** 53 + 1 %}{{ big < 1.5 }} {{ big > 1.5 }} {{ 1.5 <= big }} {{ big == 1.5 }} \
         {{ [big] < [1.5] }} {{ big is gt(1.5) }} {{ 2 ** 100 > 1.5 }} {{ -(2 ** 100) < -1.5 }}",
    );
    assert_eq!(text, "[user]\nfalse true true false false true true true\n");
}

#[test]
fn what_cannot_be_put_in_order_is_an_error() {
    for prompt in [
        "{{ [2 ** 53 + 1, 1.5]|sort }}",
        "{{ [2 ** 53 + 1, 1.5]|max }}",
        "{{ [[2 ** 53 + 1], [1.5]]|unique|list }}",
        "{{ {\"a\": 2 ** 53 + 1, \"b\": 1.5}|dictsort(by=\"value\") }}",
        "{{ [{\"a\": 2 ** 53 + 1}, {\"a\": 1.5}]|groupby(\"a\")|list }}",
    ] {
        assert_eq!(kind_of(prompt), ErrorKind::Operation, "{prompt}");
    }
    assert_eq!(
        text_of("{{ [2 ** 53 + 1, 1]|sort }} {{ [1.5, 1]|sort }}"),
        "[user]\n[1, 9007199254740993] [1, 1.5]\n"
    );
}

#[test]
fn anything_can_be_compared_with_anything() {
    let values = [
        "x",
        "1",
        "half",
        "wide",
        "none",
        "nothing",
        "true",
        "[1]",
        "[half]",
        "{}",
        "{\"a\": [wide]}",
        "_",
        "_.role",
        "ctx",
        "ctx.output_format",
        "ctx.client",
        "namespace(a=1)",
        "range(3)",
        "x|lines",
        "range",
    ];
    for left in values {
        let others = values.map(|right| {
            format!(
                "{{{{ {left} < {right} }}}}{{{{ {left} == {right} }}}}{{{{ [{left}, {right}]|sort|length }}}}"
            )
        });
        for prompt in others {
            let rendered = Program::of_prompt(&prompt).with_text("x");
            assert!(
                rendered.is_ok() || rendered.as_ref().is_err_and(|error| error.kind() != ErrorKind::Internal),
                "{prompt}"
            );
        }
    }
}

#[test]
fn a_namespace_cannot_contain_itself() {
    for prompt in [
        "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
        "{% set ns = namespace() %}{% set ns.x = [{\"a\": ns}] %}{{ ns|tojson }}",
        "{% set a = namespace() %}{% set b = namespace() %}{% set a.b = b %}{% set b.a = a %}{{ a ~ b }}",
        "{% set ns = namespace(x=0) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns }}",
        "{% set ns = namespace(x=0) %}{% for i in range(64) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|length }}",
    ] {
        assert_eq!(kind_of(prompt), ErrorKind::Limit, "{prompt}");
    }
}

#[test]
fn a_long_chain_of_lists_is_flat() {
    let text = text_of(
        "{% set ns = namespace(all=[]) %}{% for i in range(3000) %}{% set ns.all = ns.all + [i] %}{% endfor %}\
         {{ ns.all|length }} {{ ns.all|last }}",
    );
    assert_eq!(text, "[user]\n3000 2999\n");
}

#[test]
fn a_text_cannot_be_repeated_without_end() {
    for prompt in [
        "{{ \"ab\" * 9223372036854775807 }}",
        "{{ 100000000 * x }}",
        "{{ [1, 2] * 900000000 }}",
        "{{ [] * 900000000 }}",
    ] {
        let (schema, _) = schema::load(&[(
            "main.baml".to_owned(),
            format!(
                "function F(x: string) -> string {{\n  client \"openai/m\"\n  prompt #\"{prompt}\"#\n}}\n"
            ),
        )]);
        let (templates, flaws) = Templates::compile(&schema);
        if let Some(function) = schema.functions.get("F").filter(|_| flaws.is_empty()) {
            let schema = Arc::new(schema.clone());
            let arguments = Arguments::from([(Name::from("x"), Value::String("x".to_owned()))]);
            let rendered = templates.render(&schema, function, &arguments, &client(), &BTreeMap::new());
            assert!(rendered.is_err(), "{prompt}");
        }
    }
}

#[test]
fn template_strings_that_call_each_other_for_ever_are_stopped() {
    let program = Program::load(
        "template_string A(x: string) #\"{{ B(x) }}\"#\ntemplate_string B(x: string) #\"{{ A(x) }}\"#\n\
         function F(x: string) -> string {\n  client \"openai/m\"\n  prompt #\"{{ A(x) }}\"#\n}\n",
    );
    assert_eq!(program.with_text("x").unwrap_err().kind(), ErrorKind::Limit);
}

/// Sources of templates whose tree would be as deep as the source is long.
#[test]
fn deep_templates_are_refused() {
    let chains: [(&str, &str, &str); 12] = [
        ("{{ 1", " + 1", " }}"),
        ("{{ x", "|upper", " }}"),
        ("{{ x", ".a", " }}"),
        ("{{ x", "[0]", " }}"),
        ("{{ x", "()", " }}"),
        ("{{ x", " ~ x", " }}"),
        ("{{ ", "not ", "x }}"),
        ("{{ ", "-", "1 }}"),
        ("{{ x", " if x else x", " }}"),
        ("{{ x", " == x", " }}"),
        ("{{ ", "[", "x }}"),
        ("{% if x %}", "{% elif x %}", "{% endif %}"),
    ];
    for (start, repeated, end) in chains {
        let source = format!("{start}{}{end}", repeated.repeat(20_000));
        let (schema, _) = schema::load(&[(
            "main.baml".to_owned(),
            format!(
                "function F(x: string) -> string {{\n  client \"openai/m\"\n  prompt #\"{source}\"#\n}}\n"
            ),
        )]);
        let (_, flaws) = Templates::compile(&schema);
        assert_eq!(flaws.len(), 1, "{start}{repeated}{end}");
    }
    for (start, repeated, end) in chains {
        if !matches!(repeated, "[" | "()" | "-") {
            let source = format!("{start}{}{end}", repeated.repeat(150));
            let _ = Program::of_prompt(&source).with_text("x");
        }
    }
}

#[test]
fn many_flat_parts_are_fine() {
    let list = vec!["x.a"; 5_000].join(", ");
    assert_eq!(text_of(&format!("{{{{ [{list}]|length }}}}")), "[user]\n5000\n");
    let lines = "{{ x }}{% if x == \"x\" %}y{% endif %}\n".repeat(3_000);
    assert_eq!(text_of(&lines).matches("xy").count(), 3_000);
}

#[test]
fn deep_arguments_are_refused() {
    let program = Program::load(
        "type J = string | J[]\nfunction F(x: J) -> string {\n  client \"openai/m\"\n  prompt #\"{{ x }}\"#\n}\n",
    );
    let nested =
        |depth: usize| (0..depth).fold(Value::String("x".to_owned()), |value, _| Value::List(vec![value]));
    let function = &program.schema.functions["F"];
    let render = |depth| {
        let arguments = Arguments::from([(Name::from("x"), nested(depth))]);
        program.templates.render(&program.schema, function, &arguments, &client(), &BTreeMap::new())
    };
    assert!(render(100).is_ok());
    assert_eq!(render(400).unwrap_err().kind(), ErrorKind::Limit);
    assert!(program.templates.holds("this|length > 0", &nested(400)).is_err());
}

#[test]
fn an_output_format_that_doubles_at_each_level_is_refused() {
    let mut source = String::from("class C0 {\n  x int\n}\n");
    for level in 1..60 {
        let below = level - 1;
        source.push_str(&format!("class C{level} {{\n  a C{below}\n  b C{below}\n}}\n"));
    }
    source.push_str(
        "function F(x: string) -> C59 {\n  client \"openai/m\"\n  prompt #\"{{ ctx.output_format }}\"#\n}\n",
    );
    source.push_str("function G(x: string) -> C59 {\n  client \"openai/m\"\n  prompt #\"{{ ctx.output_format(hoist_classes=true) }}\"#\n}\n");
    let program = Program::load(&source);
    assert!(program.with_text("x").is_err());
    let arguments = Arguments::from([(Name::from("x"), Value::String("x".to_owned()))]);
    assert!(program.render("G", arguments).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any mixture of Jinja's words compiles and runs, or does not.
    #[test]
    fn no_template_panics(words in prop::collection::vec(prop::sample::select(vec![
        "{{ ", " }}", "{% ", " %}", "if ", "for ", "in ", "endif", "endfor", "else", "set ", "endset", "macro ", "m()",
        "endmacro", "filter ", "endfilter", "x", "_", ".role(", "\"user\"", ")", "(", "[", "]", "{", "}", "|", "sort",
        "join", "tojson", "~", "+", "*", "//", "**", "==", "<", " not ", "1", "2.5", "9999999999999999999", "none",
        "ctx", ".output_format", "namespace()", "ns", ".a", "=", ",", ":", "loop", "range(3)", "é", "\u{F0000}", "-", "is ",
        "defined", "with ", "endwith", "call ", "endcall", "raw", "endraw", "{# ", " #}", "\n",
    ]), 0..24)) {
        let sources = [(
            "main.baml".to_owned(),
            format!("function F(x: string) -> string {{\n  client \"openai/m\"\n  prompt ####\"{}\"####\n}}\n", words.concat()),
        )];
        let (schema, _) = schema::load(&sources);
        let (templates, _) = Templates::compile_with_sources(&schema, &sources);
        let schema = Arc::new(schema);
        if let Some(function) = schema.functions.get("F") {
            let arguments = Arguments::from([(Name::from("x"), Value::String("text".to_owned()))]);
            let _ = templates.render(&schema, function, &arguments, &client(), &BTreeMap::new());
        }
    }
}
