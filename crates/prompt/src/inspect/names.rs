//! Which names are known at a place of a template, and what its conditions have asked about.

use std::collections::{HashMap, HashSet};

use minijinja::machinery::ast::Expr;
use schema::{Param, Schema};
use types::{Type, TypeKind};

use super::expressions::children;
use super::shape::Shape;
use crate::engine::FUNCTIONS;

/// What is known before the first statement of a text.
pub(super) struct World<'s, 'l> {
    pub(super) schema: &'s Schema,
    values: HashMap<&'s str, Shape<'s>>,
    /// Names that are known only while certain prompts are rendered.
    lent: Option<&'l HashSet<&'l str>>,
    /// Whether the template strings can be called.
    templates: bool,
    /// Whether null has to be expected: an expression that meets one does not hold, which is what it is for.
    pub(super) nulls: bool,
}

/// What a name stands for.
pub(super) enum Meaning<'s> {
    Value(Shape<'s>),
    Template(&'s str, &'s [Param]),
    Function,
    Nothing,
}

impl<'s, 'l> World<'s, 'l> {
    /// The names that a prompt or a template string sees.
    pub(super) fn of_prompt(
        schema: &'s Schema,
        params: &'s [Param],
        lent: Option<&'l HashSet<&'l str>>,
    ) -> Self {
        let mut values = HashMap::from([("ctx", Shape::Context), ("_", Shape::Underscore)]);
        values.extend(params.iter().map(|param| (&*param.name, Shape::of(schema, &param.ty))));
        Self { schema, values, lent, templates: true, nulls: true }
    }

    /// The names that the expression of a constraint sees. That of a test sees `_` as well, and values that show their
    /// checks.
    pub(super) fn of_constraint(schema: &'s Schema, this: Option<&'s Type>) -> Self {
        let values = match this {
            Some(ty) => HashMap::from([("this", Shape::of(schema, ty).not_null())]),
            None => HashMap::from([("this", Shape::Unknown), ("_", Shape::Unknown)]),
        };
        Self { schema, values, lent: None, templates: false, nulls: false }
    }

    /// What a name means that no statement of the text has made known.
    pub(super) fn meaning(&self, name: &str) -> Meaning<'s> {
        let value = self.values.get(name);
        let template = self.schema.templates.get_key_value(name).filter(|_| self.templates);
        match (value, template) {
            (Some(_), Some(_)) => Meaning::Value(Shape::Unknown),
            (Some(shape), None) => Meaning::Value(shape.clone()),
            (None, Some((name, template))) => Meaning::Template(name, &template.params),
            (None, None) => match self.schema.types.get(name) {
                Some(TypeKind::Enum(id)) if self.templates => Meaning::Value(Shape::Enum(*id)),
                Some(TypeKind::Enum(_)) => Meaning::Value(Shape::Unknown),
                _ if FUNCTIONS.contains(&name) => Meaning::Function,
                _ if self.lent.is_some_and(|lent| lent.contains(name)) => Meaning::Value(Shape::Unknown),
                _ => Meaning::Nothing,
            },
        }
    }

    /// The names of values, the ones that a user gave first.
    pub(super) fn values(&self) -> Vec<&'s str> {
        let mut names: Vec<&str> = self.values.keys().copied().collect();
        names.sort_by_key(|name| (matches!(*name, "_" | "ctx"), *name));
        names
    }

    /// The names that can be called.
    pub(super) fn functions(&self) -> Vec<&'s str> {
        let templates = self.schema.templates.keys().map(|name| &**name).filter(|_| self.templates);
        templates.chain(FUNCTIONS).collect()
    }
}

/// The names that statements have made known, innermost last.
#[derive(Default)]
pub(super) struct Frames<'t, 's>(Vec<HashMap<&'t str, Shape<'s>>>);

impl<'t, 's> Frames<'t, 's> {
    pub(super) fn push(&mut self) {
        self.0.push(HashMap::new());
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(super) fn define(&mut self, name: &'t str, shape: Shape<'s>) {
        if let Some(frame) = self.0.last_mut() {
            frame.insert(name, shape);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Shape<'s>> {
        self.0.iter().rev().find_map(|frame| frame.get(name))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'t str> {
        let mut names: Vec<&'t str> = self.0.iter().flat_map(HashMap::keys).copied().collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter()
    }
}

/// What conditions around a place ask about: `a.b` in `{% if a.b %}`. Neither branch of such a condition is told that
/// `a.b` may be null, as the condition may just have excluded that.
#[derive(Default)]
pub(super) struct Guards {
    entries: Vec<(String, bool)>,
    asked: HashMap<String, usize>,
    /// Those of which it was asked whether they are there at all.
    tolerated: HashMap<String, usize>,
}

impl Guards {
    /// Adds what `condition` names, until [`leave`](Self::leave) is given the number that this returns.
    pub(super) fn enter(&mut self, condition: &Expr<'_>, tolerated: bool) -> usize {
        let before = self.entries.len();
        let mut pending = vec![(condition, tolerated)];
        while let Some((expression, tolerated)) = pending.pop() {
            let tolerated = tolerated || asks_presence(expression);
            if let Some(path) = path(expression) {
                *self.asked.entry(path.clone()).or_default() += 1;
                if tolerated {
                    *self.tolerated.entry(path.clone()).or_default() += 1;
                }
                self.entries.push((path, tolerated));
            }
            pending.extend(children(expression).into_iter().map(|child| (child, tolerated)));
        }
        before
    }

    pub(super) fn leave(&mut self, before: usize) {
        for (path, tolerated) in self.entries.drain(before..) {
            for counts in
                [Some(&mut self.asked), tolerated.then_some(&mut self.tolerated)].into_iter().flatten()
            {
                if let Some(count) = counts.get_mut(&path) {
                    *count -= 1;
                    if *count == 0 {
                        counts.remove(&path);
                    }
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a condition around asks about the value.
    pub(super) fn asked(&self, path: &str) -> bool {
        self.asked.contains_key(path)
    }

    /// Whether a condition around asks if the value is there at all.
    pub(super) fn tolerated(&self, path: &str) -> bool {
        self.tolerated.contains_key(path)
    }
}

/// Whether the expression is made for what may be missing.
pub(super) fn asks_presence(expression: &Expr<'_>) -> bool {
    match expression {
        Expr::Test(test) => matches!(test.name, "defined" | "undefined"),
        Expr::Filter(filter) => matches!(filter.name, "default" | "d"),
        _ => false,
    }
}

/// `a.b.c`, when the expression is that and nothing else.
pub(super) fn path(expression: &Expr<'_>) -> Option<String> {
    let mut parts = Vec::new();
    let mut inner = expression;
    loop {
        match inner {
            Expr::Var(variable) => {
                parts.push(variable.id);
                break;
            }
            Expr::GetAttr(attribute) => {
                parts.push(attribute.name);
                inner = &attribute.expr;
            }
            _ => return None,
        }
    }
    parts.reverse();
    Some(parts.join("."))
}
