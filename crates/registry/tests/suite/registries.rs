//! What a registry remembers, and what steps can be told.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use crate::registry::{self, Cause, ClientRegistry, Facts, Origin};
use crate::support::{self, Turns};

const PROGRAM: &str = r##"
client<llm> A {
  provider openai
  retry_policy R
  options { model "a" }
}
client<llm> B {
  provider openai
  options { model "b" }
}
client<llm> All {
  provider fallback
  retry_policy R
  options {
    strategy [A, B]
    http { total_timeout_ms 1000 }
  }
}
client<llm> Outer {
  provider fallback
  options {
    strategy [All, "openai/last"]
    http { total_timeout_ms 5000 }
  }
}
client<llm> Turn {
  provider round-robin
  options {
    strategy [A, B]
    start 0
  }
}
retry_policy R {
  max_retries 1
  strategy {
    type constant_delay
    delay_ms 50
  }
}
retry_policy Endless {
  max_retries 4294967295
}
function F(x: string) -> string {
  client Outer
  prompt #"{{ x }}"#
}
"##;

fn names(steps: impl Iterator<Item = registry::Step>) -> Vec<String> {
    steps.map(|step| step.client.name().to_string()).collect()
}

fn plan(clients: &ClientRegistry, rotation: &Turns) -> registry::Plan {
    let schema = support::program(PROGRAM);
    let function = &schema.functions["F"];
    registry::plan(&schema, Some(clients), function, rotation, &BTreeMap::new()).unwrap()
}

fn with_primary(name: &str) -> ClientRegistry {
    let mut clients = ClientRegistry::new();
    clients.set_primary(name).unwrap();
    clients
}

#[test]
fn plans_and_steps_can_move_between_threads() {
    fn can_move<T: Send + Sync + 'static>() {}
    can_move::<ClientRegistry>();
    can_move::<registry::Plan>();
    can_move::<registry::Steps>();
    can_move::<llm::Client>();
}

#[test]
fn a_refused_client_leaves_the_registry_as_it_was() {
    let mut clients = ClientRegistry::new();
    clients.add("Fast", "openai", support::options(&json!({ "model": "one" })), None).unwrap();
    let problems = clients.add("Fast", "opnai", support::options(&json!({})), None).unwrap_err();
    assert_eq!(problems[0].message, "unknown client provider `opnai`");
    assert!(
        problems[0].help.as_ref().unwrap().starts_with("did you mean `openai`? The providers are `openai`, ")
    );
    let problems =
        clients.add("Fast", "openai", support::options(&json!({ "api_key": 5 })), None).unwrap_err();
    assert_eq!(problems[0].path, ["api_key"]);
    clients.set_primary("Fast").unwrap();
    let plan = plan(&clients, &Turns::default());
    assert_eq!(plan.client().to_string(), "Fast (openai, one)");
    assert_eq!(plan.client().origin(), Origin::Registry);
}

#[test]
fn a_call_keeps_the_registry_that_it_began_with() {
    let mut clients = with_primary("B");
    let snapshot = clients.clone();
    clients.add("B", "openai", support::options(&json!({ "model": "later" })), None).unwrap();
    clients.set_primary("A").unwrap();
    assert_eq!(plan(&snapshot, &Turns::default()).client().to_string(), "B (openai, b)");
    assert_eq!(snapshot.names().count(), 0);
    assert_eq!((clients.primary(), clients.names().collect::<Vec<_>>()), (Some("A"), vec!["B"]));
}

#[test]
fn neither_registry_nor_plan_shows_keys() {
    let mut clients = with_primary("Mine");
    clients
        .add("Mine", "openai", support::options(&json!({ "model": "m", "api_key": "sk-very-secret" })), None)
        .unwrap();
    let plan = plan(&clients, &Turns::default());
    for shown in
        [format!("{clients:?}"), format!("{plan:?}"), plan.to_string(), format!("{:?}", plan.steps())]
    {
        assert!(shown.contains("Mine") && !shown.contains("sk-very-secret"), "{shown}");
    }
}

