//! What a plan costs, beside registries of other sizes: the time must not grow with the clients that a call does
//! not use.
//!
//! `cargo run --release -p baml-registry --example timing`

#![expect(clippy::disallowed_methods, reason = "a clock is what this program is made of")]
#![expect(clippy::print_stdout, reason = "so is its output")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use baml_registry::{ClientRegistry, Counter, Rotation, plan, variables};
use types::{Config, ConfigMap, Name};

const SOURCE: &str = "function F(x: string) -> string {\n  client \"openai/m\"\n  prompt #\"{{ x }}\"#\n}\n";

struct Still;

impl Rotation for Still {
    fn counter(&self, _: &Name) -> Arc<Counter> {
        Arc::default()
    }

    fn first(&self, _: usize) -> u64 {
        0
    }

    fn unit(&self) -> f64 {
        0.0
    }
}

/// A fallback over three of so many clients.
fn registry(clients: usize) -> ClientRegistry {
    let mut registry = ClientRegistry::new();
    for index in 0..clients.max(3) {
        let options = ConfigMap::from_iter([
            ("model".to_owned(), Config::String(format!("m{index}"))),
            ("api_key".to_owned(), Config::Env(format!("KEY_{index}"))),
        ]);
        // A problem would show below: the plan could not be made.
        let _ = registry.add(&format!("C{index}"), "openai", options, None);
    }
    let members = (0..3).map(|index| Config::String(format!("C{index}"))).collect();
    let options = ConfigMap::from_iter([("strategy".to_owned(), Config::List(members))]);
    let _ = registry.add("All", "fallback", options, None);
    registry.with_primary("All")
}

fn main() {
    let (schema, _) = schema::load(&[("main.baml".to_owned(), SOURCE.to_owned())]);
    let Some(function) = schema.functions.get("F") else { return };
    let tags = BTreeMap::new();
    println!("{:>10} {:>12} {:>12} {:>12}", "clients", "add one, ns", "plan, ns", "variables, ns");
    for clients in [3, 100, 1_000, 10_000, 100_000] {
        let begun = Instant::now();
        let registry = registry(clients);
        let adding = begun.elapsed().as_nanos() / clients as u128;
        let rounds = 20_000;
        let begun = Instant::now();
        let mut steps = 0;
        for _ in 0..rounds {
            let snapshot = registry.clone();
            if let Ok(plan) = plan(&schema, Some(&snapshot), function, &Still, &tags) {
                steps += plan.steps().count();
            }
        }
        let planning = begun.elapsed().as_nanos() / rounds;
        let begun = Instant::now();
        for _ in 0..rounds {
            steps += variables(&schema, Some(&registry), function).len();
        }
        let asking = begun.elapsed().as_nanos() / rounds;
        println!("{clients:>10} {adding:>12} {planning:>12} {asking:>12}");
        if steps as u128 != 6 * rounds {
            println!("unexpected plans: {steps} steps");
        }
    }
}
