//! The expressions of checks and asserts, and where they are written.

use schema::{Diagnostic, Schema, Span};
use types::Constraint;

use super::names::World;
use super::{diagnostic, findings_of_expression};
use crate::judge::{Subjects, constraints};

/// How far behind the name of what has a constraint its expression is looked for, in bytes.
const MAX_DISTANCE: usize = 16 * 1024;

/// Reports what the constraints of `schema` name and what is not there.
pub(super) fn inspect(schema: &Schema, sources: &[(String, String)], diagnostics: &mut Vec<Diagnostic>) {
    let subjects = Subjects::of(schema);
    for found in constraints(schema, &subjects) {
        let world = World::of_constraint(schema, found.this);
        let findings = findings_of_expression(&found.constraint.expression, world);
        if findings.is_empty() {
            continue;
        }
        let place = expression_place(found.constraint, found.span, found.of_block, sources);
        diagnostics.extend(findings.into_iter().map(|finding| {
            let place = place.map_or(found.span, |start| {
                let offset = |bytes: usize| u32::try_from(start + bytes).unwrap_or(found.span.end);
                let (start, end) = (offset(finding.range.start), offset(finding.range.end));
                Span { file: found.span.file, start, end }
            });
            diagnostic(place, finding.warning)
        }));
    }
}

/// Where the expression of a constraint begins in its file: the first such text in double braces behind the name of
/// what has the constraint, and behind an `@@` when that is a whole block.
fn expression_place(
    constraint: &Constraint,
    owner: Span,
    of_block: bool,
    sources: &[(String, String)],
) -> Option<usize> {
    let (_, text) = sources.get(owner.file.0 as usize)?;
    let start = owner.end as usize;
    let behind = text.get(start..)?;
    let mut end = behind.len().min(MAX_DISTANCE);
    while !behind.is_char_boundary(end) {
        end -= 1;
    }
    let behind = &behind[..end];
    let in_braces = |position: &usize| {
        let (before, rest) = behind.split_at(*position);
        let line = before.rsplit('\n').next().unwrap_or_default();
        before.trim_end().ends_with("{{")
            && rest[constraint.expression.len()..].trim_start().starts_with("}}")
            && (!of_block || line.contains("@@"))
    };
    let found =
        behind.match_indices(&*constraint.expression).map(|(position, _)| position).find(in_braces)?;
    Some(start + found)
}
