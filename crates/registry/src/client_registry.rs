//! Clients that are chosen and configured at run time.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use llm::{Problem, Provider};
use schema::Policy;
use types::{ConfigMap, Name};

use crate::error::arrows;
use crate::policy_reference::{PolicyReference, read_policy};
use crate::problems;
use crate::resolve::{shorthand, shorthand_options};
use crate::rotation::Counter;

/// Clients for the calls that it is given to, laid over the clients of the program. Cheap to clone: a call takes
/// a clone as its snapshot, and what is changed later does not touch it.
#[derive(Clone, Default)]
pub struct ClientRegistry {
    clients: Arc<IndexMap<Name, Arc<Entry>>>,
    retry_policies: Arc<IndexMap<Name, Arc<Policy>>>,
    primary: Option<Name>,
    strict: bool,
    frozen: bool,
    counted: Arc<Counted>,
}

/// What would take a walk over all clients to know: how many of them need each variable, and how many name each
/// member. A call asks for the former, and must not pay for clients that it does not use.
#[derive(Clone, Default)]
struct Counted {
    variables: BTreeMap<String, usize>,
    members: BTreeMap<String, usize>,
}

/// A client of a registry.
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) definition: Definition,
    pub(crate) retry_policy: Option<PolicyReference>,
    /// Whose turn it is, when the client is a round-robin: counted for as long as this definition lives, in
    /// every clone of the registry.
    pub(crate) counter: Arc<Counter>,
    /// The names of its members, when it is a strategy.
    members: Vec<String>,
}

/// How a client is defined.
pub(crate) enum Definition {
    /// Whole.
    Own { provider: &'static Provider, options: ConfigMap },
    /// By another client, found when a call is made, and what is different.
    Extends { base: Name, overrides: ConfigMap },
}

impl Definition {
    /// The options that it says itself.
    pub(crate) fn options(&self) -> &ConfigMap {
        match self {
            Self::Own { options, .. } => options,
            Self::Extends { overrides, .. } => overrides,
        }
    }

    pub(crate) fn provider(&self) -> Option<&'static Provider> {
        match self {
            Self::Own { provider, .. } => Some(provider),
            Self::Extends { .. } => None,
        }
    }
}

/// A client of a registry as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientInfo {
    /// Its name.
    pub name: String,
    /// Its provider; `None` when it extends a client that is not in the registry.
    pub provider: Option<&'static str>,
    /// The client that it extends, when that is not in the registry.
    pub extends: Option<String>,
    /// Its options, secrets redacted; of a client that extends another, what is different.
    pub options: ConfigMap,
    /// Its retry policy.
    pub retry_policy: Option<PolicyReference>,
}

