//! Who is asked next after a failure.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::registry::{self, Arm, Cause, ClientRegistry, Facts, Reason, Steps};
use crate::support::{self, Turns};

const PROGRAM: &str = "function F(x: string) -> string {\n  client \"openai/m\"\n  prompt #\"{{ x }}\"#\n}\n";

/// A registry of these clients, of which the first answers.
fn clients(json: &Value) -> ClientRegistry {
    let (registry, warnings) = ClientRegistry::from_json(json, true).unwrap();
    assert_eq!(warnings, []);
    let first = registry.names().next().unwrap().to_owned();
    registry.with_primary(&first)
}

fn plan(json: &Value, tags: &[(&str, &str)]) -> registry::Plan {
    let schema = support::program(PROGRAM);
    let tags = tags.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    registry::plan(&schema, Some(&clients(json)), &schema.functions["F"], &Turns::default(), &tags).unwrap()
}

fn status(status: u16) -> Facts {
    Facts::new(Cause::Status).with_status(status)
}

/// Who is asked and after which wait, when each attempt fails in the way that its turn says.
fn tried(plan: &registry::Plan, failures: &[Facts]) -> Vec<String> {
    let mut steps: Steps = plan.steps();
    let mut tried = Vec::new();
    for facts in failures {
        let Some(step) = steps.next() else {
            tried.push("end".to_owned());
            return tried;
        };
        let wait = if step.delay.is_zero() { String::new() } else { format!(" +{}", step.delay.as_millis()) };
        tried.push(format!("{}{wait}: {}", step.client.name(), step.reason));
        steps.failed(facts, 0.0);
    }
    if steps.next().is_none() {
        tried.push("end".to_owned());
    }
    tried
}

fn model(name: &str) -> Value {
    json!({ "name": name, "provider": "openai", "options": { "model": name } })
}

fn with_policy(name: &str, policy: &Value) -> Value {
    json!({ "name": name, "provider": "openai", "options": { "model": name }, "retry_policy": policy })
}

fn strategy(name: &str, provider: &str, options: &Value) -> Value {
    json!({ "name": name, "provider": provider, "options": options })
}

#[test]
fn a_client_is_asked_again_only_when_that_may_help() {
    let plan = plan(&json!({ "clients": [with_policy("A", &json!({ "max_retries": 2 }))] }), &[]);
    assert_eq!(
        tried(&plan, &[status(503), Facts::new(Cause::Network), Facts::new(Cause::Timeout)]),
        ["A: first", "A +200: retry 1 after status", "A +200: retry 2 after network", "end"]
    );
    assert_eq!(tried(&plan, &[status(401)]), ["A: first", "end"]);
    assert_eq!(tried(&plan, &[Facts::new(Cause::Validation)]), ["A: first", "end"]);
    assert_eq!(
        tried(&plan, &[status(503), status(404)]),
        ["A: first", "A +200: retry 1 after status", "end"]
    );
}

#[test]
fn a_fallback_moves_on_at_once_after_every_failure_to_answer() {
    let members = json!({ "strategy": ["A", "B", "C", "D"] });
    let plan = plan(
        &json!({ "clients": [
            strategy("All", "fallback", &members), model("A"), model("B"), model("C"), model("D"),
        ] }),
        &[],
    );
    assert_eq!(
        tried(&plan, &[status(400), Facts::new(Cause::Unusable), Facts::new(Cause::Refusal), status(503)]),
        [
            "A: first",
            "B: next of All after status",
            "C: next of All after unusable",
            "D: next of All after refusal",
            "end"
        ]
    );
    assert_eq!(tried(&plan, &[Facts::new(Cause::Validation)]), ["A: first", "end"]);
    assert_eq!(tried(&plan, &[status(500), Facts::new(Cause::FinishReason)])[2], "end");
}

#[test]
fn a_fallback_moves_on_after_answers_when_it_is_told_to() {
    let inner = json!({ "strategy": ["A", "B"], "fallback_on": ["validation"] });
    let plan = plan(
        &json!({ "clients": [
            strategy("Outer", "fallback", &json!({ "strategy": ["Inner", "C"] })),
            strategy("Inner", "fallback", &inner), model("A"), model("B"), model("C"),
        ] }),
        &[],
    );
    let validation = Facts::new(Cause::Validation);
    // The outer one takes the answer for an answer, once nobody is left inside.
    assert_eq!(
        tried(&plan, &[validation, validation]),
        ["A: first", "B: next of Inner after validation", "end"]
    );
    assert_eq!(
        tried(&plan, &[validation, status(500), status(500)]),
        ["A: first", "B: next of Inner after validation", "C: next of Outer after status", "end"]
    );
    assert_eq!(tried(&plan, &[Facts::new(Cause::FinishReason)]), ["A: first", "end"]);
}

