//! Running the `test` blocks of a program.

use std::sync::Arc;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use llm::Environment as _;
use schema::{Additions, Test};
use types::{Arguments, ConstraintLevel, Name, Value};

use crate::clock::milliseconds;
use crate::environment::Variables;
use crate::failure::{Failure, FailureKind};
use crate::messages;
use crate::record::{Collector, FunctionLog};
use crate::runtime::{CallOptions, Runtime};

/// What came of a test.
#[derive(Clone, Debug)]
pub struct TestRun {
    /// How it ended.
    pub outcome: TestOutcome,
    /// What the function returned.
    pub value: Option<Value>,
    /// The log of its call; `None` when no call was made.
    pub log: Option<Arc<FunctionLog>>,
    /// How long it took.
    pub duration: Duration,
}

/// How a test ended.
#[derive(Clone, Debug)]
pub enum TestOutcome {
    /// The call brought a value, and every constraint of the test holds for it.
    Passed,
    /// These constraints do not hold.
    Failed(Vec<FailedConstraint>),
    /// The call brought no value.
    Errored(Failure),
}

/// A constraint of a test that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedConstraint {
    /// Whether it is a check or an assert.
    pub level: ConstraintLevel,
    /// Its name; an assert may have none.
    pub name: Option<Name>,
    /// The expression as written.
    pub expression: Name,
    /// Why it could not be judged, when it could not.
    pub problem: Option<String>,
}

impl Runtime {
    /// The environment variables that a test may need: those of its call, and those that its arguments name.
    #[must_use]
    pub fn test_variables(&self, test: &Test, function: &str, options: &CallOptions) -> Vec<String> {
        let mut names: Vec<String> =
            self.variables(function, options.registry.as_ref()).into_iter().collect();
        test.args.values().for_each(|value| variables_in(value, &mut names));
        names
    }

    /// Calls the function with the test's arguments and types, and judges what it returns. Checks and asserts are
    /// judged in the order written; each may look at those before it.
    pub async fn run_test(&self, test: &Test, function: &str, options: CallOptions) -> TestRun {
        let began = Instant::now();
        let collector = Collector::new("test");
        let called = self.call_for_test(test, function, options, &collector).await;
        let duration = began.elapsed();
        let (outcome, value) = match called {
            Ok(value) => (self.judged(test, &value, duration), Some(value)),
            Err(failure) => (TestOutcome::Errored(failure), None),
        };
        TestRun { outcome, value, log: collector.last(), duration }
    }

    async fn call_for_test(
        &self,
        test: &Test,
        function: &str,
        mut options: CallOptions,
        collector: &Collector,
    ) -> Result<Value, Failure> {
        let arguments = test
            .args
            .iter()
            .map(|(name, value)| Ok((name.clone(), with_variables(value, &options.variables)?)))
            .collect::<Result<Arguments, Failure>>()?;
        if !test.type_builder.is_empty() {
            options.additions.get_or_insert_with(Additions::default).add_items(&test.type_builder);
        }
        options.collectors.push(collector.clone());
        self.call(function, arguments, options).await
    }

    fn judged(&self, test: &Test, value: &Value, duration: Duration) -> TestOutcome {
        let latency = i64::try_from(milliseconds(duration)).unwrap_or(i64::MAX);
        let mut checks: IndexMap<Name, Value> = IndexMap::new();
        let mut failed = Vec::new();
        for constraint in &test.constraints {
            let known = [
                ("result", value.clone()),
                ("checks", Value::Map(checks.clone())),
                ("latency_ms", Value::Int(latency)),
            ];
            let known =
                Value::Map(known.into_iter().map(|(name, value)| (Name::from(name), value)).collect());
            let judged = self.program.templates.holds_in_test(&constraint.expression, value, &known);
            let holds = matches!(judged, Ok(true));
            if let Some(name) = &constraint.name {
                checks.insert(name.clone(), Value::Bool(holds));
            }
            if !holds {
                failed.push(FailedConstraint {
                    level: constraint.level,
                    name: constraint.name.clone(),
                    expression: constraint.expression.clone(),
                    problem: judged.err(),
                });
            }
        }
        if failed.is_empty() { TestOutcome::Passed } else { TestOutcome::Failed(failed) }
    }
}

/// `env.NAME` in the arguments of a test.
fn variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix("env.")?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}

fn variables_in(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::String(text) => names.extend(variable(text).map(str::to_owned)),
        Value::List(items) => items.iter().for_each(|item| variables_in(item, names)),
        Value::Map(entries) => entries.values().for_each(|entry| variables_in(entry, names)),
        _ => {}
    }
}

/// The value with its variables looked up.
fn with_variables(value: &Value, variables: &Variables) -> Result<Value, Failure> {
    Ok(match value {
        Value::String(text) => match variable(text) {
            Some(name) => Value::String(variables.get(name).ok_or_else(|| {
                Failure::new(FailureKind::InvalidArgument, messages::test_variable_missing(name))
            })?),
            None => value.clone(),
        },
        Value::List(items) => {
            Value::List(items.iter().map(|item| with_variables(item, variables)).collect::<Result<_, _>>()?)
        }
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, entry)| Ok((key.clone(), with_variables(entry, variables)?)))
                .collect::<Result<_, Failure>>()?,
        ),
        other => other.clone(),
    })
}
