//! Checks and asserts: compiled once, judged many times.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Value as Jinja, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Output, State};
use schema::{Diagnostic, Schema, Span};
use types::{ClassId, Constraint, EnumId, Judge, Name, Type, TypeKind, Value};

use crate::marker::Occupied;
use crate::program::{Flaw, Program};
use crate::scope::Scope;
use crate::values::{CheckedValue, to_jinja, with_checks};
use crate::{Templates, engine, failures};

/// How many expressions that the program did not have (a `TypeBuilder` added them) stay compiled.
const MAX_LATE: usize = 1024;

/// Makes the values that an expression sees.
type Convert = fn(&Arc<Scope>, &Value) -> Result<Jinja, crate::Error>;

/// What the formatter of this environment writes for a result.
const HOLDS: &str = "holds";
const FAILS: &str = "fails";

/// The constraint expressions of a program.
pub(crate) struct Constraints {
    environment: Environment<'static>,
    schema: Arc<Schema>,
    known: HashMap<Name, Program>,
    late: Mutex<HashMap<String, Arc<Program>>>,
}

impl Constraints {
    /// Compiles the expression of every constraint; reports those that are not valid.
    pub(crate) fn compile(schema: &Schema, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut known = HashMap::new();
        for Found { constraint, span: place, .. } in constraints(schema, &Subjects::of(schema)) {
            if known.contains_key(&constraint.expression) {
                continue;
            }
            match compile(&constraint.expression) {
                Ok(program) => drop(known.insert(Arc::clone(&constraint.expression), program)),
                Err(flaw) => {
                    diagnostics.push(Diagnostic::error(place, failures::bad_constraint(&flaw.detail)));
                }
            }
        }
        let mut environment = engine::environment();
        environment.set_formatter(verdict);
        Self { environment, schema: Arc::new(schema.clone()), known, late: Mutex::default() }
    }

    fn late(&self, expression: &str) -> Result<Arc<Program>, String> {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = late.get(expression) {
            return Ok(Arc::clone(program));
        }
        let program =
            compile(expression).map_err(|flaw| failures::constraint_failed(expression, &flaw.detail))?;
        let program = Arc::new(program);
        if late.len() < MAX_LATE {
            late.insert(expression.to_owned(), Arc::clone(&program));
        }
        Ok(program)
    }

    fn judge(&self, expression: &str, convert: Convert, names: &[(&str, &Value)]) -> Result<bool, String> {
        match self.known.get(expression) {
            Some(program) => self.judge_by(expression, program, convert, names),
            None => self.judge_by(expression, &*self.late(expression)?, convert, names),
        }
    }

    fn judge_by(
        &self,
        expression: &str,
        program: &Program,
        convert: Convert,
        names: &[(&str, &Value)],
    ) -> Result<bool, String> {
        let scope = Scope::new(Arc::clone(&self.schema), Occupied::new());
        let context: Jinja = names
            .iter()
            .map(|(name, value)| convert(&scope, value).map(|value| (*name, value)))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| failures::constraint_failed(expression, error.message()))?
            .into_iter()
            .collect();
        match program.run(&self.environment, context) {
            Ok(verdict) if verdict == HOLDS => Ok(true),
            Ok(verdict) if verdict == FAILS => Ok(false),
            Ok(kind) => Err(failures::constraint_not_bool(expression, &kind)),
            Err(error) if error.kind() == ErrorKind::UndefinedError => Ok(false),
            Err(error) => {
                let error = failures::explain(&error, program.source());
                Err(failures::constraint_failed(expression, error.message()))
            }
        }
    }
}

impl Judge for Templates {
    fn holds(&self, expression: &str, this: &Value) -> Result<bool, String> {
        self.constraints.judge(expression, to_jinja, &[("this", this)])
    }
}

