//! Every row of the provider table holds together.

use std::collections::{BTreeMap, HashSet};

use crate::llm::{
    Auth, Client, Mode, OptionSet, PROVIDERS, ProviderKind, nearest_provider, provider, request,
};
use types::{Config, ConfigMap, Prompt};

#[test]
fn names_and_aliases_are_unique_and_found() {
    let mut seen = HashSet::new();
    for row in PROVIDERS {
        for name in row.aliases.iter().chain([&row.name]) {
            assert!(seen.insert(*name), "{name} stands for two providers");
            assert_eq!(provider(name).map(|found| found.name), Some(row.name));
        }
    }
    for name in ["OpenAI", "openai ", "azure", "bedrock", "round_robin", ""] {
        assert!(provider(name).is_none(), "{name:?}");
    }
}

#[test]
fn words_for_suggestions_lead_to_one_provider() {
    let mut seen = HashSet::new();
    for row in PROVIDERS {
        for word in row.also_called {
            assert!(seen.insert(*word), "{word} suggests two providers");
            assert!(provider(word).is_none(), "{word} is a provider itself");
            assert_eq!(nearest_provider(word), Some(row.name));
        }
    }
    assert_eq!(nearest_provider("antrhopic"), Some("anthropic"));
    assert_eq!(nearest_provider("Gemini"), Some("google-ai"));
}

#[test]
fn every_model_can_be_configured_with_what_its_row_says() {
    for row in PROVIDERS.iter().filter(|row| matches!(row.kind, ProviderKind::Model(_))) {
        let environment: BTreeMap<String, String> = row
            .key_variable
            .iter()
            .map(|name| (name.to_string(), "key-of-the-environment".to_owned()))
            .collect();
        let client = Client::build("Test", row, &needed(row.options), &environment)
            .unwrap_or_else(|problems| panic!("{}: {problems:?}", row.name));
        assert_eq!(client.default_role(), row.default_role, "{}", row.name);
        assert!(client.allowed_roles().contains(&row.default_role.to_owned()), "{}", row.name);
        assert_eq!(client.model(), Some("m"), "{}", row.name);
        assert_eq!(client.media_handlers(), &row.media, "{}", row.name);
        assert!(
            row.key_variable.is_none() || row.auth != Auth::None,
            "{} has a key and no way to send it",
            row.name
        );
    }
}

/// Whose usual role is `user` keeps it wherever it stands; for the others it is the first that is allowed.
#[test]
fn the_usual_role_follows_the_roles_that_are_allowed() {
    let default_role = |name: &str, roles: &[&str]| {
        let row = provider(name).unwrap();
        let mut options = needed(row.options);
        let roles = roles.iter().map(|role| Config::String((*role).to_owned())).collect();
        options.insert("api_key".to_owned(), Config::String("k".to_owned()));
        options.insert("allowed_roles".to_owned(), Config::List(roles));
        let client = Client::build("Test", row, &options, &BTreeMap::new()).unwrap();
        client.default_role().to_owned()
    };
    assert_eq!(default_role("openai", &["developer", "user", "system"]), "developer");
    assert_eq!(default_role("openai", &["user", "system"]), "user");
    assert_eq!(default_role("openai-responses", &["system", "user"]), "system");
    assert_eq!(default_role("anthropic", &["system", "user"]), "user");
    assert_eq!(default_role("anthropic", &["tool", "assistant"]), "tool");
}

#[test]
fn a_missing_key_names_the_variable() {
    let nothing = BTreeMap::new();
    for row in PROVIDERS {
        let Some(variable) = row.key_variable.filter(|_| !row.key_is_optional) else { continue };
        let problems = Client::build("Test", row, &needed(row.options), &nothing).unwrap_err();
        assert_eq!(problems.len(), 1, "{}", row.name);
        assert!(problems[0].message.contains(variable), "{}", row.name);
    }
}

/// The variables that stand for options which shorthand cannot give.
const PLACES: [(&str, &str); 2] = [("AZURE_RESOURCE_NAME", "my-team"), ("AWS_REGION", "us-east-1")];

/// `groq/m` is enough, with the key in its variable. The rest of each row is in the snapshot, to be looked at.
#[test]
fn every_vendor_is_usable_as_shorthand() {
    let mut table = String::new();
    for row in PROVIDERS.iter().filter(|row| row.strategy().is_none()) {
        // These have a place that is theirs alone, and no variable for it.
        if matches!(row.options, OptionSet::BaseUrlRequired | OptionSet::Azure | OptionSet::Vertex) {
            continue;
        }
        let variables = row.key_variable.map(|name| (name, "key-of-the-environment"));
        let environment: BTreeMap<String, String> = variables
            .into_iter()
            .chain(PLACES)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let model = ConfigMap::from_iter([("model".to_owned(), Config::String("m".to_owned()))]);
        let client = Client::build(&format!("{}/m", row.name), row, &model, &environment)
            .unwrap_or_else(|problems| panic!("{}: {problems:?}", row.name));
        let request = request(&client, &Prompt::default(), Mode::Stream).unwrap();
        let key = request.headers.iter().find(|(_, value)| value.expose().contains("key-of-the-environment"));
        assert_eq!(key.is_some(), row.key_variable.is_some(), "{}", row.name);
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let header = key.map_or("no key", |(name, _)| name.as_str());
        let usage = if body["stream_options"]["include_usage"] == true { ", asks for usage" } else { "" };
        table.push_str(&format!("{}: {} ({header}{usage})\n", row.name, request.url));
        if row.key_is_optional {
            let client = Client::build("Test", row, &model, &BTreeMap::new()).unwrap();
            assert!(crate::llm::request(&client, &Prompt::default(), Mode::Call).unwrap().headers.len() == 1);
        }
    }
    insta::assert_snapshot!(table);
}

/// The fewest options that are enough.
fn needed(options: OptionSet) -> ConfigMap {
    let pairs: &[(&str, &str)] = match options {
        OptionSet::OpenAi | OptionSet::Anthropic | OptionSet::Google => &[],
        OptionSet::BaseUrlRequired => &[("base_url", "http://h.test/v1")],
        OptionSet::Azure => &[("resource_name", "r"), ("deployment_id", "d")],
        OptionSet::Foundry => &[("resource_name", "r")],
        OptionSet::Vertex => &[("location", "us-central1")],
        OptionSet::Bedrock => &[("region", "us-west-2")],
        OptionSet::Strategy => unreachable!("strategies are not clients of a model"),
    };
    let with_model = pairs.iter().chain(&[("model", "m")]);
    with_model.map(|(key, value)| (key.to_string(), Config::String(value.to_string()))).collect()
}
