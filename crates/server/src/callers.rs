//! What callers may do with clients of their own. Two things must never happen: that a key of the server goes to a
//! place that a caller chose, and that a caller reaches what only the server can reach: its files, its
//! environment, its network.

use std::collections::BTreeSet;
use std::net::IpAddr;

use llm::{Auth, OptionSet, Provider};
use registry::{ClientInfo, ClientRegistry};
use runtime::Problem as Place;
use schema::Schema;
use serde_json::{Map, Value};
use types::{Config, ConfigMap, nearest};
use url::Url;

use crate::problem::{self, Problem};
use crate::settings::CallerRules;

/// Options that choose where a request goes.
const PLACES: [&str; 3] = ["base_url", "endpoint_url", "resource_name"];

/// Options that hold credentials for Google, or the path of a file with them.
const GOOGLE: [&str; 2] = ["credentials", "credentials_content"];

/// Options of `http` that name files of the server, or another place through which requests go.
const HTTP_OF_THE_OPERATOR: [&str; 4] = ["proxy", "ca_file", "client_cert", "client_key"];

/// Refuses clients that callers bring where none may be brought.
pub(crate) fn refuse_registries<'a>(
    rules: &CallerRules,
    presets: impl Iterator<Item = &'a String>,
) -> Result<(), Problem> {
    if !rules.refuse_registries {
        return Ok(());
    }
    let presets: Vec<&str> = presets.map(String::as_str).collect();
    let help = (!presets.is_empty()).then(|| format!("choose a preset by its name: {}", presets.join(", ")));
    let message = "callers of this server cannot choose or configure clients".to_owned();
    Err(problem::not_allowed(&[Place {
        path: "__baml_options__.client_registry".to_owned(),
        message,
        help,
        ..Place::default()
    }]))
}

/// Checks every client of a caller, whether the call uses it or not.
pub(crate) fn check(registry: &ClientRegistry, schema: &Schema, rules: &CallerRules) -> Result<(), Problem> {
    let mut found = Vec::new();
    let clients = registry.clients();
    for (position, client) in clients.iter().enumerate() {
        let mut check = Check { client, rules, position, found: &mut found };
        check.run(schema);
    }
    if let Some(primary) = registry.primary() {
        let known =
            clients.iter().any(|client| client.name == *primary) || schema.clients.contains_key(primary);
        if let Some(provider) = shorthand_provider(primary).filter(|_| !known) {
            let path = "__baml_options__.client_registry.primary".to_owned();
            refuse_provider_and_place(provider, rules, path, &mut found);
        }
    }
    if found.is_empty() { Ok(()) } else { Err(problem::not_allowed(&found)) }
}

