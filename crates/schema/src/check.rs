//! A whole program: every file parsed, every name resolved, every rule applied.

use std::sync::Arc;

use syntax::{Diagnostic, FileId, ast};

use crate::classes::{check_alias, check_class, check_enum};
use crate::clients::check_client;
use crate::functions::{check_function, check_template};
use crate::generators::check_generator;
use crate::messages;
use crate::model::Schema;
use crate::names::{self, Blocks, Names};
use crate::policies::check_retry_policy;
use crate::recursion::{self, Containing, has_check, is_media};
use crate::report::Report;
use crate::test_blocks::{Seen, check_test};

/// Parses and checks a program: paths and texts. A [`FileId`] in a diagnostic is a position in `sources`.
///
/// The schema is complete only when no diagnostic is an error. After a syntax error, names that seem to be
/// missing are not reported, since they may be in the part that could not be read.
#[must_use]
pub fn load(sources: &[(String, String)]) -> (Schema, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut files = Vec::with_capacity(sources.len());
    for (position, (path, text)) in sources.iter().enumerate() {
        let file = FileId(u32::try_from(position).unwrap_or(u32::MAX));
        if is_baml_file(path) {
            let (parsed, found) = syntax::parse(file, text);
            diagnostics.extend(found);
            files.push(parsed);
        } else {
            diagnostics.push(messages::not_a_baml_file(file, path));
        }
    }
    check_with(&files, Report::incomplete(diagnostics))
}

/// The peer knows a BAML file by its exact extension: `.BAML` is none.
#[expect(clippy::case_sensitive_file_extension_comparisons, reason = "as the peer does")]
fn is_baml_file(path: &str) -> bool {
    path.ends_with(".baml")
}

/// Checks parsed files. The schema is complete only when no diagnostic is an error.
#[must_use]
pub fn check(files: &[ast::File]) -> (Schema, Vec<Diagnostic>) {
    check_with(files, Report::default())
}

fn check_with(files: &[ast::File], mut report: Report) -> (Schema, Vec<Diagnostic>) {
    let (names, blocks) = names::declare(files, &mut report);
    let mut schema = Schema { types: names.types.clone(), ..Schema::default() };
    check_types(&mut schema, &names, &blocks, &mut report);
    check_calls(&mut schema, &names, &blocks, &mut report);
    check_functions_against_types(&schema, &blocks, &mut report);
    // The types that a test adds are checked on top of those of the program, which must be right first.
    let extend = report.errors() == 0;
    let mut seen = Seen::new();
    for test in &blocks.tests {
        let program = extend.then_some(&schema);
        if let Some(test) = check_test(test, program, &names, &mut seen, &mut report) {
            schema.tests.push(Arc::new(test));
        }
    }
    (schema, report.into_diagnostics())
}

/// Classes, enums and aliases: each at the position that its id says.
fn check_types(schema: &mut Schema, names: &Names, blocks: &Blocks<'_>, report: &mut Report) {
    for enumeration in &blocks.enums {
        schema.enums.push(Arc::new(check_enum(enumeration, report)));
    }
    for class in &blocks.classes {
        schema.classes.push(Arc::new(check_class(class, names, report)));
    }
    for alias in &blocks.aliases {
        schema.aliases.push(Arc::new(check_alias(alias, names, report)));
    }
    for cycle in recursion::mark(schema) {
        report.push(messages::cycle(&cycle));
    }
}

/// Functions, and what they are called with.
fn check_calls(schema: &mut Schema, names: &Names, blocks: &Blocks<'_>, report: &mut Report) {
    for policy in &blocks.retry_policies {
        if let Some(policy) = check_retry_policy(policy, report) {
            schema.retry_policies.insert(policy.name.clone(), Arc::new(policy));
        }
    }
    for client in &blocks.clients {
        if let Some(client) = check_client(client, names, report) {
            schema.clients.insert(client.name.clone(), Arc::new(client));
        }
    }
    for template in &blocks.templates {
        if let Some(template) = check_template(template, names, report) {
            schema.templates.insert(template.name.clone(), Arc::new(template));
        }
    }
    for function in &blocks.functions {
        if let Some(function) = check_function(function, names, report) {
            schema.functions.insert(function.name.clone(), Arc::new(function));
        }
    }
    for generator in &blocks.generators {
        schema.generators.extend(check_generator(generator, report));
    }
}

/// The rules about types that need all types to be known: no check in a parameter, no media in an answer.
fn check_functions_against_types(schema: &Schema, blocks: &Blocks<'_>, report: &mut Report) {
    let checked = Containing::new(schema, has_check);
    let functions = schema.functions.values().map(|function| &function.params);
    let templates = schema.templates.values().map(|template| &template.params);
    for param in functions.chain(templates).flatten() {
        if checked.contains(schema, &param.ty, has_check) {
            report.push(messages::check_in_parameter(&param.name, param.span));
        }
    }
    let media = Containing::new(schema, is_media);
    for block in &blocks.functions {
        if let Some(function) = schema.functions.get(block.name.text.as_str())
            && media.contains(schema, &function.returns, is_media)
        {
            report.push(messages::media_in_return_type(&function.name, block.returns.span));
        }
    }
}
