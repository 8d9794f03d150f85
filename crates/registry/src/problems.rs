//! Every message about a registry itself, by name. What is wrong with providers and options says the llm room,
//! and what is wrong with retry policies the schema room.

use llm::Problem;
use types::{Config, nearest};

fn problem(path: &[&str], message: String) -> Problem {
    Problem { path: path.iter().map(ToString::to_string).collect(), message, help: None }
}

fn with_help(problem: Problem, help: impl Into<String>) -> Problem {
    Problem { help: Some(help.into()), ..problem }
}

pub(crate) fn not_a_policy(got: &Config) -> Problem {
    let got = got.with_article();
    let message = format!("`retry_policy` must be the name of a retry policy, or a policy, got {got}");
    with_help(problem(&["retry_policy"], message), "for example { max_retries: 2 }")
}

pub(crate) fn frozen() -> Problem {
    with_help(problem(&[], "the registry is frozen and cannot be changed".to_owned()), "change a copy of it")
}

pub(crate) fn cycle(arrows: &str) -> Problem {
    let message = format!("a strategy cannot contain itself: the cycle is {arrows}");
    problem(&["strategy"], message)
}

pub(crate) fn base_url_dropped(name: &str) -> Problem {
    let message = format!(
        "client `{name}` of the registry stands in place of the program's, which has a `base_url`: it has \
         none, and its requests go to the provider's own address"
    );
    let help = "give it the `base_url` too, or extend the program's client instead of adding one";
    with_help(problem(&[name, "base_url"], message), help)
}

pub(crate) fn nothing_to_extend(client: &str, why: &str) -> Problem {
    problem(&[client, "extends"], why.to_owned())
}

pub(crate) fn unknown_member(client: &str, member: &str, known: &[&str]) -> Problem {
    let message = format!("the strategy of client `{client}` names `{member}`, which no client is called");
    let found = problem(&[client, "strategy"], message);
    match nearest(member, known.iter().copied()) {
        Some(meant) => with_help(found, format!("did you mean `{meant}`?")),
        None => found,
    }
}

pub(crate) fn unknown_policy(client: &str, policy: &str, known: &[&str]) -> Problem {
    let message = format!("client `{client}` names the retry policy `{policy}`, which does not exist");
    let found = problem(&[client, "retry_policy"], message);
    match nearest(policy, known.iter().copied()) {
        Some(meant) => with_help(found, format!("did you mean `{meant}`?")),
        None => found,
    }
}

pub(crate) fn wrong_json(path: &[String], expected: &str, got: &Config) -> Problem {
    let place = if path.is_empty() { "a registry".to_owned() } else { format!("`{}`", path.join(".")) };
    let message = format!("{place} must be {expected}, got {}", got.with_article());
    Problem { path: path.to_vec(), message, help: None }
}

pub(crate) fn missing_json(path: &[String], key: &str) -> Problem {
    let place = if path.is_empty() { "the registry".to_owned() } else { format!("`{}`", path.join(".")) };
    Problem { path: path.to_vec(), message: format!("{place} needs `{key}`"), help: None }
}

pub(crate) fn unknown_json(path: &[String], key: &str, known: &[&str]) -> Problem {
    let place = if path.is_empty() { "a registry".to_owned() } else { format!("`{}`", path.join(".")) };
    let mut full = path.to_vec();
    full.push(key.to_owned());
    let found = Problem { path: full, message: format!("unknown key `{key}` in {place}"), help: None };
    match nearest(key, known.iter().copied()) {
        Some(meant) => with_help(found, format!("did you mean `{meant}`?")),
        None => with_help(found, format!("it takes `{}`", known.join("`, `"))),
    }
}

pub(crate) fn provider_and_base(path: &[String]) -> Problem {
    let message = format!("`{}` has both `provider` and `extends`", path.join("."));
    let found = Problem { path: path.to_vec(), message, help: None };
    with_help(found, "a client that extends another has that one's provider")
}
