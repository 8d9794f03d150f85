//! BAML types as TypeScript type expressions.

use std::cell::Cell;
use std::collections::HashSet;

use indexmap::IndexSet;
use schema::{Alias, Schema};
use types::{ConstraintLevel, Literal, MediaKind, Name, Primitive, Type, TypeKind};

use super::names;

/// How many aliases one type expression looks through to merge checks. Each can double what is written.
const MAX_ALIASES: usize = 32;

/// Whether a type describes a whole answer or one that is still arriving.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A whole answer, or an argument.
    Full,
    /// A partial answer.
    Partial,
}

/// In which file an expression stands, and so how it names the program's types.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `types.ts`: full types are bare.
    Types,
    /// `partial_types.ts`: partial types are bare.
    PartialTypes,
    /// Everywhere else: all types are qualified.
    Elsewhere,
}

/// Which namespaces a file's expressions name: a file imports only these, so that a project with
/// `noUnusedLocals` accepts it.
#[derive(Default)]
pub(super) struct Used {
    /// `baml`: the package's types.
    pub(super) package: Cell<bool>,
    /// `types`.
    pub(super) types: Cell<bool>,
    /// `partial_types`.
    pub(super) partial_types: Cell<bool>,
}

/// Writes type expressions for one file.
#[derive(Clone, Copy)]
pub(super) struct Expressions<'a> {
    schema: &'a Schema,
    place: Place,
    used: &'a Used,
    /// Whether `Record` and `Partial` may be used: not where the program has types of these names, and not in
    /// a recursive alias, where TypeScript resolves them too early.
    records: bool,
}

/// A type expression.
struct Expression {
    text: String,
    /// Whether it needs parentheses before `[]`.
    union: bool,
}

impl Expression {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), union: false }
    }
}

impl<'a> Expressions<'a> {
    pub(super) fn new(schema: &'a Schema, place: Place, used: &'a Used) -> Self {
        let hidden = |name: &str| place != Place::Elsewhere && schema.types.contains_key(name);
        Self { schema, place, used, records: !hidden("Record") && !hidden("Partial") }
    }

    /// What an alias stands for.
    pub(super) fn alias(self, alias: &'a Alias, form: Form) -> String {
        Self { records: self.records && !alias.recursive, ..self }.ty(&alias.ty, form)
    }

    /// A type.
    pub(super) fn ty(self, ty: &'a Type, form: Form) -> String {
        self.expression(ty, form).text
    }

    /// A field of a partial answer: its mark (`?` or nothing) and its type.
    pub(super) fn partial_field(self, ty: &'a Type) -> (&'static str, String) {
        let stream = ty.stream();
        let mut expression = self.without_state(ty, Form::Partial);
        let collection = self.is_collection(ty);
        if stream.with_state {
            if !collection {
                expression = nullable(expression);
            }
            return ("", self.stated(&expression));
        }
        let waited_for = (stream.not_null || self.holder_waits(ty)) && !is_optional(self.schema, ty);
        if collection || waited_for || self.is_nullable_recursion(ty) {
            return ("", expression.text);
        }
        ("?", nullable(expression).text)
    }

    fn expression(self, ty: &'a Type, form: Form) -> Expression {
        let expression = self.without_state(ty, form);
        if form == Form::Partial && ty.stream().with_state {
            return Expression::plain(self.stated(&expression));
        }
        expression
    }

    fn without_state(self, ty: &'a Type, form: Form) -> Expression {
        let form = if ty.stream().done { Form::Full } else { form };
        self.checked(ty, form, &IndexSet::new(), &Cell::new(MAX_ALIASES))
    }

    fn stated(self, expression: &Expression) -> String {
        self.package(&format!("StreamState<{}>", expression.text))
    }

    /// A type of the package.
    pub(super) fn package(self, name: &str) -> String {
        self.used.package.set(true);
        format!("baml.{name}")
    }

    /// A type with its checks and those of the union around it. At run time a value has one set of checks,
    /// whoever declared them: the place, an alias, the class or enum, or a union for whichever member came.
    /// Null is never checked. An alias is therefore looked through where checks are added to it, and keeps its
    /// name elsewhere. `budget` is how many aliases may still be looked through.
    fn checked(self, ty: &'a Type, form: Form, outer: &IndexSet<Name>, budget: &Cell<usize>) -> Expression {
        let mut labels: IndexSet<Name> =
            outer.iter().cloned().chain(check_labels(ty.constraints())).collect();
        let mut kind = &ty.kind;
        while let TypeKind::Alias(id) = kind
            && !labels.is_empty()
            && budget.get() > 0
        {
            budget.set(budget.get() - 1);
            let aliased = &self.schema.alias(*id).ty;
            labels.extend(check_labels(aliased.constraints()));
            kind = &aliased.kind;
        }
        labels.extend(self.declared_checks(kind));
        if labels.is_empty() {
            return self.kind(kind, form);
        }
        match kind {
            TypeKind::Union(members) => self.checked_union(members, form, &labels, budget),
            _ => self.wrapped(&self.kind(kind, form), &labels),
        }
    }

