//! The options of a client: one check for `.baml` files, `addLlmClient` and HTTP bodies.

mod bedrock;
mod blocks;
mod clouds;
mod http;
mod known;
mod overlay;
mod reader;
mod roles;
mod strategy;
mod vertex;

use secrecy::SecretString;
use serde_json::{Map, Value};
use types::{Config, ConfigMap};

pub(crate) use blocks::{FinishReasons, RoleMetadata};
use clouds::Cloud;
pub use http::{HttpOptions, Proxy, ProxyUrl};
pub use overlay::{REDACTED, overlay, shown_options, stand_in, with_variables};
pub(crate) use reader::Lookup;
use reader::{Reader, Text};
pub(crate) use roles::{Roles, is_o1};
pub use strategy::{StickyKey, StrategyMember, StrategyOptions, strategy_options};
pub(crate) use vertex::{Publisher, Vertex};

use crate::credentials::CredentialSource;
use crate::endpoint::Endpoint;
use crate::header::{HeaderValue, is_header_name, is_header_value, is_secret_header};
use crate::media::{DownloadLimits, MediaHandlers};
use crate::problem::{self, Problem};
use crate::provider::{Auth, Dialect, OptionSet, Provider, ProviderKind};

/// In a body, it is what the call is. As an option it would make an answer that the call does not expect.
const STREAM: &str = "stream";

/// The options of a client of a model, read and checked.
pub(crate) struct Options {
    pub(crate) model: Option<String>,
    /// `None` where the dialect makes the URL itself (Vertex, Bedrock).
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) api_key: Option<SecretString>,
    /// Where credentials come from that are not among the options.
    pub(crate) credentials: Option<CredentialSource>,
    /// The Google Cloud project, as far as it is known here.
    pub(crate) project: Option<String>,
    /// The AWS region, as far as it is known here.
    pub(crate) region: Option<String>,
    /// The user's, in lower case, each once.
    pub(crate) headers: Vec<(String, HeaderValue)>,
    pub(crate) query_params: Vec<(String, SecretString)>,
    pub(crate) roles: Roles,
    pub(crate) role_metadata: RoleMetadata,
    pub(crate) supports_streaming: Option<bool>,
    pub(crate) structured_output: bool,
    pub(crate) finish_reasons: FinishReasons,
    pub(crate) reply_dialect: Option<Dialect>,
    pub(crate) media: MediaHandlers,
    pub(crate) media_download: DownloadLimits,
    pub(crate) http: HttpOptions,
    /// The wire format of messages, which on Vertex AI depends on the model.
    pub(crate) dialect: Option<Dialect>,
    /// For Vertex AI only.
    pub(crate) vertex: Option<Vertex>,
    /// What goes into the request body, in the order written.
    pub(crate) body: Map<String, Value>,
}

/// Checks a client's options without looking anything up: each environment variable stands for some text.
/// Empty when all is well.
#[must_use]
pub fn check_options(provider: &'static Provider, options: &ConfigMap) -> Vec<Problem> {
    match provider.kind {
        ProviderKind::Model(_) => read(provider, options, Lookup::Deferred).1,
        ProviderKind::Strategy(_) => strategy_options(provider, options).err().unwrap_or_default(),
    }
}

/// What looks like a mistake but may be meant: options that are passed to the provider as they are, and whose
/// names are nearly those of known options; text that reads like a variable; a `stream` that the call decides; limits
/// on streams beside `supports_streaming false`; no model for a vendor's own address.
#[must_use]
pub fn warn_options(provider: &'static Provider, options: &ConfigMap) -> Vec<Problem> {
    let texts = overlay::variables_as_text(options).into_iter();
    let mut doubts = misspelt_options(provider, options);
    if provider.options == OptionSet::Bedrock {
        doubts.extend(bedrock::warnings(options));
    }
    doubts.extend(texts.map(|(path, name)| problem::variable_as_text(path, &name)));
    if provider.dialect().is_some() && options.contains_key(STREAM) {
        doubts.push(problem::decided_by_call(STREAM));
    }
    doubts.extend(http::without_streams(options));
    let given = options.contains_key("model") || options.contains_key("base_url");
    // Who has other things to put right will see this one after them.
    if provider.base_url.is_some() && !given && check_options(provider, options).is_empty() {
        doubts.push(problem::probably_missing_model(provider));
    }
    doubts
}

/// The options that are passed to the provider as they are, and whose names are nearly those of known options.
#[must_use]
pub fn misspelt_options(provider: &'static Provider, options: &ConfigMap) -> Vec<Problem> {
    if matches!(provider.options, OptionSet::Bedrock | OptionSet::Strategy) {
        return Vec::new();
    }
    options
        .keys()
        .filter_map(|key| {
            known::probably_meant(provider.options, key).map(|meant| problem::probably_misspelt(key, meant))
        })
        .collect()
}

