//! Ten thousand calls on a virtual clock: members that fail, hang, limit and answer nonsense, in strategies and
//! policies of every kind. Each call is followed as the runtime follows it, and held to what was promised.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use types::Name;

use crate::registry::{self, Cause, ClientRegistry, Counter, Facts, Limit, Plan, Reason, Rotation, Step};
use crate::support;

const SCENARIOS: u64 = 10_000;
const PROGRAM: &str = "function F(x: string) -> string {\n  client \"openai/m\"\n  prompt #\"{{ x }}\"#\n}\n";

/// splitmix64: the same scenarios on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Chance for the plans.
struct Chance(AtomicU64);

impl Rotation for Chance {
    fn counter(&self, _: &Name) -> Arc<Counter> {
        Arc::default()
    }

    fn first(&self, _: usize) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }

    fn unit(&self) -> f64 {
        Dice(self.0.fetch_add(1, Ordering::Relaxed)).unit()
    }
}

fn policy(dice: &mut Dice) -> Value {
    let kind = if dice.one_in(2) {
        json!({ "type": "constant_delay", "delay_ms": dice.below(300) })
    } else {
        json!({ "type": "exponential_backoff", "delay_ms": dice.below(300), "max_delay_ms": 300 + dice.below(300) })
    };
    let jitter = ["tenth", "full", "none"][usize::try_from(dice.below(3)).unwrap()];
    let mut policy = json!({ "max_retries": dice.below(3), "strategy": kind, "jitter": jitter });
    if dice.one_in(4) {
        policy["retry_on"] = json!(["default", "validation", 404]);
    }
    if dice.one_in(3) {
        policy["max_retry_after_ms"] = dice.below(2000).into();
    }
    policy
}

/// Three models and up to six strategies over them and over the strategies before.
fn scenario(dice: &mut Dice) -> ClientRegistry {
    let mut clients = Vec::new();
    let mut names: Vec<String> = ["A", "B", "C"].map(str::to_owned).to_vec();
    for name in &names {
        let mut client = json!({ "name": name, "provider": "openai", "options": { "model": name } });
        if dice.one_in(2) {
            client["retry_policy"] = policy(dice);
        }
        clients.push(client);
    }
    for index in 0..=dice.below(5) {
        let provider =
            ["fallback", "fallback", "round-robin", "weighted"][usize::try_from(dice.below(4)).unwrap()];
        let members: Vec<Value> = (0..=dice.below(3))
            .map(|_| {
                let choices = u64::try_from(names.len()).unwrap();
                let name = names[usize::try_from(dice.below(choices)).unwrap()].clone();
                if provider == "weighted" {
                    json!({ "client": name, "weight": 1 + dice.below(9) })
                } else {
                    name.into()
                }
            })
            .collect();
        let mut options = json!({ "strategy": members });
        if dice.one_in(4) {
            options["http"] = json!({ "total_timeout_ms": 1 + dice.below(3000) });
        }
        if provider == "fallback" && dice.one_in(4) {
            options["fallback_on"] = json!(["validation"]);
        }
        if provider == "weighted" && dice.one_in(2) {
            options["sticky_key"] = format!("user-{}", dice.below(50)).into();
        }
        let name = format!("S{index}");
        let mut client = json!({ "name": name, "provider": provider, "options": options });
        if dice.one_in(3) {
            client["retry_policy"] = policy(dice);
        }
        clients.push(client);
        names.push(name);
    }
    let json = json!({ "clients": clients, "primary": names.last() });
    ClientRegistry::from_json(&json, false).unwrap().0
}

/// How an attempt goes, and how long it takes.
fn attempt(dice: &mut Dice) -> (Duration, Option<Facts>) {
    let took = Duration::from_millis(dice.below(400));
    let facts = match dice.below(10) {
        0 => return (took, None),
        1 => return (Duration::from_hours(1), Some(Facts::new(Cause::Timeout))),
        2 => Facts::new(Cause::Network),
        3 => Facts::new(Cause::Validation).with_status(200),
        4 => Facts::new(Cause::Unusable),
        5 => Facts::new(Cause::Status)
            .with_status(429)
            .with_retry_after(Duration::from_millis(dice.below(5000))),
        6 => Facts::new(Cause::Status).with_status(401),
        7 => Facts::new(Cause::Malformed).with_status(200),
        _ => Facts::new(Cause::Status).with_status(503),
    };
    (took, Some(facts))
}

