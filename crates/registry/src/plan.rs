//! The plan of a call: which clients are tried, in which order, and how long to wait in between.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use llm::{StickyKey, StrategyKind, StrategyMember, StrategyOptions};
use schema::{Cause, Function, Schema};

use crate::client_registry::ClientRegistry;
use crate::cycle::cycles;
use crate::error::{Error, NamedBy};
use crate::policy_reference::PolicyReference;
use crate::resolve::{Resolved, resolve};
use crate::retries::Retries;
use crate::rotation::{Counter, Rotation};
use crate::steps::{Step, Steps};
use crate::weights::{pick, sticky_unit};

/// How many steps of a plan are printed.
const PRINTED: usize = 20;

/// The order in which clients are tried, worked out one step at a time: retries of retries may run into the
/// billions, and the first step usually succeeds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Each client once, however often it is tried; a member with options of its own is a client of its own.
    /// The first is the one that was chosen.
    nodes: Arc<[Node]>,
}

/// A client in a plan.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) client: Arc<Resolved>,
    pub(crate) retries: Retries,
    pub(crate) total_timeout_ms: Option<u64>,
    pub(crate) choice: Choice,
    /// Whether a stream that broke off after its first partial values may begin again inside this client.
    pub(crate) restart_stream: bool,
    on_validation: bool,
    on_finish_reason: bool,
}

/// Whom a client asks.
#[derive(Debug)]
pub(crate) enum Choice {
    /// Its model.
    Itself,
    /// These, in order.
    EachOf(Vec<usize>),
    /// One of these.
    OneOf(Vec<usize>, Turn),
}

/// Which one.
#[derive(Debug)]
pub(crate) enum Turn {
    /// The one whose turn it is.
    Next(Arc<Counter>),
    /// This one, in this call.
    Weighted {
        position: usize,
        /// Whether a key decided.
        sticky: bool,
    },
}

impl Node {
    /// Whether a strategy asks its next member when the answer of one is not accepted for this reason.
    pub(crate) fn goes_on_after(&self, cause: Cause) -> bool {
        match cause {
            Cause::Validation => self.on_validation,
            Cause::FinishReason => self.on_finish_reason,
            _ => matches!(self.choice, Choice::EachOf(_)),
        }
    }
}

/// Makes the plan of a call of `function`: the registry's primary client answers, or else the function's own.
/// Names are looked up in the registry, then in the program, then read as `provider/model`; members of
/// strategies too. Clients that the call does not need are not looked at. `tags` are those of the call: a
/// weighted client may keep to one of them.
///
/// # Errors
/// A name that stands for no client, an unknown retry policy, or a strategy that contains itself.
pub fn plan(
    schema: &Schema,
    registry: Option<&ClientRegistry>,
    function: &Function,
    rotation: &dyn Rotation,
    tags: &BTreeMap<String, String>,
) -> Result<Plan, Error> {
    let (by, name) = chosen(registry, function);
    let mut builder =
        Builder { schema, registry, rotation, tags, found: Vec::new(), positions: HashMap::new() };
    builder.position(by, name)?;
    let nodes = builder.nodes()?;
    refuse_cycles(&nodes)?;
    Ok(Plan { nodes: nodes.into() })
}

/// Whom a call of the function asks first, and who says so.
pub(crate) fn chosen<'a>(
    registry: Option<&'a ClientRegistry>,
    function: &'a Function,
) -> (NamedBy<'a>, &'a str) {
    match registry.and_then(ClientRegistry::primary) {
        Some(primary) => (NamedBy::Primary, primary),
        None => (NamedBy::Function(&function.name), &*function.client.text),
    }
}

/// Collects the clients that a plan needs, each once. A list of what is still to do stands in for recursion:
/// strategies may be nested as deep as anyone cares to write.
struct Builder<'a> {
    schema: &'a Schema,
    registry: Option<&'a ClientRegistry>,
    rotation: &'a dyn Rotation,
    tags: &'a BTreeMap<String, String>,
    found: Vec<Arc<Resolved>>,
    positions: HashMap<String, usize>,
}

