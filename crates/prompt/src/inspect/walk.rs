//! The statements of a template, and which names they make known where.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{Expr, Macro, Stmt};

use super::names::{Frames, Guards, World, path};
use super::shape::Shape;
use super::{Finding, MAX_WARNINGS};
use crate::warnings::Warning;

/// How deep the tree of a template is looked into. The compiler refuses deeper ones long before.
const MAX_DEPTH: usize = 900;

/// One way through the tree of a template.
pub(super) struct Walker<'t, 's, 'l> {
    pub(super) text: &'t str,
    pub(super) world: World<'s, 'l>,
    pub(super) frames: Frames<'t, 's>,
    pub(super) guards: Guards,
    /// Every name that some `set` gives a value to, and where the first does.
    pub(super) set: HashMap<&'t str, usize>,
    /// Every name that some `macro` has.
    pub(super) macros: HashSet<&'t str>,
    /// How many branches of conditions are around.
    branches: usize,
    /// How many loops and macros are around: what is set at the end of one can be seen at its beginning.
    pub(super) repeated: usize,
    /// Whether what is around has entered this expression into the guards already.
    pub(super) guarded: bool,
    depth: usize,
    /// Whether something was not looked at, which may have made names known.
    too_deep: bool,
    findings: Vec<Finding>,
}

impl<'t, 's, 'l> Walker<'t, 's, 'l> {
    pub(super) fn new(text: &'t str, world: World<'s, 'l>) -> Self {
        Self {
            text,
            world,
            frames: Frames::default(),
            guards: Guards::default(),
            set: HashMap::new(),
            macros: HashSet::new(),
            branches: 0,
            repeated: 0,
            guarded: false,
            depth: 0,
            too_deep: false,
            findings: Vec::new(),
        }
    }

