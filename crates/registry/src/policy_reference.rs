//! The retry policy of a client: one with a name, or one of its own.

use std::sync::Arc;

use llm::Problem;
use schema::{Policy, PolicyProblem, PolicyProblemKind};
use types::{Config, ConfigMap, Name};

use crate::problems;

/// The retry policy of a client.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyReference {
    /// One of the registry or of the program, looked up when a call needs the client.
    Name(Name),
    /// The client's own.
    Inline(Arc<Policy>),
}

impl From<&str> for PolicyReference {
    fn from(name: &str) -> Self {
        Self::Name(Name::from(name))
    }
}

impl PolicyReference {
    /// Reads a policy's name, or a policy. With it come doubts: the policy works, but hardly as it was meant.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(value: &Config) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        match value {
            Config::String(name) => Ok((Self::from(name.as_str()), Vec::new())),
            Config::Map(options) => {
                let (policy, doubts) = read_policy(options)?;
                Ok((Self::Inline(Arc::new(policy)), doubts))
            }
            other => Err(vec![problems::not_a_policy(other)]),
        }
    }
}

/// Reads a policy, with doubts about it, or all that is wrong with it.
pub(crate) fn read_policy(options: &ConfigMap) -> Result<(Policy, Vec<Problem>), Vec<Problem>> {
    let (policy, found) = Policy::read(options);
    let (doubts, wrong): (Vec<PolicyProblem>, Vec<PolicyProblem>) =
        found.into_iter().partition(|problem| problem.kind == PolicyProblemKind::Doubt);
    let problems = |found: Vec<PolicyProblem>| found.into_iter().map(problem).collect();
    match policy {
        Some(policy) => Ok((policy, problems(doubts))),
        None => Err(problems(wrong)),
    }
}

fn problem(found: PolicyProblem) -> Problem {
    Problem { path: found.path, message: found.message, help: found.help }
}
