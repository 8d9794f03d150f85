//! From a name to a client: the registry first, then the program, then `provider/model`.

use std::fmt;
use std::sync::Arc;

use llm::{Environment, Problem, Provider};
use schema::Schema;
use types::{Config, ConfigMap, Name};

use crate::client_registry::{ClientRegistry, Entry};
use crate::error::{Error, NamedBy};

/// A client that a name stands for, before its environment variables are looked up.
#[derive(Clone)]
pub struct Resolved {
    name: Name,
    provider: &'static Provider,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Registry(Arc<Entry>),
    Program(Arc<schema::Client>),
    Shorthand(ConfigMap),
}

/// Where a client is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the call's registry.
    Registry,
    /// In a `.baml` file.
    Program,
    /// Nowhere: it was named as `provider/model`.
    Shorthand,
}

impl Resolved {
    /// The client's name: as defined, or `provider/model`.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its provider.
    #[must_use]
    pub fn provider(&self) -> &'static Provider {
        self.provider
    }

    /// Its options, which may hold keys.
    #[must_use]
    pub fn options(&self) -> &ConfigMap {
        match &self.source {
            Source::Registry(entry) => &entry.options,
            Source::Program(client) => &client.options,
            Source::Shorthand(options) => options,
        }
    }

    /// Where it is defined.
    #[must_use]
    pub fn origin(&self) -> Origin {
        match &self.source {
            Source::Registry(_) => Origin::Registry,
            Source::Program(_) => Origin::Program,
            Source::Shorthand(_) => Origin::Shorthand,
        }
    }

    /// Looks its environment variables up. In a strategy, a client that cannot be built is a failed attempt like
    /// any other.
    ///
    /// # Errors
    /// All that is wrong with the options.
    pub fn build(&self, environment: &dyn Environment) -> Result<llm::Client, Vec<Problem>> {
        llm::Client::build(&self.name, self.provider, self.options(), environment)
    }

    pub(crate) fn retry_policy(&self) -> Option<&Name> {
        match &self.source {
            Source::Registry(entry) => entry.retry_policy.as_ref(),
            Source::Program(client) => client.retry_policy.as_ref(),
            Source::Shorthand(_) => None,
        }
    }

    /// The entry of the registry, if it comes from there.
    pub(crate) fn entry(&self) -> Option<&Entry> {
        match &self.source {
            Source::Registry(entry) => Some(entry),
            Source::Program(_) | Source::Shorthand(_) => None,
        }
    }

    /// `Fast (openai, gpt-5-mini)`.
    fn describe(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}", self.name, self.provider.name)?;
        if let Some(Config::String(model)) = self.options().get("model") {
            write!(formatter, ", {model}")?;
        }
        formatter.write_str(")")
    }
}

impl fmt::Display for Resolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(formatter)
    }
}

impl fmt::Debug for Resolved {
    /// No options: they hold keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(formatter)
    }
}

/// The client that a name stands for.
pub(crate) fn resolve(
    schema: &Schema,
    registry: Option<&ClientRegistry>,
    by: NamedBy<'_>,
    name: &str,
) -> Result<Resolved, Error> {
    if let Some(entry) = registry.and_then(|registry| registry.get(name)) {
        let source = Source::Registry(Arc::clone(entry));
        return Ok(Resolved { name: Arc::clone(&entry.name), provider: entry.provider, source });
    }
    if let Some(client) = schema.clients.get(name) {
        let Some(provider) = llm::provider(&client.provider) else {
            return Err(Error::invalid_client(name, &[llm::unknown_provider(&client.provider)]));
        };
        return Ok(Resolved {
            name: Arc::clone(&client.name),
            provider,
            source: Source::Program(Arc::clone(client)),
        });
    }
    match shorthand(name) {
        Some(Ok((provider, model))) => {
            let options = ConfigMap::from_iter([("model".to_owned(), Config::String(model.to_owned()))]);
            Ok(Resolved { name: Name::from(name), provider, source: Source::Shorthand(options) })
        }
        Some(Err(problem)) => Err(Error::shorthand(by, name, &problem)),
        None => {
            let registry: Vec<&str> = registry.into_iter().flat_map(ClientRegistry::names).collect();
            let program: Vec<&str> = schema.clients.keys().map(|name| &**name).collect();
            Err(Error::unknown_client(by, name, &registry, &program))
        }
    }
}

/// Provider and model of a `provider/model`, split at the first slash; `None` when there is no slash.
pub(crate) fn shorthand(name: &str) -> Option<Result<(&'static Provider, &str), Problem>> {
    let (provider, model) = name.split_once('/')?;
    Some(match llm::provider(provider) {
        Some(row) if row.strategy().is_some() => Err(llm::strategy_as_shorthand(row)),
        Some(row) => Ok((row, model)),
        None => Err(llm::unknown_provider(provider)),
    })
}
