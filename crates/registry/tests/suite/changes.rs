//! What can be done with a registry: extend, remove, freeze, copy, define policies; and as JSON.

use std::collections::BTreeMap;

use llm::Problem;
use serde_json::{Value, json};
use types::{Config, ConfigMap};

use crate::registry::{self, ClientRegistry, ErrorKind, Origin, PolicyReference};
use crate::support::{self, Turns};

const PROGRAM: &str = r##"
client<llm> Base {
  provider openai
  retry_policy Twice
  options {
    model "base"
    base_url "https://gateway.example/v1"
    temperature 1
    headers { "x-team" blue }
  }
}
client<llm> Both {
  provider fallback
  options { strategy [Base, "openai/last"] }
}
retry_policy Twice { max_retries 2 }
function F(x: string) -> string {
  client Base
  prompt #"{{ x }}"#
}
"##;

fn plan(clients: &ClientRegistry) -> Result<registry::Plan, registry::Error> {
    let schema = support::program(PROGRAM);
    registry::plan(&schema, Some(clients), &schema.functions["F"], &Turns::default(), &BTreeMap::new())
}

fn add(clients: &mut ClientRegistry, name: &str, provider: &str, options: &Value) -> Vec<Problem> {
    clients.add(name, provider, support::options(options), None).unwrap()
}