impl ClientRegistry {
    /// An empty registry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty registry that refuses what others only warn of: misspelt options, text that reads like a
    /// variable.
    #[must_use]
    pub fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }

    /// Whether warnings are errors.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// Adds a client, or replaces the one of the same name. Over the program's clients it wins by name, inside
    /// strategies too. A name that contains `/` is a name like any other, and wins over the shorthand. In the
    /// options `{ env: 'NAME' }` is that environment variable, looked up at each call.
    ///
    /// Strategy members and the retry policy are looked up when a call needs the client: they may be added
    /// later, or stand in the program. A cycle of strategies is refused where it closes. What comes back are
    /// warnings.
    ///
    /// # Errors
    /// All that is wrong with the provider and the options, or the registry is frozen; it is then unchanged.
    pub fn add(
        &mut self,
        name: &str,
        provider: &str,
        options: ConfigMap,
        retry_policy: Option<PolicyReference>,
    ) -> Result<Vec<Problem>, Vec<Problem>> {
        self.refuse_frozen()?;
        let Some(row) = llm::provider(provider) else {
            return Err(vec![llm::unknown_provider(provider)]);
        };
        let options = llm::with_variables(Some(row), options);
        let warnings = self.checked(row, &options)?;
        self.put(name, Definition::Own { provider: row, options }, retry_policy)?;
        Ok(warnings)
    }

    /// Adds a client that is another one but for some options: `headers`, `query_params`, `http`,
    /// `media_url_handler` and `media_download` are changed entry by entry, every other option is replaced. The
    /// other one is looked up in this registry, and is taken as it is now; or else, when a call is made, in the registry and the
    /// program. A client may extend the program's client of its own name. Without a retry policy it has the
    /// other one's. What comes back are warnings.
    ///
    /// # Errors
    /// All that is wrong with the result as far as it is known, or the registry is frozen; it is then unchanged.
    pub fn extend(
        &mut self,
        name: &str,
        base: &str,
        overrides: ConfigMap,
        retry_policy: Option<PolicyReference>,
    ) -> Result<Vec<Problem>, Vec<Problem>> {
        self.refuse_frozen()?;
        let (provider, below, policy) = match (self.entry(base), shorthand(base)) {
            (Some(entry), _) => match &entry.definition {
                Definition::Own { provider, options } => {
                    (*provider, options.clone(), entry.retry_policy.clone())
                }
                Definition::Extends { base, overrides: below } => {
                    let overrides = llm::overlay(below, &llm::with_variables(None, overrides));
                    let (base, policy) = (Arc::clone(base), entry.retry_policy.clone());
                    return self.put_extension(name, base, overrides, retry_policy.or(policy));
                }
            },
            (None, Some(Ok((provider, model)))) => (provider, shorthand_options(model), None),
            (None, Some(Err(problem))) => return Err(vec![problem]),
            (None, None) => {
                let overrides = llm::with_variables(None, overrides);
                return self.put_extension(name, Name::from(base), overrides, retry_policy);
            }
        };
        let options = llm::overlay(&below, &llm::with_variables(Some(provider), overrides));
        let warnings = self.checked(provider, &options)?;
        self.put(name, Definition::Own { provider, options }, retry_policy.or(policy))?;
        Ok(warnings)
    }

    fn put_extension(
        &mut self,
        name: &str,
        base: Name,
        overrides: ConfigMap,
        retry_policy: Option<PolicyReference>,
    ) -> Result<Vec<Problem>, Vec<Problem>> {
        if let Some(problem) = llm::stand_in(&overrides) {
            return Err(vec![problem]);
        }
        self.put(name, Definition::Extends { base, overrides }, retry_policy)?;
        Ok(Vec::new())
    }

    /// The warnings about options, when nothing is wrong with them.
    fn checked(
        &self,
        provider: &'static Provider,
        options: &ConfigMap,
    ) -> Result<Vec<Problem>, Vec<Problem>> {
        let mut found = llm::check_options(provider, options);
        found.extend(llm::stand_in(options));
        let warnings = llm::warn_options(provider, options);
        if self.strict || !found.is_empty() {
            found.extend(warnings);
            return if found.is_empty() { Ok(Vec::new()) } else { Err(found) };
        }
        Ok(warnings)
    }

    fn put(
        &mut self,
        name: &str,
        definition: Definition,
        retry_policy: Option<PolicyReference>,
    ) -> Result<(), Vec<Problem>> {
        let members = members(&definition);
        if let Some(cycle) = self.cycle(name, &members) {
            return Err(vec![problems::cycle(&cycle)]);
        }
        let name = Name::from(name);
        let counter = Arc::default();
        let entry = Entry { name: Arc::clone(&name), definition, retry_policy, counter, members };
        self.count(&entry, true);
        let replaced = Arc::make_mut(&mut self.clients).insert(name, Arc::new(entry));
        if let Some(replaced) = replaced {
            self.count(&replaced, false);
        }
        Ok(())
    }

    /// The cycle that a client of this name with these members would close, by way of clients of the registry.
    /// Nobody but those whom someone names can close one: chains are added without walking them.
    fn cycle(&self, name: &str, members: &[String]) -> Option<String> {
        if members.iter().any(|member| member == name) {
            return Some(arrows(&[name]));
        }
        if !self.counted.members.contains_key(name) {
            return None;
        }
        let mut path: Vec<(&str, std::slice::Iter<'_, String>)> = vec![(name, members.iter())];
        let mut seen: HashSet<&str> = HashSet::new();
        while let Some((_, next)) = path.last_mut() {
            match next.next() {
                Some(member) if member == name => {
                    let names: Vec<&str> = path.iter().map(|(name, _)| *name).collect();
                    return Some(arrows(&names));
                }
                Some(member) if seen.insert(member) => {
                    if let Some(entry) = self.clients.get(member.as_str()) {
                        path.push((member, entry.members.iter()));
                    }
                }
                Some(_) => {}
                None => _ = path.pop(),
            }
        }
        None
    }

    fn count(&mut self, entry: &Entry, added: bool) {
        let counted = Arc::make_mut(&mut self.counted);
        let change = |counts: &mut BTreeMap<String, usize>, name: &str| {
            let count = counts.entry(name.to_owned()).or_default();
            *count = if added { *count + 1 } else { count.saturating_sub(1) };
            if *count == 0 {
                counts.remove(name);
            }
        };
        for variable in entry.variables() {
            change(&mut counted.variables, &variable);
        }
        for member in &entry.members {
            change(&mut counted.members, member);
        }
    }

    /// Adds a retry policy, or replaces the one of the same name. For the clients of the registry and of the
    /// program it wins over the program's. What comes back are warnings.
    ///
    /// # Errors
    /// All that is wrong with it, or the registry is frozen; it is then unchanged.
    pub fn add_retry_policy(
        &mut self,
        name: &str,
        options: &ConfigMap,
    ) -> Result<Vec<Problem>, Vec<Problem>> {
        self.refuse_frozen()?;
        let (policy, doubts) = read_policy(options)?;
        if self.strict && !doubts.is_empty() {
            return Err(doubts);
        }
        Arc::make_mut(&mut self.retry_policies).insert(Name::from(name), Arc::new(policy));
        Ok(doubts)
    }

    /// Removes a client; whether there was one. If it was the primary one, the functions' own clients answer
    /// again.
    ///
    /// # Errors
    /// The registry is frozen.
    pub fn remove(&mut self, name: &str) -> Result<bool, Vec<Problem>> {
        self.refuse_frozen()?;
        if !self.has(name) {
            return Ok(false);
        }
        if let Some(removed) = Arc::make_mut(&mut self.clients).shift_remove(name) {
            self.count(&removed, false);
        }
        if self.primary.as_deref() == Some(name) {
            self.primary = None;
        }
        Ok(true)
    }

    /// Whether it has a client of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.clients.contains_key(name)
    }

    /// A client, as it may be shown.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<ClientInfo> {
        self.entry(name).map(|entry| entry.info())
    }

    /// Its clients in the order of their adding, as they may be shown.
    #[must_use]
    pub fn clients(&self) -> Vec<ClientInfo> {
        self.clients.values().map(|entry| entry.info()).collect()
    }

    /// Chooses the client that answers: one of this registry, of the program, or `provider/model`. The name is
    /// looked up when a call is made.
    ///
    /// # Errors
    /// The registry is frozen.
    pub fn set_primary(&mut self, name: &str) -> Result<(), Vec<Problem>> {
        self.refuse_frozen()?;
        self.primary = Some(Name::from(name));
        Ok(())
    }

    /// A copy with another primary; this registry stays as it is.
    #[must_use]
    pub fn with_primary(&self, name: &str) -> Self {
        Self { primary: Some(Name::from(name)), ..self.copy() }
    }

    /// A copy that can be changed, even of a frozen registry. Round-robins go on together with the original's.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { frozen: false, ..self.clone() }
    }

    /// Refuses every change from now on.
    pub fn freeze(&mut self) {
        self.frozen = true;
    }

    /// Whether changes are refused.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }

    fn refuse_frozen(&self) -> Result<(), Vec<Problem>> {
        if self.frozen { Err(vec![problems::frozen()]) } else { Ok(()) }
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

    /// The names of its retry policies, in the order of their adding.
    pub fn retry_policy_names(&self) -> impl Iterator<Item = &str> {
        self.retry_policies.keys().map(|name| &**name)
    }

    /// The environment variables that its clients may need: those in their options and those of their
    /// providers' keys. What one call needs says [`variables`](crate::variables).
    #[must_use]
    pub fn variables(&self) -> BTreeSet<String> {
        self.counted.variables.keys().cloned().collect()
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&Arc<Entry>> {
        self.clients.get(name)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.clients.values()
    }

    pub(crate) fn retry_policy(&self, name: &str) -> Option<&Arc<Policy>> {
        self.retry_policies.get(name)
    }

    pub(crate) fn retry_policies(&self) -> &IndexMap<Name, Arc<Policy>> {
        &self.retry_policies
    }
}

impl Entry {
    fn info(&self) -> ClientInfo {
        ClientInfo {
            name: self.name.to_string(),
            provider: self.definition.provider().map(|provider| provider.name),
            extends: match &self.definition {
                Definition::Own { .. } => None,
                Definition::Extends { base, .. } => Some(base.to_string()),
            },
            options: llm::shown_options(self.definition.options()),
            retry_policy: self.retry_policy.clone(),
        }
    }

    pub(crate) fn members(&self) -> &[String] {
        &self.members
    }

    fn variables(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        names
            .extend(self.definition.provider().and_then(|provider| provider.key_variable).map(str::to_owned));
        let of_cloud = self.definition.provider().map(llm::credential_variables).unwrap_or_default();
        names.extend(of_cloud.iter().map(ToString::to_string));
        for option in self.definition.options().values() {
            option.visit_variables(&mut |name| _ = names.insert(name.to_owned()));
        }
        names
    }
}

fn members(definition: &Definition) -> Vec<String> {
    let Definition::Own { provider, options } = definition else { return Vec::new() };
    if provider.strategy().is_none() {
        return Vec::new();
    }
    match llm::strategy_options(provider, options) {
        Ok(options) => options.members.into_iter().map(|member| member.client).collect(),
        // Whatever is wrong with a strategy is known by now.
        Err(_) => Vec::new(),
    }
}

impl fmt::Debug for ClientRegistry {
    /// Names only: options hold keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clients: Vec<String> = self
            .clients
            .values()
            .map(|entry| match &entry.definition {
                Definition::Own { provider, .. } => format!("{} ({})", entry.name, provider.name),
                Definition::Extends { base, .. } => format!("{} (extends {base})", entry.name),
            })
            .collect();
        formatter
            .debug_struct("ClientRegistry")
            .field("clients", &clients)
            .field("retry_policies", &self.retry_policies.keys().collect::<Vec<_>>())
            .field("primary", &self.primary)
            .finish_non_exhaustive()
    }
}