#[test]
fn a_policy_may_ask_again_after_an_answer() {
    let policy = json!({ "max_retries": 1, "retry_on": ["validation"] });
    let all = json!({ "name": "All", "provider": "fallback", "options": { "strategy": ["A", "B"] }, "retry_policy": policy });
    let plan = plan(&json!({ "clients": [all, model("A"), model("B")] }), &[]);
    let validation = Facts::new(Cause::Validation);
    assert_eq!(
        tried(&plan, &[validation, validation]),
        ["A: first", "A +200: All again, retry 1 after validation", "end"]
    );
    assert_eq!(tried(&plan, &[status(503), status(503)])[2], "end");
}

#[test]
fn a_strategy_is_repeated_when_one_of_its_members_may_answer_then() {
    let all = json!({
        "name": "All", "provider": "fallback", "options": { "strategy": ["A", "B"] },
        "retry_policy": { "max_retries": 1 },
    });
    let plan = plan(&json!({ "clients": [all, model("A"), model("B")] }), &[]);
    assert_eq!(
        tried(&plan, &[status(503), status(401), status(503), status(503)]),
        [
            "A: first",
            "B: next of All after status",
            "A +200: All again, retry 1 after status",
            "B: next of All after status",
            "end"
        ]
    );
    assert_eq!(tried(&plan, &[status(401), status(403)])[2], "end");
}

#[test]
fn who_asks_for_time_gets_it_unless_another_member_is_there() {
    let patient = json!({ "max_retries": 1, "jitter": "none" });
    let clients = json!({ "clients": [
        strategy("Both", "fallback", &json!({ "strategy": ["A", "B"] })),
        with_policy("A", &patient), with_policy("B", &patient),
    ] });
    let plan = plan(&clients, &[]);
    let limited = |milliseconds| status(429).with_retry_after(Duration::from_millis(milliseconds));
    assert_eq!(
        tried(&plan, &[limited(5000), limited(5000), limited(5000)]),
        ["A: first", "B: next of Both after status", "B +5000: retry 1 after status", "end"]
    );
    // No longer than the policy waits anyway.
    assert_eq!(tried(&plan, &[limited(100)])[..1], ["A: first"]);
    assert_eq!(tried(&plan, &[limited(100), status(500)])[1], "A +200: retry 1 after status");
}

#[test]
fn a_pass_waits_for_the_first_member_that_wants_to_be_asked_again() {
    let all = json!({
        "name": "All", "provider": "fallback", "options": { "strategy": ["A", "B"] },
        "retry_policy": { "max_retries": 1, "jitter": "none" },
    });
    let plan = plan(&json!({ "clients": [all, model("A"), model("B")] }), &[]);
    let limited = |milliseconds| status(429).with_retry_after(Duration::from_millis(milliseconds));
    let second_pass = |failures: &[Facts]| tried(&plan, failures)[2].clone();
    let next = [status(500)];
    assert_eq!(
        second_pass(&[&[limited(5000), limited(3000)][..], &next].concat()),
        "A +3000: All again, retry 1 after status"
    );
    assert_eq!(
        second_pass(&[&[limited(5000), status(503)][..], &next].concat()),
        "A +200: All again, retry 1 after status"
    );
}

#[test]
fn a_round_robin_does_not_wait_for_whom_it_does_not_ask() {
    let turns = json!({
        "name": "Turns", "provider": "round-robin", "options": { "strategy": ["A", "B"], "start": 0 },
        "retry_policy": { "max_retries": 1, "jitter": "none" },
    });
    let plan = plan(&json!({ "clients": [turns, model("A"), model("B")] }), &[]);
    let limited = status(429).with_retry_after(Duration::from_secs(5));
    assert_eq!(
        tried(&plan, &[limited, limited]),
        ["A: first", "B +200: Turns again, retry 1 after status", "end"]
    );
}

#[test]
fn members_may_have_options_of_their_own() {
    let members = json!({ "strategy": [
        "A",
        { "client": "A", "options": { "temperature": 0, "headers": { "x-tier": "silver" } } },
        { "client": "openai/other", "options": { "model": "z" } },
        "A",
    ] });
    let headers = json!({ "x-tier": "gold", "x-other": "1" });
    let a = json!({ "name": "A", "provider": "openai", "options": { "model": "a", "headers": headers } });
    let plan = plan(&json!({ "clients": [strategy("All", "fallback", &members), a] }), &[]);
    let options: Vec<Value> = plan
        .preview()
        .map(|step| {
            let client = step.client.build(&llm::Placeholders(&BTreeMap::new())).unwrap();
            let message = types::Message {
                role: "user".to_owned(),
                parts: vec![types::Part { content: types::Content::Text("x".to_owned()), metadata: None }],
            };
            let prompt = types::Prompt { messages: vec![message] };
            let request = llm::request(&client, &prompt, llm::Mode::Call).unwrap();
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let header = |name| request.header(name).map(|value| value.expose().to_owned());
            json!([body["model"], body["temperature"], header("x-tier"), header("x-other")])
        })
        .collect();
    assert_eq!(
        options,
        [
            json!(["a", null, "gold", "1"]),
            json!(["a", 0, "silver", "1"]),
            json!(["z", null, null, null]),
            json!(["a", null, "gold", "1"])
        ]
    );
}

