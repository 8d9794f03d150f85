//! What is wrong with options: `options/*.json`, each a list of `[provider, options]`, and the problems of each.

use crate::llm;
use crate::support;
use serde_json::{Value, json};

#[test]
fn options() {
    insta::glob!("options/*.json", |path| insta::assert_snapshot!(outcome(&support::read(path))));
}

fn outcome(cases: &Value) -> String {
    let mut text = String::new();
    for case in cases.as_array().unwrap() {
        let [provider, options] = case.as_array().unwrap().as_slice() else { panic!("[provider, options]") };
        let case = json!({ "provider": provider, "options": options });
        let (row, config) = (support::provider(&case), support::options(&case));
        let problems = llm::check_options(row, &config);
        text.push_str(&format!("{} {options}\n", row.name));
        if problems.is_empty() {
            text.push_str("  fine\n");
        }
        let warnings = support::problems(&llm::warn_options(row, &config)).replace(": the", ": warning: the");
        for line in format!("{}{warnings}", support::problems(&problems)).lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text
}

#[test]
fn what_passes_the_check_can_be_built_and_what_does_not_cannot() {
    insta::glob!("options/*.json", |path| {
        for case in support::read(path).as_array().unwrap() {
            let case = json!({ "provider": case[0], "options": case[1] });
            let (row, config) = (support::provider(&case), support::options(&case));
            if row.strategy().is_some() {
                continue;
            }
            let environment = llm::Placeholders(std::collections::BTreeMap::from([
                ("Y".to_owned(), "http://h.test".to_owned()),
                ("ROLE".to_owned(), "user".to_owned()),
            ]));
            let built = llm::Client::build("Test", row, &config, &environment);
            assert_eq!(
                built.map(|_| ()),
                match llm::check_options(row, &config) {
                    problems if problems.is_empty() => Ok(()),
                    problems => Err(problems),
                }
            );
        }
    });
}

#[test]
fn numbers_and_bools_are_read_from_variables() {
    let case = json!({ "provider": "openai", "options": {
        "http": { "request_timeout_ms": { "$env": "MS" } }, "structured_output": { "$env": "S" },
    } });
    let build = |milliseconds: &str, structured: &str| {
        let variables = [("MS", milliseconds), ("S", structured), ("OPENAI_API_KEY", "k")];
        let environment = std::collections::BTreeMap::from(
            variables.map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        llm::Client::build("Test", support::provider(&case), &support::options(&case), &environment)
    };
    let client = build(" 1500", "true").unwrap();
    assert_eq!((client.http().request_timeout_ms, client.structured_output()), (Some(1500), true));
    let problems = build("a-secret", "yes").map(|_| ()).unwrap_err();
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`structured_output` must be `true` or `false`, and `S` holds something else",
            "`http.request_timeout_ms` must be a whole number of milliseconds, and `MS` holds something else",
        ]
    );
}
