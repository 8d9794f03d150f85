//! Walking a plan, one attempt at a time.

use std::sync::Arc;
use std::time::Duration;

use schema::Cause;
use types::Name;

use crate::plan::{Choice, Plan, Turn};
use crate::reason::{Arm, Reason};
use crate::resolve::Resolved;
use crate::retries::{Facts, Retry};

/// One attempt of a plan.
#[derive(Clone, Debug)]
pub struct Step {
    /// Who is asked.
    pub client: Arc<Resolved>,
    /// How long to wait before asking: exact after [`Steps::failed`], without jitter when no failure was told.
    pub delay: Duration,
    /// Between what the jitter lets the wait vary, when the provider asks for no longer one.
    pub delay_range: (Duration, Duration),
    /// How often this client was tried before this step within the same pass of its strategy: 0 for the first
    /// try, 1 for its first retry.
    pub retry: u64,
    /// Why it is taken.
    pub reason: Reason,
    /// What the weighted strategies around this step chose, from the outside in.
    pub arms: Vec<Arm>,
    /// The strategies around this step that limit their whole time, from the outside in.
    pub limits: Vec<Limit>,
    /// Whether a call whose partial values were seen may go on after this step failed; not when a strategy around
    /// it says `restart_stream false`.
    pub restarts_stream: bool,
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

/// The steps of a plan, in order. The caller stops at the first success, and tells each failure by
/// [`Steps::failed`]; without that the steps are those of a call in which everything fails that can be tried
/// again. It ends when there is nobody left to ask.
#[derive(Debug)]
pub struct Steps {
    plan: Plan,
    takes_turns: bool,
    /// The strategies under way, from the outside in, and at the end perhaps the client under way.
    stack: Vec<Frame>,
    /// For each round-robin of the plan: the turn that this call got, and how often it came back since.
    turns: Vec<Option<(u64, u64)>>,
    /// The wait before the step that comes next, and why it comes.
    pending: Wait,
    reason: Option<Reason>,
    /// The failure that was told last, and the chance that came with it.
    told: Option<(Facts, f64)>,
    /// The node of the client that was asked last.
    asked: usize,
    scopes: u64,
    /// Whether any strategy of the plan limits its whole time: mostly none does.
    limited: bool,
    /// Whether there is any weighted strategy in the plan.
    weighted: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Wait {
    exact: Duration,
    range: (Duration, Duration),
}

#[derive(Debug)]
struct Frame {
    node: usize,
    /// How many passes are over.
    passes: u64,
    /// How many members of this pass are over.
    position: usize,
    /// The member of this pass, where only one is asked.
    chosen: usize,
    scope: u64,
    pass: Pass,
}

/// How a pass of a strategy went, as far as it was told.
#[derive(Clone, Copy, Debug, Default)]
struct Pass {
    failures: bool,
    /// Whether one of the failures may be gone the next time.
    worth_repeating: bool,
    /// The soonest time at which one of the members wants to be asked again; `None` when one did not say.
    soonest: Option<Duration>,
}

impl Pass {
    fn note(&mut self, worth_repeating: bool, retry_after: Option<Duration>) {
        self.soonest = match (self.failures, self.soonest, retry_after) {
            (false, _, asked) => asked,
            (true, Some(soonest), Some(asked)) => Some(soonest.min(asked)),
            (true, ..) => None,
        };
        self.failures = true;
        self.worth_repeating |= worth_repeating;
    }
}

impl Steps {
    pub(crate) fn new(plan: Plan, takes_turns: bool) -> Self {
        let turns = vec![None; plan.nodes().len()];
        let limited = plan.nodes().iter().any(|node| node.total_timeout_ms.is_some());
        let weighted =
            plan.nodes().iter().any(|node| matches!(node.choice, Choice::OneOf(_, Turn::Weighted { .. })));
        let mut steps = Self {
            plan,
            takes_turns,
            stack: Vec::new(),
            turns,
            pending: Wait::default(),
            reason: None,
            told: None,
            asked: 0,
            scopes: 0,
            limited,
            weighted,
        };
        steps.enter(0);
        steps
    }

