//! Running the `test` blocks of a program.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use schema::{Additions, Test};
use types::{ConstraintLevel, Name, Value};

use crate::clock::milliseconds;
use crate::failure::Failure;
use crate::record::{Collector, FunctionLog};
use crate::runtime::{CallOptions, Runtime};
use crate::test_arguments::{Reader, variables_in};

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
    /// judged in the order written; each may look at those before it. `folder` is where the test's own `.baml` file is:
    /// its arguments name files from there.
    pub async fn run_test(
        &self,
        test: &Test,
        function: &str,
        folder: &Path,
        options: CallOptions,
    ) -> TestRun {
        let began = Instant::now();
        let collector = Collector::new("test");
        let called = self.call_for_test(test, function, folder, options, &collector).await;
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
        folder: &Path,
        mut options: CallOptions,
        collector: &Collector,
    ) -> Result<Value, Failure> {
        if !test.type_builder.is_empty() {
            options.additions.get_or_insert_with(Additions::default).add_items(&test.type_builder);
        }
        let schema = self.schema_with(options.additions.as_ref())?;
        let reader = Reader { schema: &schema, variables: &options.variables, folder };
        let arguments = reader.read(test, self.program.function(function)?)?;
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
