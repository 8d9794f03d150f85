//! A plan as it may be shown: who would be asked, where, when, with which limits, and who said so. Nothing is
//! sent, and no secret is in it.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use llm::{Client, Environment, HttpOptions, Mode, Placeholders, Problem};
use types::{Config, ConfigMap, Content, Message, Part, Prompt};

use crate::json::value_json;
use crate::plan::Plan;
use crate::reason::{Arm, Reason};
use crate::resolve::{Origin, Resolved};
use crate::steps::{Limit, Step};

/// What a call would do.
#[derive(Clone, Debug)]
pub struct PlanDescription {
    /// The client that was chosen.
    pub client: String,
    /// Its provider: a strategy, or that of the only client.
    pub provider: &'static str,
    /// How many requests there are at most, when everything fails.
    pub worst_case: u64,
    /// The attempts in order, when everything fails that can be tried again.
    pub steps: Vec<StepDescription>,
    /// Whether these are all; if not, there are more steps than were asked for.
    pub complete: bool,
}

/// One attempt that a call would make.
#[derive(Clone, Debug)]
pub struct StepDescription {
    /// Who would be asked; the same value for each attempt with the same client.
    pub client: Arc<ClientDescription>,
    /// The shortest and the longest wait before, unless the provider asks for more.
    pub delay: (Duration, Duration),
    /// Why it would be made.
    pub reason: Reason,
    /// What weighted clients chose on the way here, from the outside in.
    pub arms: Vec<Arm>,
    /// The strategies around it that limit their whole time, from the outside in.
    pub limits: Vec<Limit>,
    /// Whether a stream goes on when it fails after its first partial values, as far as there are further attempts.
    pub restarts_stream: bool,
}

/// A client that a call would ask.
#[derive(Clone, Debug)]
pub struct ClientDescription {
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: &'static str,
    /// Where it is defined.
    pub origin: Origin,
    /// Its model, when it is known.
    pub model: Option<String>,
    /// Where the request would go, without user, password and the values of its query. Variables that are not
    /// set read `$NAME`. `None` when no request can be made.
    pub url: Option<String>,
    /// The limits of its own; zero is "no limit".
    pub http: HttpOptions,
    /// Why it cannot be asked: the attempt would fail before anything is sent. Empty when it can.
    pub problems: Vec<Problem>,
    /// Its options as far as they may be shown, what it has from its provider included.
    pub options: Vec<OptionDescription>,
}

/// An option of a client.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionDescription {
    /// Its name.
    pub name: String,
    /// Its value, redacted where it could be a secret; a variable by its name.
    pub value: Config,
    /// Where it comes from.
    pub origin: Origin,
}

impl Plan {
    /// Describes what a call would do, up to this many steps. Round-robins stay where they are.
    #[must_use]
    pub fn describe(&self, environment: &dyn Environment, most_steps: usize) -> PlanDescription {
        let mut preview = self.preview();
        let mut known: HashMap<usize, Arc<ClientDescription>> = HashMap::new();
        let mut steps = Vec::new();
        while steps.len() < most_steps
            && let Some(step) = preview.next()
        {
            let client = known
                .entry(preview.asked())
                .or_insert_with(|| Arc::new(describe_client(&step.client, environment)));
            let Step { delay_range: delay, reason, arms, limits, restarts_stream, .. } = step;
            let client = Arc::clone(client);
            steps.push(StepDescription { client, delay, reason, arms, limits, restarts_stream });
        }
        PlanDescription {
            client: self.client().name().to_string(),
            provider: self.client().provider().name,
            worst_case: self.worst_case(),
            complete: preview.next().is_none(),
            steps,
        }
    }
}

fn describe_client(client: &Resolved, environment: &dyn Environment) -> ClientDescription {
    let built = client.build(&Placeholders(environment));
    let problems = client.build(environment).err().unwrap_or_default();
    let built = built.as_ref().ok();
    // A client that lacks something else may still say which model it is.
    let stated = ["model", "model_id"].into_iter().find_map(|key| match client.options().get(key)? {
        Config::String(model) => Some(model.as_str()),
        _ => None,
    });
    ClientDescription {
        name: client.name().to_string(),
        provider: client.provider().name,
        origin: client.origin(),
        model: built.map_or(stated, Client::model).map(str::to_owned),
        url: built.and_then(url),
        http: built.map(|built| built.http().clone()).unwrap_or_default(),
        problems,
        options: options(client, built),
    }
}

