//! What an expression comes to, as far as that can be known before it is evaluated.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr};
use minijinja::value::ValueKind;

use super::names::{Meaning, asks_presence, path};
use super::shape::{Read, Shape};
use super::walk::Walker;
use crate::engine::{FILTERS, TESTS};
use crate::warnings;

impl<'t, 's> Walker<'t, 's, '_> {
    /// What an expression comes to. What it names wrongly is noted.
    pub(super) fn expression(&mut self, expression: &Expr<'t>) -> Shape<'s> {
        if self.is_full() {
            return Shape::Unknown;
        }
        self.deeper(Shape::Unknown, |walker| walker.look(expression))
    }

    /// An expression whose names are among the guards already.
    pub(super) fn condition(&mut self, expression: &Expr<'t>) {
        let before = std::mem::replace(&mut self.guarded, true);
        self.expression(expression);
        self.guarded = before;
    }

    /// An expression that may protect its parts from each other, as in `a.b and a.b.c`.
    fn protective(&mut self, expression: &Expr<'t>, asked: &Expr<'t>, look: impl FnOnce(&mut Self)) {
        if self.guarded {
            return look(self);
        }
        let before = self.guards.enter(asked, asks_presence(expression));
        self.guarded = true;
        look(self);
        self.guarded = false;
        self.guards.leave(before);
    }

    fn look(&mut self, expression: &Expr<'t>) -> Shape<'s> {
        match expression {
            Expr::Var(variable) => self.variable(variable.id, variable.span()),
            Expr::GetAttr(attribute) => {
                let shape = self.expression(&attribute.expr);
                let read = shape.property(self.world.schema, attribute.name);
                let place = self.last_word(attribute.span(), attribute.name);
                self.read(&attribute.expr, attribute.name, read, place)
            }
            Expr::GetItem(item) => {
                let shape = self.expression(&item.expr);
                self.expression(&item.subscript_expr);
                match (&item.subscript_expr, &shape) {
                    (Expr::Const(key), Shape::Members(_)) if shape.has_fields() => {
                        let Some(key) = key.value.as_str() else { return Shape::Unknown };
                        let read = shape.property(self.world.schema, key);
                        let place = range(item.subscript_expr.span());
                        self.read(&item.expr, key, read, place)
                    }
                    (Expr::Const(key), _) if key.value.kind() == ValueKind::Number => {
                        shape.element(self.world.schema)
                    }
                    _ => Shape::Unknown,
                }
            }
            Expr::Filter(filter) => {
                let name = filter.name;
                if !FILTERS.contains(&name) {
                    let place = self.place(filter.span(), 0, name);
                    self.warn(place, warnings::unknown_filter(name, &FILTERS));
                }
                let mut shape = Shape::Unknown;
                if let Some(inner) = &filter.expr {
                    if asks_presence(expression) {
                        self.protective(expression, inner, |walker| shape = walker.expression(inner));
                    } else {
                        shape = self.expression(inner);
                    }
                }
                self.arguments(&filter.args);
                match name {
                    "first" | "last" | "min" | "max" => shape.item(self.world.schema),
                    "sort" | "reverse" | "list" | "unique" if shape.is_list() => shape,
                    _ => Shape::Unknown,
                }
            }
            Expr::Test(test) => {
                if !TESTS.contains(&test.name) {
                    let place = self.place(test.span(), 0, test.name);
                    self.warn(place, warnings::unknown_test(test.name, &TESTS));
                }
                self.protective(expression, &test.expr, |walker| drop(walker.expression(&test.expr)));
                self.arguments(&test.args);
                Shape::Unknown
            }
            Expr::Call(call) => {
                self.call(call, call.span());
                Shape::Unknown
            }
            Expr::BinOp(operation) if matches!(operation.op, BinOpKind::ScAnd | BinOpKind::ScOr) => {
                self.protective(expression, expression, |walker| {
                    walker.expression(&operation.left);
                    walker.expression(&operation.right);
                });
                Shape::Unknown
            }
            Expr::BinOp(operation) if matches!(operation.op, BinOpKind::Eq | BinOpKind::Ne) => {
                for (value, text) in
                    [(&operation.left, &operation.right), (&operation.right, &operation.left)]
                {
                    let shape = self.expression(value);
                    if let Expr::Const(constant) = text
                        && let Some(text) = constant.value.as_str()
                        && let Some(warning) = shape.never_equal(self.world.schema, text)
                    {
                        self.warn(range(constant.span()), warning);
                    }
                }
                Shape::Unknown
            }
            Expr::IfExpr(choice) => {
                let before = self.guards.enter(&choice.test_expr, false);
                self.condition(&choice.test_expr);
                self.expression(&choice.true_expr);
                if let Some(otherwise) = &choice.false_expr {
                    self.expression(otherwise);
                }
                self.guards.leave(before);
                Shape::Unknown
            }
            _ => {
                for child in children(expression) {
                    self.expression(child);
                }
                Shape::Unknown
            }
        }
    }

    pub(super) fn arguments(&mut self, arguments: &[CallArg<'t>]) {
        for argument in arguments {
            self.expression(value_of(argument));
        }
    }

    fn variable(&mut self, name: &'t str, span: Span) -> Shape<'s> {
        if let Some(shape) = self.frames.get(name) {
            return shape.clone();
        }
        match self.world.meaning(name) {
            Meaning::Value(shape) => return shape,
            Meaning::Template(..) | Meaning::Function => return Shape::Unknown,
            Meaning::Nothing => {}
        }
        let may_be_there = self.macros.contains(name)
            || self.guards.tolerated(name)
            || (self.repeated > 0 && self.set.contains_key(name));
        if !may_be_there {
            let place = range(span);
            let warning = match self.set.get(name) {
                Some(set) if *set < place.start => warnings::variable_of_a_loop(name),
                Some(_) => warnings::variable_set_later(name),
                None => {
                    let mut choices: Vec<&str> = self.frames.names().collect();
                    choices.extend(self.world.values());
                    warnings::unknown_variable(name, &choices)
                }
            };
            self.warn(place, warning);
        }
        Shape::Unknown
    }

    /// Whether the name stands for anything.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.frames.get(name).is_some() || !matches!(self.world.meaning(name), Meaning::Nothing)
    }

    /// What reading `name` from `owner` comes to.
    pub(super) fn read(
        &mut self,
        owner: &Expr<'t>,
        name: &str,
        read: Read<'s>,
        place: Range<usize>,
    ) -> Shape<'s> {
        let path = path(owner);
        match read {
            Read::Found(shape) => shape,
            Read::Perhaps(shape) => {
                if let Some(path) = path.filter(|path| self.world.nulls && !self.guards.asked(path)) {
                    self.warn(place, warnings::may_be_null(&path, name));
                }
                shape
            }
            Read::Missing(warning) => {
                if !path.is_some_and(|path| self.guards.tolerated(&format!("{path}.{name}"))) {
                    self.warn(place, warning);
                }
                Shape::Unknown
            }
        }
    }

    /// The place of the word that a span ends with.
    pub(super) fn last_word(&self, span: Span, word: &str) -> Range<usize> {
        let whole = range(span);
        match whole.end.checked_sub(word.len()) {
            Some(start) if self.text.get(start..whole.end) == Some(word) => start..whole.end,
            _ => whole,
        }
    }
}

/// The range of a span, in bytes.
pub(super) fn range(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

/// The expression that an argument is.
fn value_of<'e, 't>(argument: &'e CallArg<'t>) -> &'e Expr<'t> {
    match argument {
        CallArg::Pos(value)
        | CallArg::Kwarg(_, value)
        | CallArg::PosSplat(value)
        | CallArg::KwargSplat(value) => value,
    }
}

/// The expressions right inside an expression.
pub(super) fn children<'e, 't>(expression: &'e Expr<'t>) -> Vec<&'e Expr<'t>> {
    match expression {
        Expr::Var(_) | Expr::Const(_) => Vec::new(),
        Expr::Slice(slice) => {
            let bounds = [&slice.start, &slice.stop, &slice.step];
            std::iter::once(&slice.expr).chain(bounds.into_iter().flatten()).collect()
        }
        Expr::UnaryOp(operation) => vec![&operation.expr],
        Expr::BinOp(operation) => vec![&operation.left, &operation.right],
        Expr::IfExpr(choice) => {
            [&choice.test_expr, &choice.true_expr].into_iter().chain(&choice.false_expr).collect()
        }
        Expr::Filter(filter) => filter.expr.iter().chain(filter.args.iter().map(value_of)).collect(),
        Expr::Test(test) => std::iter::once(&test.expr).chain(test.args.iter().map(value_of)).collect(),
        Expr::GetAttr(attribute) => vec![&attribute.expr],
        Expr::GetItem(item) => vec![&item.expr, &item.subscript_expr],
        Expr::Call(call) => std::iter::once(&call.expr).chain(call.args.iter().map(value_of)).collect(),
        Expr::List(list) => list.items.iter().collect(),
        Expr::Map(map) => map.keys.iter().chain(&map.values).collect(),
    }
}
