//! A program that a `TypeBuilder` extended is rendered by the templates of the program it extends.

use std::collections::BTreeMap;
use std::sync::Arc;

use schema::Additions;
use types::{Arguments, Name, Value};

use crate::support::{Program, client, show};

#[test]
fn what_was_added_is_described_and_printed() {
    let program = Program::load(
        "class Person {\n  name string\n  @@dynamic\n}\n\
         enum Mood {\n  GOOD\n  @@dynamic\n}\n\
         function F(x: Person, mood: Mood) -> Person {\n  client \"openai/m\"\n  prompt #\"\n\
         {{ _.role(\"user\") }}{{ ctx.output_format }}\n{{ x }} {{ mood }} {{ x.age }} {{ Mood.BAD }}\n  \"#\n}\n",
    );
    let mut additions = Additions::default();
    additions
        .add_baml(
            "dynamic class Person {\n  age int @alias(\"years\") @description(\"\u{F0000}\")\n  mood Mood\n}\n\
             dynamic enum Mood {\n  BAD @alias(\"grim\") @description(\"not good\")\n}\n",
        )
        .unwrap();
    let schema = Arc::new(program.schema.extend(&additions).unwrap());
    let function = &schema.functions["F"];
    let person = serde_json::json!({ "name": "Ann", "age": 5, "mood": "BAD" });
    let arguments = Arguments::from([
        (Name::from("x"), Value::from(person)),
        (Name::from("mood"), Value::String("BAD".to_owned())),
    ]);
    let arguments = schema.bind(function, arguments, &program.templates).unwrap();
    let prompt =
        program.templates.render(&schema, function, &arguments, &client(), &BTreeMap::new()).unwrap();
    insta::assert_snapshot!(show(&prompt).replace('\u{F0000}', "<F0000>"));
}
