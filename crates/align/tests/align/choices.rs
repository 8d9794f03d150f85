//! What is chosen where a text can be read in several ways, and what is kept of a text with a slip in it. One test for
//! each rule that came out of comparing random answers with the peer's.

use serde_json::{Value as Json, json};

use super::support;

const TYPES: &str = r#"
enum Code { A1  B2 @alias("bee two") }
class Pair { left string  right string }
class Scores { note string  scores map<string, int> }
class Sized { size int  tags string[] }
class Tree { name string  again Tree[] }
class Flags { flag bool?  tags map<string, bool> }
class Single { text string }
class Named { name "Ada"  again Named[] }
class Lists { scores map<string, int>  size float  tags int[] }
class Notes { size string  notes map<string, float> }
class Paired { left Pair  @@stream.done }
class Required { note string  amount (int[] | float) @stream.not_null }
class Only { tags (string | bool | map<string, Code>) }
type Nested = int | Nested[]
type Words = string | Words[]
"#;

#[track_caller]
fn gives(returns: &str, text: &str, wanted: &Json) {
    support::reads(TYPES, returns, text, false, wanted);
}

#[track_caller]
fn shows(returns: &str, text: &str, wanted: &Json) {
    support::reads(TYPES, returns, text, true, wanted);
}

#[track_caller]
fn refuses(returns: &str, text: &str) {
    support::refuses(TYPES, returns, text);
}

fn pair() -> Json {
    json!({ "left": "a", "right": "b" })
}

#[test]
fn what_stands_behind_thinking_is_the_answer() {
    gives("bool", "<think>maybe {\"x\": 1}</think>\nfalse", &json!(false));
    gives("bool | bool[]", "<think>maybe {\"x\": 1}</think>\nfalse", &json!(false));
    gives("\"gamma\"", "<think>maybe {\"x\": 1}</think>\n\"gamma\"", &json!("gamma"));
    gives("Words", "<think>maybe {\"x\": 1}</think>\n\"text\"", &json!("text"));
    gives("int", "<think>3 or 4</think> It is 5.", &json!(5));
    gives("Pair", "<think>{\"left\": \"a\", \"right\": \"b\"}</think> as I said", &pair());
}