    /// What was found, in the order of the text.
    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        if self.too_deep {
            return Vec::new();
        }
        self.findings.sort_by_key(|finding| (finding.range.start, finding.range.end));
        self.findings
    }

    pub(super) fn template(&mut self, tree: &Stmt<'t>) {
        self.collect(tree);
        self.frames.push();
        self.statement(tree);
        self.frames.pop();
    }

    /// Notes a finding.
    pub(super) fn warn(&mut self, range: Range<usize>, warning: Warning) {
        if self.findings.len() < MAX_WARNINGS {
            self.findings.push(Finding { range, warning });
        }
    }

    /// Whether another finding would be kept. What leads to one is looked for only then, so that a text full of
    /// mistakes costs no more than one with a few.
    pub(super) fn is_full(&self) -> bool {
        self.findings.len() >= MAX_WARNINGS
    }

    /// Goes one level deeper, unless that is too deep.
    pub(super) fn deeper<R>(&mut self, otherwise: R, go: impl FnOnce(&mut Self) -> R) -> R {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return otherwise;
        }
        self.depth += 1;
        let result = go(self);
        self.depth -= 1;
        result
    }

    /// Every name that the text sets and every macro it has.
    fn collect(&mut self, tree: &Stmt<'t>) {
        let mut pending = vec![tree];
        while let Some(statement) = pending.pop() {
            match statement {
                Stmt::Template(template) => pending.extend(&template.children),
                Stmt::ForLoop(each) => pending.extend(each.body.iter().chain(&each.else_body)),
                Stmt::IfCond(condition) => {
                    pending.extend(condition.true_body.iter().chain(&condition.false_body));
                }
                Stmt::WithBlock(with) => {
                    with.assignments.iter().for_each(|(target, _)| self.note(target));
                    pending.extend(&with.body);
                }
                Stmt::Set(set) => self.note(&set.target),
                Stmt::SetBlock(set) => {
                    self.note(&set.target);
                    pending.extend(&set.body);
                }
                Stmt::AutoEscape(block) => pending.extend(&block.body),
                Stmt::FilterBlock(block) => pending.extend(&block.body),
                Stmt::Macro(made) => {
                    self.macros.insert(made.name);
                    pending.extend(&made.body);
                }
                Stmt::CallBlock(call) => pending.extend(&call.macro_decl.body),
                Stmt::EmitExpr(_) | Stmt::EmitRaw(_) | Stmt::Do(_) => {}
            }
        }
    }

    /// Notes the names that an assignment gives a value to.
    fn note(&mut self, target: &Expr<'t>) {
        let place = target.span().start_offset as usize;
        for name in targets(target) {
            self.set.entry(name).and_modify(|first| *first = place.min(*first)).or_insert(place);
        }
    }

    fn statements(&mut self, statements: &[Stmt<'t>]) {
        for statement in statements {
            self.deeper((), |walker| walker.statement(statement));
        }
    }

    fn statement(&mut self, statement: &Stmt<'t>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitExpr(emitted) => drop(self.expression(&emitted.expr)),
            Stmt::EmitRaw(_) => {}
            Stmt::ForLoop(each) => {
                let items = self.expression(&each.iter);
                let item = if each.recursive { Shape::Unknown } else { items.item(self.world.schema) };
                self.frames.push();
                self.define(&each.target, item);
                let before = each.filter_expr.as_ref().map(|filter| {
                    let before = self.guards.enter(filter, false);
                    self.condition(filter);
                    before
                });
                self.frames.define("loop", Shape::Loop);
                self.repeated += 1;
                self.statements(&each.body);
                self.repeated -= 1;
                if let Some(before) = before {
                    self.guards.leave(before);
                }
                self.frames.pop();
                self.statements(&each.else_body);
            }
            Stmt::IfCond(condition) => {
                let before = self.guards.enter(&condition.expr, false);
                self.condition(&condition.expr);
                self.branches += 1;
                self.statements(&condition.true_body);
                self.statements(&condition.false_body);
                self.branches -= 1;
                self.guards.leave(before);
            }
            Stmt::WithBlock(with) => {
                self.frames.push();
                for (target, value) in &with.assignments {
                    let shape = self.expression(value);
                    let shape = self.as_known_here(shape);
                    self.define(target, shape);
                }
                self.statements(&with.body);
                self.frames.pop();
            }
            Stmt::Set(set) => {
                let shape = self.expression(&set.expr);
                let shape = self.as_known_here(shape);
                // `{% set known = a is not none %}` and then `{% if known %}`: who asks once may rely on it anywhere.
                if path(&set.expr).is_none() {
                    self.guards.enter(&set.expr, false);
                }
                self.define_in_turn(&set.target, shape);
            }
            Stmt::SetBlock(set) => {
                if let Some(filter) = &set.filter {
                    self.expression(filter);
                }
                self.statements(&set.body);
                self.define_in_turn(&set.target, Shape::Unknown);
            }
            Stmt::AutoEscape(block) => {
                self.expression(&block.enabled);
                self.statements(&block.body);
            }
            Stmt::FilterBlock(block) => {
                self.expression(&block.filter);
                self.statements(&block.body);
            }
            Stmt::Macro(made) => {
                self.frames.define(made.name, Shape::Unknown);
                self.macro_body(made);
            }
            Stmt::CallBlock(block) => {
                self.call(&block.call, block.call.span());
                self.macro_body(&block.macro_decl);
            }
            Stmt::Do(call) => self.call(&call.call, call.call.span()),
        }
    }

    fn macro_body(&mut self, made: &Macro<'t>) {
        for default in &made.defaults {
            self.expression(default);
        }
        self.frames.push();
        for argument in &made.args {
            self.define(argument, Shape::Unknown);
        }
        self.frames.define("caller", Shape::Unknown);
        self.repeated += 1;
        self.statements(&made.body);
        self.repeated -= 1;
        self.frames.pop();
    }

    /// A value that was read behind a condition is not null there, and whoever uses it later may know that.
    fn as_known_here(&self, shape: Shape<'s>) -> Shape<'s> {
        if self.guards.is_empty() { shape } else { shape.not_null() }
    }

    /// Makes the names of a target known, which a branch or a turn of a loop may leave as they were.
    fn define_in_turn(&mut self, target: &Expr<'t>, shape: Shape<'s>) {
        let uncertain = self.branches + self.repeated > 0;
        let shape = match target {
            Expr::Var(variable) if uncertain && self.is_known(variable.id) => Shape::Unknown,
            _ => shape,
        };
        self.define(target, shape);
    }

    /// Makes the names of a target known.
    fn define(&mut self, target: &Expr<'t>, shape: Shape<'s>) {
        match target {
            Expr::Var(variable) => self.frames.define(variable.id, shape),
            Expr::GetAttr(_) => drop(self.expression(target)),
            _ => {
                for name in targets(target) {
                    self.frames.define(name, Shape::Unknown);
                }
            }
        }
    }

    /// The place of `name` in what an expression spans, behind `after`.
    pub(super) fn place(&self, span: Span, after: usize, name: &str) -> Range<usize> {
        let whole = span.start_offset as usize..span.end_offset as usize;
        let start = after.max(whole.start);
        let found = self.text.get(start..whole.end).and_then(|text| text.find(name));
        found.map_or(whole, |found| start + found..start + found + name.len())
    }
}

/// The names that an assignment gives a value to.
fn targets<'t>(target: &Expr<'t>) -> Vec<&'t str> {
    let mut names = Vec::new();
    let mut pending = vec![target];
    while let Some(target) = pending.pop() {
        match target {
            Expr::Var(variable) => names.push(variable.id),
            Expr::List(list) => pending.extend(&list.items),
            _ => {}
        }
    }
    names
}