/// Reads and checks the options of a client of a model. The options are complete only when there is no problem.
pub(crate) fn read(provider: &Provider, options: &ConfigMap, lookup: Lookup<'_>) -> (Options, Vec<Problem>) {
    let reader = &mut Reader::new(options, lookup);
    let cloud = clouds::read(reader, provider);
    let body = body(reader, provider);
    let model = model(reader, provider, &body);
    let endpoint = endpoint(reader, provider, cloud.region.as_deref());
    let headers = headers(reader);
    let credentials = credentials(reader, &cloud, &headers);
    let api_key = if credentials.is_some() { None } else { api_key(reader, provider, &headers) };
    let vertex = vertex::vertex(reader, provider);
    let dialect = dialect(provider, vertex.as_ref());
    let query_params = query_params(reader, provider, endpoint.as_ref());
    let options = Options {
        roles: roles::roles(reader, provider, dialect, model.as_deref()),
        role_metadata: blocks::role_metadata(reader, provider),
        supports_streaming: reader.bool("supports_streaming"),
        structured_output: reader.bool("structured_output").unwrap_or_default(),
        finish_reasons: blocks::finish_reasons(reader),
        reply_dialect: reply_dialect(reader, provider, dialect),
        media: blocks::media(reader, provider, dialect),
        media_download: blocks::media_download(reader),
        http: http::http(reader, provider),
        dialect,
        vertex,
        body,
        model,
        endpoint,
        api_key,
        credentials,
        project: cloud.project,
        region: cloud.region,
        headers,
        query_params,
    };
    (options, std::mem::take(&mut reader.problems))
}

/// Claude on Vertex AI speaks as Anthropic does.
fn dialect(provider: &Provider, vertex: Option<&Vertex>) -> Option<Dialect> {
    match vertex {
        Some(Vertex { publisher: Publisher::Anthropic { .. }, .. }) => Some(Dialect::Anthropic),
        _ => provider.dialect(),
    }
}

/// Most vendors take any JSON as `model` and say themselves what is wrong with it; where it is part of the URL
/// it must be text.
fn model(reader: &mut Reader<'_>, provider: &Provider, body: &Map<String, Value>) -> Option<String> {
    let key =
        if reader.has("model_id") && provider.options == OptionSet::Bedrock { "model_id" } else { "model" };
    match (provider.options, reader.options.get(key)) {
        (OptionSet::Google | OptionSet::Vertex, None) => {
            reader.note(problem::missing(provider, key));
            None
        }
        (OptionSet::Bedrock, None) => {
            reader.note(problem::missing_model_id(provider));
            None
        }
        (OptionSet::Google | OptionSet::Vertex | OptionSet::Bedrock, Some(value)) => {
            reader.text_at(&[key], value)?.known
        }
        _ => body.get(key).and_then(Value::as_str).map(str::to_owned),
    }
}

fn endpoint(reader: &mut Reader<'_>, provider: &Provider, region: Option<&str>) -> Option<Endpoint> {
    if provider.options == OptionSet::Bedrock {
        return bedrock::endpoint(reader, region);
    }
    if provider.options == OptionSet::Azure
        && let Some(endpoint) = clouds::azure_deployment(reader)
    {
        return Some(endpoint);
    }
    if provider.options == OptionSet::Foundry && !reader.has("base_url") {
        return clouds::foundry_resource(reader);
    }
    match reader.text("base_url") {
        Some(text) => checked_endpoint(reader, &text.known?),
        None if provider.options == OptionSet::BaseUrlRequired && !reader.has("base_url") => {
            reader.note(problem::missing(provider, "base_url"));
            None
        }
        None => provider.base_url.and_then(|url| checked_endpoint(reader, url)),
    }
}

fn checked_endpoint(reader: &mut Reader<'_>, url: &str) -> Option<Endpoint> {
    match Endpoint::parse(url) {
        Ok(endpoint) => Some(endpoint),
        Err(why) => {
            reader.note(problem::bad_url(&["base_url"], why));
            None
        }
    }
}

/// The user's headers: names in lower case; of two that differ in case only, the later one.
fn headers(reader: &mut Reader<'_>) -> Vec<(String, HeaderValue)> {
    let mut headers: Vec<(String, HeaderValue)> = Vec::new();
    for (name, text) in reader.text_map("headers").unwrap_or_default() {
        let path = ["headers", name.as_str()];
        if !is_header_name(&name) {
            reader.note(problem::bad_header_name(&path, &name));
            continue;
        }
        let Some(value) = header_text(reader, &path, &text) else { continue };
        let value = if text.from_environment || is_secret_header(&name) {
            HeaderValue::Secret(SecretString::from(value))
        } else {
            HeaderValue::Plain(value)
        };
        set_header(&mut headers, name.to_ascii_lowercase(), value);
    }
    headers
}

/// Replaces the header of this name, or adds it.
pub(crate) fn set_header(headers: &mut Vec<(String, HeaderValue)>, name: String, value: HeaderValue) {
    match headers.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => headers.push((name, value)),
    }
}

fn header_text(reader: &mut Reader<'_>, path: &[&str], text: &Text) -> Option<String> {
    let known = text.known.as_ref()?;
    if !is_header_value(known) {
        reader.note(problem::bad_header_value(path));
        return None;
    }
    Some(known.clone())
}

