//! Functions and template strings.

use std::collections::HashMap;

use syntax::Span;
use syntax::ast::{self, Quote, ValueKind};
use types::Name;

use crate::classes::docs;
use crate::messages;
use crate::model::{ClientReference, Function, Param, Template};
use crate::names::{Kind, Names, check_name};
use crate::properties::Properties;
use crate::report::Report;
use crate::resolve::{Place, resolve};

/// The properties of a function.
const PROPERTIES: [&str; 2] = ["client", "prompt"];

/// Checks a function. `None` when it cannot be called: the report says why.
pub(crate) fn check_function(
    function: &ast::Function,
    names: &Names,
    report: &mut Report,
) -> Option<Function> {
    let params = check_params(&function.parameters, &function.name.text, names, report);
    let returns = resolve(&function.returns, Place::Use, names, report);
    if function.properties.is_empty() {
        report.push(messages::function_without_body(&function.name));
        return None;
    }
    let owner = format!("function `{}`", function.name.text);
    let properties = Properties::read(&function.properties, &owner, &PROPERTIES, report);
    let (client, prompt) = (properties.get("client"), properties.get("prompt"));
    if client.is_none() {
        report.push_missing(messages::missing_client(&function.name));
    }
    if prompt.is_none() {
        report.push_missing(messages::missing_prompt(&function.name));
    }
    let client = client.and_then(|value| check_client(value, names, report));
    let prompt = prompt.and_then(|value| check_prompt(value, report));
    let (client, (prompt, prompt_span)) = (client?, prompt?);
    Some(Function {
        name: Name::from(function.name.text.as_str()),
        docs: docs(function.docs.as_deref()),
        params,
        returns,
        client,
        prompt,
        prompt_span,
        span: function.name.span,
    })
}

/// Checks a template string. `None` when it has no text.
pub(crate) fn check_template(
    template: &ast::Template,
    names: &Names,
    report: &mut Report,
) -> Option<Template> {
    let params = check_params(&template.parameters, &template.name.text, names, report);
    let ValueKind::String(text, Quote::Raw) = &template.body.kind else {
        report.push(messages::template_is_not_raw(template.body.span, &template.name));
        return None;
    };
    Some(Template {
        name: Name::from(template.name.text.as_str()),
        params,
        body: Name::from(text.text.as_str()),
        body_span: text.content,
        span: template.name.span,
    })
}

fn check_params(
    parameters: &[ast::Parameter],
    owner: &str,
    names: &Names,
    report: &mut Report,
) -> Vec<Param> {
    let mut first_spans: HashMap<&str, Span> = HashMap::new();
    let mut params = Vec::with_capacity(parameters.len());
    for parameter in parameters {
        check_name(&parameter.name, Kind::Parameter, report);
        let ty = parameter.ty.as_ref().map(|ty| resolve(ty, Place::Use, names, report));
        if let Some(first) = first_spans.get(parameter.name.text.as_str()) {
            report.push(messages::duplicate_member(&parameter.name, Kind::Parameter, owner, *first));
            continue;
        }
        first_spans.insert(&parameter.name.text, parameter.name.span);
        if let Some(ty) = ty {
            let name = Name::from(parameter.name.text.as_str());
            params.push(Param { name, ty, span: parameter.name.span });
        }
    }
    params
}

/// The client of a function. A text with a slash that names no client is `provider/model`, which the registry
/// room checks, since it knows the providers.
fn check_client(value: &ast::Value, names: &Names, report: &mut Report) -> Option<ClientReference> {
    let text = match &value.kind {
        ValueKind::String(text, _) => text.text.as_str(),
        ValueKind::Null => "null",
        _ => {
            report.push(messages::client_is_not_text(value.span, &value.kind));
            return None;
        }
    };
    let reference = ClientReference { text: Name::from(text), span: value.span };
    match names.declared.get(text) {
        Some((Kind::Client, _)) => Some(reference),
        _ if text.contains('/') => Some(reference),
        Some((kind, _)) => {
            report.push(messages::not_a_client(value.span, text, *kind));
            None
        }
        None => {
            let clients = names.declared.iter().filter(|(_, (kind, _))| *kind == Kind::Client);
            let suggestion = report.suggest(text, clients.map(|(name, _)| &**name));
            report.push_missing(messages::unknown_client(value.span, text, suggestion));
            None
        }
    }
}

fn check_prompt(value: &ast::Value, report: &mut Report) -> Option<(Name, Span)> {
    if let ValueKind::String(text, Quote::Raw) = &value.kind {
        return Some((Name::from(text.as_prompt()), text.content));
    }
    report.push(messages::prompt_is_not_raw(value.span, &value.kind));
    None
}
