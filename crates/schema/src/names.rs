//! Names: which are allowed, and what each one stands for.

use std::collections::HashMap;

use syntax::ast::Identifier;
use syntax::{Span, ast};
use types::{AliasId, ClassId, EnumId, MediaKind, Name, Primitive, TypeKind};

use crate::messages;
use crate::report::Report;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Class,
    Enum,
    Alias,
    Function,
    Template,
    Client,
    RetryPolicy,
    Generator,
    Test,
    Field,
    EnumValue,
    Parameter,
}

impl Kind {
    /// The noun in messages.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Enum => "enum",
            Self::Alias => "type alias",
            Self::Function => "function",
            Self::Template => "template string",
            Self::Client => "client",
            Self::RetryPolicy => "retry policy",
            Self::Generator => "generator",
            Self::Test => "test",
            Self::Field => "field",
            Self::EnumValue => "enum value",
            Self::Parameter => "parameter",
        }
    }

    /// The noun with its article.
    pub(crate) fn with_article(self) -> String {
        let noun = self.noun();
        let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} {noun}")
    }

    fn is_capitalized(self) -> bool {
        !matches!(self, Self::Generator | Self::Test | Self::Field | Self::Parameter)
    }
}

/// Names of scalar types in other schema languages: a class of that name would be mistaken for one.
const RESERVED_TYPES: [&str; 7] = ["BigInt", "Boolean", "Bytes", "Float", "Int", "Json", "String"];

/// Words that cannot name a field: keywords of BAML and of the languages that clients are generated for.
const RESERVED_FIELDS: &str = "Self and and_eq any assert asserts async audio await bigint bool box break byte catch chan char \
     char8_t class compl const constructor continue debugger declare defer delegate do dyn dynamic elif \
     else emit enum env export extends extern false finally fixed float for foreach func function get \
     global go goto image implements import in inline instanceof int internal keyof lambda lazy let lock \
     long macro module move mut namespace native new nil noexcept nonlocal not not_eq null nullptr or \
     or_eq package params pdf private protected protocol pub public readonly ref register requires \
     return sbyte sealed select self set short sizeof some stackalloc static string struct subscript \
     super switch template this thread_local throw throws trait transient true try typedef typeof uint \
     ulong union unsafe unsigned unsized use using var video virtual void volatile wchar_t while with \
     xor xor_eq yield";

/// Checks that a name may be used for what it names, and reports why not. That it is made of letters, digits
/// and `_` the parser has checked.
pub(crate) fn check_name(name: &Identifier, kind: Kind, report: &mut Report) {
    let text = name.text.as_str();
    if kind.is_capitalized() && text.starts_with(|first: char| first.is_ascii_lowercase()) {
        report.push(messages::name_not_capitalized(name, kind));
    } else if kind.is_capitalized() && kind != Kind::EnumValue && RESERVED_TYPES.contains(&text) {
        report.push(messages::reserved_type_name(name, kind));
    } else if kind == Kind::Field && is_reserved_field(text) {
        report.push(messages::reserved_field_name(name));
    } else if kind == Kind::Parameter && text == "self" {
        report.push(messages::reserved_parameter_name(name));
    }
}

fn is_reserved_field(text: &str) -> bool {
    RESERVED_FIELDS.split(' ').any(|word| word == text)
}

/// The scalar or media type of that name.
pub(crate) fn built_in(name: &str) -> Option<TypeKind> {
    Some(match name {
        "int" => TypeKind::Primitive(Primitive::Int),
        "float" => TypeKind::Primitive(Primitive::Float),
        "bool" => TypeKind::Primitive(Primitive::Bool),
        "string" => TypeKind::Primitive(Primitive::String),
        "null" => TypeKind::Primitive(Primitive::Null),
        _ => TypeKind::Media(MediaKind::ALL.into_iter().find(|kind| kind.name() == name)?),
    })
}

/// The names of the built-in types, for suggestions.
pub(crate) const BUILT_IN: [&str; 9] =
    ["string", "int", "float", "bool", "null", "image", "audio", "pdf", "video"];

/// What the names of a program stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Classes, enums and aliases.
    pub(crate) types: HashMap<Name, TypeKind>,
    /// Everything in the namespace, types included: what it is and, for a name of these sources, where.
    pub(crate) declared: HashMap<Name, (Kind, Option<Span>)>,
}