/// A function as `api_key` is asked instead of all else. No token is fetched that the user's own header would take
/// the place of, unless a project is to be learned with it.
fn credentials(
    reader: &Reader<'_>,
    cloud: &Cloud,
    headers: &[(String, HeaderValue)],
) -> Option<CredentialSource> {
    if let Some(Config::Callback(callback)) = reader.options.get("api_key") {
        return Some(CredentialSource::Callback(callback.clone()));
    }
    let is_own = headers.iter().any(|(name, _)| name == "authorization");
    match &cloud.credentials {
        Some(CredentialSource::Google(_)) if is_own && cloud.project.is_some() => None,
        Some(CredentialSource::AzureEntra(_)) if is_own => None,
        source => source.clone(),
    }
}

/// The key that was given, or the one in the provider's variable. The variable may be missing when the user
/// sends a credential in a header of their own.
fn api_key(
    reader: &mut Reader<'_>,
    provider: &Provider,
    headers: &[(String, HeaderValue)],
) -> Option<SecretString> {
    if !known::is_read_here(provider.options, "api_key") {
        return None;
    }
    if provider.options == OptionSet::Bedrock {
        return bedrock::api_key(reader);
    }
    let text = if let Some(value) = reader.options.get("api_key") {
        if *value == Config::Null {
            reader.note(problem::null_key(provider));
            return None;
        }
        reader.text_at(&["api_key"], value)?
    } else {
        let variable = provider.key_variable?;
        let own_credential = headers.iter().any(|(name, _)| is_secret_header(name));
        match reader.lookup {
            Lookup::Deferred | Lookup::Never => return None,
            Lookup::Now { environment }
                if (own_credential || provider.key_is_optional) && !environment.is_set(variable) =>
            {
                return None;
            }
            Lookup::Now { .. } => reader.variable(&["api_key"], variable)?,
        }
    };
    let key = match provider.auth {
        Auth::None => text.known?,
        Auth::Bearer | Auth::Header(_) => header_text(reader, &["api_key"], &text)?,
    };
    Some(SecretString::from(key))
}

/// Azure's `api_version` is a parameter too, unless `query_params` are given: then they are complete, and
/// `api_version` goes where unknown options go, into the body.
fn query_params(
    reader: &mut Reader<'_>,
    provider: &Provider,
    endpoint: Option<&Endpoint>,
) -> Vec<(String, SecretString)> {
    if !known::is_read_here(provider.options, "query_params") {
        return Vec::new();
    }
    let mut params: Vec<(String, SecretString)> = reader
        .text_map("query_params")
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(name, text)| Some((name, SecretString::from(text.known?))))
        .collect();
    if provider.options == OptionSet::Azure
        && let Some(version) = reader.text("api_version").and_then(|text| text.known)
        && !reader.has("query_params")
        && !endpoint.is_some_and(|endpoint| endpoint.has_query_param("api-version"))
    {
        params.push(("api-version".to_owned(), SecretString::from(version)));
    }
    params
}

fn reply_dialect(reader: &mut Reader<'_>, provider: &Provider, dialect: Option<Dialect>) -> Option<Dialect> {
    const CHOICES: [(&str, Option<Dialect>); 6] = [
        ("openai", Some(Dialect::OpenAiChat)),
        ("openai-responses", Some(Dialect::OpenAiResponses)),
        ("openai-transcription", None),
        ("anthropic", Some(Dialect::Anthropic)),
        ("google", Some(Dialect::Google)),
        ("vertex", Some(Dialect::Vertex)),
    ];
    match reader.options.get("client_response_type") {
        Some(value) if known::is_read_here(provider.options, "client_response_type") => {
            let names = CHOICES.map(|(name, _)| name);
            CHOICES[reader.choice_at(&["client_response_type"], value, &names)?].1
        }
        _ => dialect,
    }
}

fn body(reader: &mut Reader<'_>, provider: &Provider) -> Map<String, Value> {
    let options = reader.options;
    if provider.options == OptionSet::Bedrock {
        return bedrock::body(reader, provider);
    }
    let mut body = Map::new();
    for (key, value) in options {
        let leaks =
            key == "api_version" && provider.options == OptionSet::Azure && reader.has("query_params");
        if key == STREAM || matches!((key.as_str(), value), ("api_key", Config::Callback(_))) {
            continue;
        }
        if leaks || !known::is_read_here(provider.options, key) {
            let value = reader.json(&[key], value);
            body.insert(key.clone(), value);
        }
    }
    if let Some(limit) = provider.max_tokens {
        default_max_tokens(&mut body, provider, limit);
    }
    body
}

/// `max_tokens null` asks for none at all; Azure's newer models want `max_completion_tokens` in its place.
fn default_max_tokens(body: &mut Map<String, Value>, provider: &Provider, limit: u32) {
    let azure = provider.options == OptionSet::Azure;
    match body.get("max_tokens") {
        Some(Value::Null) if azure => {
            body.shift_remove("max_tokens");
        }
        Some(_) => {}
        None if azure && body.contains_key("max_completion_tokens") => {}
        None => {
            body.insert("max_tokens".to_owned(), Value::from(limit));
        }
    }
}
