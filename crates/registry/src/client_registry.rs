//! Clients that are chosen and configured at run time.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use llm::{Problem, Provider};
use types::{Config, ConfigMap, Name};

use crate::rotation::Counter;

/// Clients for the calls that it is given to, laid over the clients of the program. Cheap to clone: a call takes
/// a clone as its snapshot, and what is changed later does not touch it.
#[derive(Clone, Default)]
pub struct ClientRegistry {
    clients: Arc<IndexMap<Name, Arc<Entry>>>,
    primary: Option<Name>,
}

/// A client of a registry.
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) provider: &'static Provider,
    pub(crate) options: ConfigMap,
    pub(crate) retry_policy: Option<Name>,
    /// Whose turn it is, when the client is a round-robin: counted for as long as this definition lives, in
    /// every clone of the registry.
    pub(crate) counter: Arc<Counter>,
}

impl ClientRegistry {
    /// An empty registry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a client, or replaces the one of the same name. Over the program's clients it wins by name, inside
    /// strategies too. A name that contains `/` is a name like any other, and wins over the shorthand.
    ///
    /// Strategy members and the retry policy are looked up when a call needs the client: they may be added
    /// later, or stand in the program.
    ///
    /// # Errors
    /// All that is wrong with the provider and the options; the registry is then unchanged.
    pub fn add(
        &mut self,
        name: &str,
        provider: &str,
        options: ConfigMap,
        retry_policy: Option<&str>,
    ) -> Result<(), Vec<Problem>> {
        let Some(row) = llm::provider(provider) else {
            return Err(vec![llm::unknown_provider(provider)]);
        };
        let problems = llm::check_options(row, &options);
        if !problems.is_empty() {
            return Err(problems);
        }
        let name = Name::from(name);
        let entry = Entry {
            name: Arc::clone(&name),
            provider: row,
            options,
            retry_policy: retry_policy.map(Name::from),
            counter: Arc::default(),
        };
        Arc::make_mut(&mut self.clients).insert(name, Arc::new(entry));
        Ok(())
    }

    /// Chooses the client that answers: one of this registry, of the program, or `provider/model`. The name is
    /// looked up when a call is made.
    pub fn set_primary(&mut self, name: &str) {
        self.primary = Some(Name::from(name));
    }

    /// The client that answers, if one was chosen.
    #[must_use]
    pub fn primary(&self) -> Option<&str> {
        self.primary.as_deref()
    }

    /// The names of its clients, in the order of their adding.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.clients.keys().map(|name| &**name)
    }

    /// The environment variables that its clients may need: those in their options and those of their
    /// providers' keys.
    #[must_use]
    pub fn variables(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for entry in self.clients.values() {
            names.extend(entry.provider.key_variable.map(str::to_owned));
            entry.options.values().for_each(|option| collect_variables(option, &mut names));
        }
        names
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Entry>> {
        self.clients.get(name)
    }
}

fn collect_variables(option: &Config, names: &mut BTreeSet<String>) {
    match option {
        Config::Env(name) => {
            names.insert(name.clone());
        }
        Config::List(items) => items.iter().for_each(|item| collect_variables(item, names)),
        Config::Map(entries) => entries.values().for_each(|entry| collect_variables(entry, names)),
        Config::Null | Config::Bool(_) | Config::Number(_) | Config::String(_) => {}
    }
}

impl fmt::Debug for ClientRegistry {
    /// Names only: options hold keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientRegistry")
            .field(
                "clients",
                &self
                    .clients
                    .values()
                    .map(|entry| format!("{} ({})", entry.name, entry.provider.name))
                    .collect::<Vec<_>>(),
            )
            .field("primary", &self.primary)
            .finish()
    }
}