impl Names {
    /// Takes a name, or reports that it is taken.
    pub(crate) fn declare(&mut self, name: &Identifier, kind: Kind, report: &mut Report) -> bool {
        check_name(name, kind, report);
        if let Some((first, span)) = self.declared.get(name.text.as_str()) {
            report.push(messages::duplicate_name(name, kind, *first, *span));
            return false;
        }
        self.declared.insert(Name::from(name.text.as_str()), (kind, Some(name.span)));
        true
    }
}

/// The blocks of a program by kind, each name once.
#[derive(Debug, Default)]
pub(crate) struct Blocks<'a> {
    pub(crate) classes: Vec<&'a ast::Class>,
    pub(crate) enums: Vec<&'a ast::Enum>,
    pub(crate) aliases: Vec<&'a ast::Alias>,
    pub(crate) functions: Vec<&'a ast::Function>,
    pub(crate) templates: Vec<&'a ast::Template>,
    pub(crate) clients: Vec<&'a ast::Block>,
    pub(crate) retry_policies: Vec<&'a ast::Block>,
    pub(crate) generators: Vec<&'a ast::Block>,
    pub(crate) tests: Vec<&'a ast::Test>,
}

/// Declares every block of the files. A block whose name is taken is reported and left out.
pub(crate) fn declare<'a>(files: &'a [ast::File], report: &mut Report) -> (Names, Blocks<'a>) {
    let mut names = Names::default();
    let mut blocks = Blocks::default();
    // Generators have a namespace of their own, and tests one per function (see `test_blocks`).
    let mut generators = Names::default();
    for item in files.iter().flat_map(|file| &file.items) {
        match item {
            ast::Item::Class(class) if class.dynamic => {
                report.push(messages::dynamic_outside_type_builder(&class.name, Kind::Class));
            }
            ast::Item::Enum(enumeration) if enumeration.dynamic => {
                report.push(messages::dynamic_outside_type_builder(&enumeration.name, Kind::Enum));
            }
            ast::Item::Class(class) => {
                if names.declare(&class.name, Kind::Class, report) {
                    names.add_class(&class.name.text, blocks.classes.len());
                    blocks.classes.push(class);
                }
            }
            ast::Item::Enum(enumeration) => {
                if names.declare(&enumeration.name, Kind::Enum, report) {
                    names.add_enum(&enumeration.name.text, blocks.enums.len());
                    blocks.enums.push(enumeration);
                }
            }
            ast::Item::Alias(alias) => {
                if names.declare(&alias.name, Kind::Alias, report) {
                    names.add_alias(&alias.name.text, blocks.aliases.len());
                    blocks.aliases.push(alias);
                }
            }
            ast::Item::Function(function) => {
                if names.declare(&function.name, Kind::Function, report) {
                    blocks.functions.push(function);
                }
            }
            ast::Item::Template(template) => {
                if names.declare(&template.name, Kind::Template, report) {
                    blocks.templates.push(template);
                }
            }
            ast::Item::Client(client) => {
                if names.declare(&client.name, Kind::Client, report) {
                    blocks.clients.push(client);
                }
            }
            ast::Item::RetryPolicy(policy) => {
                if names.declare(&policy.name, Kind::RetryPolicy, report) {
                    blocks.retry_policies.push(policy);
                }
            }
            ast::Item::Generator(generator) => {
                if generators.declare(&generator.name, Kind::Generator, report) {
                    blocks.generators.push(generator);
                }
            }
            ast::Item::Test(test) => {
                check_name(&test.name, Kind::Test, report);
                blocks.tests.push(test);
            }
        }
    }
    // Expression functions are read and warned about, but not run: their names are taken all the same.
    for function in files.iter().flat_map(|file| &file.unsupported) {
        names.declare(function, Kind::Function, report);
    }
    (names, blocks)
}

impl Names {
    /// Says that the name is the class at that position.
    pub(crate) fn add_class(&mut self, name: &str, position: usize) {
        self.types.insert(Name::from(name), TypeKind::Class(ClassId(number(position))));
    }

    /// Says that the name is the enum at that position.
    pub(crate) fn add_enum(&mut self, name: &str, position: usize) {
        self.types.insert(Name::from(name), TypeKind::Enum(EnumId(number(position))));
    }

    /// Says that the name is the alias at that position.
    pub(crate) fn add_alias(&mut self, name: &str, position: usize) {
        self.types.insert(Name::from(name), TypeKind::Alias(AliasId(number(position))));
    }
}

/// A position as an id. Sources are addressed by 32-bit offsets, so there are fewer blocks than that.
fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
