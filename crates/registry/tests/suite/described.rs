//! Plans as they are shown: `b.plan.F` and `baml-cli plan F`.

use std::collections::BTreeMap;

use serde_json::json;

use crate::registry::{self, ClientRegistry};
use crate::support::{self, Turns};

const PROGRAM: &str = r##"
client<llm> A {
  provider openai
  retry_policy Grow
  options {
    model "a"
    temperature 0.5
    http { request_timeout_ms 5000, connect_timeout_ms 100 }
  }
}
client<llm> B {
  provider openai-generic
  options {
    model "b"
    base_url env.B_URL
    api_key env.B_KEY
  }
}
client<llm> All {
  provider fallback
  options {
    strategy [A, { client B, options { temperature 0 } }, "anthropic/claude", Split]
    http { total_timeout_ms 20000 }
  }
}
client<llm> Split {
  provider weighted
  options {
    strategy [{ client A, weight 1 }, { client B, weight 3 }]
    restart_stream false
  }
}
retry_policy Grow {
  max_retries 2
  strategy { type exponential_backoff }
}
function F(x: string) -> string {
  client All
  prompt #"{{ x }}"#
}
"##;

fn describe(
    clients: &ClientRegistry,
    environment: &[(&str, &str)],
    most: usize,
) -> registry::PlanDescription {
    let schema = support::program(PROGRAM);
    let function = &schema.functions["F"];
    let plan = registry::plan(&schema, Some(clients), function, &Turns::default(), &BTreeMap::new()).unwrap();
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    plan.describe(&environment, most)
}

#[test]
fn a_plan_says_who_is_asked_where_when_and_why() {
    let environment =
        [("OPENAI_API_KEY", "canary-openai"), ("B_URL", "https://user:canary-user@b.test/v1?k=canary-url")];
    let shown = describe(&ClientRegistry::new(), &environment, 100).to_string();
    insta::assert_snapshot!(shown);
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_plan_says_where_options_come_from() {
    let mut clients = ClientRegistry::new();
    let options = json!({ "temperature": 0, "headers": { "x-key": "canary" }, "unknown": "canary" });
    clients.extend("Mine", "A", support::options(&options), None).unwrap();
    let members = json!({ "strategy": ["Mine", { "client": "openai/gpt", "options": { "top_p": 1 } }] });
    clients.add("Mix", "round-robin", support::options(&members), None).unwrap();
    let mut first = describe(&clients.with_primary("Mine"), &[("OPENAI_API_KEY", "canary")], 1);
    assert!(!first.complete && first.steps.len() == 1 && first.worst_case == 3);
    let second = describe(&clients.with_primary("Mix"), &[("OPENAI_API_KEY", "canary")], 1);
    first.steps.extend(second.steps);
    let mut text = String::new();
    for step in &first.steps {
        for option in &step.client.options {
            text.push_str(&format!("{} {}: {:?}\n", step.client.name, option.name, option.origin));
        }
    }
    insta::assert_snapshot!(text);
    assert!(!format!("{first} {first:?}").contains("canary"));
}

#[test]
fn a_plan_without_end_is_shown_as_far_as_asked() {
    let mut clients = ClientRegistry::new();
    let policy = json!({ "max_retries": 4_294_967_295_u32 });
    clients.add_retry_policy("Grow", &support::options(&policy)).unwrap();
    let plan = describe(&clients.with_primary("A"), &[], 5);
    assert_eq!((plan.steps.len(), plan.complete, plan.worst_case), (5, false, 4_294_967_296));
    assert!(plan.to_string().ends_with("...\n"));
    // The key is missing: the URL is known all the same.
    let client = &plan.steps[0].client;
    assert_eq!(client.url.as_deref(), Some("https://api.openai.com/v1/chat/completions"));
    assert!(client.problems[0].message.contains("`OPENAI_API_KEY`, which is not set"));
}

#[test]
fn a_client_that_lacks_something_says_its_model_all_the_same() {
    for name in ["azure-openai/gpt-5", "vertex-ai/gemini-3-flash", "openai-generic/llama", "aws-bedrock/nova"]
    {
        let plan = describe(&ClientRegistry::new().with_primary(name), &[], 1);
        let client = &plan.steps[0].client;
        assert_eq!(client.model.as_deref(), name.split('/').nth(1), "{name}");
        assert_eq!(client.problems.is_empty(), name.starts_with("aws"), "{name}");
    }
    let plan = describe(&ClientRegistry::new().with_primary("azure-foundry/gpt-5"), &[], 1);
    let url = "https://$AZURE_RESOURCE_NAME.services.ai.azure.com/openai/v1/chat/completions";
    assert_eq!(plan.steps[0].client.url.as_deref(), Some(url));
}