    fn checked_union(
        self,
        members: &'a [Type],
        form: Form,
        labels: &IndexSet<Name>,
        budget: &Cell<usize>,
    ) -> Expression {
        let (null, others): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.is_null());
        let (plain, special): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|member| self.has_nothing_to_add(member));
        let mut texts = IndexSet::new();
        if !plain.is_empty() {
            let together = join(plain.into_iter().map(|member| self.expression(member, form).text).collect());
            texts.insert(self.wrapped(&together, labels).text);
        }
        texts.extend(special.into_iter().map(|member| self.checked(member, form, labels, budget).text));
        texts.extend(null.into_iter().map(|member| self.expression(member, form).text));
        join(texts)
    }

    /// Whether a member of a checked union neither has checks of its own nor may be null.
    fn has_nothing_to_add(self, member: &Type) -> bool {
        let resolved = resolve(self.schema, member);
        !matches!(resolved.kind, TypeKind::Union(_) | TypeKind::Alias(_))
            && [member, resolved].iter().all(|ty| check_labels(ty.constraints()).next().is_none())
            && self.declared_checks(&resolved.kind).next().is_none()
    }

    /// The checks that a class or enum declares for all its values.
    fn declared_checks(self, kind: &TypeKind) -> impl Iterator<Item = Name> + use<'a> {
        check_labels(match kind {
            TypeKind::Class(id) => &self.schema.class(*id).constraints,
            TypeKind::Enum(id) => &self.schema.enumeration(*id).constraints,
            _ => &[],
        })
    }

    fn wrapped(self, expression: &Expression, labels: &IndexSet<Name>) -> Expression {
        let labels: Vec<String> = labels.iter().map(|label| names::string(label)).collect();
        Expression::plain(self.package(&format!("Checked<{}, {}>", expression.text, labels.join(" | "))))
    }

    fn kind(self, kind: &'a TypeKind, form: Form) -> Expression {
        match kind {
            TypeKind::Primitive(primitive) => Expression::plain(match primitive {
                Primitive::Int | Primitive::Float => "number",
                Primitive::Bool => "boolean",
                Primitive::String => "string",
                Primitive::Null => "null",
            }),
            TypeKind::Media(media) => Expression::plain(self.package(match media {
                MediaKind::Image => "Image",
                MediaKind::Audio => "Audio",
                MediaKind::Pdf => "Pdf",
                MediaKind::Video => "Video",
            })),
            TypeKind::Literal(literal) => Expression::plain(self::literal(literal)),
            TypeKind::Enum(id) => {
                let enumeration = self.schema.enumeration(*id);
                let name = self.full_name(&enumeration.name);
                if enumeration.dynamic {
                    Expression { text: format!("string | {name}"), union: true }
                } else {
                    Expression::plain(name)
                }
            }
            TypeKind::Class(id) => {
                let class = self.schema.class(*id);
                let form = if class.stream.done { Form::Full } else { form };
                Expression::plain(self.name(&class.name, form))
            }
            TypeKind::Alias(id) => Expression::plain(self.name(&self.schema.alias(*id).name, form)),
            TypeKind::List(item) => {
                let item = self.expression(item, form);
                Expression::plain(if item.union {
                    format!("({})[]", item.text)
                } else {
                    format!("{}[]", item.text)
                })
            }
            TypeKind::Map(key, value) => Expression::plain(self.map(key, value, form)),
            TypeKind::Union(members) => self.union(members, form),
        }
    }

    fn map(self, key: &Type, value: &'a Type, form: Form) -> String {
        let value = self.expression(value, form).text;
        match (self.map_keys(key), self.records) {
            (None, true) => format!("Record<string, {value}>"),
            (None, false) => format!("{{ [key: string]: {value} }}"),
            (Some(keys), true) => format!("Partial<Record<{keys}, {value}>>"),
            (Some(keys), false) => format!("{{ [key in {keys}]?: {value} }}"),
        }
    }

    /// The keys that a map may have, or `None` when any string will do.
    fn map_keys(self, key: &Type) -> Option<String> {
        match &resolve(self.schema, key).kind {
            TypeKind::Literal(Literal::String(text)) => Some(names::string(text)),
            TypeKind::Enum(id) => {
                let enumeration = self.schema.enumeration(*id);
                (!enumeration.dynamic).then(|| self.full_name(&enumeration.name))
            }
            TypeKind::Union(members) => {
                let keys: Option<IndexSet<String>> =
                    members.iter().map(|member| self.map_keys(member)).collect();
                keys.map(|keys| join(keys).text)
            }
            _ => None,
        }
    }

    fn union(self, members: &'a [Type], form: Form) -> Expression {
        let (null, others): (Vec<&Type>, Vec<&Type>) = members.iter().partition(|member| member.is_null());
        let members: Vec<Expression> =
            others.into_iter().chain(null).map(|member| self.expression(member, form)).collect();
        let nested = members.iter().any(|member| member.union);
        let joined = join(members.into_iter().map(|member| member.text).collect());
        Expression { union: joined.union || nested, ..joined }
    }

    fn full_name(self, name: &str) -> String {
        self.name(name, Form::Full)
    }

    fn name(self, name: &str, form: Form) -> String {
        match (self.place, form) {
            (Place::Types, _) | (Place::PartialTypes, Form::Partial) => name.to_owned(),
            (_, Form::Full) => {
                self.used.types.set(true);
                format!("types.{name}")
            }
            (Place::Elsewhere, Form::Partial) => {
                self.used.partial_types.set(true);
                format!("partial_types.{name}")
            }
        }
    }

    /// Whether a partial answer always has the value: it is an empty list or map at first.
    fn is_collection(self, ty: &Type) -> bool {
        let resolved = resolve(self.schema, ty);
        let checked = [ty, resolved].iter().any(|ty| check_labels(ty.constraints()).next().is_some());
        !checked && matches!(resolved.kind, TypeKind::List(_) | TypeKind::Map(..))
    }

    /// Whether the type is a recursive alias that says by itself that it may be `null`.
    fn is_nullable_recursion(self, ty: &Type) -> bool {
        match &resolve(self.schema, ty).kind {
            TypeKind::Alias(id) => self.schema.alias(*id).ty.is_optional(),
            _ => false,
        }
    }

    /// Whether the type is a class that its holder waits for: `@@stream.not_null`.
    fn holder_waits(self, ty: &Type) -> bool {
        match &resolve(self.schema, ty).kind {
            TypeKind::Class(id) => self.schema.class(*id).stream.not_null,
            _ => false,
        }
    }
}

