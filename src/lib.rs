//! The Node door: the classes and functions of `@boundaryml/baml/native`, each a conversion and a call of the
//! runtime room.
//!
//! What is not here: retries, strategies, parsing, validation, messages about programs and replies. The door
//! owns JavaScript: reading and writing its values, its promises, its abort signals, its errors.

mod abort;
mod cli;
mod client_options;
mod collector;
mod context;
mod face;
mod failure;
mod function_result;
mod http;
mod json_text;
mod key_callback;
mod llm_call;
mod log_event;
mod logging;
mod media;
mod packed_argument;
mod partial;
mod registry;
mod runtime;
mod stream;
mod type_builder;
mod value;
