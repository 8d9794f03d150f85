//! Looks for what a template names and what is not there, before anything is rendered: variables, properties, filters,
//! tests, functions, template strings and their arguments.
//!
//! Jinja prints nothing for an unknown name, so a slip of the pen loses a part of the prompt without a word. Nothing is
//! reported that could be there when the prompt is rendered: what is not known for certain is `Shape::Unknown`, and
//! that has every property.
//!
//! | file | what it decides |
//! |---|---|
//! | `walk` | statements, and which names they make known where |
//! | `expressions` | what an expression comes to, as far as it can be known |
//! | `calls` | functions, methods, template strings and their arguments |
//! | `shape` | what is known of a value, and what its properties are |
//! | `names` | which names are known at a place, and what conditions have asked about |

mod calls;
mod expressions;
mod names;
mod shape;
mod walk;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use schema::{Diagnostic, Param, Schema, Span};

use crate::judge::{Found, Subjects, constraints};
use crate::program::{Positions, expression_tree, tree};
use crate::warnings::Warning;

use names::World;
use walk::Walker;

/// How much is reported of one text: more would not be read.
const MAX_WARNINGS: usize = 100;

/// What a text names wrongly, and where in it, in bytes.
#[derive(Debug)]
struct Finding {
    range: Range<usize>,
    warning: Warning,
}

/// The names that a template string can see because a prompt that uses it has them, by template string.
pub(crate) type Lent<'s> = HashMap<&'s str, HashSet<&'s str>>;

/// Reports what the prompts, template strings and constraints of `schema` name and what is not there. Texts that do
/// not compile must have been reported already: `compiles` says which ones do.
pub(crate) fn inspect(
    schema: &Schema,
    sources: &[(String, String)],
    lent: &Lent<'_>,
    compiles: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut template = |text: &str, span: Span, params: &[Param], lent: Option<&HashSet<&str>>| {
        let world = World::of_prompt(schema, params, lent);
        report(text, span, sources, findings(text, world), &mut diagnostics);
    };
    for function in schema.functions.values().filter(|function| compiles(&function.name)) {
        template(&function.prompt, function.prompt_span, &function.params, None);
    }
    for item in schema.templates.values().filter(|template| compiles(&template.name)) {
        template(&item.body, item.body_span, &item.params, lent.get(&*item.name));
    }
    for Found { constraint, span, this } in constraints(schema, &Subjects::of(schema)) {
        let expression = &constraint.expression;
        let place = Span { file: span.file, start: constraint.written.start, end: constraint.written.end };
        let found = findings_of_expression(expression, World::of_constraint(schema, this));
        report(expression, place, sources, found, &mut diagnostics);
    }
    diagnostics
}

fn report(
    text: &str,
    span: Span,
    sources: &[(String, String)],
    findings: Vec<Finding>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if findings.is_empty() {
        return;
    }
    let file = sources.get(span.file.0 as usize).map(|(_, text)| text.as_str());
    let positions = Positions::new(text, span, file);
    diagnostics.extend(findings.into_iter().map(|Finding { range, warning }| {
        let found = Diagnostic::warning(positions.span(&range), warning.message);
        match warning.help {
            Some(help) => found.with_help(help),
            None => found,
        }
    }));
}

/// What a template names wrongly.
fn findings(text: &str, world: World<'_, '_>) -> Vec<Finding> {
    let Some(tree) = tree(text) else { return Vec::new() };
    let mut walker = Walker::new(text, world);
    walker.template(&tree);
    walker.into_findings()
}

/// What an expression names wrongly.
fn findings_of_expression(text: &str, world: World<'_, '_>) -> Vec<Finding> {
    let Some(tree) = expression_tree(text) else { return Vec::new() };
    let mut walker = Walker::new(text, world);
    walker.condition(&tree);
    walker.into_findings()
}

/// The names of parameters.
fn names_of(params: &[Param]) -> Vec<&str> {
    params.iter().map(|param| &*param.name).collect()
}
