//! The clients of a program: the same rules as for clients that are added at run time, with a place for each
//! problem.

use std::collections::HashMap;

use llm::{Problem, StrategyMember};
use schema::{Client, Diagnostic, Schema, Span};
use types::nearest;

use crate::cycle::cycles;
use crate::error::arrows;
use crate::resolve::{shorthand, shorthand_options};

/// Checks the providers, options and strategies of a program's clients, and the `provider/model` names that its
/// functions use; in the order of the sources. What a model only lets through is a warning.
#[must_use]
pub fn check(schema: &Schema) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let positions: HashMap<&str, usize> =
        schema.clients.keys().enumerate().map(|(position, name)| (&**name, position)).collect();
    let mut edges = vec![Vec::new(); schema.clients.len()];
    for (position, client) in schema.clients.values().enumerate() {
        edges[position] = check_client(schema, client, &positions, &mut diagnostics);
    }
    for cycle in cycles(&edges) {
        diagnostics.extend(strategy_cycle(schema, &cycle));
    }
    for function in schema.functions.values() {
        let name = &*function.client.text;
        if !positions.contains_key(name) {
            diagnostics.extend(check_shorthand(name, function.client.span));
        }
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    diagnostics
}

/// Checks the `provider/model` of a function. A strategy there is only a warning: a call may bring a registry that
/// has a client of that name.
fn check_shorthand(name: &str, span: Span) -> Option<Diagnostic> {
    let problem = shorthand(name)?.err()?;
    let provider = name.split('/').next().and_then(llm::provider);
    Some(if provider.is_some() { warning(span, &problem) } else { error(span, &problem) })
}

/// Checks one client; the positions of its members, when it is a strategy.
fn check_client(
    schema: &Schema,
    client: &Client,
    positions: &HashMap<&str, usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<usize> {
    let Some(provider) = llm::provider(&client.provider) else {
        diagnostics.push(error(client.provider_span, &llm::unknown_provider(&client.provider)));
        return Vec::new();
    };
    for problem in llm::warn_options(provider, &client.options) {
        diagnostics.push(warning(option_span(client, &problem.path), &problem));
    }
    if provider.strategy().is_none() {
        for problem in llm::check_options(provider, &client.options) {
            diagnostics.push(error(option_span(client, &problem.path), &problem));
        }
        return Vec::new();
    }
    match llm::strategy_options(provider, &client.options) {
        Ok(options) => {
            for (index, member) in options.members.iter().enumerate() {
                check_overrides(schema, client, index, member, diagnostics);
            }
            check_members(client, &options.members, positions, diagnostics)
        }
        Err(problems) => {
            for problem in problems {
                diagnostics.push(error(option_span(client, &problem.path), &problem));
            }
            Vec::new()
        }
    }
}

fn check_members(
    client: &Client,
    members: &[StrategyMember],
    positions: &HashMap<&str, usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<usize> {
    let mut edges = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let path = ["strategy".to_owned(), index.to_string(), "client".to_owned()];
        let span = option_span(client, &path);
        let member = member.client.as_str();
        match (positions.get(member), shorthand(member)) {
            (Some(position), _) => edges.push(*position),
            (None, Some(Ok(_))) => {}
            (None, Some(Err(problem))) => diagnostics.push(error(span, &problem)),
            (None, None) => diagnostics.push(unknown_member(span, member, positions)),
        }
    }
    edges
}

/// Checks the options that a member has of its own, laid over those of the client that it names.
fn check_overrides(
    schema: &Schema,
    client: &Client,
    index: usize,
    member: &StrategyMember,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(overrides) = &member.options else { return };
    let (provider, below) = match (schema.clients.get(member.client.as_str()), shorthand(&member.client)) {
        (Some(named), _) => (llm::provider(&named.provider), named.options.clone()),
        (None, Some(Ok((provider, model)))) => (Some(provider), shorthand_options(model)),
        (None, _) => return,
    };
    let Some(provider) = provider else { return };
    let mut path = vec!["strategy".to_owned(), index.to_string(), "options".to_owned()];
    if provider.strategy().is_some() {
        let message = format!("`{}` is a strategy, and has no options to override", member.client);
        let help = "give the options to its members, or name a client of a model";
        diagnostics.push(Diagnostic::error(option_span(client, &path), message).with_help(help));
        return;
    }
    let merged = llm::overlay(&below, overrides);
    let errors = llm::check_options(provider, &merged).into_iter().map(|problem| (problem, true));
    let doubts = llm::misspelt_options(provider, &merged).into_iter().map(|problem| (problem, false));
    for (problem, is_error) in errors.chain(doubts) {
        // What is wrong with the client itself is said there.
        if problem.path.first().is_some_and(|key| overrides.contains_key(key)) {
            path.truncate(3);
            path.extend(problem.path.iter().cloned());
            let span = option_span(client, &path);
            diagnostics.push(if is_error { error(span, &problem) } else { warning(span, &problem) });
        }
    }
}

/// Where an option's value lies, or the nearest thing around it.
fn option_span(client: &Client, path: &[String]) -> Span {
    (0..=path.len())
        .rev()
        .find_map(|length| client.option_spans.get(&path[..length]))
        .copied()
        .unwrap_or(client.provider_span)
}

fn error(span: Span, problem: &Problem) -> Diagnostic {
    with_help(Diagnostic::error(span, problem.message.clone()), problem)
}

fn warning(span: Span, problem: &Problem) -> Diagnostic {
    with_help(Diagnostic::warning(span, problem.message.clone()), problem)
}

fn with_help(diagnostic: Diagnostic, problem: &Problem) -> Diagnostic {
    match &problem.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    }
}

fn unknown_member(span: Span, name: &str, positions: &HashMap<&str, usize>) -> Diagnostic {
    let mut clients: Vec<&str> = positions.keys().copied().collect();
    // A map has no order, and a message must not depend on chance.
    clients.sort_by_key(|name| positions[name]);
    let diagnostic = Diagnostic::error(span, format!("unknown client `{name}` in the strategy"));
    match nearest(name, clients) {
        Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
        None => diagnostic.with_help("name a client of the program, or a model as `provider/model`"),
    }
}

/// The cycle, reported where its first client in the sources is named.
fn strategy_cycle(schema: &Schema, cycle: &[usize]) -> Option<Diagnostic> {
    let first = cycle.iter().copied().min()?;
    let turn = cycle.iter().position(|node| *node == first)?;
    let clients: Vec<&Client> = cycle[turn..]
        .iter()
        .chain(&cycle[..turn])
        .filter_map(|&node| schema.clients.get_index(node).map(|(_, client)| &**client))
        .collect();
    let names: Vec<&str> = clients.iter().map(|client| &*client.name).collect();
    let client = clients.first()?;
    let message = format!("the strategies of these clients form a cycle: {}", arrows(&names));
    Some(
        Diagnostic::error(client.span, message)
            .with_help("a strategy cannot contain itself, not even through others"),
    )
}