impl Builder<'_> {
    fn position(&mut self, by: NamedBy<'_>, name: &str) -> Result<usize, Error> {
        if let Some(position) = self.positions.get(name) {
            return Ok(*position);
        }
        let client = resolve(self.schema, self.registry, by, name)?;
        let position = self.found.len();
        self.found.push(Arc::new(client));
        self.positions.insert(name.to_owned(), position);
        Ok(position)
    }

    /// The node of a strategy's member. One with options of its own stands for itself: elsewhere the same
    /// client keeps its own.
    fn member(&mut self, strategy: &Resolved, member: &StrategyMember) -> Result<usize, Error> {
        let by = NamedBy::Strategy(strategy.name());
        let Some(options) = &member.options else { return self.position(by, &member.client) };
        let client = resolve(self.schema, self.registry, by, &member.client)?;
        if client.provider().strategy().is_some() {
            return Err(Error::options_over_a_strategy(strategy.name(), &member.client));
        }
        self.found.push(Arc::new(client.overridden(options)));
        Ok(self.found.len() - 1)
    }

    fn nodes(&mut self) -> Result<Vec<Node>, Error> {
        let mut nodes = Vec::new();
        // `found` grows as members are met.
        while let Some(client) = self.found.get(nodes.len()).cloned() {
            nodes.push(self.node(client)?);
        }
        Ok(nodes)
    }

    fn node(&mut self, client: Arc<Resolved>) -> Result<Node, Error> {
        let retries = self.retries(&client)?;
        if client.provider().strategy().is_none() {
            return Ok(Node {
                client,
                retries,
                total_timeout_ms: None,
                choice: Choice::Itself,
                restart_stream: true,
                on_validation: false,
                on_finish_reason: false,
            });
        }
        let options = llm::strategy_options(client.provider(), client.options())
            .map_err(|problems| Error::invalid_client(client.name(), &problems))?;
        let members: Result<Vec<usize>, Error> =
            options.members.iter().map(|member| self.member(&client, member)).collect();
        let choice = self.choice(&client, &options, members?);
        Ok(Node {
            client,
            retries,
            total_timeout_ms: options.total_timeout_ms.filter(|limit| *limit > 0),
            choice,
            restart_stream: options.restart_stream,
            on_validation: options.fallback_on_validation,
            on_finish_reason: options.fallback_on_finish_reason,
        })
    }

    fn choice(&self, client: &Resolved, options: &StrategyOptions, members: Vec<usize>) -> Choice {
        match options.kind {
            StrategyKind::Fallback => Choice::EachOf(members),
            StrategyKind::RoundRobin => {
                let counter = match client.counter() {
                    Some(counter) => Arc::clone(counter),
                    None => self.rotation.counter(client.name()),
                };
                counter.begin_at(|| options.start.unwrap_or_else(|| self.rotation.first(members.len())));
                Choice::OneOf(members, Turn::Next(counter))
            }
            StrategyKind::Weighted => {
                let weights: Vec<f64> = options.members.iter().map(|member| member.weight).collect();
                let key = options.sticky_key.as_ref().and_then(|key| self.key(key));
                let unit = key.map(|key| sticky_unit(client.name(), key));
                let position = pick(&weights, unit.unwrap_or_else(|| self.rotation.unit()));
                Choice::OneOf(members, Turn::Weighted { position, sticky: unit.is_some() })
            }
        }
    }

    /// What the choice of a weighted client depends on; `None` when the call does not have the tag.
    fn key<'k>(&'k self, key: &'k StickyKey) -> Option<&'k str> {
        match key {
            StickyKey::Text(text) => Some(text),
            StickyKey::Tag(tag) => self.tags.get(tag).map(String::as_str),
        }
    }

    fn retries(&self, client: &Resolved) -> Result<Retries, Error> {
        let name = match client.retry_policy() {
            None => return Ok(Retries::default()),
            Some(PolicyReference::Inline(policy)) => return Ok(Retries::by(Arc::clone(policy))),
            Some(PolicyReference::Name(name)) => name,
        };
        if let Some(policy) = self.registry.and_then(|registry| registry.retry_policy(name)) {
            return Ok(Retries::by(Arc::clone(policy)));
        }
        if let Some(policy) = self.schema.retry_policies.get(name) {
            return Ok(Retries::by(Arc::clone(&policy.policy)));
        }
        let registry: Vec<&str> =
            self.registry.into_iter().flat_map(ClientRegistry::retry_policy_names).collect();
        let program: Vec<&str> = self.schema.retry_policies.keys().map(|name| &**name).collect();
        Err(Error::unknown_retry_policy(client.name(), name, &registry, &program))
    }
}

