//! What is probably not meant in a registry, beside a program; and which variables a call needs.

use std::collections::{BTreeSet, HashSet};

use llm::Problem;
use schema::{Function, Schema};
use types::ConfigMap;

use crate::client_registry::{ClientRegistry, Definition};
use crate::error::NamedBy;
use crate::plan::chosen;
use crate::policy_reference::PolicyReference;
use crate::problems;
use crate::resolve::{Resolved, resolve, shorthand};

/// After so many warnings no more clients are looked at: each may cost a comparison with every name there is.
const MOST_WARNINGS: usize = 64;

impl ClientRegistry {
    /// What is probably not meant, now that the program is known too: a client of the program that is replaced
    /// without its `base_url`, members, retry policies and clients to extend that do not exist, options that do not
    /// fit the extended client. None of it fails a call that does not use the client. The path of each begins with
    /// the client's name. After 64 of them no more clients are looked at.
    #[must_use]
    pub fn warnings(&self, schema: &Schema) -> Vec<Problem> {
        let mut found = Vec::new();
        for entry in self.entries() {
            if found.len() >= MOST_WARNINGS {
                break;
            }
            let name = &*entry.name;
            if let Definition::Own { provider, options } = &entry.definition
                && let Some(replaced) = schema.clients.get(name)
                && provider.strategy().is_none()
                && replaced.options.contains_key("base_url")
                && !options.contains_key("base_url")
            {
                found.push(problems::base_url_dropped(name));
            }
            if let Definition::Extends { .. } = &entry.definition {
                found.extend(self.extension_problems(schema, name));
            }
            for member in entry.members() {
                let exists = self.has(member)
                    || schema.clients.contains_key(member.as_str())
                    || shorthand(member).is_some();
                if !exists {
                    let known: Vec<&str> =
                        self.names().chain(schema.clients.keys().map(|name| &**name)).collect();
                    found.push(problems::unknown_member(name, member, &known));
                }
            }
            if let Some(PolicyReference::Name(policy)) = &entry.retry_policy
                && self.retry_policy(policy).is_none()
                && !schema.retry_policies.contains_key(policy)
            {
                let program = schema.retry_policies.keys().map(|name| &**name);
                let known: Vec<&str> = self.retry_policy_names().chain(program).collect();
                found.push(problems::unknown_policy(name, policy, &known));
            }
        }
        found
    }

    /// What is wrong with a client that extends one of the program, or doubtful in it.
    fn extension_problems(&self, schema: &Schema, name: &str) -> Vec<Problem> {
        let client = match resolve(schema, Some(self), NamedBy::Extension(name), name) {
            Ok(client) => client,
            Err(error) => return vec![problems::nothing_to_extend(name, error.message())],
        };
        let mut found = llm::check_options(client.provider(), client.options());
        found.extend(llm::warn_options(client.provider(), client.options()));
        for problem in &mut found {
            problem.path.insert(0, name.to_owned());
            problem.message = format!("client `{name}`: {}", problem.message);
        }
        found
    }
}

/// The environment variables that a call of the function may need: those of the clients that it can come to,
/// and of no others. What stands for no client needs none: the call itself says what is wrong.
#[must_use]
pub fn variables(
    schema: &Schema,
    registry: Option<&ClientRegistry>,
    function: &Function,
) -> BTreeSet<String> {
    let (by, first) = chosen(registry, function);
    let mut names = BTreeSet::new();
    let mut seen: HashSet<String> = HashSet::from([first.to_owned()]);
    let mut open = vec![first.to_owned()];
    while let Some(name) = open.pop() {
        let Ok(client) = resolve(schema, registry, by, &name) else { continue };
        collect(client.options(), &mut names);
        if client.provider().strategy().is_none() {
            let without_key = !client.options().contains_key("api_key");
            let variable = client.provider().key_variable.filter(|_| without_key);
            names.extend(variable.map(str::to_owned));
            names.extend(llm::credential_variables(client.provider()).iter().map(ToString::to_string));
            continue;
        }
        open.extend(members(&client, &mut names).into_iter().filter(|member| seen.insert(member.clone())));
    }
    names
}

fn members(client: &Resolved, names: &mut BTreeSet<String>) -> Vec<String> {
    let Ok(options) = llm::strategy_options(client.provider(), client.options()) else { return Vec::new() };
    let members = options.members.into_iter().map(|member| {
        collect(member.options.as_ref().unwrap_or(&ConfigMap::new()), names);
        member.client
    });
    members.collect()
}

fn collect(options: &ConfigMap, names: &mut BTreeSet<String>) {
    for option in options.values() {
        option.visit_variables(&mut |name| _ = names.insert(name.to_owned()));
    }
}
