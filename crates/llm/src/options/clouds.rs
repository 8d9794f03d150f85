//! The options of Azure, Vertex AI and Bedrock.

use types::Config;

use super::reader::Reader;
use crate::endpoint::Endpoint;
use crate::problem;
use crate::provider::{OptionSet, Provider};

/// Checks what only these providers have.
pub(super) fn check(reader: &mut Reader<'_>, provider: &Provider) {
    match provider.options {
        OptionSet::Azure => azure(reader),
        OptionSet::Vertex => vertex(reader),
        OptionSet::Bedrock => bedrock(reader),
        OptionSet::OpenAi
        | OptionSet::BaseUrlRequired
        | OptionSet::Anthropic
        | OptionSet::Google
        | OptionSet::Strategy => {}
    }
}

/// A place is a URL, or a resource with a deployment, and not both.
fn azure(reader: &mut Reader<'_>) {
    let (url, resource, deployment) =
        (reader.has("base_url"), reader.has("resource_name"), reader.has("deployment_id"));
    match (url, resource, deployment) {
        (false, false, false) => reader.note(problem::azure_needs_a_place()),
        (_, true, false) => reader.note(problem::needed_by("resource_name", "deployment_id")),
        (_, false, true) => reader.note(problem::needed_by("deployment_id", "resource_name")),
        (true, true, true) => reader.note(problem::not_together("resource_name", "base_url")),
        (true, false, false) | (false, true, true) => {}
    }
}

/// The base URL of `resource_name` and `deployment_id`, when both are there and known.
pub(super) fn azure_deployment(reader: &mut Reader<'_>) -> Option<Endpoint> {
    let resource = reader.text("resource_name");
    let deployment = reader.text("deployment_id");
    let (resource, deployment) = (resource?.known?, deployment?.known?);
    let is_label =
        !resource.is_empty() && resource.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let endpoint = if is_label { Endpoint::azure(&resource, &deployment) } else { None };
    if endpoint.is_none() {
        reader.note(problem::bad_resource_name(&["resource_name"]));
    }
    endpoint
}

fn vertex(reader: &mut Reader<'_>) {
    match (reader.has("location"), reader.has("base_url")) {
        (true, true) => reader.note(problem::not_together("location", "base_url")),
        (false, false) => reader.note(problem::vertex_needs_a_place()),
        (true, false) | (false, true) => {}
    }
    for key in ["location", "project_id", "credentials_content", "anthropic_version"] {
        reader.text(key);
    }
    match reader.options.get("credentials") {
        None => {}
        Some(value @ Config::Map(_)) => {
            reader.json(&["credentials"], value);
        }
        Some(value @ (Config::String(_) | Config::Env(_))) => {
            reader.text_at(&["credentials"], value);
        }
        Some(other) => reader.note(problem::wrong_kind(&["credentials"], "a string or a map", other)),
    }
}

fn bedrock(reader: &mut Reader<'_>) {
    const FIELDS: &str = "additional_model_request_fields";
    if reader.has("model") && reader.has("model_id") {
        reader.note(problem::not_together("model", "model_id"));
    }
    for key in ["region", "access_key_id", "secret_access_key", "session_token", "profile", "endpoint_url"] {
        reader.text(key);
    }
    if let Some(entries) = reader.map("inference_configuration") {
        const KEYS: [&str; 4] = ["max_tokens", "temperature", "top_p", "stop_sequences"];
        for key in entries.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            reader.note(problem::unknown_in_block(&["inference_configuration"], key, &KEYS));
        }
    }
    if reader.map(FIELDS).is_some()
        && let Some(fields) = reader.options.get(FIELDS)
    {
        reader.json(&[FIELDS], fields);
    }
}
