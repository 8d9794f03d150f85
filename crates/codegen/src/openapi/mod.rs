//! The OpenAPI document of a program: what `baml-cli serve` answers, for generators of clients in any language.

mod components;
mod operations;

use schema::{Direction, JsonSchemas, Schema};
use serde_json::{Map, Value, json};

/// What stands before the name of a schema in a reference.
const SCHEMAS: &str = "#/components/schemas/";

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenApiOptions {
    /// The version of the document.
    pub version: String,
    /// Whether calls need a password.
    pub secured: bool,
    /// Whether callers may bring clients of their own.
    pub takes_clients: bool,
    /// The names of the server's presets of clients.
    pub presets: Vec<String>,
}

/// The OpenAPI 3.1 document of a program.
#[must_use]
pub fn openapi(schema: &Schema, options: &OpenApiOptions) -> Value {
    let suffix = argument_suffix(schema);
    let given = JsonSchemas::new(schema, Direction::Given, SCHEMAS).with_suffix(suffix);
    let answered = JsonSchemas::new(schema, Direction::Answered, SCHEMAS);
    let functions = schema.functions.values();

    let mut schemas = components::schemas(options);
    schemas.extend(
        given.definitions(functions.clone().flat_map(|function| &function.params).map(|param| &param.ty)),
    );
    schemas.extend(answered.definitions(functions.clone().map(|function| &function.returns)));

    let mut paths = Map::new();
    for function in functions {
        schemas.insert(
            operations::arguments_name(&function.name),
            operations::arguments(schema, function, &given),
        );
        operations::add(&mut paths, function, &answered);
    }
    operations::add_of_the_server(&mut paths);

    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "BAML functions",
            "description": "Typed functions that language models answer. Each function can be called, streamed, \
                            parsed, and shown as the request or the plan that a call would make.",
            "version": options.version,
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas, "responses": components::responses() },
    });
    if options.secured {
        document["components"]["securitySchemes"] = components::security_schemes();
        document["security"] = json!([{ "basic": [] }, { "bearer": [] }, { "key": [] }]);
    }
    document
}

/// What is put after the names of classes that are arguments, whose fields may be absent where those of answers
/// may not: a word that makes no name of the program.
fn argument_suffix(schema: &Schema) -> &'static str {
    const SUFFIXES: [&str; 3] = ["Input", "Argument", "GivenByCaller"];
    let is_free = |suffix: &&str| {
        !schema
            .types
            .keys()
            .any(|name| name.strip_suffix(*suffix).is_some_and(|stem| schema.types.contains_key(stem)))
    };
    SUFFIXES.into_iter().find(is_free).unwrap_or("GivenByCaller")
}