    /// Tells why the step that was taken last failed, and settles what comes next: the same client again after
    /// a wait, another one, or nothing. `unit` is a random number from 0 up to 1, for the waits.
    ///
    /// A client is asked again when its policy covers the failure. When the provider asks for a longer wait than
    /// the policy makes and a fallback has another member, that one is asked at once. A fallback moves on after
    /// every failure to answer, and after an answer that is not accepted only when its `fallback_on` says so. A
    /// strategy is repeated when its policy covers one of the failures of its pass.
    pub fn failed(&mut self, facts: &Facts, unit: f64) {
        self.told = Some((*facts, unit));
        let nodes = self.plan.nodes();
        let Some((frame, around)) = self.stack.split_last_mut() else { return };
        for strategy in around.iter_mut() {
            let retries = &nodes[strategy.node].retries;
            if retries.most() > 0 {
                strategy.pass.note(retries.covers(facts), facts.retry_after);
            }
        }
        let node = &nodes[frame.node];
        if !matches!(node.choice, Choice::Itself) {
            return;
        }
        let others = || {
            around.iter().any(|strategy| match &nodes[strategy.node].choice {
                Choice::EachOf(members) => strategy.position < members.len(),
                Choice::Itself | Choice::OneOf(..) => false,
            })
        };
        let retry = frame.passes;
        match node.retries.decide(retry, facts, unit) {
            Retry::After(wait) if !(node.retries.is_asked_for_more(retry, facts) && others()) => {
                self.pending = Wait { exact: wait, range: node.retries.range(retry) };
            }
            Retry::After(_) | Retry::No => {
                self.stack.pop();
                self.leave_those_who_take_the_answer();
            }
        }
    }

    /// Drops what is left of the strategy whose time is over, and goes on with what stands around it. To be
    /// called after [`Steps::failed`].
    pub fn leave(&mut self, limit: &Limit) {
        if let Some(position) = self.stack.iter().position(|frame| frame.scope == limit.scope) {
            self.stack.truncate(position);
            self.pending = Wait::default();
            self.reason = None;
        }
    }

    /// After an answer that is not accepted, only strategies go on that were told to.
    fn leave_those_who_take_the_answer(&mut self) {
        let Some((facts, _)) = self.told.filter(|(facts, _)| facts.cause.is_answer()) else { return };
        let nodes = self.plan.nodes();
        while let Some(frame) = self.stack.last_mut() {
            let node = &nodes[frame.node];
            if node.goes_on_after(facts.cause) {
                return;
            }
            if frame.passes < node.retries.most() && node.retries.covers(&facts) {
                // The pass is over, whoever is left in it.
                frame.position = usize::MAX;
                return;
            }
            self.stack.pop();
        }
    }

    fn enter(&mut self, node: usize) {
        self.scopes += 1;
        let chosen = self.choose(node);
        let pass = Pass::default();
        self.stack.push(Frame { node, passes: 0, position: 0, chosen, scope: self.scopes, pass });
    }

    /// The position of the member that is asked now, where only one is. The call takes one turn of a
    /// round-robin, when it first comes there; when it comes again, for a retry, it moves on by itself, so that
    /// calls at the same time do not push each other. The arm of a weighted client stays.
    fn choose(&mut self, node: usize) -> usize {
        let Choice::OneOf(members, turn) = &self.plan.nodes()[node].choice else { return 0 };
        let counter = match turn {
            Turn::Weighted { position, .. } => return *position,
            Turn::Next(counter) => counter,
        };
        let turn = &mut self.turns[node];
        let (base, visits) =
            turn.unwrap_or_else(|| (if self.takes_turns { counter.take() } else { counter.peek() }, 0));
        *turn = Some((base, visits.wrapping_add(1)));
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX).max(1);
        usize::try_from((base % count + visits % count) % count).unwrap_or_default()
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