impl Templates {
    /// Whether the expression of a test's constraint holds for what the function returned. Beside `this` it may
    /// look at `_`: an object with what the test knows (`result`, `checks`, `latency_ms`). What the return type checked
    /// has `value` and `checks`, as users of the peer write it, and is the value itself where neither is asked for.
    ///
    /// # Errors
    /// As [`Judge::holds`].
    pub fn holds_in_test(&self, expression: &str, this: &Value, known: &Value) -> Result<bool, String> {
        let names = [("this", this), ("_", known)];
        // What only the value itself can do, such as to be added to, is for the value itself.
        let constraints = &self.constraints;
        constraints
            .judge(expression, with_checks, &names)
            .or_else(|_| constraints.judge(expression, to_jinja, &names))
    }
}

/// Compiles an expression as a template that emits it, which the formatter turns into a verdict.
fn compile(expression: &str) -> Result<Program, Flaw> {
    // Without this, an expression could close the braces and go on as a template.
    let flaw = |detail: String| Flaw { detail, range: 0..0 };
    Program::check_expression(expression)?;
    Program::compile(&format!("{{{{ ({expression}) }}}}")).map_err(|inner| flaw(inner.detail))
}

fn verdict(output: &mut Output<'_>, _state: &State<'_, '_>, value: &Jinja) -> Result<(), Error> {
    let value = CheckedValue::inside(value);
    let verdict = match value.kind() {
        ValueKind::Bool if value.is_true() => HOLDS,
        ValueKind::Bool | ValueKind::Undefined => FAILS,
        ValueKind::None => "null",
        ValueKind::Number => "a number",
        ValueKind::String => "a string",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "an object",
        _ => "a value",
    };
    output.write_str(verdict).map_err(Error::from)
}

/// A constraint of a program.
pub(crate) struct Found<'s> {
    pub(crate) constraint: &'s Constraint,
    /// The place to blame: the name of what has it.
    pub(crate) span: Span,
    /// The type of `this`; `None` in a test, whose `this` is what the function returned with its checks.
    pub(crate) this: Option<&'s Type>,
}

/// The classes and enums of a program as types, for the constraints that they have as a whole.
pub(crate) struct Subjects {
    classes: Vec<Type>,
    enums: Vec<Type>,
}

impl Subjects {
    pub(crate) fn of(schema: &Schema) -> Self {
        let classes = (0..).map(ClassId).take(schema.classes.len());
        let enums = (0..).map(EnumId).take(schema.enums.len());
        Self {
            classes: classes.map(|id| Type::new(TypeKind::Class(id))).collect(),
            enums: enums.map(|id| Type::new(TypeKind::Enum(id))).collect(),
        }
    }
}

/// Every constraint of a program.
pub(crate) fn constraints<'s>(schema: &'s Schema, subjects: &'s Subjects) -> Vec<Found<'s>> {
    let mut found = Vec::new();
    let mut types: Vec<(&Type, Span)> = Vec::new();
    let block = |constraint, span, this| Found { constraint, span, this };
    for (class, this) in schema.classes.iter().zip(&subjects.classes) {
        found.extend(class.constraints.iter().map(|constraint| block(constraint, class.span, Some(this))));
        types.extend(class.fields.iter().map(|field| (&field.ty, field.span)));
    }
    for (enumeration, this) in schema.enums.iter().zip(&subjects.enums) {
        let span = enumeration.span;
        found.extend(enumeration.constraints.iter().map(|constraint| block(constraint, span, Some(this))));
    }
    types.extend(schema.aliases.iter().map(|alias| (&alias.ty, alias.span)));
    for function in schema.functions.values() {
        types.extend(function.params.iter().map(|param| (&param.ty, param.span)));
        types.push((&function.returns, function.span));
    }
    for test in &schema.tests {
        found.extend(test.constraints.iter().map(|constraint| block(constraint, test.span, None)));
    }
    while let Some((ty, span)) = types.pop() {
        let constraints = ty.constraints().iter();
        found.extend(constraints.map(|constraint| Found { constraint, span, this: Some(ty) }));
        match &ty.kind {
            TypeKind::List(item) => types.push((item, span)),
            TypeKind::Map(key, value) => types.extend([(&**key, span), (&**value, span)]),
            TypeKind::Union(members) => types.extend(members.iter().map(|member| (member, span))),
            _ => {}
        }
    }
    found
}
