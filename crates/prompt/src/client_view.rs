use indexmap::IndexMap;
use serde_json::{Map, Value};

/// What a template and the role rules may know about the client that will answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientView {
    /// The client's name: `ctx.client.name`.
    pub name: String,
    /// Its provider as written: `ctx.client.provider`.
    pub provider: String,
    /// What it asks the provider for, its model among it: `ctx.client.options`. A prompt can show it: no keys.
    pub options: Map<String, Value>,
    /// The role of text before any `_.role(…)`, and of a role that is not allowed.
    pub default_role: String,
    /// The roles that the client accepts; others become [`default_role`](Self::default_role).
    pub allowed_roles: Vec<String>,
    /// Allowed roles and what to call them on the wire; applied last.
    pub remap_roles: IndexMap<String, String>,
}
