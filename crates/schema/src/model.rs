//! The checked program. Every list keeps the order of the sources; ids are positions in it.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use syntax::Span;
use types::{
    AliasId, ClassId, Config, ConfigMap, Constraint, EnumId, Name, StreamBehavior, Type, TypeKind, Value,
};

use crate::policy::Policy;

/// A checked program: what the other rooms work from. Immutable; a `TypeBuilder` makes a new one that shares
/// what it did not change.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// By [`ClassId`].
    pub classes: Vec<Arc<Class>>,
    /// By [`EnumId`].
    pub enums: Vec<Arc<Enum>>,
    /// By [`AliasId`].
    pub aliases: Vec<Arc<Alias>>,
    /// Functions by name.
    pub functions: IndexMap<Name, Arc<Function>>,
    /// Template strings by name.
    pub templates: IndexMap<Name, Arc<Template>>,
    /// Clients by name.
    pub clients: IndexMap<Name, Arc<Client>>,
    /// Retry policies by name.
    pub retry_policies: IndexMap<Name, Arc<RetryPolicy>>,
    /// Generators, in order.
    pub generators: Vec<Generator>,
    /// Tests, in order.
    pub tests: Vec<Arc<Test>>,
    /// Classes, enums and aliases share one namespace: what each name stands for.
    pub types: HashMap<Name, TypeKind>,
}

impl Schema {
    /// The class.
    #[must_use]
    pub fn class(&self, id: ClassId) -> &Arc<Class> {
        &self.classes[id.index()]
    }

    /// The enum.
    #[must_use]
    pub fn enumeration(&self, id: EnumId) -> &Arc<Enum> {
        &self.enums[id.index()]
    }

    /// The alias.
    #[must_use]
    pub fn alias(&self, id: AliasId) -> &Arc<Alias> {
        &self.aliases[id.index()]
    }
}

/// A class.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name in BAML.
    pub name: Name,
    /// `@@alias`.
    pub alias: Option<Name>,
    /// `@@description`, its lines separated by newlines.
    pub description: Option<Name>,
    /// The `///` comment.
    pub docs: Option<Name>,
    /// Its fields in order, skipped ones included.
    pub fields: Vec<Field>,
    /// `@@check` and `@@assert`.
    pub constraints: Vec<Constraint>,
    /// `@@stream.*`.
    pub stream: StreamBehavior,
    /// `@@dynamic`.
    pub dynamic: bool,
    /// Whether a value of the class can contain another value of the class.
    pub recursive: bool,
    /// Where the name is written.
    pub span: Span,
}

/// A field of a class.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in BAML and in the answer.
    pub name: Name,
    /// `@alias`: its name in the prompt and the only name accepted in the model's text.
    pub alias: Option<Name>,
    /// `@description`, its lines separated by newlines.
    pub description: Option<Name>,
    /// The `///` comment.
    pub docs: Option<Name>,
    /// Its type; constraints and `@stream.*` of the field are attached to it.
    pub ty: Type,
    /// `@skip`: neither printed nor parsed.
    pub skip: bool,
    /// Where the name is written.
    pub span: Span,
}

impl Field {
    /// The name that the model sees and writes.
    #[must_use]
    pub fn rendered_name(&self) -> &Name {
        self.alias.as_ref().unwrap_or(&self.name)
    }
}

/// An enum.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Its name in BAML.
    pub name: Name,
    /// `@@alias`: the heading of its block in the prompt.
    pub alias: Option<Name>,
    /// `@@description`.
    pub description: Option<Name>,
    /// The `///` comment.
    pub docs: Option<Name>,
    /// Its values in order, skipped ones included.
    pub values: Vec<EnumValue>,
    /// `@@check` and `@@assert`.
    pub constraints: Vec<Constraint>,
    /// `@@dynamic`.
    pub dynamic: bool,
    /// Where the name is written.
    pub span: Span,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Its name in BAML and in the answer.
    pub name: Name,
    /// `@alias`: its name in the prompt and the only name accepted in the model's text.
    pub alias: Option<Name>,
    /// `@description`.
    pub description: Option<Name>,
    /// The `///` comment.
    pub docs: Option<Name>,
    /// `@skip`: neither printed nor parsed.
    pub skip: bool,
    /// Where the name is written.
    pub span: Span,
}

