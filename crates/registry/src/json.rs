//! A registry as JSON, in the shape in which a call over HTTP carries one.

use llm::Problem;
use serde_json::{Map, Value, json};
use types::{Config, ConfigMap};

use crate::client_registry::{ClientInfo, ClientRegistry};
use crate::policy_reference::PolicyReference;
use crate::problems;

const REGISTRY: [&str; 3] = ["primary", "clients", "retry_policies"];
const CLIENT: [&str; 5] = ["name", "provider", "extends", "options", "retry_policy"];

impl ClientRegistry {
    /// The registry as JSON: `{ clients: [{ name, provider, options, retry_policy? }], primary?,
    /// retry_policies? }`. A client that extends one of the program has `extends` in place of `provider`. Secrets
    /// read `[redacted]`, environment variables `{ env: NAME }`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        json.insert("clients".to_owned(), self.clients().iter().map(client_json).collect());
        if let Some(primary) = self.primary() {
            json.insert("primary".to_owned(), primary.into());
        }
        if !self.retry_policies().is_empty() {
            let policies = self
                .retry_policies()
                .iter()
                .map(|(name, policy)| (name.to_string(), map_json(&policy.options())))
                .collect();
            json.insert("retry_policies".to_owned(), Value::Object(policies));
        }
        json.into()
    }

    /// The registry that such JSON describes, with the warnings of all its clients. Each path leads from the
    /// JSON's top.
    ///
    /// # Errors
    /// All that is wrong with it, secrets included that were redacted when it was written.
    pub fn from_json(json: &Value, strict: bool) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        let registry = if strict { Self::strict() } else { Self::new() };
        let mut reader = Reader { registry, warnings: Vec::new(), problems: Vec::new() };
        reader.read(Config::from(json.clone()));
        if reader.problems.is_empty() { Ok((reader.registry, reader.warnings)) } else { Err(reader.problems) }
    }
}

fn client_json(client: &ClientInfo) -> Value {
    let mut json = Map::new();
    json.insert("name".to_owned(), client.name.as_str().into());
    match (client.provider, &client.extends) {
        (Some(provider), _) => json.insert("provider".to_owned(), provider.into()),
        (None, Some(base)) => json.insert("extends".to_owned(), base.as_str().into()),
        (None, None) => None,
    };
    json.insert("options".to_owned(), map_json(&client.options));
    let policy = client.retry_policy.as_ref().map(|policy| match policy {
        PolicyReference::Name(name) => Value::from(&**name),
        PolicyReference::Inline(policy) => map_json(&policy.options()),
    });
    json.extend(policy.map(|policy| ("retry_policy".to_owned(), policy)));
    json.into()
}

fn map_json(options: &ConfigMap) -> Value {
    Value::Object(options.iter().map(|(key, value)| (key.clone(), value_json(value))).collect())
}

pub(crate) fn value_json(value: &Config) -> Value {
    match value {
        Config::Null => Value::Null,
        Config::Bool(bool) => (*bool).into(),
        Config::Number(number) => Value::Number(number.clone()),
        Config::String(text) => text.as_str().into(),
        Config::Env(name) => json!({ "env": name }),
        Config::Callback(_) => Config::CALLBACK.into(),
        Config::List(items) => items.iter().map(value_json).collect(),
        Config::Map(entries) => map_json(entries),
    }
}

struct Reader {
    registry: ClientRegistry,
    warnings: Vec<Problem>,
    problems: Vec<Problem>,
}

impl Reader {
    fn read(&mut self, json: Config) {
        let Some(mut entries) = self.map(&[], json) else { return };
        self.refuse_unknown(&[], &entries, &REGISTRY);
        if let Some(policies) = given(&mut entries, "retry_policies") {
            self.policies(policies);
        }
        match given(&mut entries, "clients") {
            Some(Config::List(clients)) => {
                for (position, client) in clients.into_iter().enumerate() {
                    self.client(&["clients".to_owned(), position.to_string()], client);
                }
            }
            Some(other) => {
                self.problems.push(problems::wrong_json(
                    &["clients".to_owned()],
                    "a list of clients",
                    &other,
                ));
            }
            None => {}
        }
        if let Some(primary) = given(&mut entries, "primary")
            && let Some(primary) = self.text(&["primary".to_owned()], primary)
        {
            let chosen = self.registry.set_primary(&primary);
            self.note(&[], chosen.map(|()| Vec::new()));
        }
    }