#[test]
fn options_over_a_strategy_are_refused() {
    let members = json!({ "strategy": [{ "client": "Inner", "options": { "start": 0 } }] });
    let clients = clients(&json!({ "clients": [
        strategy("Outer", "fallback", &members),
        strategy("Inner", "round-robin", &json!({ "strategy": ["openai/a"] })),
    ] }));
    let schema = support::program(PROGRAM);
    let function = &schema.functions["F"];
    let error =
        registry::plan(&schema, Some(&clients), function, &Turns::default(), &BTreeMap::new()).unwrap_err();
    assert_eq!(
        error.message(),
        "the strategy of client `Outer` gives options to its member `Inner`, which is a strategy: only a model's \
         options can be overridden"
    );
}

fn split(options: &Value) -> Value {
    json!({ "clients": [strategy("Split", "weighted", options), model("A"), model("B")] })
}

const WEIGHTS: &str = r#"[{ "client": "A", "weight": 90 }, { "client": "B", "weight": 10 }]"#;

fn weights() -> Value {
    serde_json::from_str(WEIGHTS).unwrap()
}

#[test]
fn a_key_always_gets_the_same_arm_in_the_proportion_of_the_weights() {
    let arm = |user: &str| {
        let plan = plan(&split(&json!({ "strategy": weights(), "sticky_key": user })), &[]);
        plan.preview().next().unwrap().arms.remove(0)
    };
    let first = arm("user-1");
    assert_eq!(
        first,
        Arm {
            strategy: "Split".into(),
            member: first.member.clone(),
            position: first.position,
            sticky: true
        }
    );
    assert_eq!(arm("user-1"), first);
    let others = (0..500).filter(|user| &*arm(&format!("user-{user}")).member == "B").count();
    assert!((30..75).contains(&others), "{others} of 500 got the arm of a tenth");
}

#[test]
fn a_key_may_be_a_tag_of_the_call() {
    let options = json!({ "strategy": weights(), "sticky_key": { "tag": "user" } });
    let arm = |tags: &[(&str, &str)]| plan(&split(&options), tags).preview().next().unwrap().arms.remove(0);
    let by_text = |user: &str| {
        let options = json!({ "strategy": weights(), "sticky_key": user });
        plan(&split(&options), &[]).preview().next().unwrap().arms.remove(0)
    };
    for user in ["user-1", "user-2", "user-13"] {
        assert_eq!(arm(&[("user", user)]), by_text(user));
    }
    // Without the tag it is chance, which is one half here.
    let arm = arm(&[("other", "x")]);
    assert_eq!((&*arm.member, arm.sticky), ("A", false));
}

#[test]
fn an_arm_stays_for_the_whole_call() {
    let mut json = split(&json!({ "strategy": weights() }));
    json["clients"][0]["retry_policy"] = json!({ "max_retries": 2, "jitter": "none" });
    let plan = plan(&json, &[]);
    assert_eq!(
        tried(&plan, &[status(503); 3]),
        [
            "A: first",
            "A +200: Split again, retry 1 after status",
            "A +200: Split again, retry 2 after status",
            "end"
        ]
    );
    assert_eq!(plan.worst_case(), 3);
}

#[test]
fn reasons_are_known_without_failures_too() {
    let all = json!({
        "name": "All", "provider": "fallback", "options": { "strategy": ["A", "B"] },
        "retry_policy": { "max_retries": 1 },
    });
    let a = with_policy("A", &json!({ "max_retries": 1, "jitter": "full" }));
    let plan = plan(&json!({ "clients": [all, a, model("B")] }), &[]);
    let steps: Vec<registry::Step> = plan.preview().collect();
    assert_eq!(steps.len(), 6);
    assert_eq!(steps[0].reason, Reason::First);
    assert_eq!(steps[1].reason, Reason::Retry { number: 1, after: None });
    assert_eq!(steps[1].delay_range, (Duration::ZERO, Duration::from_millis(200)));
    assert_eq!(steps[2].reason, Reason::NextMember { of: "All".into(), after: None });
    assert_eq!(steps[3].reason, Reason::NextPass { of: "All".into(), number: 1, after: None });
    assert_eq!(steps[3].delay_range, (Duration::from_millis(200), Duration::from_millis(220)));
    assert_eq!(plan.worst_case(), 6);
}

#[test]
fn a_client_of_the_program_may_have_a_policy_of_its_own() {
    let client = "client<llm> A {\n  provider openai\n  retry_policy { max_retries 4, jitter none }\n}\n";
    let schema = support::program(&format!("{client}{}", PROGRAM.replace("\"openai/m\"", "A")));
    let function = &schema.functions["F"];
    let plan = registry::plan(&schema, None, function, &Turns::default(), &BTreeMap::new()).unwrap();
    assert_eq!(plan.worst_case(), 5);
}
