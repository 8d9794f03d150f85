//! A program with more types in it, for one call or one test.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use syntax::{Diagnostic, Severity, Span, ast};
use types::{ClassId, EnumId, Name, Primitive, Type, TypeKind};

use crate::additions::Additions;
use crate::attributes::{self, Owner};
use crate::classes::{check_alias, check_class, check_enum, check_fields, check_values};
use crate::model::{Alias, Class, Enum, Schema};
use crate::names::{Kind, Names};
use crate::report::Report;
use crate::{messages, recursion};

/// The name that text added at run time has in messages.
const TEXT_NAME: &str = "TypeBuilder::add_baml";

/// Why additions do not fit a program: every reason, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendError {
    problems: Vec<String>,
}

impl ExtendError {
    /// Every reason.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The error of a text, with the lines it is about. `None` when no diagnostic is an error.
    pub(crate) fn from_diagnostics(texts: &[String], diagnostics: &[Diagnostic]) -> Option<Self> {
        let errors: Vec<Diagnostic> =
            diagnostics.iter().filter(|found| found.severity == Severity::Error).cloned().collect();
        if errors.is_empty() {
            return None;
        }
        let sources: Vec<(String, String)> =
            texts.iter().map(|text| (TEXT_NAME.to_owned(), text.clone())).collect();
        Some(Self { problems: vec![syntax::render(&sources, &errors, false)] })
    }
}

impl fmt::Display for ExtendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for ExtendError {}

impl Schema {
    /// The program with the additions: what a `TypeBuilder` makes for a call. Shares what it does not change.
    ///
    /// # Errors
    /// A name is taken or unknown, a block is not `@@dynamic`, a property has no type, or classes would need
    /// each other for ever.
    pub fn extend(&self, additions: &Additions) -> Result<Self, ExtendError> {
        let mut extension = Extension::new(self, &Names::of(self));
        let mut text_report = Report::default();
        let mut block_report = Report::default();
        let mut problems = Vec::new();
        let texts = extension.declare_items(&additions.text_items, &mut text_report);
        let blocks = extension.declare_items(&additions.test_items, &mut block_report);
        extension.declare_additions(additions, &mut problems);
        extension.define_items(&texts, &mut text_report);
        extension.define_items(&blocks, &mut block_report);
        extension.define_additions(additions, &mut problems);
        problems.extend(
            ExtendError::from_diagnostics(&additions.texts, &text_report.into_diagnostics())
                .into_iter()
                .flat_map(|error| error.problems),
        );
        let block_report = block_report.into_diagnostics().into_iter();
        problems.extend(
            block_report.filter(|found| found.severity == Severity::Error).map(|found| found.message),
        );
        if problems.is_empty() {
            let cycles = recursion::mark(&mut extension.schema);
            problems.extend(cycles.iter().map(|cycle| messages::cycle(cycle).message));
        }
        if problems.is_empty() { Ok(extension.schema) } else { Err(ExtendError { problems }) }
    }
}

impl Names {
    /// The names of a checked program. Where they were declared is not kept.
    fn of(schema: &Schema) -> Self {
        let kind_of = |kind: &TypeKind| match kind {
            TypeKind::Enum(_) => Kind::Enum,
            TypeKind::Alias(_) => Kind::Alias,
            _ => Kind::Class,
        };
        let mut names = Self { types: schema.types.clone(), ..Self::default() };
        let mut declare = |name: &Name, kind| names.declared.insert(name.clone(), (kind, None));
        for (name, kind) in &schema.types {
            declare(name, kind_of(kind));
        }
        schema.functions.keys().for_each(|name| _ = declare(name, Kind::Function));
        schema.templates.keys().for_each(|name| _ = declare(name, Kind::Template));
        schema.clients.keys().for_each(|name| _ = declare(name, Kind::Client));
        schema.retry_policies.keys().for_each(|name| _ = declare(name, Kind::RetryPolicy));
        names
    }
}