#[test]
fn a_class_goes_before_a_map_that_leaves_entries_out() {
    let sized = json!({ "size": 1, "tags": ["x"] });
    gives("map<string, int> | Sized", r#"{"size": 1, "tags": ["x"]}"#, &sized);
    gives("Sized | map<string, int>", r#"{"size": 1, "tags": ["x"]}"#, &sized);
    gives("map<Code, int> | Sized", r#"{"size": 1, "tags": ["x"]}"#, &sized);
}

#[test]
fn a_word_somewhere_in_an_object_gives_way() {
    gives("Code | Pair", r#"{"left": "A1", "right": "b"}"#, &json!({ "left": "A1", "right": "b" }));
    gives(
        "Code | map<string, Code>[]",
        r#"[{"x": "A1"}, {"y": "bee two"}]"#,
        &json!([{ "x": "A1" }, { "y": "B2" }]),
    );
    gives("Code | Pair", r#"{"code": "A1"}"#, &json!("A1"));
}

#[test]
fn an_object_made_text_gives_way() {
    gives(
        "Sized | string[]",
        r#"{"size": 1, "tags": [{"a": 1}]}"#,
        &json!({ "size": 1, "tags": ["{a: 1}"] }),
    );
    gives("string[] | float | Pair", r#"[{"left": "a", "right": "b"}]"#, &pair());
    gives("Only", r#"[{"tags": {"x": null, "y": "A1"}}]"#, &json!({ "tags": { "y": "A1" } }));
    let two = "{\"left\": \"a\", \"right\": \"b\"}\n{\"left\": \"c\", \"right\": \"d\"}";
    gives("(Pair | string) | (int | string)[]", two, &pair());
    gives("Pair | Pair[]", two, &json!([pair(), { "left": "c", "right": "d" }]));
}

#[test]
fn a_digit_in_a_word_is_hardly_a_number() {
    gives("int | Code", "\"A1\" // the first", &json!("A1"));
    gives("int", "the 5th", &json!(5));
}

#[test]
fn a_whole_value_goes_before_a_cut_or_a_small_one() {
    let full = json!({ "note": "n", "scores": { "a": 1 } });
    gives("Scores", r#"{"note": "n", "scores": {"a": 1}}{"note": "n"}"#, &full);
    gives("Scores", r#"{"note": "n", "scores": {"a": 1}}{"note": "n", "sc"#, &full);
    gives("Only", "{\"tags\": {\"a\": [\"A1\"]}}\n{\"other\": 1}", &json!({ "tags": { "a": "A1" } }));
    let tree = r#"{"name": "root", "again": [{"name": "one", "again": []}}, {"name": "two", "again": []}]}"#;
    let value =
        json!({ "name": "root", "again": [{ "name": "one", "again": [] }, { "name": "two", "again": [] }] });
    gives("Tree", tree, &value);
}

#[test]
fn an_object_around_the_wanted_one() {
    gives("Pair", r#"{"result": {"left": "a", "right": "b"}}"#, &pair());
    gives("Pair", r#"{"result": "{\"left\": \"a\", \"right\": \"b\"}"}"#, &pair());
    gives("\"x\" | \"y\"", r#"{"result": {"result": "x"}}"#, &json!("x"));
    gives(
        "(bool | (1 | string))[]",
        r#"{"result": [false, 1, true]}"#,
        &json!(["{result: [false, 1, true]}"]),
    );
    gives("Code[] | int", r#"{"name": []}"#, &json!([]));
    gives("float[][] | Pair", r#"{"name": "[[], [1e3]]"}"#, &json!([[], [1000.0]]));
    gives("int[][]", r#"{"name": [[1], [2, 3]]}"#, &json!([[1], [2, 3]]));
}

#[test]
fn a_whole_answer_in_a_json_string() {
    let text = serde_json::to_string("I think so.\n\n```json\n{\"left\": \"a\", \"right\": \"b\",}\n```")
        .expect("JSON");
    gives("Pair", &text, &pair());
    let said_again = format!("{} and that is all", json!("{\"left\": \"a\", \"right\": \"b\"}"));
    gives("Pair", &said_again, &pair());
    gives("Nested", "\"[[]]\"]", &json!([[]]));
    gives("Only", r#""[{\"tags\": {\"y\": \"A1\"}}]""#, &json!({ "tags": { "y": "A1" } }));
    shows("Pair", "\"{\\n  \\\"left\\\": \\\"say \\\\\\\"hi", &json!({ "left": "say \"hi", "right": null }));
    shows("Sized", "\"{\\n  'size': 1000000,\\", &json!({ "size": 1_000_000, "tags": [] }));
}

#[test]
fn words_stand_beside_an_object() {
    gives("\"two words\"", "'two words'\n{\"other\": 1}", &json!("two words"));
    gives("\"gamma\"", "{\"name:  \"gamma\"}", &json!("gamma"));
    refuses("int", "{\"other\": 1}");
}

#[test]
fn quotes_around_the_whole_text() {
    gives("string?", "\"plain\"]", &json!("plain"));
    gives("string?", "\"http://x.test/?q=1\".", &json!("http://x.test/?q=1"));
    gives("Words", "\"\" // end", &json!(""));
    gives("Words", "\"\"\"a, b\"\"\"", &json!("a, b"));
    gives("string?", "```json\n'two words'\n```", &json!("two words"));
    gives("string?", "```\n\"```\"\n```", &json!("```"));
    gives("bool | (int | string)", "```json\n502864\n```", &json!(502_864));
}

#[test]
fn braces_that_hold_no_json_are_text() {
    gives("Words", "{braces}", &json!("{braces}"));
    shows("(string[]?)[]", "Here is the {answer}:\n[[\"RED\"", &json!([["RED"]]));
}

#[test]
fn numbers_beyond_an_int_stay_as_written_in_text() {
    gives("string | int", "[90071992547409939007199254740993]", &json!("[90071992547409939007199254740993]"));
    gives(
        "Pair",
        r#"{"left": 90071992547409939007199254740993, "right": "b",}"#,
        &json!({ "left": "90071992547409939007199254740993", "right": "b" }),
    );
}

#[test]
fn commas_that_are_missing_without_a_space() {
    gives("Sized", r#"{"size": 7"tags": ["x"]}"#, &json!({ "size": 7, "tags": ["x"] }));
    gives("string[]", r#"["a""b", "c"]"#, &json!(["a", "b", "c"]));
    gives("(int | map<string, int>)[]", "[1 {a: 2}]", &json!([1, { "a": 2 }]));
    gives("(bool?)[]", "false, true, false", &json!([false, true, false]));
}

#[test]
fn colons_and_quotes_of_keys_that_are_missing() {
    gives("Tree", r#"{"name": "x", "again" []}"#, &json!({ "name": "x", "again": [] }));
    gives("Sized", r#"{"size" 5, "tags":: ["x"]}"#, &json!({ "size": 5, "tags": ["x"] }));
    gives("Scores", "{\"note\": \"n\", \"scores: {\"a\": 1}}", &json!({ "note": "n", "scores": { "a": 1 } }));
    refuses("Pair", r#"{"left" "a", "right" "b"}"#);
    gives("map<string, int>", r#"{"a: {b}": 1,}"#, &json!({ "a: {b}": 1 }));
}

#[test]
fn bullets_are_items() {
    gives("Code[]", "- A1\n- bee two", &json!(["A1", "B2"]));
    gives("Code[]", "1. a1\n2. bee two\n3. a1", &json!(["A1", "B2", "A1"]));
    gives("Code[]", "It is\nbee two", &json!(["B2"]));
}

#[test]
fn fields_on_lines_show_as_they_come() {
    shows("Pair", "left: a\nri", &json!({ "left": "a", "right": null }));
    shows("Pair", "left: a\nright: b c", &json!({ "left": "a", "right": "b c" }));
    shows("Sized", "size: 1", &json!({ "size": null, "tags": [] }));
    shows("Sized", "size: 12\n", &json!({ "size": 12, "tags": [] }));
    shows("Pair", "left: |\n  many\n  li", &json!({ "left": "many\nli", "right": null }));
    shows("Pair", "I think that", &json!({ "left": null, "right": null }));
}

#[test]
fn the_beginning_of_an_end_takes_nothing_back() {
    shows("Scores", "{\"note\": \"n\", /", &json!({ "note": "n", "scores": {} }));
    shows("\"delta\" | string", "\"delta", &json!("delta"));
    shows("Words", "```json\n\"two w", &json!("two w"));
    shows("string[] | string", "```js\n", &json!(""));
    gives(
        "Flags",
        "{\"tags\": {\"x\": true}, \"flag\": fal",
        &json!({ "flag": null, "tags": { "x": true } }),
    );
}

#[test]
fn an_object_in_a_field_of_text_stays_as_it_was_written() {
    let written = r#"{"a": [1, 2.50, null, true, "x"]}"#;
    let text = format!(r#"{{"left": {written}, "right": {{b: "x", a: 'y'}}}}"#);
    gives("Pair", &text, &json!({ "left": written, "right": "{b: \"x\", a: 'y'}" }));
    // Until its end was seen, and where it is the whole answer, it is printed.
    shows("Pair", r#"{"left": {"a": [1, 2"#, &json!({ "left": "{a: [1, 2]}", "right": null }));
    gives("string[]", r#"{"a": "b"}"#, &json!(["{a: b}"]));
}

#[test]
fn the_class_that_takes_more_of_an_object_is_meant() {
    let whole = json!({ "scores": { "a": 1 }, "size": 4.5, "tags": [1] });
    let text = r#"{"scores": {"a": [1, {"b": 2}]}, "size": 4.5, "tags": [1]}"#;
    gives("Notes | Lists", text, &whole);
    gives("Notes | Lists", &format!("[{text}]"), &whole);
    gives("Lists | Notes", text, &whole);
}

#[test]
fn an_object_is_a_map_rather_than_the_text_of_a_list() {
    let map = json!({ "b": "x" });
    gives("string[] | map<string, string>", r#"{"a": null, "b": "x"}"#, &map);
    shows("string[] | map<string, string>", r#"{"a": null, "b": "x"#, &map);
}

#[test]
fn what_is_unfinished_does_not_speak_against_a_class() {
    let named = json!({ "name": null, "again": [{ "name": "Ada", "again": [] }] });
    shows("Named | map<string, Single>", r#"{"again": [{"name": "Ada"}], "name": "Ad"#, &named);
}

#[test]
fn a_list_is_not_cut_to_one_item_where_its_text_keeps_all() {
    gives("string[] | int[]", "[[5, 1, 5]]", &json!(["[5, 1, 5]"]));
    gives("int[] | string[]", "[[5, 1, 5]]", &json!([5]));
}

#[test]
fn a_wrapper_may_have_the_name_of_a_field() {
    let named = json!({ "name": "Ada", "again": [{ "name": "Ada", "again": [] }] });
    gives("Named", r#"{"name": {"name": "Ada", "again": [{"name": "Ada"}]}}"#, &named);
    refuses("Named", r#"{"again": [{"name": "Ada"}]}"#);
}

#[test]
fn a_list_in_a_string_is_more_than_a_word_in_it() {
    gives("Code | string[]", r#""['a', 'A1', 'b']""#, &json!(["a", "A1", "b"]));
    gives("(\"a\"?)[]", r#""{\"result\": [\"a\", null]}""#, &json!(["a", null]));
    let twice = r#""[\"a\"]" "[\"b\"]""#;
    gives("string[]", twice, &json!(["a"]));
    gives("string[] | Pair", "```json\n\"[\\\"a\\\"]\"\n```", &json!(["a"]));
}

#[test]
fn quotes_around_a_text_are_not_of_it() {
    gives("string | Pair", "```\n'tab\\t'\n```", &json!("tab\t"));
    gives("Words", "\"\"\"text\"\"\".", &json!("text"));
    shows("Words", "```json\n\"x: y\"\n``", &json!("x: y"));
}

#[test]
fn a_comment_is_no_part_of_the_value_before_it() {
    gives("Single", "{\"text\": a, // note\n}", &json!({ "text": "a" }));
    let escaped = r#""{'left': 'a', # note\n 'right': 'b'}"#;
    shows("Pair", escaped, &pair());
    let path = "{\"left\": \"a\", // C:\\new\n \"right\": \"b\"}";
    gives("Pair", path, &pair());
}

#[test]
fn a_key_whose_quote_is_missing_ends_at_its_colon() {
    let sized = json!({ "size": 1, "tags": ["x"] });
    gives("Sized", r#"{"size: 1, "tags": ["x"]}"#, &sized);
    gives("Sized", r#""{\"size\: 1, \"tags\": [\"x\"]}""#, &sized);
}

#[test]
fn a_list_that_ends_inside_a_text_is_no_text_yet() {
    shows("Single?", r#"["abc", "d"]"#, &json!({ "text": "[abc, d]" }));
    assert!(support::parse_as(TYPES, "Single", r#"["abc"#, true).is_err());
}

#[test]
fn texts_are_not_made_numbers_to_leave_a_wrapper() {
    gives("string[] | float[]", r#"{"result": ["5", "$1,000", "7"]}"#, &json!(["{result: [5, $1,000, 7]}"]));
    gives("string[] | float[]", r#"{"result": [5, 1000, 7]}"#, &json!([5, 1000, 7]));
}

#[test]
fn a_number_in_quotes_is_a_number_rather_than_a_list_of_text() {
    gives("string[] | int", r#""5""#, &json!(5));
    gives("string[] | int", r#""part 5""#, &json!(["part 5"]));
}

#[test]
fn a_fence_without_an_item_takes_nothing_back() {
    shows("Code[]", "[\"A1\", \"bee two\"]\n```[\"A", &json!(["A1", "B2"]));
    shows("Code[]", "[\"A1\", \"bee two\"]\n```[\"A1\"", &json!(["A1"]));
}

#[test]
fn an_object_in_a_map_is_no_less_text_while_it_is_written() {
    let text = r#"{"name": {"a": "b"}}"#;
    gives("string[] | map<string, string>", text, &json!(["{name: {a: b}}"]));
    shows("string[] | map<string, string>", &text[..text.len() - 2], &json!(["{name: {a: b}}"]));
}

#[test]
fn a_comment_behind_a_text_may_have_quotes() {
    gives("string?", "\"5\" // end\"5\" // end", &json!("5"));
    gives("string?", "\"a\" and \"b\"", &json!("a\" and \"b"));
}

#[test]
fn the_mark_of_a_fence_is_no_text() {
    gives("Words", "```", &json!(""));
    gives("Words", "```json\n", &json!(""));
}

#[test]
fn words_in_braces_are_a_part_of_the_text() {
    let text = "Here is the {answer}:\n\"  pad  \"";
    gives("string?", text, &json!(text));
    gives("string?", "{answer}", &json!("{answer}"));
    gives("Pair | string", text, &json!(text));
}

#[test]
fn half_of_an_escaped_quote_is_nothing_yet() {
    shows("Pair", r#""{\"left\": \"a\", \"right\": \"#, &json!({ "left": "a", "right": null }));
}

#[test]
fn a_fence_may_open_where_another_one_closes() {
    gives("float", "```js\n\n``````js\n3\n```", &json!(3));
    gives("int[]", "```\n[1]\n``````\n[2, 3]\n```", &json!([1]));
}

#[test]
fn a_long_list_that_was_cut_off_goes_before_a_small_one_in_prose() {
    gives("Words", "I think [1] so.\n\n[[\"one\", \"two\"], \"thr", &json!([["one", "two"], "thr"]));
    gives("string[]", "As in [1]:\n[\"one\", \"two\", \"thr", &json!(["one", "two", "thr"]));
}

#[test]
fn objects_that_leave_maps_empty_are_no_list_of_maps() {
    let one = r#"{"left": {"left": "a", "right": "b"}}"#;
    let paired = json!({ "left": { "left": "a", "right": "b" } });
    gives("map<string, int>[] | Paired", &format!("{one}{one}"), &paired);
    shows("map<string, int>[] | Paired", &format!("{one}{one}"), &paired);
    shows("map<string, int>[] | Paired", &format!("{one}{}", &one[..one.len() - 1]), &paired);
}

#[test]
fn an_unfinished_value_that_may_not_be_null_takes_nothing_back() {
    shows("Required", r#"{"note": "n", "amount":"#, &json!({ "note": "n", "amount": [] }));
    shows("Required", r#"{"note": "n", "amount": 6.0"#, &json!({ "note": "n", "amount": [] }));
    shows("Required", r#"{"note": "n", "amount": 6.0,"#, &json!({ "note": "n", "amount": 6.0 }));
}

#[test]
fn a_key_on_the_next_line_is_no_value() {
    let flags = json!({ "flag": null, "tags": { "x": true } });
    gives("Flags", "{\n  \"flag\": // not known\n  \"tags\": {\"x\": true}\n}", &flags);
    gives("Flags", "{\n  \"flag\":\n  \"tags\": {\"x\": true}\n}", &flags);
    gives(
        "Pair",
        "{\n  \"left\":\n    \"a\",\n  \"right\":\n    \"b: c\"\n}",
        &json!({ "left": "a", "right": "b: c" }),
    );
    shows("Flags", "{\n  \"flag\":\n  \"tags\": {\"x\": true", &flags);
}

#[test]
fn nothing_but_commas_is_an_empty_list() {
    gives("string[]", r#"{"other": [,]}"#, &json!(["{other: []}"]));
    gives("Single", r#"{"text": [ , ]}"#, &json!({ "text": "[]" }));
    gives("Single", r#"{"text": {"a": [,]}}"#, &json!({ "text": r#"{"a": [,]}"# }));
}

#[test]
fn a_sign_may_stand_before_any_currency() {
    gives("int", "\"-£5\"", &json!(-5));
    gives("float", "it is -€3,50 now", &json!(-3.5));
    gives("int", "\"−₹7\"", &json!(-7));
    gives("int", "\"-$5k\"", &json!(-5000));
    gives("int", "\"-£0\"", &json!(0));
}

#[test]
fn an_object_said_again_takes_nothing_back_while_it_is_written() {
    let whole = json!({ "name": "a", "again": [{ "name": "b", "again": [] }] });
    let first = r#"{"again": [{"name": "b"}], "name": "a"}"#;
    for end in 0..=first.len() {
        shows("Tree", &format!("{first}\n{}", &first[..end]), &whole);
    }
}

#[test]
fn a_word_with_a_digit_goes_before_the_digit_in_it() {
    gives("int | Code", "Here is the answer: A1", &json!("A1"));
    gives("Code | int", "Here is the answer: A1", &json!("A1"));
    gives("int", "Room A1", &json!(1));
    gives("int | Code", "Room 12", &json!(12));
}

#[test]
fn a_number_in_prose_is_no_text_once_a_list_of_texts_has_begun() {
    shows("Words", "I think [1] so.\n\n[\"  p", &json!(["  p"]));
    shows("string[]", "As in [1]:\n[\"o", &json!(["o"]));
}