fn refuse_cycles(nodes: &[Node]) -> Result<(), Error> {
    let edges: Vec<Vec<usize>> = nodes.iter().map(|node| node.choice.members().to_vec()).collect();
    match cycles(&edges).first() {
        Some(cycle) => {
            let names: Vec<&str> = cycle.iter().map(|&node| &**nodes[node].client.name()).collect();
            Err(Error::cycle(&names))
        }
        None => Ok(()),
    }
}

impl Choice {
    fn members(&self) -> &[usize] {
        match self {
            Self::Itself => &[],
            Self::EachOf(members) | Self::OneOf(members, _) => members,
        }
    }
}

impl Plan {
    /// The client that was chosen: the only one, or the strategy above all others.
    #[must_use]
    pub fn client(&self) -> &Resolved {
        &self.nodes[0].client
    }

    /// The steps of a call: round-robins move on.
    #[must_use]
    pub fn steps(&self) -> Steps {
        Steps::new(self.clone(), true)
    }

    /// The steps that a call would take now, for showing: round-robins stay where they are.
    #[must_use]
    pub fn preview(&self) -> Steps {
        Steps::new(self.clone(), false)
    }

    /// How many attempts there are at most, when everything fails; the largest number when there are more.
    #[must_use]
    pub fn worst_case(&self) -> u64 {
        let mut counts: Vec<Option<u64>> = vec![None; self.nodes.len()];
        // A node is counted when its members are; until then it waits under them.
        let mut open = vec![0];
        while let Some(&index) = open.last() {
            if counts[index].is_some() {
                open.pop();
                continue;
            }
            let node = &self.nodes[index];
            let waiting = open.len();
            open.extend(node.choice.members().iter().filter(|member| counts[**member].is_none()));
            if open.len() > waiting {
                continue;
            }
            open.pop();
            let mut members = node.choice.members().iter().map(|member| counts[*member].unwrap_or_default());
            let once = match &node.choice {
                Choice::Itself => 1,
                Choice::EachOf(_) => members.fold(0_u64, u64::saturating_add),
                Choice::OneOf(_, Turn::Weighted { position, .. }) => {
                    members.nth(*position).unwrap_or_default()
                }
                Choice::OneOf(_, Turn::Next(_)) => members.max().unwrap_or_default(),
            };
            counts[index] = Some(once.saturating_mul(node.retries.most().saturating_add(1)));
        }
        counts.first().copied().flatten().unwrap_or_default()
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

impl fmt::Display for Plan {
    /// One line per step, without keys: `2. after 200 ms: Fast (openai, gpt-5-mini)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = self.preview();
        for (position, step) in steps.by_ref().take(PRINTED).enumerate() {
            write_step(formatter, position + 1, &step)?;
        }
        if steps.next().is_some() { formatter.write_str("...\n") } else { Ok(()) }
    }
}

fn write_step(formatter: &mut fmt::Formatter<'_>, number: usize, step: &Step) -> fmt::Result {
    write!(formatter, "{number}. ")?;
    if !step.delay.is_zero() {
        write!(formatter, "after {} ms: ", step.delay.as_millis())?;
    }
    writeln!(formatter, "{}", step.client)
}
