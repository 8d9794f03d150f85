//! `ClientRegistry`: clients chosen and configured at run time.

use napi::Result;
use napi::bindgen_prelude::{Env, Object};
use napi_derive::napi;
use types::{Config, ConfigMap, Value};

use crate::failure::{invalid_argument, raise};
use crate::value::{Strictness, entries_from_js};

/// Clients for the calls that it is given to. A call takes a snapshot: changes made later do not touch it.
#[napi]
#[derive(Default)]
pub struct ClientRegistry {
    pub(crate) inner: runtime::ClientRegistry,
}

#[napi]
impl ClientRegistry {
    /// An empty registry.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a client, or replaces the one of the same name, here and over the program's own. Throws
    /// `BamlInvalidArgumentError` when the provider is not known or an option is not valid.
    #[napi]
    pub fn add_llm_client(
        &mut self,
        env: Env,
        name: String,
        provider: String,
        #[napi(ts_arg_type = "Record<string, any>")] options: Object<'_>,
        retry_policy: Option<String>,
    ) -> Result<()> {
        let subject = format!("options of client `{name}`");
        let options = entries_from_js(&env, options, &subject, Strictness::Strict)?
            .into_iter()
            .map(|(key, value)| Ok((key.to_string(), config(&env, &subject, value)?)))
            .collect::<Result<ConfigMap>>()?;
        runtime::add_client(&mut self.inner, &name, &provider, options, retry_policy.as_deref())
            .map_err(|failure| raise(&env, &failure))
    }

    /// Chooses the client that answers: one of this registry, of the program, or `provider/model`.
    #[napi]
    pub fn set_primary(&mut self, name: String) {
        // Nothing freezes a registry of this class.
        let _ = self.inner.set_primary(&name);
    }

    /// A copy with another primary; this registry stays as it is.
    #[napi]
    pub fn with_primary(&self, name: String) -> Self {
        Self { inner: self.inner.with_primary(&name) }
    }
}

fn config(env: &Env, subject: &str, value: Value) -> Result<Config> {
    Ok(match value {
        Value::Null => Config::Null,
        Value::Bool(bool) => Config::Bool(bool),
        Value::Int(integer) => Config::Number(integer.into()),
        Value::Float(float) => match serde_json::Number::from_f64(float) {
            Some(number) => Config::Number(number),
            None => return Err(invalid_argument(env, format!("{subject}: {float} is not a JSON number"))),
        },
        Value::String(text) => Config::String(text),
        Value::List(items) => {
            Config::List(items.into_iter().map(|item| config(env, subject, item)).collect::<Result<_>>()?)
        }
        Value::Map(entries) => Config::Map(
            entries
                .into_iter()
                .map(|(key, value)| Ok((key.to_string(), config(env, subject, value)?)))
                .collect::<Result<_>>()?,
        ),
        Value::Instance(_) | Value::Enum(..) | Value::Media(_) | Value::Checked(_) | Value::Stated(..) => {
            return Err(invalid_argument(env, format!("{subject}: media has no place in client options")));
        }
    })
}
