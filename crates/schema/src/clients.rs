//! Clients, as written. Providers and options are checked by the registry room, in the same way for a client
//! of a `.baml` file and for one added at run time.

use std::collections::HashMap;

use syntax::Span;
use syntax::ast::{self, ValueKind};
use types::{ConfigMap, Name};

use crate::messages;
use crate::model::Client;
use crate::names::{Kind, Names};
use crate::policies::read_policy;
use crate::properties::{Options, Properties, text};
use crate::report::Report;

/// The properties of a client.
const PROPERTIES: [&str; 3] = ["provider", "options", "retry_policy"];

/// Reads a client. `None` when it has no provider: the report says so.
pub(crate) fn check_client(client: &ast::Block, names: &Names, report: &mut Report) -> Option<Client> {
    if let Some(argument) = client.argument.as_ref().filter(|argument| argument.text != "llm") {
        report.push(messages::unknown_client_type(argument));
    }
    let owner = format!("client `{}`", client.name.text);
    let properties = Properties::read(&client.properties, &owner, &PROPERTIES, report);
    let (options, option_spans) = read_options(properties.get("options"), report);
    let policy = properties.get("retry_policy");
    let (retry_policy, own_retry_policy) = match policy.map(|value| (value, &value.kind)) {
        Some((value, ValueKind::Map(properties))) => (None, read_policy(properties, value.span, report)),
        Some((value, _)) => (check_policy(value, names, report), None),
        None => (None, None),
    };
    let Some(provider) = properties.get("provider") else {
        report.push_missing(messages::missing_provider(&client.name));
        return None;
    };
    let Some(provider_name) = text(provider) else {
        report.push(messages::provider_is_not_text(provider.span, &provider.kind));
        return None;
    };
    Some(Client {
        name: Name::from(client.name.text.as_str()),
        provider: Name::from(provider_name),
        provider_span: provider.span,
        options,
        option_spans,
        retry_policy,
        own_retry_policy,
        span: client.name.span,
    })
}

fn read_options(value: Option<&ast::Value>, report: &mut Report) -> (ConfigMap, HashMap<Vec<String>, Span>) {
    let Some(value) = value else { return Default::default() };
    let ValueKind::Map(properties) = &value.kind else {
        report.push(messages::options_are_not_a_map(value.span, &value.kind));
        return Default::default();
    };
    let mut options = Options::new(report);
    options.spans.insert(Vec::new(), value.span);
    let map = options.read_map(properties);
    (map, options.spans)
}

fn check_policy(value: &ast::Value, names: &Names, report: &mut Report) -> Option<Name> {
    let Some(text) = text(value) else {
        report.push(messages::retry_policy_is_not_a_name(value.span, &value.kind));
        return None;
    };
    match names.declared.get(text) {
        Some((Kind::RetryPolicy, _)) => Some(Name::from(text)),
        Some((kind, _)) => {
            report.push(messages::not_a_retry_policy(value.span, text, *kind));
            None
        }
        None => {
            let policies = names.declared.iter().filter(|(_, (kind, _))| *kind == Kind::RetryPolicy);
            let suggestion = report.suggest(text, policies.map(|(name, _)| &**name));
            report.push_missing(messages::unknown_retry_policy(value.span, text, suggestion));
            None
        }
    }
}