/// What happened in a call.
#[derive(Default)]
struct Call {
    attempts: u64,
    answered: bool,
    left: Vec<u64>,
    /// The time when it ended, or when the last strategy was left.
    now: Duration,
    /// When each strategy that limits its time must be done.
    deadlines: HashMap<u64, Duration>,
}

/// Follows a plan as the runtime does.
fn follow(plan: &Plan, dice: &mut Dice) -> Call {
    let mut call = Call::default();
    let mut steps = plan.steps();
    let mut last: Option<(Step, Facts)> = None;
    while let Some(step) = steps.next() {
        let now = call.now;
        let tightest: Option<(Duration, &Limit)> = step
            .limits
            .iter()
            .map(|limit| {
                let end = now + Duration::from_millis(limit.total_timeout_ms);
                (*call.deadlines.entry(limit.scope).or_insert(end), limit)
            })
            .min_by_key(|(deadline, _)| *deadline);
        hold(&step, last.as_ref(), &call);
        let (over, outcome) = match tightest {
            // Whoever waits for it would wait in vain: nobody is asked.
            Some((deadline, limit)) if deadline < now + step.delay => {
                (Some(limit), Some(Facts::new(Cause::Timeout)))
            }
            _ => {
                call.attempts += 1;
                let (took, outcome) = attempt(dice);
                let end = now + step.delay + took;
                let over = tightest.filter(|(deadline, _)| end >= *deadline);
                call.now = over.map_or(end, |(deadline, _)| deadline);
                let outcome = if over.is_some() { Some(Facts::new(Cause::Timeout)) } else { outcome };
                (over.map(|(_, limit)| limit), outcome)
            }
        };
        let Some(facts) = outcome else {
            call.answered = true;
            return call;
        };
        steps.failed(&facts, dice.unit());
        if let Some(limit) = over {
            steps.leave(limit);
            call.left.push(limit.scope);
        }
        last = Some((step, facts));
    }
    call
}

/// What each step promises, seen beside the one before.
fn hold(step: &Step, last: Option<&(Step, Facts)>, call: &Call) {
    assert!(
        step.limits.iter().all(|limit| !call.left.contains(&limit.scope)),
        "{step:?} in a run that is over"
    );
    assert!(
        step.limits.iter().all(|limit| call.now < call.deadlines[&limit.scope]),
        "{step:?} at {:?}, when the time of a strategy around it has passed",
        call.now
    );
    let Some((before, facts)) = last else {
        assert_eq!((&step.reason, step.delay), (&Reason::First, Duration::ZERO));
        return;
    };
    let (least, most) = step.delay_range;
    let asked = match &step.reason {
        // Any member of the pass may have asked for it.
        Reason::NextPass { .. } => Duration::from_secs(5),
        _ => facts.retry_after.unwrap_or_default(),
    };
    assert!(step.delay >= least && step.delay <= most.max(asked.mul_f64(1.1)), "{step:?}");
    match &step.reason {
        Reason::First => {}
        Reason::Retry { number, after } => {
            assert_eq!((step.client.name(), step.retry), (before.client.name(), *number));
            assert_eq!(*after, Some(facts.cause));
            assert!(
                !matches!((facts.cause, facts.status), (Cause::Unusable, _) | (_, Some(401))),
                "{step:?}"
            );
        }
        Reason::NextMember { .. } => assert_eq!(step.delay, Duration::ZERO, "{step:?}"),
        Reason::NextPass { number, .. } => assert!(*number <= 2),
    }
}

