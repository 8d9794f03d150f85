//! The checked [`Schema`](schema::Schema) to the text of a generated client. Pure: the caller reads the
//! sources and writes the files.
//!
//! A generated client is thin. It holds what only the program knows (names, types, the sources) and hands
//! every call to a base class of the npm package, so that a fix in the package reaches clients that were
//! generated before it.
//!
//! - [`typescript()`]: the `baml_client` folder of a TypeScript project
//! - [`openapi()`]: the OpenAPI document of what `baml-cli serve` answers
//! - [`was_generated`]: whether a file's text came from a generator, and may be replaced

mod openapi;
mod origin;
mod output;
mod typescript;

pub use openapi::{OpenApiOptions, openapi};
pub use origin::was_generated;
pub use output::{ClientMode, GeneratedFile, ModuleFormat, Options};
pub use typescript::typescript;
