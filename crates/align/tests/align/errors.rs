//! What a caller reads when an answer does not fit.

use baml_align::ErrorKind;

use super::support::parse_as;

const TYPES: &str = r"
enum Color { RED  GREEN }
class Point { x int  y int }
class Size { width int  height int }
class Ordered {
  low int @assert({{ this >= 0 }})
  high int
  steps int[] @assert(some, {{
    this|length
      > 1
  }})
  @@assert(ordered, {{ this.low < this.high }})
}
class Person {
  name string
  age int @assert(adult, {{ this >= 18 }})
  home Point
  colors Color[]
  favourite Color
}
";

fn message(returns: &str, text: &str) -> String {
    parse_as(TYPES, returns, text, false).expect_err("does not fit").to_string()
}

#[test]
fn every_problem_has_its_path_its_type_and_what_was_found() {
    let error = parse_as(
        TYPES,
        "Person",
        r#"{"name": null, "age": 12, "home": {"x": "twelve"}, "favourite": "RED or GREEN", "colors": []}"#,
        false,
    )
    .expect_err("does not fit");
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    let paths: Vec<&str> = error.problems().iter().map(baml_align::Problem::path).collect();
    assert_eq!(paths, ["name", "age", "home.x", "home.y", "favourite"]);
    assert_eq!(error.problems()[2].expected(), Some("int"));
    assert_eq!(error.problems()[2].found(), Some("twelve"));
    assert_eq!(error.problems()[3].found(), None);
    insta::assert_snapshot!(error, @r#"
    the answer does not fit its type
      name: expected string, found null
      age: the assert `adult` (`this >= 18`) does not hold for the number 12
      home.x: expected int, found the text "twelve"
      home.y: is missing; expected int
      favourite: expected one value of Color, found several: `RED`, `GREEN`
    "#);
}

#[test]
fn scalars_say_what_stands_there() {
    insta::assert_snapshot!(message("int", "twelve or so"), @r#"
    the answer does not fit its type
      expected int, found the text "twelve or so"
    "#);
    insta::assert_snapshot!(message("int", "1e30"), @"
    the answer does not fit its type
      the number 1e30 is out of the range of int
    ");
    insta::assert_snapshot!(message("bool", ""), @"
    the answer does not fit its type
      expected bool, found an empty answer
    ");
}

#[test]
fn a_union_tells_of_the_member_that_came_nearest() {
    insta::assert_snapshot!(message("Point | int", r#"{"x": 1}"#), @"
    the answer does not fit its type
      y: is missing; expected int
    ");
    insta::assert_snapshot!(message("Color | int", "no idea"), @r#"
    the answer does not fit its type
      expected Color | int, found the text "no idea"
    "#);
}

#[test]
fn of_several_classes_it_tells_what_each_lacks() {
    insta::assert_snapshot!(message("Point | Size | Color", r#"{"x": 1, "width": "wide"}"#), @r#"
    the answer does not fit its type
      expected Point | Size | Color, found the object {x: 1, width: wide}; as Point, y: is missing; expected int; as Size, width: expected int, found the text "wide" (and 1 more)
    "#);
}

#[test]
fn what_is_no_object_is_not_told_by_the_fields_of_a_class() {
    for (text, found) in [
        ("no idea", "the text \"no idea\""),
        ("", "an empty answer"),
        ("null", "null"),
        ("5", "the number 5"),
        ("[]", "the list []"),
    ] {
        let message = message("Point", text);
        assert!(message.ends_with(&format!("\n  expected Point, found {found}")), "{message}");
    }
    insta::assert_snapshot!(message("Person", r#"{"name": "A", "age": 20, "home": "far", "favourite": 7}"#), @r#"
    the answer does not fit its type
      home: expected Point, found the text "far"
      favourite: expected Color, found the number 7
    "#);
    insta::assert_snapshot!(message("Point | Color", "PURPLE"), @r#"
    the answer does not fit its type
      expected Point | Color, found the text "PURPLE"
    "#);
}

#[test]
fn an_assert_is_told_with_its_expression() {
    insta::assert_snapshot!(message("Ordered", r#"{"low": 5, "high": 3, "steps": [1, 2]}"#), @r"
    the answer does not fit its type
      the assert `ordered` (`this.low < this.high`) does not hold for the object {low: 5, high: 3, steps: [1, 2]}
    ");
    insta::assert_snapshot!(message("Ordered", r#"{"low": -1, "high": 3}"#), @r"
    the answer does not fit its type
      low: the assert `this >= 0` does not hold for the number -1
      steps: is missing, and the assert `some` (`this|length > 1`) does not hold for the empty value in its place
    ");
    insta::assert_snapshot!(message("int @assert({{ this.nothing.at_all }})", "5"), @r"
    the answer does not fit its type
      the assert `this.nothing.at_all` does not hold for the number 5
    ");
    insta::assert_snapshot!(message("int @assert(long, {{ this|unknown }})", "5"), @r"
    the answer does not fit its type
      the assert `long` cannot be judged: unknown filter: filter unknown is unknown (in <expression>:1)
    ");
    insta::assert_snapshot!(message("(int @assert(high, {{ this > 10 }})) | (int @assert({{ this < 5 }})) | bool", "7"), @r"
    the answer does not fit its type
      expected int | int | bool, found the number 7; as int, the assert `high` (`this > 10`) does not hold; as int, the assert `this < 5` does not hold
    ");
    insta::assert_snapshot!(message("(int @assert(high, {{ this > 10 }})) | bool", "7"), @r"
    the answer does not fit its type
      the assert `high` (`this > 10`) does not hold for the number 7
    ");
}

#[test]
fn long_answers_are_cut() {
    let message_of_text = message("int", &"word ".repeat(1_000));
    assert!(message_of_text.len() < 200 && message_of_text.contains('…'), "{message_of_text}");
    let literals: Vec<String> = (0..500).map(|index| format!("\"literal {index}\"")).collect();
    let message_of_type = message(&format!("({})", literals.join(" | ")), "something else");
    assert!(message_of_type.len() < 300 && message_of_type.contains('…'), "{message_of_type}");
    let values: Vec<String> = (0..100).map(|index| format!("V{index}V")).collect();
    let source = format!("enum Many {{ {} }}", values.join("\n"));
    let error = parse_as(&source, "Many", &values.join(" or "), false).expect_err("several");
    assert!(error.to_string().ends_with("`V7V` and 92 more"), "{error}");
}

#[test]
fn an_unfinished_answer_is_told_apart() {
    let error = parse_as(TYPES, "int", "12", true).expect_err("may go on");
    assert!(error.is_incomplete());
    let error = parse_as(TYPES, "int", "twelve", true).expect_err("does not fit");
    assert!(!error.is_incomplete());
}