    fn policies(&mut self, policies: Config) {
        let place = ["retry_policies".to_owned()];
        for (name, policy) in self.map(&place, policies).unwrap_or_default() {
            let place = [place[0].clone(), name.clone()];
            if let Some(options) = self.map(&place, policy) {
                let known = self.found();
                let added = self.registry.add_retry_policy(&name, &options);
                self.note(&place, added);
                self.name_since(known, &format!("retry policy `{name}`"));
            }
        }
    }

    fn client(&mut self, place: &[String], client: Config) {
        let Some(mut entries) = self.map(place, client) else { return };
        let name = self.required(place, &mut entries, "name");
        let known = self.found();
        self.refuse_unknown(place, &entries, &CLIENT);
        if let Some(name) = name {
            self.named_client(place, &name, entries);
            self.name_since(known, &format!("client `{name}`"));
        }
    }

    fn named_client(&mut self, place: &[String], name: &str, mut entries: ConfigMap) {
        let options = match given(&mut entries, "options") {
            Some(options) => self.map(&within(place, "options"), options),
            None => Some(ConfigMap::new()),
        };
        let retry_policy = match given(&mut entries, "retry_policy") {
            Some(policy) => match PolicyReference::read(&policy) {
                Ok((policy, doubts)) => {
                    self.note(&within(place, "retry_policy"), Ok(doubts));
                    Some(policy)
                }
                Err(problems) => {
                    self.note(&within(place, "retry_policy"), Err(problems));
                    return;
                }
            },
            None => None,
        };
        let Some(options) = options else { return };
        let base = given(&mut entries, "extends");
        let added = match base {
            Some(_) if entries.contains_key("provider") => {
                self.problems.push(problems::provider_and_base(place));
                return;
            }
            Some(base) => match self.text(&within(place, "extends"), base) {
                Some(base) => self.registry.extend(name, &base, options, retry_policy),
                None => return,
            },
            None => match self.required(place, &mut entries, "provider") {
                Some(provider) => self.registry.add(name, &provider, options, retry_policy),
                None => return,
            },
        };
        let in_options = |mut problem: Problem| {
            // What concerns the client as a whole has no path.
            if !problem.path.is_empty() {
                problem.path.insert(0, "options".to_owned());
            }
            problem
        };
        let within_client = |found: Vec<Problem>| found.into_iter().map(in_options).collect();
        self.note(place, added.map(within_client).map_err(within_client));
    }

    /// How many warnings and problems there are.
    fn found(&self) -> (usize, usize) {
        (self.warnings.len(), self.problems.len())
    }

    /// Names the client or the policy in whatever was found since: a position in a list says little.
    fn name_since(&mut self, (warnings, problems): (usize, usize), subject: &str) {
        for found in self.warnings[warnings..].iter_mut().chain(&mut self.problems[problems..]) {
            found.message = format!("{subject}: {}", found.message);
        }
    }

    fn note(&mut self, place: &[String], outcome: Result<Vec<Problem>, Vec<Problem>>) {
        let (found, list) = match outcome {
            Ok(warnings) => (warnings, &mut self.warnings),
            Err(problems) => (problems, &mut self.problems),
        };
        list.extend(found.into_iter().map(|problem| Problem {
            path: place.iter().chain(&problem.path).cloned().collect(),
            ..problem
        }));
    }

    fn map(&mut self, place: &[String], value: Config) -> Option<ConfigMap> {
        match value {
            Config::Map(entries) => Some(entries),
            other => {
                self.problems.push(problems::wrong_json(place, "an object", &other));
                None
            }
        }
    }

    fn text(&mut self, place: &[String], value: Config) -> Option<String> {
        match value {
            Config::String(text) => Some(text),
            other => {
                self.problems.push(problems::wrong_json(place, "a string", &other));
                None
            }
        }
    }

    fn required(&mut self, place: &[String], entries: &mut ConfigMap, key: &str) -> Option<String> {
        let Some(value) = given(entries, key) else {
            self.problems.push(problems::missing_json(place, key));
            return None;
        };
        self.text(&within(place, key), value)
    }

    fn refuse_unknown(&mut self, place: &[String], entries: &ConfigMap, known: &[&str]) {
        for key in entries.keys().filter(|key| !known.contains(&key.as_str())) {
            self.problems.push(problems::unknown_json(place, key, known));
        }
    }
}

/// The value of a key, taken out; `null` is not given.
fn given(entries: &mut ConfigMap, key: &str) -> Option<Config> {
    entries.shift_remove(key).filter(|value| *value != Config::Null)
}

fn within(place: &[String], key: &str) -> Vec<String> {
    place.iter().cloned().chain([key.to_owned()]).collect()
}