fn messages(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_client_extends_one_of_the_program() {
    let mut clients = ClientRegistry::new();
    let overrides = json!({ "model": "mine", "headers": { "x-user": "ann" } });
    clients.extend("Mine", "Base", support::options(&overrides), None).unwrap();
    let plan = plan(&clients.with_primary("Mine")).unwrap();
    let client = plan.client();
    assert_eq!((client.to_string().as_str(), client.origin()), ("Mine (openai, mine)", Origin::Registry));
    assert_eq!(client.origin_of("temperature"), Origin::Program);
    assert_eq!(client.origin_of("model"), Origin::Registry);
    let headers = json!({ "x-team": "blue", "x-user": "ann" });
    assert_eq!(client.options()["headers"], Config::from(headers));
    // The policy comes along.
    assert_eq!(plan.worst_case(), 3);
}

#[test]
fn a_client_of_the_program_may_be_extended_under_its_own_name() {
    let mut clients = ClientRegistry::new();
    clients.extend("Base", "Base", support::options(&json!({ "temperature": 0 })), None).unwrap();
    let plan = plan(&clients.with_primary("Both")).unwrap();
    let first = plan.preview().next().unwrap();
    assert_eq!(first.client.options()["temperature"], Config::Number(0.into()));
    assert_eq!(first.client.options()["model"], Config::String("base".to_owned()));
    // Twice over.
    clients.extend("Base", "Base", support::options(&json!({ "model": "new" })), None).unwrap();
    let plan = self::plan(&clients).unwrap();
    assert_eq!(plan.client().to_string(), "Base (openai, new)");
    assert_eq!(plan.client().options()["temperature"], Config::Number(0.into()));
}

#[test]
fn a_client_of_the_registry_is_extended_as_it_is() {
    let mut clients = ClientRegistry::new();
    add(&mut clients, "One", "openai", &json!({ "model": "one", "temperature": 1 }));
    clients.extend("Two", "One", support::options(&json!({ "model": "two" })), Some("Twice".into())).unwrap();
    assert!(clients.remove("One").unwrap());
    clients.extend("Three", "openai/three", support::options(&json!({ "temperature": 0 })), None).unwrap();
    let plan = |name: &str| plan(&clients.with_primary(name)).unwrap();
    assert_eq!(
        (plan("Two").client().to_string().as_str(), plan("Two").worst_case()),
        ("Two (openai, two)", 3)
    );
    assert_eq!(plan("Three").client().to_string(), "Three (openai, three)");
    let problems =
        clients.extend("Four", "Two", support::options(&json!({ "api_key": 5 })), None).unwrap_err();
    assert_eq!(problems[0].path, ["api_key"]);
    assert!(!clients.has("Four"));
}

#[test]
fn what_a_client_extends_may_come_later_but_not_never() {
    let mut clients = ClientRegistry::new();
    clients.extend("Mine", "Later", ConfigMap::new(), None).unwrap();
    clients.extend("Other", "Mine", support::options(&json!({ "temperature": 0 })), None).unwrap();
    let error = plan(&clients.with_primary("Mine")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownClient);
    assert!(error.message().contains("`Later` (what client `Mine` extends)"), "{error}");
    add(&mut clients, "Later", "openai", &json!({ "model": "later" }));
    assert_eq!(plan(&clients.with_primary("Mine")).unwrap().client().to_string(), "Mine (openai, later)");
    assert_eq!(plan(&clients.with_primary("Other")).unwrap().client().to_string(), "Other (openai, later)");
}

#[test]
fn clients_that_extend_each_other_are_found_out() {
    let mut clients = ClientRegistry::new();
    clients.extend("A", "B", ConfigMap::new(), None).unwrap();
    clients.extend("B", "C", ConfigMap::new(), None).unwrap();
    clients.extend("C", "A", ConfigMap::new(), None).unwrap();
    let error = plan(&clients.with_primary("A")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cycle);
    assert!(error.message().starts_with("a client cannot extend itself: the cycle is `"), "{error}");
}

#[test]
fn cycles_are_refused_where_they_close() {
    let mut clients = ClientRegistry::new();
    add(&mut clients, "A", "fallback", &json!({ "strategy": ["openai/x", "B"] }));
    add(&mut clients, "B", "round-robin", &json!({ "strategy": ["C"] }));
    let problems = clients
        .add("C", "weighted", support::options(&json!({ "strategy": [{ "client": "A" }] })), None)
        .unwrap_err();
    assert_eq!(
        messages(&problems),
        ["a strategy cannot contain itself: the cycle is `C` -> `A` -> `B` -> `C`"]
    );
    assert!(clients.add("D", "fallback", support::options(&json!({ "strategy": ["D"] })), None).is_err());
    // Without the link that closed it, all is well.
    clients.remove("B").unwrap();
    add(&mut clients, "C", "weighted", &json!({ "strategy": [{ "client": "A" }] }));
}

#[test]
fn removing_the_primary_brings_the_functions_own_back() {
    let mut clients = ClientRegistry::new();
    add(&mut clients, "Mine", "openai", &json!({ "model": "mine" }));
    clients.set_primary("Mine").unwrap();
    assert!(clients.remove("Mine").unwrap() && !clients.remove("Mine").unwrap());
    assert_eq!((clients.primary(), clients.has("Mine"), clients.variables().len()), (None, false, 0));
    assert_eq!(plan(&clients).unwrap().client().name().as_ref(), "Base");
}

#[test]
fn a_frozen_registry_stays_and_its_copy_does_not() {
    let mut clients = ClientRegistry::new();
    add(&mut clients, "Mine", "openai", &json!({ "model": "mine" }));
    clients.freeze();
    let mut copy = clients.copy();
    let policy = support::options(&json!({ "max_retries": 1 }));
    let refused = [
        clients.add("X", "openai", ConfigMap::new(), None).unwrap_err(),
        clients.extend("X", "Mine", ConfigMap::new(), None).unwrap_err(),
        clients.add_retry_policy("R", &policy).unwrap_err(),
        clients.remove("Mine").unwrap_err(),
        clients.set_primary("Mine").unwrap_err(),
    ];
    for problems in refused {
        assert_eq!(
            messages(&problems),
            ["the registry is frozen and cannot be changed (change a copy of it)"]
        );
    }
    copy.set_primary("Mine").unwrap();
    assert!(clients.is_frozen() && !copy.is_frozen() && clients.primary().is_none());
    assert_eq!(clients.with_primary("Mine").primary(), Some("Mine"));
}

#[test]
fn doubts_are_warnings_or_errors() {
    let options = json!({ "temprature": 1, "api_key": "env.MY_KEY", "stream": true });
    let said = [
        "the option `temprature` is not known and is sent to the provider as it is (did you mean `temperature`?)",
        "`api_key` is the text \"env.MY_KEY\", not the environment variable (in code write { env: 'MY_KEY' }; in a \
         `.baml` file write env.MY_KEY without quotes)",
        "the option `stream` has no effect: each call decides it for itself (`b.stream.F(…)` streams, `b.F(…)` does not)",
        "the option `model` is not given, and provider `openai` needs it",
    ];
    let mut clients = ClientRegistry::new();
    assert_eq!(messages(&add(&mut clients, "Mine", "openai", &options)), said);
    let mut strict = ClientRegistry::strict();
    let problems = strict.add("Mine", "openai", support::options(&options), None).unwrap_err();
    assert_eq!(messages(&problems), said);
    assert!(!strict.has("Mine") && strict.is_strict() && strict.copy().is_strict());
    // A server of one's own may have one model only, and what is wrong is said before what is doubtful.
    let own = json!({ "base_url": "http://127.0.0.1:8080/v1" });
    assert!(strict.add("Mine", "openai", support::options(&own), None).is_ok());
    let problems =
        strict.add("Mine", "openai", support::options(&json!({ "api_key": 5 })), None).unwrap_err();
    assert_eq!(messages(&problems), ["`api_key` must be a string, got a number"]);
}

#[test]
fn policies_are_defined_at_run_time() {
    let mut clients = ClientRegistry::new();
    let policy = json!({ "max_retries": 4 });
    clients.add_retry_policy("Twice", &support::options(&policy)).unwrap();
    // It wins over the program's, for the program's clients too.
    assert_eq!(plan(&clients).unwrap().worst_case(), 5);
    let inline = PolicyReference::read(&Config::from(json!({ "max_retries": 1 }))).unwrap().0;
    clients.add("Mine", "openai", ConfigMap::new(), Some(inline)).unwrap();
    assert_eq!(plan(&clients.with_primary("Mine")).unwrap().worst_case(), 2);
    clients.add("Mine", "openai", ConfigMap::new(), Some("Thrice".into())).unwrap();
    let error = plan(&clients.with_primary("Mine")).unwrap_err();
    assert_eq!(
        error.message(),
        "client `Mine` names the retry policy `Thrice`, which does not exist; did you mean `Twice`?\n\
         retry policies of the registry: `Twice`\nretry policies of the program: `Twice`"
    );
    let problems = clients.add_retry_policy("R", &support::options(&json!({ "max_retrys": 1 }))).unwrap_err();
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `max_retries`?"));
    assert_eq!(
        messages(&PolicyReference::read(&Config::from(json!(5))).unwrap_err()),
        [
            "`retry_policy` must be the name of a retry policy, or a policy, got a number (for example { max_retries: 2 })"
        ]
    );
}

#[test]
fn what_is_probably_not_meant_is_said_when_the_program_is_known() {
    let mut clients = ClientRegistry::new();
    add(&mut clients, "Base", "openai", &json!({ "model": "new" }));
    add(&mut clients, "All", "fallback", &json!({ "strategy": ["Base", "Bose", "openai/x"] }));
    clients.add("Mine", "openai", ConfigMap::new(), Some("Twise".into())).unwrap();
    clients.extend("Fine", "Both", ConfigMap::new(), None).unwrap();
    let overrides = json!({ "startt": 0, "strategy": ["Base"] });
    clients.extend("Odd", "Both", support::options(&overrides), None).unwrap();
    clients.extend("Lost", "Nowhere", ConfigMap::new(), None).unwrap();
    insta::assert_snapshot!(messages(&clients.warnings(&support::program(PROGRAM))).join("\n"));
}

#[test]
fn variables_are_those_of_the_clients_that_a_call_can_come_to() {
    let mut clients = ClientRegistry::new();
    let variable = |name: &str| json!({ "base_url": "http://h.test", "api_key": { "env": name } });
    for index in 0..1000 {
        add(&mut clients, &format!("C{index}"), "openai-generic", &variable(&format!("KEY_{index}")));
    }
    let members = json!({ "strategy": ["C1", { "client": "C2", "options": { "headers": { "x": { "env": "lower" } } } }] });
    add(&mut clients, "All", "fallback", &members);
    let schema = support::program(PROGRAM);
    let variables = |clients: &ClientRegistry| {
        registry::variables(&schema, Some(clients), &schema.functions["F"]).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(variables(&clients), ["OPENAI_API_KEY"]);
    assert_eq!(variables(&clients.with_primary("All")), ["KEY_1", "KEY_2", "lower"]);
    assert_eq!(variables(&clients.with_primary("nobody")), Vec::<String>::new());
    assert_eq!(clients.variables().len(), 1001);
    // A body may hold such an object as it stands.
    add(
        &mut clients,
        "Body",
        "openai",
        &json!({ "metadata": { "env": "prod" }, "user": { "env": "USER_ID" } }),
    );
    let options = plan(&clients.with_primary("Body")).unwrap().client().options().clone();
    assert_eq!(options["metadata"], Config::from(json!({ "env": "prod" })));
    assert_eq!(options["user"], Config::Env("USER_ID".to_owned()));
}

/// A registry with a key wherever one can be.
fn full() -> ClientRegistry {
    let mut clients = ClientRegistry::new();
    let options = json!({
        "model": "m", "api_key": "canary-1", "base_url": "https://me:canary-2@h.test/v1?key=canary-3",
        "headers": { "x-api-key": "canary-4", "x-plain": "canary-5" }, "query_params": { "k": "canary-6" },
        "temperature": 0.5, "vendor_switch": "canary-7", "metadata": { "who": ["canary-8"] },
        "user": "canary-9", "http": { "request_timeout_ms": 5 }, "proxy_url": "http://canary-10",
    });
    add(&mut clients, "Mine", "openai", &options);
    let bedrock = json!({
        "model": "m", "access_key_id": "AKIA", "secret_access_key": "canary-11", "session_token": "canary-12",
    });
    add(&mut clients, "Cloud", "aws-bedrock", &bedrock);
    let members = json!({
        "strategy": [{ "client": "Mine", "weight": 2, "options": { "api_key": "canary-13" } }, "Cloud"],
        "sticky_key": "canary-14",
    });
    add(&mut clients, "Split", "weighted", &members);
    let extended = json!({ "api_key": { "env": "OTHER_KEY" }, "headers": { "x-token": "canary-15" } });
    clients.extend("More", "Base", support::options(&extended), None).unwrap();
    clients.add_retry_policy("R", &support::options(&json!({ "max_retries": 1, "jitter": "full" }))).unwrap();
    let inline = PolicyReference::read(&Config::from(json!({ "max_retries": 2 }))).unwrap().0;
    clients.add("Inline", "openai", ConfigMap::new(), Some(inline)).unwrap();
    clients.add("Named", "openai", ConfigMap::new(), Some("R".into())).unwrap();
    clients.set_primary("Split").unwrap();
    clients
}

#[test]
fn json_has_the_shape_of_a_call_over_http_and_no_secret() {
    let clients = full();
    let json = clients.to_json();
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).unwrap());
    for shown in [json.to_string(), format!("{clients:?} {:?}", clients.clients())] {
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn a_registry_reads_back_from_json_unless_it_had_secrets() {
    let problems = ClientRegistry::from_json(&full().to_json(), false).unwrap_err();
    assert_eq!(problems[0].path, ["clients", "0", "options", "api_key"]);
    assert!(
        problems[0].message.ends_with("holds \"[redacted]\", which stands for a secret that was not shown")
    );
    let json = json!({
        "primary": "All",
        "clients": [
            { "name": "A", "provider": "openai", "options": { "model": "a", "api_key": { "env": "KEY" } } },
            { "name": "All", "provider": "fallback", "options": { "strategy": ["A", "More"] }, "retry_policy": "R" },
            { "name": "More", "extends": "Base", "options": {}, "retry_policy": { "max_retries": 2 } },
        ],
        "retry_policies": { "R": { "max_retries": 1, "jitter": "full", "retry_on": ["timeout", "5xx"] } },
    });
    let (clients, warnings) = ClientRegistry::from_json(&json, true).unwrap();
    assert_eq!(warnings, []);
    let again = clients.to_json();
    let sorted = |mut json: Value| {
        json.sort_all_objects();
        json
    };
    assert_eq!(sorted(again), sorted(json));
    assert_eq!(plan(&clients).unwrap().worst_case(), 8);
    let empty = ClientRegistry::from_json(&json!({}), false).unwrap().0;
    assert_eq!(empty.to_json(), json!({ "clients": [] }));
}

#[test]
fn everything_that_is_wrong_with_json_is_said_with_its_place() {
    let json = json!({
        "Primary": "A",
        "primary": 5,
        "clients": [
            { "name": "A", "provider": "opnai", "options": {} },
            { "name": "B", "provider": "openai", "options": { "api_key": 5 }, "retryPolicy": "R" },
            { "provider": "openai", "options": [] },
            { "name": "C", "provider": "openai", "options": { "temprature": 1 } },
            { "name": "D", "provider": "openai", "extends": "A" },
            { "name": "E", "provider": "openai", "retry_policy": { "max_retries": -1 } },
            { "name": "F" },
            7,
        ],
        "retry_policies": { "R": { "max_retries": "two" }, "S": 5 },
    });
    let problems = ClientRegistry::from_json(&json, true).unwrap_err();
    let lines: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.path.join("."), problem.message)).collect();
    insta::assert_snapshot!(lines.join("\n"));
    for odd in [json!(null), json!([]), json!("x"), json!({ "clients": {} })] {
        assert!(ClientRegistry::from_json(&odd, false).is_err(), "{odd}");
    }
}