    fn arms(&self) -> Vec<Arm> {
        if !self.weighted {
            return Vec::new();
        }
        let nodes = self.plan.nodes();
        self.stack
            .iter()
            .filter_map(|frame| {
                let node = &nodes[frame.node];
                let Choice::OneOf(members, Turn::Weighted { position, sticky }) = &node.choice else {
                    return None;
                };
                Some(Arm {
                    strategy: Arc::clone(node.client.name()),
                    member: Arc::clone(nodes[*members.get(*position)?].client.name()),
                    position: *position,
                    sticky: *sticky,
                })
            })
            .collect()
    }

    fn cause(&self) -> Option<Cause> {
        self.told.map(|(facts, _)| facts.cause)
    }

    /// The next pass of the strategy at the top, or its end.
    fn finish_pass(&mut self) {
        let Some(frame) = self.stack.last_mut() else { return };
        let (index, last_chosen) = (frame.node, frame.chosen);
        let pass = std::mem::take(&mut frame.pass);
        frame.passes += 1;
        frame.position = 0;
        let number = frame.passes;
        let node = &self.plan.nodes()[index];
        if number > node.retries.most() || pass.failures && !pass.worth_repeating {
            self.stack.pop();
            self.leave_those_who_take_the_answer();
            return;
        }
        let (retries, of) = (node.retries.clone(), Arc::clone(node.client.name()));
        let asks_everyone = matches!(node.choice, Choice::EachOf(_));
        let chosen = self.choose(index);
        // The next of a round-robin has nothing to do with what the last one asks for.
        let soonest = pass.soonest.filter(|_| asks_everyone || chosen == last_chosen);
        let exact = match self.told {
            Some((_, unit)) => retries.wait(number, soonest, unit),
            None => retries.nominal(number),
        };
        self.pending = Wait { exact, range: retries.range(number) };
        self.reason = Some(Reason::NextPass { of, number, after: self.cause() });
        if let Some(frame) = self.stack.last_mut() {
            frame.chosen = chosen;
        }
    }

    /// The step of the client at the top of the stack; `None` when it was asked as often as allowed.
    fn step(&mut self) -> Option<Step> {
        let cause = self.cause();
        let frame = self.stack.last_mut()?;
        let node = &self.plan.nodes()[frame.node];
        let retry = frame.passes;
        if retry > node.retries.most() {
            return None;
        }
        frame.passes += 1;
        if retry > 0 {
            if self.told.is_none() {
                self.pending = Wait { exact: node.retries.nominal(retry), range: node.retries.range(retry) };
            }
            self.reason = Some(Reason::Retry { number: retry, after: cause });
        }
        self.asked = frame.node;
        let client = Arc::clone(&node.client);
        let wait = std::mem::take(&mut self.pending);
        let reason = self.reason.take().unwrap_or(Reason::First);
        Some(Step {
            client,
            delay: wait.exact,
            delay_range: wait.range,
            retry,
            reason,
            arms: self.arms(),
            limits: self.limits(),
            restarts_stream: self.stack.iter().all(|frame| self.plan.nodes()[frame.node].restart_stream),
        })
    }

    /// The node of the client that was asked last.
    pub(crate) fn asked(&self) -> usize {
        self.asked
    }
}

impl Iterator for Steps {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            let frame = self.stack.last()?;
            let node = &self.plan.nodes()[frame.node];
            let member = match &node.choice {
                Choice::Itself => {
                    if let Some(step) = self.step() {
                        return Some(step);
                    }
                    self.stack.pop();
                    self.leave_those_who_take_the_answer();
                    continue;
                }
                Choice::EachOf(members) => members.get(frame.position).copied(),
                Choice::OneOf(members, _) if frame.position == 0 => members.get(frame.chosen).copied(),
                Choice::OneOf(..) => None,
            };
            let Some(member) = member else {
                self.finish_pass();
                continue;
            };
            if frame.position > 0 {
                let of = Arc::clone(node.client.name());
                self.reason = Some(Reason::NextMember { of, after: self.cause() });
            }
            if let Some(frame) = self.stack.last_mut() {
                frame.position += 1;
            }
            self.enter(member);
        }
    }
}