#[test]
fn the_variables_of_a_registry_are_known() {
    let mut clients = ClientRegistry::new();
    let mut options = support::options(&json!({ "model": "m" }));
    options.insert("base_url".to_owned(), types::Config::Env("MY_URL".to_owned()));
    clients.add("Mine", "anthropic", options, None).unwrap();
    assert_eq!(clients.variables().into_iter().collect::<Vec<_>>(), ["ANTHROPIC_API_KEY", "MY_URL"]);
}

#[test]
fn a_missing_variable_is_found_when_a_step_is_built_and_not_before() {
    let nothing = BTreeMap::new();
    let step = plan(&with_primary("B"), &Turns::default()).steps().next().unwrap();
    let problems = step.client.build(&nothing).unwrap_err();
    assert!(problems[0].message.contains("needs the environment variable `OPENAI_API_KEY`"));
    assert!(step.client.build(&llm::Placeholders(&nothing)).is_ok());
}

#[test]
fn previews_do_not_move_round_robins_on() {
    let (clients, rotation) = (with_primary("Turn"), Turns::default());
    let plan = plan(&clients, &rotation);
    assert_eq!(names(plan.preview().take(1)), ["A"]);
    assert_eq!(names(plan.preview().take(1)), ["A"]);
    assert_eq!(names(plan.steps().take(1)), ["A"]);
    assert_eq!(names(plan.preview().take(1)), ["B"]);
}

#[test]
fn a_round_robin_of_a_registry_turns_for_as_long_as_its_definition_lives() {
    let members = json!({ "strategy": ["A", "B"], "start": 1 });
    let mut clients = with_primary("Mine");
    clients.add("Mine", "round-robin", support::options(&members), None).unwrap();
    let rotation = Turns::default();
    let first = |clients: &ClientRegistry| names(plan(clients, &rotation).steps().take(1)).remove(0);
    // Each call has its own clone.
    assert_eq!([first(&clients.clone()), first(&clients.clone()), first(&clients)], ["B", "A", "B"]);
    clients.add("Mine", "round-robin", support::options(&members), None).unwrap();
    assert_eq!(first(&clients), "B");
}

#[test]
fn retries_are_worked_out_one_at_a_time() {
    let mut clients = with_primary("Mine");
    let members = json!({ "strategy": ["A", "B"] });
    clients.add("Mine", "fallback", support::options(&members), Some("Endless".into())).unwrap();
    clients.add("B", "openai", support::options(&json!({ "model": "b" })), Some("Endless".into())).unwrap();
    let plan = plan(&clients, &Turns::default());
    assert!(plan.to_string().ends_with("20. after 200 ms: B (openai, b)\n...\n"), "{plan}");
    assert_eq!(plan.steps().nth(100_000).unwrap().retry, 99_998);
}

#[test]
fn a_final_failure_moves_on_to_the_next_client() {
    let mut steps = plan(&with_primary("All"), &Turns::default()).steps();
    assert_eq!(steps.next().unwrap().client.name().as_ref(), "A");
    steps.failed(&Facts::new(Cause::Status).with_status(401), 0.0);
    assert_eq!(steps.next().unwrap().client.name().as_ref(), "B");
    steps.failed(&Facts::new(Cause::Status).with_status(503), 0.0);
    assert_eq!(names(steps), ["A", "A", "B"]);
}

#[test]
fn a_strategy_whose_time_is_over_is_left() {
    let mut steps = plan(&ClientRegistry::new(), &Turns::default()).steps();
    let first = steps.next().unwrap();
    let limits: Vec<(String, u64)> =
        first.limits.iter().map(|limit| (limit.client.to_string(), limit.total_timeout_ms)).collect();
    assert_eq!(limits, [("Outer".to_owned(), 5000), ("All".to_owned(), 1000)]);
    // The limits stay the same over the passes of a strategy.
    assert_eq!(steps.by_ref().nth(3).unwrap().limits, first.limits);
    steps.leave(&first.limits[1]);
    let last = steps.next().unwrap();
    assert_eq!(
        (last.client.name().as_ref(), last.delay, last.limits.len()),
        ("openai/last", Duration::ZERO, 1)
    );
    assert!(steps.next().is_none());
}
