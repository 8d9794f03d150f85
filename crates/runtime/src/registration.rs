//! What came of changing a registry: warnings for the log, or a failure that a door can throw.

use crate::call::problem;
use crate::failure::{Failure, FailureKind};
use crate::{log, messages};

/// Settles a change of a registry. Warnings, such as an option that is probably misspelt, go to the log; what is
/// wrong becomes a failure. `subject` is what was changed, as messages name it.
///
/// # Errors
/// All that is wrong; the registry is then unchanged.
pub fn settle(subject: &str, changed: Result<Vec<llm::Problem>, Vec<llm::Problem>>) -> Result<(), Failure> {
    for doubt in changed.map_err(|problems| refusal(subject, &problems))? {
        log::warn(&messages::not_valid(subject, &[doubt]));
    }
    Ok(())
}

/// The failure of a change that was refused.
#[must_use]
pub fn refusal(subject: &str, problems: &[llm::Problem]) -> Failure {
    Failure::new(FailureKind::InvalidArgument, messages::not_valid(subject, problems))
        .with(|details| details.problems = problems.iter().map(problem).collect())
}
