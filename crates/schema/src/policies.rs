//! Retry policies of a program: read as those of a registry are, with a place for each problem.

use std::sync::Arc;

use syntax::Span;
use syntax::ast::{self, Property, ValueKind};
use types::Name;

use crate::messages;
use crate::model::RetryPolicy;
use crate::policy::Policy;
use crate::policy_reader::{PolicyProblem, PolicyProblemKind};
use crate::properties::Options;
use crate::report::Report;

/// Checks a retry policy. `None` when there is something wrong with it: the report says what.
pub(crate) fn check_retry_policy(policy: &ast::Block, report: &mut Report) -> Option<RetryPolicy> {
    if let Some(argument) = &policy.argument {
        report.push(messages::retry_policy_argument(argument));
    }
    let read = read_policy(&policy.properties, policy.name.span, report)?;
    Some(RetryPolicy { name: Name::from(policy.name.text.as_str()), policy: read, span: policy.name.span })
}

/// Reads the properties of a policy; `whole` is where it stands.
pub(crate) fn read_policy(properties: &[Property], whole: Span, report: &mut Report) -> Option<Arc<Policy>> {
    let options = Options::new(report).read_map(properties);
    let (read, problems) = Policy::read(&options);
    for problem in problems {
        let diagnostic = messages::policy_problem(place(properties, whole, &problem), &problem);
        if problem.kind == PolicyProblemKind::Missing {
            report.push_missing(diagnostic);
        } else {
            report.push(diagnostic);
        }
    }
    read.map(Arc::new)
}

/// The value that a problem is about, or the key when that is what is wrong, or else the whole policy.
fn place(mut properties: &[Property], whole: Span, problem: &PolicyProblem) -> Span {
    let mut span = whole;
    let mut items: &[ast::Value] = &[];
    for segment in &problem.path {
        let value = if let Some(item) = segment.parse().ok().and_then(|index: usize| items.get(index)) {
            span = item.span;
            item
        } else if let Some(property) = properties.iter().find(|property| property.key.text == *segment) {
            let about_key = problem.kind == PolicyProblemKind::UnknownKey;
            span = if about_key { property.key.span } else { property.value.span };
            &property.value
        } else {
            break;
        };
        (properties, items) = (&[], &[]);
        match &value.kind {
            ValueKind::Map(inner) => properties = inner,
            ValueKind::List(inner) => items = inner,
            _ => {}
        }
    }
    span
}