/// A block to define, and what it defines or extends.
enum Target<'a> {
    Class(&'a ast::Class, ClassId),
    Enum(&'a ast::Enum, EnumId),
    Alias(&'a ast::Alias, usize),
}

/// A program that is being extended: names are declared first, so that blocks may name each other.
pub(crate) struct Extension {
    pub(crate) schema: Schema,
    pub(crate) names: Names,
    extended: HashSet<Name>,
    /// Whether a `dynamic class` block that repeats a field is an error.
    refuse_fields: bool,
}

impl Extension {
    pub(crate) fn new(schema: &Schema, names: &Names) -> Self {
        Self { schema: schema.clone(), names: names.clone(), extended: HashSet::new(), refuse_fields: true }
    }

    /// Checks the blocks of a test's `type_builder`, cycles included.
    pub(crate) fn check_items(mut self, items: &[ast::Item], report: &mut Report) {
        self.refuse_fields = false;
        let blocks = self.declare_items(items, report);
        self.define_items(&blocks, report);
        for cycle in recursion::mark(&mut self.schema) {
            report.push(messages::cycle(&cycle));
        }
    }

    /// Declares the names of blocks, and finds what the `dynamic` ones extend.
    fn declare_items<'a>(&mut self, items: &'a [ast::Item], report: &mut Report) -> Vec<Target<'a>> {
        // A `dynamic` block may extend only what the program itself declares.
        let (classes, enums) = (self.schema.classes.len(), self.schema.enums.len());
        let mut targets = Vec::with_capacity(items.len());
        for item in items {
            match item {
                ast::Item::Class(class) if class.dynamic => {
                    if let Some(id) = self.dynamic_class(class, classes, report) {
                        targets.push(Target::Class(class, id));
                    }
                }
                ast::Item::Enum(enumeration) if enumeration.dynamic => {
                    if let Some(id) = self.dynamic_enum(enumeration, enums, report) {
                        targets.push(Target::Enum(enumeration, id));
                    }
                }
                ast::Item::Class(class) => {
                    if self.names.declare(&class.name, Kind::Class, report) {
                        let id = self.push_class(&Name::from(class.name.text.as_str()), class.name.span);
                        targets.push(Target::Class(class, id));
                    }
                }
                ast::Item::Enum(enumeration) => {
                    if self.names.declare(&enumeration.name, Kind::Enum, report) {
                        let id = self
                            .push_enum(&Name::from(enumeration.name.text.as_str()), enumeration.name.span);
                        targets.push(Target::Enum(enumeration, id));
                    }
                }
                ast::Item::Alias(alias) => {
                    if self.names.declare(&alias.name, Kind::Alias, report) {
                        let position = self.schema.aliases.len();
                        self.names.add_alias(&alias.name.text, position);
                        self.schema.aliases.push(Arc::new(placeholder_alias(alias)));
                        targets.push(Target::Alias(alias, position));
                    }
                }
                other => report.push(messages::not_in_type_builder(other)),
            }
        }
        self.schema.types.clone_from(&self.names.types);
        targets
    }

    fn dynamic_class(&mut self, class: &ast::Class, declared: usize, report: &mut Report) -> Option<ClassId> {
        match self.names.types.get(class.name.text.as_str()) {
            Some(TypeKind::Class(id)) if id.index() < declared => {
                let id = *id;
                if !self.schema.class(id).dynamic {
                    report.push(messages::extends_static(&class.name, Kind::Class));
                } else if !self.extended.insert(Name::from(class.name.text.as_str())) {
                    report.push(messages::extended_twice(&class.name, Kind::Class));
                } else {
                    return Some(id);
                }
            }
            Some(TypeKind::Class(_)) => report.push(messages::extends_new(&class.name, Kind::Class)),
            other => self.report_no_target(&class.name, Kind::Class, other.is_some(), report),
        }
        None
    }

    fn dynamic_enum(
        &mut self,
        enumeration: &ast::Enum,
        declared: usize,
        report: &mut Report,
    ) -> Option<EnumId> {
        match self.names.types.get(enumeration.name.text.as_str()) {
            Some(TypeKind::Enum(id)) if id.index() < declared => {
                let id = *id;
                if !self.schema.enumeration(id).dynamic {
                    report.push(messages::extends_static(&enumeration.name, Kind::Enum));
                } else if !self.extended.insert(Name::from(enumeration.name.text.as_str())) {
                    report.push(messages::extended_twice(&enumeration.name, Kind::Enum));
                } else {
                    return Some(id);
                }
            }
            Some(TypeKind::Enum(_)) => report.push(messages::extends_new(&enumeration.name, Kind::Enum)),
            other => self.report_no_target(&enumeration.name, Kind::Enum, other.is_some(), report),
        }
        None
    }

    fn report_no_target(&self, name: &ast::Identifier, kind: Kind, is_type: bool, report: &mut Report) {
        let declared = self.names.declared.get(name.text.as_str()).map(|(kind, _)| *kind).filter(|_| is_type);
        if let Some(other) = declared {
            report.push(messages::extends_other_kind(name, kind, other));
            return;
        }
        let candidates = self.names.declared.iter().filter(|(_, (declared, _))| *declared == kind);
        let suggestion = report.suggest(&name.text, candidates.map(|(name, _)| &**name));
        report.push(messages::extends_nothing(name, kind, suggestion));
    }

    pub(crate) fn push_class(&mut self, name: &Name, span: Span) -> ClassId {
        let position = self.schema.classes.len();
        self.names.add_class(name, position);
        self.schema.classes.push(Arc::new(Class {
            name: name.clone(),
            alias: None,
            description: None,
            docs: None,
            fields: Vec::new(),
            constraints: Vec::new(),
            stream: types::StreamBehavior::default(),
            dynamic: false,
            recursive: false,
            span,
        }));
        ClassId(u32::try_from(position).unwrap_or(u32::MAX))
    }

    pub(crate) fn push_enum(&mut self, name: &Name, span: Span) -> EnumId {
        let position = self.schema.enums.len();
        self.names.add_enum(name, position);
        self.schema.enums.push(Arc::new(Enum {
            name: name.clone(),
            alias: None,
            description: None,
            docs: None,
            values: Vec::new(),
            constraints: Vec::new(),
            dynamic: false,
            span,
        }));
        EnumId(u32::try_from(position).unwrap_or(u32::MAX))
    }

    fn define_items(&mut self, targets: &[Target<'_>], report: &mut Report) {
        for target in targets {
            match *target {
                Target::Class(class, id) if class.dynamic => self.extend_class(class, id, report),
                Target::Enum(enumeration, id) if enumeration.dynamic => {
                    self.extend_enum(enumeration, id, report);
                }
                Target::Class(class, id) => {
                    refuse_dynamic(&class.attributes, report);
                    self.schema.classes[id.index()] = Arc::new(check_class(class, &self.names, report));
                }
                Target::Enum(enumeration, id) => {
                    refuse_dynamic(&enumeration.attributes, report);
                    self.schema.enums[id.index()] = Arc::new(check_enum(enumeration, report));
                }
                Target::Alias(alias, position) => {
                    self.schema.aliases[position] = Arc::new(check_alias(alias, &self.names, report));
                }
            }
        }
    }

    /// Adds the fields of a `dynamic class` block. One that is there already stays as it is: the peer takes
    /// such a block in a test, where it is worth a warning, and refuses it in text added at run time.
    fn extend_class(&mut self, block: &ast::Class, id: ClassId, report: &mut Report) {
        refuse_dynamic(&block.attributes, report);
        let fields = check_fields(block, &self.names, report);
        let read = attributes::read(&block.attributes, Owner::Class, report);
        let class = Arc::make_mut(&mut self.schema.classes[id.index()]);
        for field in fields {
            match class.fields.iter().find(|there| there.name == field.name) {
                Some(_) => report.push(messages::field_is_there(
                    &field.name,
                    &class.name,
                    field.span,
                    self.refuse_fields,
                )),
                None => class.fields.push(field),
            }
        }
        class.alias = read.alias.or_else(|| class.alias.take());
        class.description = read.description.or_else(|| class.description.take());
        class.constraints.extend(read.constraints);
    }

    /// Adds the values of a `dynamic enum` block. One that is there already is replaced, as on the peer.
    fn extend_enum(&mut self, block: &ast::Enum, id: EnumId, report: &mut Report) {
        refuse_dynamic(&block.attributes, report);
        let values = check_values(block, report);
        let read = attributes::read(&block.attributes, Owner::Enum, report);
        let enumeration = Arc::make_mut(&mut self.schema.enums[id.index()]);
        for value in values {
            match enumeration.values.iter_mut().find(|there| there.name == value.name) {
                Some(there) => *there = value,
                None => enumeration.values.push(value),
            }
        }
        enumeration.alias = read.alias.or_else(|| enumeration.alias.take());
        enumeration.description = read.description.or_else(|| enumeration.description.take());
        enumeration.constraints.extend(read.constraints);
    }
}

fn refuse_dynamic(attributes: &[ast::Attribute], report: &mut Report) {
    for attribute in attributes.iter().filter(|attribute| attribute.name.text == "dynamic") {
        report.push(messages::dynamic_in_type_builder(attribute.span));
    }
}

fn placeholder_alias(alias: &ast::Alias) -> Alias {
    Alias {
        name: Name::from(alias.name.text.as_str()),
        ty: Type::primitive(Primitive::Null),
        docs: None,
        recursive: false,
        span: alias.name.span,
    }
}
