//! Checks and asserts.

use std::ops::Range;

use crate::{Name, Value};

/// `@check(name, {{ expression }})` or `@assert([name,] {{ expression }})`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Whether a failure is reported or refused.
    pub level: ConstraintLevel,
    /// The label: always there for a check, optional for an assert.
    pub name: Option<Name>,
    /// The Jinja expression, without its braces.
    pub expression: Name,
    /// What is between the braces, in bytes of the text that has the constraint.
    pub written: Range<u32>,
}

/// What a failed constraint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintLevel {
    /// The value is kept and the result is shown beside it.
    Check,
    /// The value is refused.
    Assert,
}

/// The result of one check, shown to the user beside the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// The check's name.
    pub name: Name,
    /// The expression as written.
    pub expression: Name,
    /// Whether it held.
    pub passed: bool,
}

impl CheckResult {
    /// Whether it held, in the word that users see.
    #[must_use]
    pub fn status(&self) -> &'static str {
        if self.passed { "succeeded" } else { "failed" }
    }
}

/// Evaluates constraint expressions. The prompt room implements it, since it owns Jinja; the align and
/// schema rooms only ask.
pub trait Judge {
    /// Whether `expression` holds for `this`.
    ///
    /// # Errors
    /// A message in plain words when the expression cannot be evaluated (an unknown filter, a result that is
    /// not a boolean). An undefined attribute is not an error: the expression does not hold.
    fn holds(&self, expression: &str, this: &Value) -> Result<bool, String>;
}
