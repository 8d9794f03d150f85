//! What is wrong with a client's options. Every message has its constructor here.

use std::fmt;

use types::{Config, nearest};

use crate::provider::{PROVIDERS, Provider, nearest_provider};

/// One thing that is wrong with a client's provider or options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which option, from the outside in: `["http", "connect_timeout_ms"]`. Empty for the client as a whole.
    pub path: Vec<String>,
    /// What is wrong, in one sentence without a full stop. Never holds an option's secret value.
    pub message: String,
    /// What the user can do: the nearest match, the valid choices.
    pub help: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(formatter, " ({help})"),
            None => Ok(()),
        }
    }
}

impl Problem {
    fn at(path: &[&str], message: String) -> Self {
        Self { path: path.iter().map(ToString::to_string).collect(), message, help: None }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// No provider has this name.
#[must_use]
pub fn unknown_provider(name: &str) -> Problem {
    let valid = list(PROVIDERS.iter().map(|row| row.name));
    let help = match nearest_provider(name) {
        Some(meant) => format!("did you mean `{meant}`? The providers are {valid}"),
        None => format!("the providers are {valid}"),
    };
    Problem::at(&[], format!("unknown client provider `{name}`")).with_help(help)
}

/// `"fallback/x"` as a client.
#[must_use]
pub fn strategy_as_shorthand(provider: &Provider) -> Problem {
    Problem::at(&[], format!("`{0}` chooses among clients, so `{0}/...` is not a model", provider.name))
        .with_help(format!("define a client with provider `{}` and a `strategy` list", provider.name))
}

/// `"openai/"` as a client.
#[must_use]
pub fn shorthand_without_model(provider: &Provider) -> Problem {
    Problem::at(&[], format!("`{}/` names no model", provider.name))
        .with_help("write the model after the slash, for example `openai/gpt-5-mini`")
}

pub(crate) fn wrong_kind(path: &[&str], expected: &str, got: &Config) -> Problem {
    let problem =
        Problem::at(path, format!("`{}` must be {expected}, got {}", path.join("."), got.with_article()));
    match got {
        Config::Null => problem.with_help(format!(
            "an undefined value, such as an unset `process.env` variable, arrives as null: \
             give a value or leave `{}` out",
            path.join(".")
        )),
        _ => problem,
    }
}

pub(crate) fn null_key(provider: &Provider) -> Problem {
    let problem = Problem::at(&["api_key"], "`api_key` must be a string, got null".to_owned());
    let origin = "an unset `process.env` variable arrives as null";
    match provider.key_variable {
        Some(variable) => {
            problem.with_help(format!("{origin}: set it, or leave `api_key` out to use `{variable}`"))
        }
        None => problem.with_help(format!("{origin}: set it, or leave `api_key` out to send no key")),
    }
}

pub(crate) fn misplaced_function(path: &[&str]) -> Problem {
    Problem::at(path, format!("`{}` cannot be a function", path.join(".")))
        .with_help("only `api_key` can be one, which is asked for the key when a request is sent")
}

pub(crate) fn needs_entra(path: &[&str], variable: &str) -> Problem {
    let message = format!("`{}` must be given, or the environment variable `{variable}` set", path.join("."));
    Problem::at(path, message)
        .with_help("an application of Microsoft Entra ID needs `tenant_id`, `client_id` and `client_secret`")
}

pub(crate) fn wrong_item(path: &[&str], got: &Config) -> Problem {
    Problem::at(
        path,
        format!("the values in `{}` must be strings, got {}", path.join("."), got.with_article()),
    )
}

pub(crate) fn variable_not_set(path: &[&str], variable: &str) -> Problem {
    let option = path.join(".");
    Problem::at(path, format!("it needs the environment variable `{variable}`, which is not set")).with_help(
        format!("set `{variable}`, pass it in the call's `env`, or give `{option}` in the client's options"),
    )
}

/// The text of a variable may be a secret, and is not shown.
pub(crate) fn wrong_variable(path: &[&str], variable: &str, expected: &str) -> Problem {
    let option = path.join(".");
    Problem::at(path, format!("`{option}` must be {expected}, and `{variable}` holds something else"))
}

pub(crate) fn no_place_for_variable(path: &[&str], variable: &str) -> Problem {
    Problem::at(path, format!("`{}` cannot be the environment variable `{variable}`", path.join("."))).with_help(
        "the options of a strategy are needed before the call is made: write the value, or read the variable in your code",
    )
}

pub(crate) fn must_not_be_empty(path: &[&str]) -> Problem {
    Problem::at(path, format!("`{}` must not be empty", path.join(".")))
}

pub(crate) fn not_a_choice(path: &[&str], got: &str, choices: &[&str]) -> Problem {
    let problem = Problem::at(
        path,
        format!("`{}` must be one of {}, got `{got}`", path.join("."), list(choices.iter().copied())),
    );
    match nearest(got, choices.iter().copied()) {
        Some(meant) => problem.with_help(format!("did you mean `{meant}`?")),
        None => problem,
    }
}

pub(crate) fn default_role_not_allowed(role: &str, allowed: &[String]) -> Problem {
    let message =
        format!("`default_role` must be one of the allowed roles ({}), got `{role}`", roles(allowed));
    Problem::at(&["default_role"], message).with_help(more_roles(role))
}

pub(crate) fn remapped_role_not_allowed(role: &str, allowed: &[String]) -> Problem {
    let message =
        format!("the keys of `remap_roles` must be allowed roles ({}), and `{role}` is not", roles(allowed));
    Problem::at(&["remap_roles", role], message).with_help(more_roles(role))
}

fn roles(roles: &[String]) -> String {
    list(roles.iter().map(String::as_str))
}

fn more_roles(role: &str) -> String {
    format!("to use `{role}`, list it in `allowed_roles` with the other roles of your prompts")
}

pub(crate) fn unknown_in_block(path: &[&str], key: &str, valid: &[&str]) -> Problem {
    let mut full = path.to_vec();
    full.push(key);
    let block = path.join(".");
    Problem::at(&full, format!("unknown option `{key}` in `{block}`"))
        .with_help(what_it_takes(&block, key, valid))
}

pub(crate) fn total_timeout_on_model() -> Problem {
    Problem::at(
        &["http", "total_timeout_ms"],
        "unknown option `total_timeout_ms` in `http`: it limits a fallback, round-robin or weighted client as a \
         whole"
            .to_owned(),
    )
    .with_help("`request_timeout_ms` limits one request")
}

pub(crate) fn pooling_is_not_ours() -> Problem {
    Problem::at(
        &["http", "enable_connection_pooling"],
        "unknown option `enable_connection_pooling` in `http`: connections to Bedrock cannot be tuned"
            .to_owned(),
    )
}

pub(crate) fn unsupported(provider: &Provider, key: &str, valid: &[&str]) -> Problem {
    Problem::at(&[key], format!("unknown option `{key}` for provider `{}`", provider.name))
        .with_help(what_it_takes(provider.name, key, valid))
}

/// The option of most providers that this one has under another name.
pub(crate) fn called_otherwise(provider: &Provider, key: &str, meant: &str) -> Problem {
    Problem::at(&[key], format!("unknown option `{key}` for provider `{}`", provider.name))
        .with_help(format!("`{}` calls it `{meant}`", provider.name))
}

fn what_it_takes(place: &str, key: &str, valid: &[&str]) -> String {
    let takes = format!("`{place}` takes {}", list(valid.iter().copied()));
    match nearest(key, valid.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`? {takes}"),
        None => takes,
    }
}

pub(crate) fn missing(provider: &Provider, key: &str) -> Problem {
    Problem::at(&[], format!("provider `{}` needs the option `{key}`", provider.name))
}

pub(crate) fn missing_model_id(provider: &Provider) -> Problem {
    Problem::at(&[], format!("provider `{}` needs the option `model` (or `model_id`)", provider.name))
}

pub(crate) fn not_together(first: &str, second: &str) -> Problem {
    Problem::at(&[second], format!("`{first}` and `{second}` cannot be used together"))
        .with_help(format!("remove one of them, for example `{second}`"))
}

pub(crate) fn needed_by(present: &str, absent: &str) -> Problem {
    Problem::at(&[present], format!("`{absent}` must be given when `{present}` is"))
}

pub(crate) fn azure_needs_a_place() -> Problem {
    Problem::at(&[], "azure-openai needs `base_url`, or both `resource_name` and `deployment_id`".to_owned())
}

pub(crate) fn vertex_needs_a_place() -> Problem {
    Problem::at(&[], "vertex-ai needs `location` (a Google Cloud region, for example us-central1)".to_owned())
}

pub(crate) fn bad_location(path: &[&str]) -> Problem {
    Problem::at(path, "`location` must be a region of Google Cloud: letters, digits and hyphens".to_owned())
        .with_help("for example us-central1, or global; for a full URL use `base_url`")
}

pub(crate) fn not_whole_milliseconds(path: &[&str], got: &str) -> Problem {
    Problem::at(
        path,
        format!("`{}` must be a whole number of milliseconds, zero or more, got {got}", path.join(".")),
    )
    .with_help("0 means no limit")
}

pub(crate) fn not_whole_bytes(path: &[&str], got: &str) -> Problem {
    Problem::at(
        path,
        format!("`{}` must be a whole number of bytes, zero or more, got {got}", path.join(".")),
    )
    .with_help("0 means no limit")
}

pub(crate) fn bad_host(path: &[&str], got: &str) -> Problem {
    Problem::at(path, format!("`{}` must hold names of hosts, got `{got}`", path.join(".")))
        .with_help("for example cdn.example.com, or *.example.com for all hosts under example.com")
}

pub(crate) fn not_a_position(path: &[&str], got: &str) -> Problem {
    Problem::at(path, format!("`{}` must be a whole number, zero or more, got {got}", path.join(".")))
}

pub(crate) fn wrong_member(path: &[&str], got: &Config) -> Problem {
    let got = got.with_article();
    Problem::at(path, format!("a member of `strategy` must be the name of a client, got {got}"))
        .with_help("or a map with `client`, and `options` to lay over the client's own")
}

pub(crate) fn unknown_in_member(path: &[&str], key: &str, valid: &[&str]) -> Problem {
    let mut full = path.to_vec();
    full.push(key);
    Problem::at(&full, format!("unknown option `{key}` in a member of `strategy`")).with_help(
        match nearest(key, valid.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("a member takes {}", list(valid.iter().copied())),
        },
    )
}

pub(crate) fn member_without_client(path: &[&str]) -> Problem {
    Problem::at(path, "a member of `strategy` needs `client`, the name of a client".to_owned())
}

pub(crate) fn not_a_weight(path: &[&str], got: &str) -> Problem {
    Problem::at(path, format!("`weight` must be a number from 0 to 1000000000, got {got}"))
}

pub(crate) fn no_weight(path: &[&str]) -> Problem {
    Problem::at(path, "at least one member of `strategy` must have a weight above 0".to_owned())
}

pub(crate) fn not_a_sticky_key(path: &[&str]) -> Problem {
    Problem::at(path, "`sticky_key` must be a text, or a map with `tag` alone".to_owned())
        .with_help("`tag` names a tag of the call, whose value is the key")
}

/// A warning: the text `env.NAME` is not the variable.
pub(crate) fn variable_as_text(path: Vec<String>, name: &str) -> Problem {
    let message = format!("`{}` is the text \"env.{name}\", not the environment variable", path.join("."));
    let help =
        format!("in code write {{ env: '{name}' }}; in a `.baml` file write env.{name} without quotes");
    Problem { path, message, help: Some(help) }
}

/// Options that were shown, and so lost their secrets, are used as options again.
pub(crate) fn redacted_text(path: Vec<String>) -> Problem {
    let message =
        format!("`{}` holds \"[redacted]\", which stands for a secret that was not shown", path.join("."));
    let help = "give the secret itself, or { env: 'NAME' }".to_owned();
    Problem { path, message, help: Some(help) }
}

/// Options that were shown, and so lost their functions, are used as options again.
pub(crate) fn function_as_text(path: Vec<String>) -> Problem {
    let message =
        format!("`{}` holds \"[callback]\", which stands for a function that was not shown", path.join("."));
    let help = "add the client in code, with the function itself".to_owned();
    Problem { path, message, help: Some(help) }
}

pub(crate) fn bad_url(path: &[&str], why: &str) -> Problem {
    Problem::at(path, format!("`{}` must be an http or https URL: {why}", path.join(".")))
        .with_help("for example https://api.example.com/v1")
}

pub(crate) fn bad_proxy(path: &[&str], why: &str) -> Problem {
    Problem::at(path, format!("`{}` must be the http or https URL of a proxy: {why}", path.join(".")))
        .with_help("for example http://proxy.example.com:3128, or null for no proxy")
}

pub(crate) fn bad_resource_name(path: &[&str]) -> Problem {
    Problem::at(path, "`resource_name` must be the name alone: letters, digits and hyphens".to_owned())
        .with_help("for a full URL use `base_url`")
}

pub(crate) fn bad_region(path: &[&str], region: &str) -> Problem {
    let option = path.join(".");
    if region.is_empty() {
        return must_not_be_empty(path).with_help("for example us-east-1");
    }
    Problem::at(path, format!("`{option}` must be the name of an AWS region: letters, digits and hyphens"))
        .with_help("for example us-east-1")
}

pub(crate) fn not_whole_tokens(path: &[&str], got: &str) -> Problem {
    Problem::at(path, format!("`{}` must be a whole number, zero or more, got {got}", path.join(".")))
}

/// A warning: the provider would refuse it.
pub(crate) fn number_not_sent(path: &[&str]) -> Problem {
    Problem::at(path, format!("`{}` is not a number and is not sent", path.join(".")))
}

pub(crate) fn bad_header_name(path: &[&str], name: &str) -> Problem {
    Problem::at(
        path,
        format!("`{}` cannot be a header's name: {name:?} has characters that HTTP forbids", path.join(".")),
    )
}

pub(crate) fn bad_header_value(path: &[&str]) -> Problem {
    Problem::at(
        path,
        format!("`{}` must be printable ASCII on one line to be sent in a header", path.join(".")),
    )
    .with_help("look for a line break or an accented letter that came along when it was copied")
}

pub(crate) fn bad_role_metadata(got: &str) -> Problem {
    Problem::at(
        &["allowed_role_metadata"],
        format!("`allowed_role_metadata` must be \"all\", \"none\" or a list of keys, got \"{got}\""),
    )
}

pub(crate) fn too_deep(path: &[&str]) -> Problem {
    Problem::at(path, format!("`{}` must be nested less deeply", path.join(".")))
}

/// A warning: this name will be sent to the provider, but looks like a known one misspelt.
pub(crate) fn probably_misspelt(key: &str, meant: &str) -> Problem {
    Problem::at(&[key], format!("the option `{key}` is not known and is sent to the provider as it is"))
        .with_help(format!("did you mean `{meant}`?"))
}

/// A warning: the provider will refuse a request without one.
pub(crate) fn probably_missing_model(provider: &Provider) -> Problem {
    Problem::at(&[], format!("the option `model` is not given, and provider `{}` needs it", provider.name))
}

/// A warning: what is given here is left out.
pub(crate) fn decided_by_call(key: &str) -> Problem {
    Problem::at(&[key], format!("the option `{key}` has no effect: each call decides it for itself"))
        .with_help("`b.stream.F(…)` streams, `b.F(…)` does not")
}

/// A warning: a limit on something that never comes.
pub(crate) fn limit_without_streams(path: &[&str]) -> Problem {
    let name = path.join(".");
    let message =
        format!("the option `{name}` has no effect beside `supports_streaming false`: answers come whole");
    Problem::at(path, message).with_help("`http.request_timeout_ms` limits the wait for them")
}

/// `` `a`, `b` and `c` ``.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
