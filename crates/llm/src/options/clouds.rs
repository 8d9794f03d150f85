//! The options of Azure, Vertex AI and Bedrock.

use secrecy::{ExposeSecret, SecretString};
use types::Config;

use super::bedrock;
use super::reader::{Lookup, Reader};
use crate::credentials::{AwsKeys, AwsSource, CredentialSource, EntraSource, GoogleSource};
use crate::endpoint::Endpoint;
use crate::environment::stands_for;
use crate::problem;
use crate::provider::{OptionSet, Provider};

/// What only these providers have.
#[derive(Default)]
pub(super) struct Cloud {
    pub(super) credentials: Option<CredentialSource>,
    pub(super) project: Option<String>,
    pub(super) region: Option<String>,
}

/// Reads and checks what only these providers have.
pub(super) fn read(reader: &mut Reader<'_>, provider: &Provider) -> Cloud {
    match provider.options {
        OptionSet::Azure => azure(reader),
        OptionSet::Foundry => foundry(reader),
        OptionSet::Vertex => vertex(reader),
        OptionSet::Bedrock => aws_bedrock(reader),
        OptionSet::OpenAi
        | OptionSet::BaseUrlRequired
        | OptionSet::Anthropic
        | OptionSet::Google
        | OptionSet::Strategy => Cloud::default(),
    }
}

/// The first of these variables that is really set and not empty.
pub(super) fn set_variable(reader: &Reader<'_>, names: &[&str]) -> Option<String> {
    let Lookup::Now { environment } = reader.lookup else { return None };
    names
        .iter()
        .filter(|name| environment.is_set(name))
        .find_map(|name| environment.get(name).filter(|value| !value.is_empty()))
}

/// A place is a URL, or a resource with a deployment, and not both.
fn azure(reader: &mut Reader<'_>) -> Cloud {
    let (url, resource, deployment) =
        (reader.has("base_url"), reader.has("resource_name"), reader.has("deployment_id"));
    match (url, resource, deployment) {
        (false, false, false) => reader.note(problem::azure_needs_a_place()),
        (_, true, false) => reader.note(problem::needed_by("resource_name", "deployment_id")),
        (_, false, true) => reader.note(problem::needed_by("deployment_id", "resource_name")),
        (true, true, true) => reader.note(problem::not_together("resource_name", "base_url")),
        (true, false, false) | (false, true, true) => {}
    }
    let credentials = entra(reader).map(CredentialSource::AzureEntra);
    Cloud { credentials, ..Cloud::default() }
}

/// The variable that names the resource, as other clients of Azure read it.
const RESOURCE_VARIABLE: &str = "AZURE_RESOURCE_NAME";

/// A place is a URL or a resource, which may come from its variable.
fn foundry(reader: &mut Reader<'_>) -> Cloud {
    if reader.has("base_url") && reader.has("resource_name") {
        reader.note(problem::not_together("resource_name", "base_url"));
    }
    let credentials = entra(reader).map(CredentialSource::AzureEntra);
    Cloud { credentials, ..Cloud::default() }
}

/// The base URL of the resource.
pub(super) fn foundry_resource(reader: &mut Reader<'_>) -> Option<Endpoint> {
    let path = ["resource_name"];
    let (resource, variable) = match reader.options.get("resource_name") {
        Some(value) => (reader.text_at(&path, value)?.known?, variable_of(value)),
        None => (reader.variable(&path, RESOURCE_VARIABLE)?.known?, Some(RESOURCE_VARIABLE)),
    };
    let endpoint = is_resource(&resource, variable).then(|| Endpoint::foundry(&resource)).flatten();
    if endpoint.is_none() {
        reader.note(problem::bad_resource_name(&path));
    }
    endpoint
}

/// The variable that an option names.
pub(super) fn variable_of(value: &Config) -> Option<&str> {
    match value {
        Config::Env(name) => Some(name),
        _ => None,
    }
}

/// Whether it can be the name of a resource, or stands for the variable that has it.
fn is_resource(name: &str, variable: Option<&str>) -> bool {
    is_label(name) || variable.is_some_and(|variable| stands_for(name, variable))
}

