//! `ClientRegistry`: clients chosen and configured at run time.

use std::cell::Cell;
use std::rc::Rc;

use napi::bindgen_prelude::{Env, Object, Unknown};
use napi::{Result, ValueType};
use napi_derive::napi;
use runtime::{PolicyReference, Runtime, refusal, settle};
use types::{Config, Value};

use crate::client_options::{client_options, config_map};
use crate::failure::{invalid_argument, raise};
use crate::value::{Strictness, cast, entries_from_js, text_from_js, to_js};

/// Clients for the calls that it is given to. A call takes a snapshot: changes made later do not touch it.
#[napi]
#[derive(Default)]
pub struct ClientRegistry {
    pub(crate) inner: runtime::ClientRegistry,
    /// Whether the log has been told what is doubtful about it since its last change; shared with the copies that
    /// differ in their primary only.
    looked_at: Rc<Cell<bool>>,
}

impl ClientRegistry {
    /// The registry as it is now, for a call of the program.
    pub(crate) fn snapshot(&self, runtime: &Runtime) -> runtime::ClientRegistry {
        if !self.looked_at.replace(true) {
            runtime.warn_about(&self.inner);
        }
        self.inner.clone()
    }

    fn of(inner: runtime::ClientRegistry) -> Self {
        Self { inner, looked_at: Rc::default() }
    }
}

#[napi]
impl ClientRegistry {
    /// An empty registry.
    #[napi(constructor)]
    pub fn new(
        env: Env,
        #[napi(ts_arg_type = "{ strict?: boolean } | null | undefined")] options: Option<Object<'_>>,
    ) -> Result<Self> {
        let inner = if is_strict(&env, options)? {
            runtime::ClientRegistry::strict()
        } else {
            runtime::ClientRegistry::new()
        };
        Ok(Self::of(inner))
    }

    /// Adds a client, or replaces the one of the same name, here and over the program's own. Throws
    /// `BamlInvalidArgumentError` when the provider is not known or an option is not valid.
    #[napi]
    pub fn add_llm_client(
        &mut self,
        env: Env,
        #[napi(ts_arg_type = "string")] name: Unknown<'_>,
        #[napi(ts_arg_type = "string")] provider: Unknown<'_>,
        #[napi(ts_arg_type = "Record<string, any>")] options: Unknown<'_>,
        #[napi(ts_arg_type = "string | object | null | undefined")] retry_policy: Unknown<'_>,
    ) -> Result<()> {
        let name = text_from_js(&env, name, "the name of a client")?;
        let provider = text_from_js(&env, provider, &format!("the provider of client `{name}`"))?;
        let subject = format!("client `{name}`");
        let options = client_options(&env, &format!("options of {subject}"), options)?;
        let retry_policy = policy(&env, &subject, retry_policy)?;
        self.looked_at.set(false);
        let added = self.inner.add(&name, &provider, options, retry_policy);
        settle(&subject, added).map_err(|failure| raise(&env, &failure))
    }

    /// Adds a client that is another one, of this registry or of the program, but for these options. Throws
    /// `BamlInvalidArgumentError` for options that are not valid.
    #[napi]
    pub fn extend(
        &mut self,
        env: Env,
        #[napi(ts_arg_type = "string")] name: Unknown<'_>,
        #[napi(ts_arg_type = "string")] base: Unknown<'_>,
        #[napi(ts_arg_type = "Record<string, any>")] overrides: Unknown<'_>,
        #[napi(ts_arg_type = "string | object | null | undefined")] retry_policy: Unknown<'_>,
    ) -> Result<()> {
        let name = text_from_js(&env, name, "the name of a client")?;
        let subject = format!("client `{name}`");
        let base = text_from_js(&env, base, &format!("the client that {subject} extends"))?;
        let overrides = client_options(&env, &format!("options of {subject}"), overrides)?;
        let retry_policy = policy(&env, &subject, retry_policy)?;
        self.looked_at.set(false);
        let added = self.inner.extend(&name, &base, overrides, retry_policy);
        settle(&subject, added).map_err(|failure| raise(&env, &failure))
    }

    /// Adds a retry policy, or replaces the one of the same name, here and over the program's own. Throws
    /// `BamlInvalidArgumentError` when it is not valid.
    #[napi]
    pub fn add_retry_policy(
        &mut self,
        env: Env,
        #[napi(ts_arg_type = "string")] name: Unknown<'_>,
        #[napi(ts_arg_type = "Record<string, any>")] policy: Object<'_>,
    ) -> Result<()> {
        let name = text_from_js(&env, name, "the name of a retry policy")?;
        let subject = format!("retry policy `{name}`");
        let policy = config_map(&env, &subject, policy)?;
        let added = self.inner.add_retry_policy(&name, &policy);
        settle(&subject, added).map_err(|failure| raise(&env, &failure))
    }

    /// Takes a client out; answers whether it was there. Throws `BamlInvalidArgumentError` when the registry is
    /// frozen.
    #[napi]
    pub fn remove(&mut self, env: Env, name: String) -> Result<bool> {
        let removed = self.inner.remove(&name);
        removed.map_err(|problems| raise(&env, &refusal(&format!("client `{name}`"), &problems)))
    }

    /// Whether the registry has a client of this name.
    #[napi]
    pub fn has(&self, name: String) -> bool {
        self.inner.has(&name)
    }

