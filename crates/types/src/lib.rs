//! The nouns that all rooms share. No I/O, no async, no knowledge of any other room.
//!
//! - [`Type`]: what a function returns or takes, with names resolved to ids
//! - [`Value`]: an argument on its way in, or a typed answer on its way out
//! - [`JsonText`]: a value as JSON, written part by part
//! - [`Media`]: an image, audio clip, PDF or video, by URL or by content; [`standard_base64`]: what content is passed as
//! - [`Prompt`]: rendered messages with parts, structural from the template to the wire
//! - [`Config`]: a client option, which may name an environment variable instead of holding a value
//! - [`Callback`]: a function of the host language in place of an option's value
//! - [`Constraint`] and [`Judge`]: checks and asserts, and who evaluates their expressions
//! - [`Usage`][]: tokens

mod base64_text;
mod callback;
mod config;
mod constraint;
mod json_text;
mod media;
mod message;
mod nearest;
mod ty;
mod usage;
mod value;

pub use base64_text::{Base64Fault, standard_base64};
pub use callback::Callback;
pub use config::{Config, ConfigMap};
pub use constraint::{CheckResult, Constraint, ConstraintLevel, Judge};
pub use json_text::JsonText;
pub use media::{Media, MediaKind, MediaSource, is_data_url};
pub use message::{Content, Message, Metadata, Part, Prompt};
pub use nearest::nearest;
pub use ty::{AliasId, ClassId, EnumId, Literal, Primitive, StreamBehavior, Type, TypeAttributes, TypeKind};
pub use usage::Usage;
pub use value::{Arguments, Checked, Instance, StreamState, Value, ValueKind};

/// A shared name: of a class, a field, a function, a client. Cheap to clone.
pub type Name = std::sync::Arc<str>;
