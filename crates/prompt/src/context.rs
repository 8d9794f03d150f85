//! What a template can name: the arguments, `_`, `ctx` and the enums.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::value::{Enumerator, Object, Value};
use types::{Arguments, Name, Type, TypeKind};

use crate::output_format::OutputFormat;
use crate::roles::Underscore;
use crate::scope::Scope;
use crate::values::{EnumType, to_jinja};
use crate::{ClientView, Error};

/// The names at the top of a rendering.
#[derive(Debug)]
pub(crate) struct Root {
    scope: Arc<Scope>,
    names: IndexMap<Name, Value>,
}

impl Root {
    /// The context of one rendering.
    pub(crate) fn new(
        scope: &Arc<Scope>,
        arguments: &Arguments,
        returns: &Type,
        client: &ClientView,
        tags: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let mut names = IndexMap::with_capacity(arguments.len() + 2);
        names.insert(Name::from("_"), Value::from_object(Underscore { scope: Arc::clone(scope) }));
        names.insert(Name::from("ctx"), Value::from_object(Ctx::new(scope, returns, client, tags)));
        for (name, value) in arguments {
            names.insert(Arc::clone(name), to_jinja(scope, value)?);
        }
        Ok(Self { scope: Arc::clone(scope), names })
    }
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        if let Some(value) = self.names.get(key) {
            return Some(value.clone());
        }
        match self.scope.schema.types.get(key)? {
            TypeKind::Enum(id) => {
                Some(Value::from_object(EnumType { scope: Arc::clone(&self.scope), id: *id }))
            }
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.names.keys().map(|name| Value::from(Arc::clone(name))).collect())
    }
}

/// `ctx`: the client, the tags and the output format. Made on use: most prompts use only the last.
struct Ctx {
    client: ClientView,
    tags: BTreeMap<String, String>,
    output_format: Value,
}

impl Ctx {
    fn new(scope: &Arc<Scope>, returns: &Type, client: &ClientView, tags: &BTreeMap<String, String>) -> Self {
        for text in tags.iter().flat_map(|(key, value)| [key, value]) {
            scope.enter(text);
        }
        let names = [&client.name, &client.provider, &client.default_role];
        for text in names.into_iter().chain(&client.allowed_roles) {
            scope.enter(text);
        }
        // As JSON they are one text with every character that they have.
        scope.enter(&serde_json::Value::Object(client.options.clone()).to_string());
        for text in client.remap_roles.iter().flat_map(|(key, value)| [key, value]) {
            scope.enter(text);
        }
        Self {
            client: client.clone(),
            tags: tags.clone(),
            output_format: Value::from_object(OutputFormat::new(scope, returns.clone())),
        }
    }

    fn client(&self) -> Value {
        let client = &self.client;
        let remap: Value = client
            .remap_roles
            .iter()
            .map(|(key, value)| (key.as_str(), Value::from(value.as_str())))
            .collect();
        [
            ("name", Value::from(client.name.as_str())),
            ("provider", Value::from(client.provider.as_str())),
            ("default_role", Value::from(client.default_role.as_str())),
            ("allowed_roles", Value::from(client.allowed_roles.clone())),
            ("remap_role", remap),
            ("options", Value::from_serialize(&client.options)),
        ]
        .into_iter()
        .collect()
    }
}

impl fmt::Debug for Ctx {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ctx")
    }
}

impl Object for Ctx {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "client" => Some(self.client()),
            "tags" => Some(
                self.tags.iter().map(|(key, value)| (key.as_str(), Value::from(value.as_str()))).collect(),
            ),
            "output_format" => Some(self.output_format.clone()),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["client", "tags", "output_format"])
    }
}
