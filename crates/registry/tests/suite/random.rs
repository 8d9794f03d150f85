//! Whatever strategies are registered: a plan or an error, and steps without end only where retries ask for it.

use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use types::{Config, ConfigMap};

use crate::registry::{self, ClientRegistry, ErrorKind};
use crate::support::{self, Turns};

const NAMES: [&str; 6] = ["A", "B", "C", "D", "openai/x", "nope"];

fn clients() -> impl Strategy<Value = Vec<(usize, bool, Vec<usize>)>> {
    let members = prop::collection::vec(0..NAMES.len(), 1..4);
    prop::collection::vec((0..5_usize, any::<bool>(), members), 0..6)
}

fn strategy(members: impl Iterator<Item = String>) -> ConfigMap {
    ConfigMap::from_iter([("strategy".to_owned(), Config::List(members.map(Config::String).collect()))])
}

const PROGRAM: &str = "function F(x: string) -> string {\n  client \"openai/m\"\n  prompt #\"{{ x }}\"#\n}\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_graph_gives_a_plan_or_an_error(clients in clients(), primary in 0..NAMES.len()) {
        let mut registry = ClientRegistry::new();
        for (name, in_turn, members) in &clients {
            let provider = if *in_turn { "round-robin" } else { "fallback" };
            let members = members.iter().map(|member| NAMES[*member].to_owned());
            // What would close a cycle is refused.
            let _ = registry.add(NAMES[*name], provider, strategy(members), None);
        }
        registry.set_primary(NAMES[primary]).unwrap();
        let schema = support::program(PROGRAM);
        match registry::plan(&schema, Some(&registry), &schema.functions["F"], &Turns::default(), &BTreeMap::new()) {
            Ok(plan) => {
                // Without retries a plan ends: at most three members, six levels deep.
                prop_assert!(plan.steps().count() <= 729);
                prop_assert!(plan.steps().all(|step| step.client.provider().strategy().is_none()));
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::UnknownClient, "{}", error);
            }
        }
    }
}

#[test]
fn strategies_nested_without_end_are_no_trouble() {
    let mut clients = ClientRegistry::new();
    for level in 0..50_000 {
        // Two ways down at each level: the plan has more steps than there are atoms.
        let next = format!("S{}", level + 1);
        clients
            .add(&format!("S{level}"), "fallback", strategy([next.clone(), next].into_iter()), None)
            .unwrap();
    }
    clients.add("S50000", "openai", support::options(&json!({ "model": "m" })), None).unwrap();
    clients.set_primary("S0").unwrap();
    let schema = support::program(PROGRAM);
    let function = &schema.functions["F"];
    let plan =
        registry::plan(&schema, Some(&clients), function, &Turns::default(), &BTreeMap::new()).unwrap();
    assert_eq!(plan.steps().take(1000).count(), 1000);

    let problems =
        clients.add("S50000", "fallback", strategy(["S0".to_owned()].into_iter()), None).unwrap_err();
    assert!(
        problems[0].message.starts_with("a strategy cannot contain itself: the cycle is `S50000` -> `S0`")
    );
    assert!(problems[0].message.len() < 300, "{}", problems[0]);
}