/// Whether who writes a value can leave it out: `null` is among its values. A recursive alias is never left
/// out, since it says by itself that it may be `null`.
pub(super) fn is_optional(schema: &Schema, ty: &Type) -> bool {
    let mut seen = HashSet::new();
    let mut pending = vec![ty];
    while let Some(ty) = pending.pop() {
        match &ty.kind {
            TypeKind::Primitive(Primitive::Null) => return true,
            TypeKind::Union(members) => pending.extend(members),
            TypeKind::Alias(id) if !schema.alias(*id).recursive && seen.insert(*id) => {
                pending.push(&schema.alias(*id).ty);
            }
            _ => {}
        }
    }
    false
}

/// The type behind any aliases that are only short names; a recursive one is left.
fn resolve<'a>(schema: &'a Schema, mut ty: &'a Type) -> &'a Type {
    for _ in 0..schema.aliases.len() {
        match &ty.kind {
            TypeKind::Alias(id) if !schema.alias(*id).recursive => ty = &schema.alias(*id).ty,
            _ => break,
        }
    }
    ty
}

fn check_labels(constraints: &[types::Constraint]) -> impl Iterator<Item = Name> {
    constraints
        .iter()
        .filter(|constraint| constraint.level == ConstraintLevel::Check)
        .filter_map(|constraint| constraint.name.clone())
}

fn nullable(expression: Expression) -> Expression {
    if expression.text == "null" || expression.text.ends_with("| null") {
        return expression;
    }
    Expression { text: format!("{} | null", expression.text), union: true }
}

fn join(texts: IndexSet<String>) -> Expression {
    let union = texts.len() > 1;
    let texts: Vec<String> = texts.into_iter().collect();
    Expression { text: texts.join(" | "), union }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => names::string(text),
        Literal::Int(int) => int.to_string(),
        Literal::Bool(bool) => bool.to_string(),
    }
}
