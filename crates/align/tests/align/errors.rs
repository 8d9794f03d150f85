//! What a caller reads when an answer does not fit.

use baml_align::ErrorKind;

use super::support::parse_as;

const TYPES: &str = r"
enum Color { RED  GREEN }
class Point { x int  y int }
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
    assert_eq!(error.problems()[2].expected(), "int");
    assert_eq!(error.problems()[2].found(), Some("twelve"));
    assert_eq!(error.problems()[3].found(), None);
    insta::assert_snapshot!(error, @r#"
    the answer does not fit its type
      name: expected string, found null
      age: the assert `adult` does not hold for the number 12
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
fn long_answers_are_cut() {
    let message = message("int", &"word ".repeat(1_000));
    assert!(message.len() < 200 && message.contains('…'), "{message}");
}

#[test]
fn an_unfinished_answer_is_told_apart() {
    let error = parse_as(TYPES, "int", "12", true).expect_err("may go on");
    assert!(error.is_incomplete());
    let error = parse_as(TYPES, "int", "twelve", true).expect_err("does not fit");
    assert!(!error.is_incomplete());
}