/// Checks the credentials for Google in the clients as they came: a registry does not show them again. A text that
/// is not JSON would be a file of the server, and other kinds than these make the server run or ask what they say.
pub(crate) fn check_credentials(registry: &Map<String, Value>) -> Result<(), Problem> {
    const KINDS: [&str; 2] = ["service_account", "authorized_user"];
    const TOKENS: [&str; 2] =
        ["https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/token"];
    let mut found = Vec::new();
    let clients = registry.get("clients").and_then(Value::as_array);
    for (position, client) in clients.into_iter().flatten().enumerate() {
        for name in GOOGLE {
            let given = client.get("options").and_then(|options| options.get(name));
            let read = match given {
                None | Some(Value::Null) => continue,
                Some(Value::String(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
                Some(other) => other.clone(),
            };
            let of = |key: &str| read.get(key).and_then(Value::as_str);
            let is_fine = of("type").is_some_and(|kind| KINDS.contains(&kind))
                && of("token_uri").is_none_or(|place| TOKENS.contains(&place));
            if !is_fine {
                found.push(Place {
                    path: path(position, &format!("options.{name}")),
                    message:
                        "a caller gives the credentials themselves, as the JSON of a service account or an \
                              authorized user, with Google's own token_uri"
                            .to_owned(),
                    ..Place::default()
                });
            }
        }
    }
    if found.is_empty() { Ok(()) } else { Err(problem::not_allowed(&found)) }
}

/// The callers' clients that say where they send to: which addresses their names lead to is seen when they do. Where
/// the operator lists hosts, the list decides.
pub(crate) fn strangers(registry: &ClientRegistry, rules: &CallerRules) -> BTreeSet<String> {
    if !rules.hosts.is_empty() {
        return BTreeSet::new();
    }
    let clients = registry.clients().into_iter();
    let own_place = |client: &ClientInfo| PLACES.iter().any(|place| is_given(&client.options, place));
    clients.filter(own_place).map(|client| client.name).collect()
}

struct Check<'a> {
    client: &'a ClientInfo,
    rules: &'a CallerRules,
    position: usize,
    found: &'a mut Vec<Place>,
}

impl Check<'_> {
    fn run(&mut self, schema: &Schema) {
        let options = &self.client.options;
        if let Some(provider) = self.client.provider {
            let path = self.path("provider");
            let goes_elsewhere = PLACES.iter().any(|place| is_given(options, place));
            if goes_elsewhere {
                refuse_provider(provider, self.rules, path, self.found);
            } else {
                refuse_provider_and_place(provider, self.rules, path, self.found);
            }
        }
        for (name, value) in options {
            value.visit_variables(&mut |variable| {
                let message =
                    format!("callers cannot name environment variables of the server (`{variable}`)");
                self.found.push(Place {
                    path: path(self.position, &format!("options.{name}")),
                    message,
                    ..Place::default()
                });
            });
        }
        self.of_the_operator("options", options);
        self.members(options, schema);
        self.places(options);
    }

    /// What names files and programs of the server, or another way out of it.
    fn of_the_operator(&mut self, inside: &str, options: &ConfigMap) {
        if let Some(Config::Map(http)) = options.get("http") {
            for name in HTTP_OF_THE_OPERATOR.into_iter().filter(|name| http.contains_key(*name)) {
                self.refuse(
                    &format!("{inside}.http.{name}"),
                    "only the server's own clients can set this",
                    None,
                );
            }
        }
        if options.contains_key("profile") {
            self.refuse(&format!("{inside}.profile"), "callers cannot use the server's AWS profiles", None);
        }
    }

    fn members(&mut self, options: &ConfigMap, schema: &Schema) {
        let Some(Config::List(members)) = options.get("strategy") else { return };
        for (position, member) in members.iter().enumerate() {
            let name = match member {
                Config::String(name) => Some(name),
                Config::Map(entries) => entries.get("client").and_then(|client| match client {
                    Config::String(name) => Some(name),
                    _ => None,
                }),
                _ => None,
            };
            let known = |name: &String| schema.clients.contains_key(name.as_str());
            if let Some(provider) = name.filter(|name| !known(name)).and_then(|name| shorthand_provider(name))
            {
                let path = self.path(&format!("options.strategy[{position}]"));
                refuse_provider_and_place(provider, self.rules, path, self.found);
            }
            let Config::Map(entries) = member else { continue };
            let Some(Config::Map(overrides)) = entries.get("options") else { continue };
            self.of_the_operator(&format!("options.strategy[{position}].options"), overrides);
            // A client of its own is looked at whole; these are laid over one that may be the server's.
            for name in PLACES.into_iter().chain(GOOGLE).filter(|name| overrides.contains_key(*name)) {
                self.refuse(
                    &format!("options.strategy[{position}].options.{name}"),
                    "a member's overrides cannot say where its requests go, and with which credentials",
                    Some("add a client of its own to `clients`".to_owned()),
                );
            }
        }
    }

    /// Where requests go: to a host that is allowed, and with a key of the caller's.
    fn places(&mut self, options: &ConfigMap) {
        let Some(place) = PLACES.into_iter().find(|name| is_given(options, name)) else { return };
        if self.client.extends.is_some() {
            self.refuse(
                &format!("options.{place}"),
                "a client that extends one of the server's cannot change where its requests go",
                Some("name a provider instead of `extends`, and give a key".to_owned()),
            );
            return;
        }
        let provider = self.client.provider.and_then(llm::provider);
        if let Some(wanted) = provider.and_then(|provider| missing_credential(provider, options)) {
            self.refuse(
                &format!("options.{place}"),
                "the server's own key does not go to a place that a caller chose",
                Some(format!("give {wanted} too")),
            );
        }
        let Some(Config::String(text)) = options.get(place) else { return };
        if place != "resource_name" {
            self.host(place, text);
        } else if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            // The host of a resource is Azure's, as long as the name is no more than a name.
            self.refuse("options.resource_name", "this is not the name of an Azure resource", None);
        }
    }

    fn host(&mut self, place: &str, url: &str) {
        let Some(host) = host_of(url) else {
            self.refuse(&format!("options.{place}"), "it is not a URL with a host", None);
            return;
        };
        let hosts = &self.rules.hosts;
        if hosts.iter().any(|allowed| is_host(allowed, &host)) {
            return;
        }
        let message = if !hosts.is_empty() {
            format!("callers' clients may not send to {host}")
        } else if is_private(&host) {
            format!("{host} is not a public address, and callers' clients may not send to it")
        } else {
            return;
        };
        let help = Some("the operator allows a host with --allow-host".to_owned());
        self.refuse(&format!("options.{place}"), &message, help);
    }

    fn refuse(&mut self, inside: &str, message: &str, help: Option<String>) {
        let path = self.path(inside);
        self.found.push(Place { path, message: message.to_owned(), help, ..Place::default() });
    }

    fn path(&self, inside: &str) -> String {
        path(self.position, inside)
    }
}

