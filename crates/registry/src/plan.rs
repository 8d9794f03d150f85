//! The plan of a call: which clients are tried, in which order, and how long to wait in between.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use llm::StrategyKind;
use schema::{Function, RetryStrategy, Schema};

use crate::client_registry::ClientRegistry;
use crate::cycle::cycles;
use crate::delay::before_retry;
use crate::error::{Error, NamedBy};
use crate::resolve::{Resolved, resolve};
use crate::rotation::{Counter, Rotation};
use crate::steps::{Step, Steps};

/// How many steps of a plan are printed.
const PRINTED: usize = 20;

/// The order in which clients are tried, worked out one step at a time: retries of retries may run into the
/// billions, and the first step usually succeeds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Each client once, however often it is tried. The first is the one that was chosen.
    nodes: Arc<[Node]>,
}

/// A client in a plan.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) client: Arc<Resolved>,
    pub(crate) retries: Retries,
    pub(crate) total_timeout_ms: Option<u64>,
    pub(crate) choice: Choice,
}

/// Whom a client asks.
#[derive(Debug)]
pub(crate) enum Choice {
    /// Its model.
    Itself,
    /// These, in order.
    EachOf(Vec<usize>),
    /// One of these.
    OneOf(Vec<usize>, Arc<Counter>),
}

/// How often a client is tried again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retries {
    pub(crate) most: u64,
    strategy: RetryStrategy,
}

impl Retries {
    const NONE: Self = Self { most: 0, strategy: RetryStrategy::Constant { delay_ms: 0 } };

    pub(crate) fn wait_before(&self, retry: u64) -> Duration {
        before_retry(self.strategy, retry)
    }
}

/// Makes the plan of a call of `function`: the registry's primary client answers, or else the function's own.
/// Names are looked up in the registry, then in the program, then read as `provider/model`; members of
/// strategies too. Clients that the call does not need are not looked at.
///
/// # Errors
/// A name that stands for no client, an unknown retry policy, or a strategy that contains itself.
pub fn plan(
    schema: &Schema,
    registry: Option<&ClientRegistry>,
    function: &Function,
    rotation: &dyn Rotation,
) -> Result<Plan, Error> {
    let (by, name) = match registry.and_then(ClientRegistry::primary) {
        Some(primary) => (NamedBy::Primary, primary),
        None => (NamedBy::Function(&function.name), &*function.client.text),
    };
    let mut builder = Builder { schema, registry, rotation, found: Vec::new(), positions: HashMap::new() };
    builder.position(by, name)?;
    let nodes = builder.nodes()?;
    refuse_cycles(&nodes)?;
    Ok(Plan { nodes: nodes.into() })
}

/// Collects the clients that a plan needs, each once. A list of what is still to do stands in for recursion:
/// strategies may be nested as deep as anyone cares to write.
struct Builder<'a> {
    schema: &'a Schema,
    registry: Option<&'a ClientRegistry>,
    rotation: &'a dyn Rotation,
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
            return Ok(Node { client, retries, total_timeout_ms: None, choice: Choice::Itself });
        }
        let options = llm::strategy_options(client.provider(), client.options())
            .map_err(|problems| Error::invalid_client(client.name(), &problems))?;
        let members: Result<Vec<usize>, Error> = options
            .members
            .iter()
            .map(|member| self.position(NamedBy::Strategy(client.name()), member))
            .collect();
        let members = members?;
        let choice = match options.kind {
            StrategyKind::Fallback => Choice::EachOf(members),
            StrategyKind::RoundRobin => {
                let counter = match client.entry() {
                    Some(entry) => Arc::clone(&entry.counter),
                    None => self.rotation.counter(client.name()),
                };
                counter.begin_at(|| options.start.unwrap_or_else(|| self.rotation.first(members.len())));
                Choice::OneOf(members, counter)
            }
        };
        let total_timeout_ms = options.total_timeout_ms.filter(|limit| *limit > 0);
        Ok(Node { client, retries, total_timeout_ms, choice })
    }

    fn retries(&self, client: &Resolved) -> Result<Retries, Error> {
        let Some(name) = client.retry_policy() else { return Ok(Retries::NONE) };
        let policies = &self.schema.retry_policies;
        let Some(policy) = policies.get(name) else {
            let policies: Vec<&str> = policies.keys().map(|name| &**name).collect();
            return Err(Error::unknown_retry_policy(client.name(), name, &policies));
        };
        Ok(Retries { most: u64::from(policy.policy.max_retries), strategy: policy.policy.strategy })
    }
}

fn refuse_cycles(nodes: &[Node]) -> Result<(), Error> {
    let edges: Vec<Vec<usize>> = nodes
        .iter()
        .map(|node| match &node.choice {
            Choice::Itself => Vec::new(),
            Choice::EachOf(members) | Choice::OneOf(members, _) => members.clone(),
        })
        .collect();
    match cycles(&edges).first() {
        Some(cycle) => {
            let names: Vec<&str> = cycle.iter().map(|&node| &**nodes[node].client.name()).collect();
            Err(Error::cycle(&names))
        }
        None => Ok(()),
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
