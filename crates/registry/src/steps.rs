//! Walking a plan, one attempt at a time.

use std::sync::Arc;
use std::time::Duration;

use types::Name;

use crate::plan::{Choice, Plan};
use crate::resolve::Resolved;

/// One attempt of a plan.
#[derive(Clone, Debug)]
pub struct Step {
    /// Who is asked.
    pub client: Arc<Resolved>,
    /// How long to wait before asking.
    pub delay: Duration,
    /// How often this client was tried before this step within the same pass of its strategy: 0 for the first
    /// try, 1 for its first retry.
    pub retry: u64,
    /// The strategies around this step that limit their whole time, from the outside in.
    pub limits: Vec<Limit>,
}

/// A strategy's limit on its whole time, which begins with its first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The same for all steps of one run of the strategy, and for no others of the plan.
    pub scope: u64,
    /// The strategy.
    pub client: Name,
    /// The limit.
    pub total_timeout_ms: u64,
}

/// The steps of a plan, in order. It ends when everyone was asked as often as allowed. The caller stops at the
/// first success.
#[derive(Debug)]
pub struct Steps {
    plan: Plan,
    takes_turns: bool,
    /// The strategies under way, from the outside in, and at the end perhaps the client under way.
    stack: Vec<Frame>,
    /// For each round-robin of the plan: the turn that this call got, and how often it came back since.
    turns: Vec<Option<(u64, u64)>>,
    /// The wait that a retry of a strategy asks of the step that comes next.
    pending_delay: Duration,
    scopes: u64,
    /// Whether any strategy of the plan limits its whole time: mostly none does.
    limited: bool,
}

#[derive(Debug)]
struct Frame {
    node: usize,
    /// How many passes are over.
    passes: u64,
    /// How many members of this pass are over.
    position: usize,
    /// The member of this pass, in a round-robin.
    chosen: usize,
    scope: u64,
}

impl Steps {
    pub(crate) fn new(plan: Plan, takes_turns: bool) -> Self {
        let turns = vec![None; plan.nodes().len()];
        let limited = plan.nodes().iter().any(|node| node.total_timeout_ms.is_some());
        let (stack, pending_delay) = (Vec::new(), Duration::ZERO);
        let mut steps = Self { plan, takes_turns, stack, turns, pending_delay, scopes: 0, limited };
        steps.enter(0);
        steps
    }

    /// Drops the remaining retries of the client that was asked last: its failure is final, and only another
    /// client may help.
    pub fn skip_retries(&mut self) {
        let nodes = self.plan.nodes();
        if self.stack.last().is_some_and(|frame| matches!(nodes[frame.node].choice, Choice::Itself)) {
            self.stack.pop();
        }
    }

    /// Drops what is left of the strategy whose time is over, and goes on with what stands around it.
    pub fn leave(&mut self, limit: &Limit) {
        if let Some(position) = self.stack.iter().position(|frame| frame.scope == limit.scope) {
            self.stack.truncate(position);
            self.pending_delay = Duration::ZERO;
        }
    }

    fn enter(&mut self, node: usize) {
        self.scopes += 1;
        let chosen = self.choose(node);
        self.stack.push(Frame { node, passes: 0, position: 0, chosen, scope: self.scopes });
    }

    /// The member that a round-robin asks now. The call takes one turn, when it first comes here; when it comes
    /// again, for a retry, it moves on by itself, so that calls at the same time do not push each other.
    fn choose(&mut self, node: usize) -> usize {
        let Choice::OneOf(members, counter) = &self.plan.nodes()[node].choice else { return 0 };
        let turn = &mut self.turns[node];
        let (base, visits) =
            turn.unwrap_or_else(|| (if self.takes_turns { counter.take() } else { counter.peek() }, 0));
        *turn = Some((base, visits.wrapping_add(1)));
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX).max(1);
        let position = (base % count + visits % count) % count;
        members.get(usize::try_from(position).unwrap_or_default()).copied().unwrap_or_default()
    }

    fn limits(&self) -> Vec<Limit> {
        if !self.limited {
            return Vec::new();
        }
        let nodes = self.plan.nodes();
        self.stack
            .iter()
            .filter_map(|frame| {
                let node = &nodes[frame.node];
                let total_timeout_ms = node.total_timeout_ms?;
                Some(Limit { scope: frame.scope, client: Arc::clone(node.client.name()), total_timeout_ms })
            })
            .collect()
    }

    /// The next pass of the strategy at the top, or its end.
    fn finish_pass(&mut self) {
        let Some(frame) = self.stack.last_mut() else { return };
        let (node, retries) = (frame.node, self.plan.nodes()[frame.node].retries);
        frame.passes += 1;
        frame.position = 0;
        if frame.passes > retries.most {
            self.stack.pop();
            return;
        }
        self.pending_delay = retries.wait_before(frame.passes);
        let chosen = self.choose(node);
        if let Some(frame) = self.stack.last_mut() {
            frame.chosen = chosen;
        }
    }
}

impl Iterator for Steps {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            let frame = self.stack.last_mut()?;
            let node = &self.plan.nodes()[frame.node];
            let member = match &node.choice {
                Choice::Itself => {
                    let retry = frame.passes;
                    if retry > node.retries.most {
                        self.stack.pop();
                        continue;
                    }
                    frame.passes += 1;
                    let client = Arc::clone(&node.client);
                    let pending = std::mem::take(&mut self.pending_delay);
                    let delay = if retry == 0 { pending } else { node.retries.wait_before(retry) };
                    return Some(Step { client, delay, retry, limits: self.limits() });
                }
                Choice::EachOf(members) => members.get(frame.position).copied(),
                Choice::OneOf(..) => (frame.position == 0).then_some(frame.chosen),
            };
            match member {
                Some(member) => {
                    frame.position += 1;
                    self.enter(member);
                }
                None => self.finish_pass(),
            }
        }
    }
}
