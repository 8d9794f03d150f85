//! Checks and asserts, judged.

use std::sync::Arc;

use crate::support::Program;
use types::{CheckResult, Checked, ClassId, EnumId, Instance, Judge, Name, Value};

fn program() -> Program {
    Program::load(
        "enum Mood {\n  GOOD @alias(\"fine\")\n  BAD\n}\n\
         class Range {\n  lo int @alias(\"low\")\n  hi int\n  mood Mood?\n  @@assert(ordered, {{ this.lo <= this.hi }})\n}\n\
         function F(x: string) -> Range {\n  client \"openai/m\"\n  prompt #\"{{ x }}\"#\n}\n",
    )
}

fn range(lo: i64, hi: i64) -> Value {
    let fields = vec![
        (Name::from("lo"), Value::Int(lo)),
        (Name::from("hi"), Value::Int(hi)),
        (Name::from("mood"), Value::Enum(EnumId(0), Name::from("GOOD"))),
    ];
    Value::Instance(Instance { class: ClassId(0), fields })
}

#[test]
fn expressions_hold_or_not() {
    let program = program();
    let text = Value::String("Léa".to_owned());
    let list = Value::List(vec![Value::Int(1), Value::Int(2)]);
    for (expression, this, holds) in [
        ("this.lo <= this.hi", range(1, 2), true),
        ("this.lo <= this.hi", range(3, 2), false),
        ("this.low == 1", range(1, 2), false),
        ("this.mood == \"GOOD\"", range(1, 2), true),
        ("this.mood == \"fine\"", range(1, 2), false),
        ("this.nothing > 1", range(1, 2), false),
        ("this.nothing.at.all", range(1, 2), false),
        ("this.nothing", range(1, 2), false),
        ("this|length > 2", text.clone(), true),
        ("this|regex_match(\"^\\\\w+$\")", text.clone(), true),
        ("this == \"Léa\" and not this in [\"Leo\"]", text, true),
        ("this|sum == 3", list, true),
        ("this > 1.5", Value::Int(9_007_199_254_740_993), true),
        ("this % 2 == 0", Value::Int(4), true),
        ("this is none", Value::Null, true),
        ("this", Value::Bool(true), true),
    ] {
        assert_eq!(program.templates.holds(expression, &this), Ok(holds), "{expression}");
    }
}

fn checked(value: Value) -> Value {
    let result = CheckResult { name: "short".into(), expression: "this|length < 2".into(), passed: false };
    Value::Checked(Box::new(Checked { value, checks: vec![result] }))
}

#[test]
fn tests_see_what_was_checked_as_users_of_the_peer_write_it_and_as_the_value() {
    let program = program();
    let known = Value::Map([(Name::from("latency_ms"), Value::Int(5))].into_iter().collect());
    let text = || checked(Value::String("Ada".to_owned()));
    for (expression, this, holds) in [
        ("this.value == \"Ada\"", text(), true),
        ("this.value != \"Ada\"", text(), false),
        ("this.value|length == 3", text(), true),
        ("this.checks.short.status == \"failed\"", text(), true),
        ("this.checks.short.expression == \"this|length < 2\"", text(), true),
        ("this == \"Ada\" and \"da\" in this and this in [\"Ada\"]", text(), true),
        ("this != \"Ada\"", text(), false),
        ("this|length == 3 and this|upper == \"ADA\" and this.startswith(\"A\")", text(), true),
        ("this + \"!\" == \"Ada!\"", text(), true),
        ("this > 4 and this + 1 == 6 and _.latency_ms == 5", checked(Value::Int(5)), true),
        ("this", checked(Value::Bool(true)), true),
        ("this", checked(Value::Bool(false)), false),
        ("not this", checked(Value::Bool(false)), true),
        ("this is none", checked(Value::Null), true),
        ("this.lo == 1 and this.value.lo == 1 and this.mood == \"GOOD\"", checked(range(1, 2)), true),
        ("this[0] == \"Ada\" and this|length == 1", checked(Value::List(vec![text()])), true),
        ("this.value[0].value == \"Ada\"", checked(Value::List(vec![text()])), true),
        ("this == this", checked(Value::List(vec![text(), checked(Value::Int(1))])), true),
    ] {
        let judged = program.templates.holds_in_test(expression, &this, &known);
        assert_eq!(judged, Ok(holds), "{expression}");
    }
}

#[test]
fn what_is_not_a_condition_is_an_error_in_plain_words() {
    let program = program();
    for (expression, message) in [
        ("this + 1", "`this + 1` must be true or false, not a number"),
        ("this|string", "`this|string` must be true or false, not a string"),
        (
            "this|lenght > 1",
            "`this|lenght > 1` cannot be evaluated: there is no filter `lenght` (did you mean `length`?)",
        ),
        ("this >", "`this >` cannot be evaluated: unexpected end of input, expected expression"),
        ("1 }}{{ this", "`1 }}{{ this` cannot be evaluated: an expression cannot contain {{ or }}"),
    ] {
        assert_eq!(program.templates.holds(expression, &Value::Int(5)), Err(message.to_owned()));
    }
}

/// Answers are judged on many threads at once.
#[test]
#[expect(clippy::disallowed_methods, reason = "that the templates are shared is what is tested")]
fn judging_is_shared_between_threads() {
    let program = Arc::new(program());
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let program = Arc::clone(&program);
            std::thread::spawn(move || {
                program.templates.holds(&format!("this == {number}"), &Value::Int(number))
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), Ok(true));
    }
}