fn is_label(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Any of the three options asks for an application; what is left out is in the variables of Azure's own tools.
fn entra(reader: &mut Reader<'_>) -> Option<EntraSource> {
    const OPTIONS: [(&str, &str); 3] = [
        ("tenant_id", "AZURE_TENANT_ID"),
        ("client_id", "AZURE_CLIENT_ID"),
        ("client_secret", "AZURE_CLIENT_SECRET"),
    ];
    let first = OPTIONS.iter().map(|(option, _)| *option).find(|option| reader.has(option))?;
    if reader.has("api_key") {
        reader.note(problem::not_together("api_key", first));
    }
    let mut texts = OPTIONS.map(|(option, variable)| {
        if let Some(text) = reader.text(option) {
            return text.known;
        }
        let known = set_variable(reader, &[variable]);
        if known.is_none() && !reader.has(option) && matches!(reader.lookup, Lookup::Now { .. }) {
            reader.note(problem::needs_entra(&[option], variable));
        }
        known
    });
    Some(EntraSource {
        tenant_id: texts[0].take()?,
        client_id: texts[1].take()?,
        client_secret: SecretString::from(texts[2].take()?),
    })
}

/// The base URL of `resource_name` and `deployment_id`, when both are there and known.
pub(super) fn azure_deployment(reader: &mut Reader<'_>) -> Option<Endpoint> {
    let resource = reader.text("resource_name");
    let deployment = reader.text("deployment_id");
    let (resource, deployment) = (resource?.known?, deployment?.known?);
    let variable = reader.options.get("resource_name").and_then(variable_of);
    let endpoint =
        is_resource(&resource, variable).then(|| Endpoint::azure(&resource, &deployment)).flatten();
    if endpoint.is_none() {
        reader.note(problem::bad_resource_name(&["resource_name"]));
    }
    endpoint
}

fn vertex(reader: &mut Reader<'_>) -> Cloud {
    match (reader.has("location"), reader.has("base_url")) {
        (true, true) => reader.note(problem::not_together("location", "base_url")),
        (false, false) => reader.note(problem::vertex_needs_a_place()),
        (true, false) | (false, true) => {}
    }
    let given = google(reader);
    let content = reader.text("credentials_content").and_then(|text| text.known);
    let source = given.or(content.map(|content| GoogleSource::Json(content.into())));
    let source = source.unwrap_or(GoogleSource::Default);
    let mut project = match reader.text("project_id") {
        Some(project) => project.known,
        None => project_of(&source),
    };
    if let Some(Config::Callback(_)) = reader.options.get("api_key") {
        // A token says nothing of its project.
        project = project.or_else(|| set_variable(reader, &["GOOGLE_CLOUD_PROJECT"]));
    }
    Cloud { credentials: Some(CredentialSource::Google(source)), project, region: None }
}

/// The project that a credentials file of a service account names; files of people name none that can be billed.
fn project_of(source: &GoogleSource) -> Option<String> {
    let GoogleSource::Json(content) = source else { return None };
    let content: serde_json::Value = serde_json::from_str(content.expose_secret()).ok()?;
    content.get("project_id")?.as_str().filter(|project| !project.is_empty()).map(str::to_owned)
}

/// `credentials`: the content of a credentials file, as text or as a map, or the path of one.
fn google(reader: &mut Reader<'_>) -> Option<GoogleSource> {
    match reader.options.get("credentials")? {
        value @ Config::Map(_) => {
            Some(GoogleSource::Json(reader.json(&["credentials"], value).to_string().into()))
        }
        value @ (Config::String(_) | Config::Env(_)) => {
            reader.text_at(&["credentials"], value)?.known.map(GoogleSource::of_text)
        }
        other => {
            reader.note(problem::wrong_kind(&["credentials"], "a string or a map", other));
            None
        }
    }
}

fn aws_bedrock(reader: &mut Reader<'_>) -> Cloud {
    let region = match reader.text("region") {
        Some(text) => text.known,
        None => set_variable(reader, &["AWS_REGION", "AWS_DEFAULT_REGION"]),
    };
    let keys = aws(reader);
    let credentials = (!bedrock::sends_key(reader)).then_some(CredentialSource::Aws(keys));
    Cloud { credentials, region, project: None }
}

/// Keys come in pairs: where the options give one, the other may be in the variable that AWS's own tools read.
fn aws(reader: &mut Reader<'_>) -> AwsSource {
    const PAIR: [(&str, &str); 2] =
        [("access_key_id", "AWS_ACCESS_KEY_ID"), ("secret_access_key", "AWS_SECRET_ACCESS_KEY")];
    let has_keys = ["access_key_id", "secret_access_key", "session_token"].iter().any(|key| reader.has(key));
    let [access_key_id, secret_access_key] = PAIR.map(|(key, variable)| {
        let text = if reader.has(key) {
            reader.text(key)
        } else if has_keys {
            reader.variable(&[key], variable)
        } else {
            None
        };
        text.and_then(|text| text.known)
    });
    let mut text = |key: &str| reader.text(key).and_then(|text| text.known);
    let session_token = text("session_token").map(SecretString::from);
    let keys = access_key_id.zip(secret_access_key).map(|(access_key_id, secret_access_key)| AwsKeys {
        access_key_id,
        secret_access_key: SecretString::from(secret_access_key),
        session_token,
    });
    AwsSource { keys, profile: text("profile") }
}
