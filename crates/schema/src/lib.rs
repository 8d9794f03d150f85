//! AST to the checked [`Schema`]: every name resolved, every type known.
//!
//! | file | what it decides |
//! |---|---|
//! | `check` | the order of the whole: [`load`] and [`check`] |
//! | `names` | what each name stands for, which names are allowed |
//! | `resolve` | types as written to types with names resolved; unions flattened, `null` last |
//! | `graph`, `recursion` | which classes and aliases reach themselves, and which never end |
//! | `attributes` | which `@` and `@@` attributes may stand where, and what they say |
//! | `classes`, `functions`, `clients`, `policies`, `generators`, `test_blocks` | the rules of each block |
//! | `policy`, `policy_reader` | what a retry policy says, in a program or a registry |
//! | `properties` | `key value` lines, options and test arguments |
//! | `lookup` | questions about types that every room asks |
//! | `bind`, `fit` | untyped arguments to typed ones |
//! | `json_schema` | types as JSON Schema, for callers |
//! | `answer_schema` | a return type as the JSON Schema that providers make a model keep to |
//! | `additions`, `extend`, `builder` | a program with more types in it, for one call |
//! | `messages`, `problems` | every text that the room can say |
//!
//! What needs Jinja (templates, expressions) is checked by the prompt room, and what needs to know providers
//! (providers, options, strategies, `provider/model`) by the registry room.

mod additions;
mod answer_schema;
mod attributes;
mod bind;
mod builder;
mod check;
mod classes;
mod clients;
mod extend;
mod fit;
mod functions;
mod generators;
mod graph;
mod json_schema;
mod lookup;
mod messages;
mod model;
mod names;
mod policies;
mod policy;
mod policy_reader;
mod problems;
mod properties;
mod recursion;
mod report;
mod resolve;
mod test_blocks;

pub use additions::{
    Additions, ClassAddition, EnumAddition, PropertyAddition, TypeExpression, ValueAddition,
};
pub use answer_schema::AnswerSchema;
pub use bind::ArgumentProblem;
pub use check::{check, load};
pub use extend::ExtendError;
pub use json_schema::{Direction, JsonSchemas};
pub use model::{
    Alias, Class, Client, ClientReference, Enum, EnumValue, Field, Function, Generator, Param, RetryPolicy,
    Schema, Template, Test,
};
pub use policy::{Cause, Jitter, Policy, RetryOn, RetryStrategy};
pub use policy_reader::{PolicyProblem, PolicyProblemKind};
pub use syntax::{Diagnostic, FileId, Severity, Span, render};
