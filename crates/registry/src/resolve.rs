//! From a name to a client: the registry first, then the program, then `provider/model`.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use llm::{Environment, Problem, Provider};
use schema::Schema;
use types::{Config, ConfigMap, Name};

use crate::client_registry::{ClientRegistry, Definition, Entry};
use crate::error::{Error, NamedBy};
use crate::policy_reference::PolicyReference;
use crate::rotation::Counter;

/// A client that a name stands for, before its environment variables are looked up.
#[derive(Clone)]
pub struct Resolved {
    name: Name,
    provider: &'static Provider,
    source: Source,
    /// Options laid over those of the source, from the inside out.
    layers: Vec<Layer>,
    /// The result, where there are layers.
    merged: Option<Arc<ConfigMap>>,
    retry_policy: Option<PolicyReference>,
    counter: Option<Arc<Counter>>,
}

#[derive(Clone)]
enum Source {
    Registry(Arc<Entry>),
    Program(Arc<schema::Client>),
    Shorthand(Arc<ConfigMap>),
}

#[derive(Clone)]
struct Layer {
    origin: Origin,
    keys: Vec<String>,
}

/// Where a client, or an option of it, comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The call's registry.
    Registry,
    /// A `.baml` file.
    Program,
    /// Its name: it was named as `provider/model`.
    Shorthand,
    /// The strategy that it is a member of.
    Member,
    /// The provider: nobody said otherwise.
    Default,
}

impl Origin {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Program => "program",
            Self::Shorthand => "shorthand",
            Self::Member => "member",
            Self::Default => "default",
        }
    }
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
        self.merged.as_deref().unwrap_or_else(|| self.source.options())
    }

    /// Where it is defined.
    #[must_use]
    pub fn origin(&self) -> Origin {
        let extended = self.layers.iter().any(|layer| layer.origin == Origin::Registry);
        if extended { Origin::Registry } else { self.source.origin() }
    }

    /// Where one of its options comes from.
    #[must_use]
    pub fn origin_of(&self, option: &str) -> Origin {
        let layer = self.layers.iter().rev().find(|layer| layer.keys.iter().any(|key| key == option));
        layer.map_or_else(|| self.source.origin(), |layer| layer.origin)
    }

    /// Looks its environment variables up. In a strategy, a client that cannot be built is a failed attempt like
    /// any other.
    ///
    /// # Errors
    /// All that is wrong with the options.
    pub fn build(&self, environment: &dyn Environment) -> Result<llm::Client, Vec<Problem>> {
        llm::Client::build(&self.name, self.provider, self.options(), environment)
    }

    pub(crate) fn retry_policy(&self) -> Option<&PolicyReference> {
        self.retry_policy.as_ref()
    }

    /// Whose turn it is, when it is a round-robin of a registry.
    pub(crate) fn counter(&self) -> Option<&Arc<Counter>> {
        self.counter.as_ref()
    }

    /// The same client with the options of a strategy's member laid over its own.
    pub(crate) fn overridden(&self, options: &ConfigMap) -> Self {
        self.with_layer(Origin::Member, options)
    }

    fn with_layer(&self, origin: Origin, options: &ConfigMap) -> Self {
        let mut client = self.clone();
        client.merged = Some(Arc::new(llm::overlay(self.options(), options)));
        client.layers.push(Layer { origin, keys: options.keys().cloned().collect() });
        client
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

impl Source {
    fn options(&self) -> &ConfigMap {
        match self {
            Self::Registry(entry) => entry.definition.options(),
            Self::Program(client) => &client.options,
            Self::Shorthand(options) => options,
        }
    }

    fn origin(&self) -> Origin {
        match self {
            Self::Registry(_) => Origin::Registry,
            Self::Program(_) => Origin::Program,
            Self::Shorthand(_) => Origin::Shorthand,
        }
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
    let Some(entry) = registry.and_then(|registry| registry.entry(name)) else {
        return elsewhere(schema, registry, by, name);
    };
    let mut chain = vec![entry];
    let mut seen = HashSet::from([name]);
    let base = loop {
        let last = chain[chain.len() - 1];
        let base = match &last.definition {
            Definition::Own { provider, .. } => break from_registry(last, provider),
            Definition::Extends { base, .. } => base,
        };
        // A client that extends its own name extends the program's.
        let below = registry.filter(|_| **base != *last.name).and_then(|registry| registry.entry(base));
        match below {
            Some(entry) if !seen.insert(base) => {
                let names: Vec<&str> = chain.iter().map(|entry| &*entry.name).collect();
                return Err(Error::extends_itself(&names, &entry.name));
            }
            Some(entry) => chain.push(entry),
            None => break elsewhere(schema, registry, NamedBy::Extension(&last.name), base)?,
        }
    };
    Ok(extended(base, &chain))
}

/// The base with what each client that extends it changes, the innermost first.
fn extended(base: Resolved, chain: &[&Arc<Entry>]) -> Resolved {
    let mut client = base;
    for entry in chain.iter().rev() {
        let Definition::Extends { overrides, .. } = &entry.definition else { continue };
        client = client.with_layer(Origin::Registry, overrides);
        client.name = Arc::clone(&entry.name);
        client.counter = Some(Arc::clone(&entry.counter));
        client.retry_policy = entry.retry_policy.clone().or(client.retry_policy);
    }
    client
}

fn from_registry(entry: &Arc<Entry>, provider: &'static Provider) -> Resolved {
    Resolved {
        name: Arc::clone(&entry.name),
        provider,
        source: Source::Registry(Arc::clone(entry)),
        layers: Vec::new(),
        merged: None,
        retry_policy: entry.retry_policy.clone(),
        counter: Some(Arc::clone(&entry.counter)),
    }
}

/// A client of the program, or a `provider/model`.
fn elsewhere(
    schema: &Schema,
    registry: Option<&ClientRegistry>,
    by: NamedBy<'_>,
    name: &str,
) -> Result<Resolved, Error> {
    if let Some(client) = schema.clients.get(name) {
        let Some(provider) = llm::provider(&client.provider) else {
            return Err(Error::invalid_client(name, &[llm::unknown_provider(&client.provider)]));
        };
        return Ok(Resolved {
            name: Arc::clone(&client.name),
            provider,
            source: Source::Program(Arc::clone(client)),
            layers: Vec::new(),
            merged: None,
            retry_policy: match (&client.own_retry_policy, &client.retry_policy) {
                (Some(policy), _) => Some(PolicyReference::Inline(Arc::clone(policy))),
                (None, name) => name.as_deref().map(PolicyReference::from),
            },
            counter: None,
        });
    }
    match shorthand(name) {
        Some(Ok((provider, model))) => Ok(Resolved {
            name: Name::from(name),
            provider,
            source: Source::Shorthand(Arc::new(shorthand_options(model))),
            layers: Vec::new(),
            merged: None,
            retry_policy: None,
            counter: None,
        }),
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
        Some(row) if model.is_empty() => Err(llm::shorthand_without_model(row)),
        Some(row) => Ok((row, model)),
        None => Err(llm::unknown_provider(provider)),
    })
}

/// The options of a `provider/model`.
pub(crate) fn shorthand_options(model: &str) -> ConfigMap {
    ConfigMap::from_iter([("model".to_owned(), Config::String(model.to_owned()))])
}