/// Where a client sends its requests, whatever they say.
fn url(client: &Client) -> Option<String> {
    let text = Part { content: Content::Text("x".to_owned()), metadata: None };
    let message = Message { role: client.default_role().to_owned(), parts: vec![text] };
    let request = llm::request(client, &Prompt { messages: vec![message] }, Mode::Call).ok()?;
    Some(client.redact(&request.display_url()).into_owned())
}

fn options(client: &Resolved, built: Option<&Client>) -> Vec<OptionDescription> {
    let given = client.options();
    let shown = llm::shown_options(given).into_iter().map(|(name, value)| {
        let origin = client.origin_of(&name);
        OptionDescription { name, value, origin }
    });
    let defaults = defaults(client, built).into_iter().filter(|(name, _)| !given.contains_key(name));
    let defaults = defaults.map(|(name, value)| OptionDescription { name, value, origin: Origin::Default });
    shown.chain(defaults).collect()
}

/// What a client has from its provider where it says nothing.
fn defaults(client: &Resolved, built: Option<&Client>) -> ConfigMap {
    let provider = client.provider();
    let text = |text: &str| Config::String(text.to_owned());
    // The newer word for the same limit.
    let max_tokens = provider.max_tokens.filter(|_| !client.options().contains_key("max_completion_tokens"));
    let defaults = [
        ("base_url", provider.base_url.map(text)),
        ("api_key", provider.key_variable.map(|variable| Config::Env(variable.to_owned()))),
        ("max_tokens", max_tokens.map(|limit| Config::Number(limit.into()))),
        ("default_role", built.map(|built| text(built.default_role()))),
    ];
    defaults.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

impl fmt::Display for PlanDescription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = if self.worst_case == 1 { "request" } else { "requests" };
        writeln!(formatter, "{} ({}): at most {} {requests}", self.client, self.provider, self.worst_case)?;
        let mut shown: HashSet<*const ClientDescription> = HashSet::new();
        for (position, step) in self.steps.iter().enumerate() {
            write!(formatter, "{}. ", position + 1)?;
            write_step(formatter, step)?;
            if shown.insert(Arc::as_ptr(&step.client)) {
                write_client(formatter, &step.client)?;
            }
        }
        if self.complete { Ok(()) } else { formatter.write_str("...\n") }
    }
}

fn write_step(formatter: &mut fmt::Formatter<'_>, step: &StepDescription) -> fmt::Result {
    let (least, most) = (step.delay.0.as_millis(), step.delay.1.as_millis());
    match (least, most) {
        (0, 0) => {}
        _ if least == most => write!(formatter, "after {most} ms: ")?,
        _ => write!(formatter, "after {least} to {most} ms: ")?,
    }
    write!(formatter, "{} ({}", step.client.name, step.client.provider)?;
    if let Some(model) = &step.client.model {
        write!(formatter, ", {model}")?;
    }
    write!(formatter, "): {}", step.reason)?;
    for arm in &step.arms {
        let by = if arm.sticky { "by key" } else { "by chance" };
        write!(formatter, "; {} chose {} {by}", arm.strategy, arm.member)?;
    }
    for limit in &step.limits {
        write!(formatter, "; {} ms for all of {}", limit.total_timeout_ms, limit.client)?;
    }
    if !step.restarts_stream {
        formatter.write_str("; a stream that it breaks ends the call")?;
    }
    formatter.write_str("\n")
}

fn write_client(formatter: &mut fmt::Formatter<'_>, client: &ClientDescription) -> fmt::Result {
    if let Some(url) = &client.url {
        writeln!(formatter, "   POST {url}")?;
    }
    for problem in &client.problems {
        writeln!(formatter, "   fails: {problem}")?;
    }
    for option in &client.options {
        let value = match &option.value {
            Config::Env(name) => format!("env.{name}"),
            other => value_json(other).to_string(),
        };
        writeln!(formatter, "   {} {value} ({})", option.name, option.origin.name())?;
    }
    Ok(())
}
