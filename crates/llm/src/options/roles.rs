//! `allowed_roles`, `default_role` and `remap_roles`.

use indexmap::IndexMap;
use types::Config;

use super::reader::{Reader, Text};
use crate::problem;
use crate::provider::{Dialect, Provider};

/// The roles of a client's messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roles {
    /// Roles that a template may use; others become the default role.
    pub(crate) allowed: Vec<String>,
    /// The role of text without one.
    pub(crate) default: String,
    /// What each role is called on the wire, applied last.
    pub(crate) remapped: IndexMap<String, String>,
}

const STANDARD: [&str; 3] = ["system", "user", "assistant"];

pub(super) fn roles(
    reader: &mut Reader<'_>,
    provider: &Provider,
    dialect: Option<Dialect>,
    model: Option<&str>,
) -> Roles {
    let explicit = allowed(reader);
    // What the other two options are checked against. The narrower list of the o1 models is not: there
    // `default_role "system"` is how a user says that the model at hand does take it.
    let permitted = explicit.clone().unwrap_or_else(|| strings(&STANDARD));
    let default = default(reader, &permitted);
    let mut remapped = remapped(reader, &permitted);
    if matches!(dialect, Some(Dialect::Google | Dialect::Vertex)) {
        // Gemini knows `user` and `model`, and refuses any other name.
        remapped.entry("assistant".to_owned()).or_insert_with(|| "model".to_owned());
    }

    let allowed = explicit.unwrap_or_else(|| match model {
        Some(model) if knows_no_system_role(dialect, model) => strings(&["user", "assistant"]),
        _ => permitted,
    });
    let default = default.unwrap_or_else(|| {
        // `system` is but the first of the usual list: whoever puts another role first means that one.
        let usual = allowed.iter().find(|role| *role == provider.default_role && *role != STANDARD[0]);
        usual.or(allowed.first()).cloned().unwrap_or_default()
    });
    Roles { allowed, default, remapped }
}

fn allowed(reader: &mut Reader<'_>) -> Option<Vec<String>> {
    if matches!(reader.options.get("allowed_roles"), Some(Config::List(roles)) if roles.is_empty()) {
        reader.note(problem::must_not_be_empty(&["allowed_roles"]));
        return None;
    }
    let roles = reader.texts("allowed_roles")?;
    // A role that is not looked up yet cannot be checked against: as if the option were not there.
    roles.into_iter().map(|role| role.known).collect()
}

fn default(reader: &mut Reader<'_>, permitted: &[String]) -> Option<String> {
    let role = reader.text("default_role")?.known?;
    if !permitted.contains(&role) {
        reader.note(problem::default_role_not_allowed(&role, permitted));
    }
    Some(role)
}

fn remapped(reader: &mut Reader<'_>, permitted: &[String]) -> IndexMap<String, String> {
    let entries: Vec<(String, Text)> = reader.text_map("remap_roles").unwrap_or_default();
    for (role, _) in &entries {
        if !permitted.contains(role) {
            reader.note(problem::remapped_role_not_allowed(role, permitted));
        }
    }
    entries.into_iter().filter_map(|(role, name)| name.known.map(|name| (role, name))).collect()
}

/// The first reasoning models of OpenAI (`o1`, `o1-mini`, `o1-preview`) refuse system messages.
pub(crate) fn is_o1(model: &str) -> bool {
    model == "o1" || model.starts_with("o1-")
}

fn knows_no_system_role(dialect: Option<Dialect>, model: &str) -> bool {
    matches!(dialect, Some(Dialect::OpenAiChat | Dialect::OpenAiResponses)) && is_o1(model)
}

fn strings(roles: &[&str]) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}