fn path(position: usize, inside: &str) -> String {
    format!("__baml_options__.client_registry.clients[{position}].{inside}")
}

fn refuse_provider(provider: &str, rules: &CallerRules, path: String, found: &mut Vec<Place>) {
    let is_strategy = llm::provider(provider).is_some_and(|row| row.strategy().is_some());
    let allowed = &rules.providers;
    if is_strategy || allowed.is_empty() || allowed.iter().any(|name| name == provider) {
        return;
    }
    let message = format!(
        "callers' clients may not use the provider `{provider}`; they may use {}",
        allowed.join(", ")
    );
    let help =
        nearest(provider, allowed.iter().map(String::as_str)).map(|name| format!("did you mean `{name}`?"));
    found.push(Place { path, message, help, ..Place::default() });
}

/// The same of a provider that is asked where it always is. For some that is the machine of whoever asks: here the
/// server's, and not the caller's. Who allows such a provider by its name allows its place.
fn refuse_provider_and_place(provider: &str, rules: &CallerRules, path: String, found: &mut Vec<Place>) {
    let row = llm::provider(provider);
    let host = row.and_then(|row| row.base_url).and_then(host_of).filter(|host| is_private(host));
    let allows = |host: &str| rules.hosts.iter().any(|allowed| is_host(allowed, host));
    match host {
        Some(host) if rules.providers.is_empty() && !allows(&host) => {
            let message = format!(
                "without a base_url, `{provider}` is asked at {host}: that is the server's own machine, and callers' \
                 clients may not send to it"
            );
            let help = Some("give a base_url; the operator allows a host with --allow-host".to_owned());
            found.push(Place { path, message, help, ..Place::default() });
        }
        _ => refuse_provider(provider, rules, path, found),
    }
}

/// The provider of `provider/model`.
fn shorthand_provider(name: &str) -> Option<&'static str> {
    let (provider, _) = name.split_once('/')?;
    llm::provider(provider).map(|row| row.name)
}

fn is_given(options: &ConfigMap, name: &str) -> bool {
    options.get(name).is_some_and(|value| *value != Config::Null)
}

/// What a caller must give so that nothing of the server's takes its place; `None` when it is there. A header counts
/// only if it is the one that would carry the server's key: any other goes beside it.
fn missing_credential(provider: &Provider, options: &ConfigMap) -> Option<&'static str> {
    let given = |name: &str| is_given(options, name);
    match provider.options {
        OptionSet::Strategy => None,
        OptionSet::Vertex => (!GOOGLE.iter().any(|name| given(name))).then_some("`credentials`"),
        OptionSet::Bedrock => {
            let is_own = given("api_key") || given("access_key_id") && given("secret_access_key");
            (!is_own).then_some("`api_key`, or `access_key_id` and `secret_access_key`,")
        }
        OptionSet::Azure | OptionSet::Foundry if given("client_secret") => None,
        _ => {
            let needs_none = provider.key_variable.is_none();
            (!needs_none && !given("api_key") && !has_key_header(provider.auth, options))
                .then_some("`api_key`")
        }
    }
}

fn has_key_header(auth: Auth, options: &ConfigMap) -> bool {
    let carrier = match auth {
        Auth::Bearer => "authorization",
        Auth::Header(name) => name,
        Auth::None => return false,
    };
    let Some(Config::Map(headers)) = options.get("headers") else { return false };
    headers.iter().any(|(name, value)| *value != Config::Null && name.eq_ignore_ascii_case(carrier))
}

/// The host as the connection will have it: read by the same rules, without the dot that makes a name absolute.
fn host_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
    Some(host.trim_end_matches('.').to_ascii_lowercase())
}

fn is_host(allowed: &str, host: &str) -> bool {
    let allowed = allowed.to_ascii_lowercase();
    match allowed.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
        None => allowed.trim_start_matches('[').trim_end_matches(']') == host,
    }
}

/// Whether a host is written as an address that is not public, or has a name that only a local network knows.
/// What a public name leads to is judged when a connection is opened.
fn is_private(host: &str) -> bool {
    if let Ok(address) = host.parse::<IpAddr>() {
        return !runtime::is_public(address);
    }
    !host.contains('.') || [".localhost", ".local", ".internal"].iter().any(|end| host.ends_with(end))
}