    /// The client of this name in the shape of `toJSON`, secrets redacted; `null` when there is none.
    #[napi(ts_return_type = "RegistryClientJson | null")]
    pub fn get<'env>(&self, env: &'env Env, name: String) -> Result<Option<Unknown<'env>>> {
        if !self.inner.has(&name) {
            return Ok(None);
        }
        let client = self.json_of_clients().into_iter().find(|client| client["name"] == name.as_str());
        client.map(|client| to_js(env, &client.into())).transpose()
    }

    /// The clients in the shape of `toJSON`, in the order of their adding, secrets redacted.
    #[napi(getter, ts_return_type = "RegistryClientJson[]")]
    pub fn clients<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        to_js(env, &serde_json::Value::from(self.json_of_clients()).into())
    }

    /// The client that answers, when one was chosen.
    #[napi(getter)]
    pub fn primary(&self) -> Option<String> {
        self.inner.primary().map(ToOwned::to_owned)
    }

    /// Chooses the client that answers: one of this registry, of the program, or `provider/model`. Throws
    /// `BamlInvalidArgumentError` when the registry is frozen.
    #[napi]
    pub fn set_primary(&mut self, env: Env, #[napi(ts_arg_type = "string")] name: Unknown<'_>) -> Result<()> {
        let name = text_from_js(&env, name, "the name of the primary client")?;
        let chosen = self.inner.set_primary(&name);
        chosen.map_err(|problems| raise(&env, &refusal(&format!("client `{name}`"), &problems)))
    }

    /// A copy with another primary; this registry stays as it is.
    #[napi]
    pub fn with_primary(&self, env: Env, #[napi(ts_arg_type = "string")] name: Unknown<'_>) -> Result<Self> {
        let name = text_from_js(&env, name, "the name of the primary client")?;
        Ok(Self { inner: self.inner.with_primary(&name), looked_at: Rc::clone(&self.looked_at) })
    }

    /// A copy that goes its own way, and is not frozen.
    #[napi(js_name = "clone")]
    pub fn copy(&self) -> Self {
        Self::of(self.inner.copy())
    }

    /// Refuses every change from now on.
    #[napi]
    pub fn freeze(&mut self) {
        self.inner.freeze();
    }

    /// Whether every change is refused.
    #[napi(getter)]
    pub fn is_frozen(&self) -> bool {
        self.inner.is_frozen()
    }

    /// The registry as the HTTP server takes it, secrets redacted or as `{ env }`.
    #[napi(js_name = "toJSON", ts_return_type = "ClientRegistryJson")]
    pub fn to_json<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        to_js(env, &self.inner.to_json().into())
    }

    /// A registry from what `toJSON` gives, or what the HTTP server takes. Throws `BamlInvalidArgumentError` for
    /// what is not valid, redacted secrets among it.
    #[napi(js_name = "fromJSON", factory)]
    pub fn from_json(
        env: Env,
        #[napi(ts_arg_type = "ClientRegistryJson")] json: Object<'_>,
        #[napi(ts_arg_type = "{ strict?: boolean } | null | undefined")] options: Option<Object<'_>>,
    ) -> Result<Self> {
        let strict = is_strict(&env, options)?;
        let entries = entries_from_js(&env, json, "registry", Strictness::Strict)?;
        let json = serde_json::Value::from(Value::Map(entries));
        let (inner, warnings) = runtime::ClientRegistry::from_json(&json, strict)
            .map_err(|problems| raise(&env, &refusal("registry", &problems)))?;
        settle("registry", Ok(warnings)).map_err(|failure| raise(&env, &failure))?;
        Ok(Self::of(inner))
    }

    fn json_of_clients(&self) -> Vec<serde_json::Value> {
        match self.inner.to_json()["clients"].take() {
            serde_json::Value::Array(clients) => clients,
            _ => Vec::new(),
        }
    }
}

/// `{ strict }`: whether an option that is probably misspelt is an error instead of a warning in the log.
fn is_strict(env: &Env, options: Option<Object<'_>>) -> Result<bool> {
    let Some(options) = options else { return Ok(false) };
    let mut strict = false;
    for (name, value) in entries_from_js(env, options, "options of a ClientRegistry", Strictness::Strict)? {
        match (&*name, value) {
            ("strict", Value::Bool(given)) => strict = given,
            ("strict", _) => {
                return Err(invalid_argument(env, "`strict` of a ClientRegistry must be a boolean"));
            }
            (other, _) => {
                let message = format!("unknown option `{other}` of a ClientRegistry: it takes `strict`");
                return Err(invalid_argument(env, message));
            }
        }
    }
    Ok(strict)
}

/// The name of a retry policy, or a policy itself; `undefined` and `null` are none.
fn policy(env: &Env, subject: &str, policy: Unknown<'_>) -> Result<Option<PolicyReference>> {
    let subject = format!("retry policy of {subject}");
    let written = match policy.get_type()? {
        ValueType::Undefined | ValueType::Null => return Ok(None),
        ValueType::Object => Config::Map(config_map(env, &subject, cast(policy)?)?),
        _ => Config::String(text_from_js(env, policy, &format!("{subject}, when it is not an object,"))?),
    };
    let (policy, warnings) =
        PolicyReference::read(&written).map_err(|problems| raise(env, &refusal(&subject, &problems)))?;
    settle(&subject, Ok(warnings)).map_err(|failure| raise(env, &failure))?;
    Ok(Some(policy))
}