#[test]
fn calls_end_in_time_and_never_ask_more_often_than_the_plan_says() {
    let schema = support::program(PROGRAM);
    let function = &schema.functions["F"];
    let chance = Chance(AtomicU64::new(1));
    let (mut answered, mut attempts, mut limited, mut sticky, mut bounded) = (0, 0, 0, 0, 0);
    for seed in 0..SCENARIOS {
        let dice = &mut Dice(seed);
        let clients = scenario(dice);
        let plan = registry::plan(&schema, Some(&clients), function, &chance, &BTreeMap::new()).unwrap();
        let call = follow(&plan, dice);
        assert!(call.attempts <= plan.worst_case(), "scenario {seed}: {} attempts in\n{plan}", call.attempts);
        assert!(call.attempts >= 1, "scenario {seed}");
        // The chosen client limits the whole call, whatever is inside.
        let outermost = plan.preview().next().and_then(|step| {
            step.limits.first().filter(|limit| Some(&*limit.client) == clients.primary()).cloned()
        });
        if let Some(limit) = outermost {
            assert!(
                call.now <= Duration::from_millis(limit.total_timeout_ms),
                "scenario {seed}: {:?}",
                call.now
            );
            bounded += 1;
        }
        answered += u64::from(call.answered);
        attempts += call.attempts;
        limited += u64::from(!call.left.is_empty());
        // The same call again: whoever has a key gets the same arm.
        let again = registry::plan(&schema, Some(&clients), function, &chance, &BTreeMap::new()).unwrap();
        for (step, other) in plan.preview().zip(again.preview()).take(1) {
            for (arm, same) in step.arms.iter().zip(&other.arms).take_while(|(arm, _)| arm.sticky) {
                assert_eq!(arm, same, "scenario {seed}");
            }
            sticky += usize::from(step.arms.first().is_some_and(|arm| arm.sticky));
        }
    }
    // The scenarios are as varied as they are meant to be.
    assert!((1000..9000).contains(&answered), "{answered} answered");
    assert!(attempts > 2 * SCENARIOS && limited > 100, "{attempts} attempts, {limited} out of time");
    assert!(sticky > 500 && bounded > 500, "{sticky} calls with a key, {bounded} with a limit of their own");
}

#[test]
fn when_everything_fails_the_plan_is_followed_to_its_worst_case() {
    let schema = support::program(PROGRAM);
    let function = &schema.functions["F"];
    let chance = Chance(AtomicU64::new(1));
    for seed in 0..1000 {
        let clients = scenario(&mut Dice(seed));
        let plan = registry::plan(&schema, Some(&clients), function, &chance, &BTreeMap::new()).unwrap();
        let shown = plan.preview().count();
        let mut steps = plan.steps();
        let mut told = 0;
        while steps.next().is_some() {
            told += 1;
            steps.failed(&Facts::new(Cause::Network), 0.5);
        }
        let worst_case = usize::try_from(plan.worst_case()).unwrap();
        // Round-robins may meet clients with fewer retries than the one that the worst case counts.
        assert!(told <= worst_case && shown <= worst_case, "scenario {seed}: {told}, {shown}, {worst_case}");
        let turns = clients.clients().iter().any(|client| client.provider == Some("round-robin"));
        if !turns {
            assert_eq!((told, shown), (worst_case, worst_case), "scenario {seed}:\n{plan}");
        }
    }
}

#[test]
fn chance_gives_each_arm_its_share() {
    let members = json!([{ "client": "openai/a", "weight": 70 }, { "client": "openai/b", "weight": 25 }, { "client": "openai/c", "weight": 5 }]);
    let json = json!({ "clients": [{ "name": "Split", "provider": "weighted", "options": { "strategy": members } }], "primary": "Split" });
    let (clients, _) = ClientRegistry::from_json(&json, false).unwrap();
    let schema = support::program(PROGRAM);
    let chance = Chance(AtomicU64::new(7));
    let mut counts = [0_u32; 3];
    for _ in 0..20_000 {
        let plan = registry::plan(&schema, Some(&clients), &schema.functions["F"], &chance, &BTreeMap::new())
            .unwrap();
        counts[plan.preview().next().unwrap().arms[0].position] += 1;
    }
    // Four standard deviations either way.
    for (count, share) in counts.into_iter().zip([0.70, 0.25, 0.05_f64]) {
        let expected = 20_000.0 * share;
        let deviation = (expected * (1.0 - share)).sqrt();
        assert!((f64::from(count) - expected).abs() < 4.0 * deviation, "{counts:?}");
    }
}