impl EnumValue {
    /// The name that the model sees and writes.
    #[must_use]
    pub fn rendered_name(&self) -> &Name {
        self.alias.as_ref().unwrap_or(&self.name)
    }
}

/// A type alias.
#[derive(Clone, Debug)]
pub struct Alias {
    /// Its name.
    pub name: Name,
    /// What it stands for.
    pub ty: Type,
    /// The `///` comment.
    pub docs: Option<Name>,
    /// Whether it reaches itself (through a list or a map).
    pub recursive: bool,
    /// Where the name is written.
    pub span: Span,
}

/// A function that a model answers.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// The `///` comment.
    pub docs: Option<Name>,
    /// Its parameters in order.
    pub params: Vec<Param>,
    /// What it returns.
    pub returns: Type,
    /// Who answers unless the call says otherwise.
    pub client: ClientReference,
    /// The Jinja text of its prompt, dedented and trimmed.
    pub prompt: Name,
    /// Where the prompt's text lies.
    pub prompt_span: Span,
    /// Where the name is written.
    pub span: Span,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Where the name is written.
    pub span: Span,
}

/// The client that a function names: a client of the program, or `provider/model`.
#[derive(Clone, Debug)]
pub struct ClientReference {
    /// The text as written, without quotes.
    pub text: Name,
    /// Where.
    pub span: Span,
}

/// `template_string`.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its name.
    pub name: Name,
    /// Its parameters in order.
    pub params: Vec<Param>,
    /// Its Jinja text, dedented and without blank lines around.
    pub body: Name,
    /// Where the text lies.
    pub body_span: Span,
    /// Where the name is written.
    pub span: Span,
}

/// A client as written. Its provider and options are checked by the registry room, in the same way as a
/// client that is added at run time.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its name.
    pub name: Name,
    /// The provider as written.
    pub provider: Name,
    /// Where the provider is written.
    pub provider_span: Span,
    /// Its options in order.
    pub options: ConfigMap,
    /// Where each option's value lies, by path: `["http", "connect_timeout_ms"]`.
    pub option_spans: HashMap<Vec<String>, Span>,
    /// The retry policy's name, known to exist.
    pub retry_policy: Option<Name>,
    /// The retry policy itself, when it is written in the client instead of being named.
    pub own_retry_policy: Option<Arc<Policy>>,
    /// Where the name is written.
    pub span: Span,
}

/// A retry policy.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// Its name.
    pub name: Name,
    /// What it says.
    pub policy: Arc<Policy>,
    /// Where the name is written.
    pub span: Span,
}

/// A `generator` block.
#[derive(Clone, Debug)]
pub struct Generator {
    /// Its name.
    pub name: Name,
    /// `output_type`.
    pub output_type: Name,
    /// `output_dir`, relative to the `baml_src` folder; `None` when it was left out.
    pub output_dir: Option<Name>,
    /// `version`.
    pub version: Option<Name>,
    /// `default_client_mode`: `sync` or `async`.
    pub default_client_mode: Option<Name>,
    /// `module_format`: `cjs` or `esm`.
    pub module_format: Option<Name>,
    /// `on_generate`: a shell command.
    pub on_generate: Option<Name>,
    /// Every property as written, for generators of other languages.
    pub properties: IndexMap<String, Config>,
    /// Where the name is written.
    pub span: Span,
}

/// A `test` block.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Name,
    /// The functions it runs, as named.
    pub functions: Vec<Name>,
    /// The arguments, not yet bound; `env.X` is that text, to be looked up by whoever runs the test.
    pub args: IndexMap<Name, Value>,
    /// The blocks of its `type_builder`, checked: give them to [`Additions::add_items`](crate::Additions::add_items).
    pub type_builder: Vec<syntax::ast::Item>,
    /// `@@check` and `@@assert`.
    pub constraints: Vec<Constraint>,
    /// Where the name is written.
    pub span: Span,
}
