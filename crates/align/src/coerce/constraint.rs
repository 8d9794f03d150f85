//! Checks and asserts. Only the judge can evaluate their expressions.

use types::{CheckResult, ConstraintLevel};

use super::{Aligner, Outcome};
use crate::failure::Reason;
use crate::shape::ShapeId;
use crate::value::{AlignedKind, ValueId};

impl Aligner<'_, '_, '_> {
    /// The outcome after the type's checks and asserts. Null is not judged.
    pub(super) fn judged(&mut self, outcome: Outcome, shape: ShapeId) -> Outcome {
        let value = outcome?;
        if self.shapes.get(shape).constraints.is_empty()
            || matches!(self.values.get(value).kind, AlignedKind::Null)
        {
            return Ok(value);
        }
        self.judge(value, shape)
    }

    fn judge(&mut self, value: ValueId, shape: ShapeId) -> Outcome {
        let constraints = self.shapes.get(shape).constraints.clone();
        let this = self.plain(value);
        let aligned = *self.values.get(value);
        let mut results = aligned.checks.map_or_else(Vec::new, |at| self.values.checks_at(at).to_vec());
        let mut refused = aligned.refused;
        for constraint in constraints {
            let holds = self.judge.holds(&constraint.expression, &this);
            match constraint.level {
                ConstraintLevel::Check => results.push(CheckResult {
                    name: constraint.name.clone().unwrap_or_else(|| constraint.expression.clone()),
                    expression: constraint.expression.clone(),
                    // A check never costs the answer, not even when its expression makes no sense here.
                    passed: holds.unwrap_or(false),
                }),
                ConstraintLevel::Assert => match holds {
                    Ok(true) => {}
                    _ if self.partial => refused = true,
                    Ok(false) => {
                        let assert = (constraint.name.clone(), constraint.expression.clone());
                        return Err(self.fail(aligned.node, shape, Reason::Assert(Box::new(assert))));
                    }
                    Err(why) => {
                        let reason = Reason::Expression(Box::new((constraint.name.clone(), why)));
                        return Err(self.fail(aligned.node, shape, reason));
                    }
                },
            }
        }
        let checks = self.values.add_checks(results);
        // A union's member may be shared with another reading: the union's own results go to a copy.
        let copy = self.values.push(aligned);
        let changed = self.values.get_mut(copy);
        changed.checks = checks;
        changed.refused = refused;
        Ok(copy)
    }
}
