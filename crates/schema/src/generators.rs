//! Generators: which client is generated, and where.

use indexmap::IndexMap;
use syntax::ast;
use types::Name;

use crate::messages;
use crate::model::Generator;
use crate::properties::{Options, Properties, text};
use crate::report::Report;

/// The properties of a generator.
const PROPERTIES: [&str; 8] = [
    "output_type",
    "output_dir",
    "version",
    "default_client_mode",
    "module_format",
    "on_generate",
    "project",
    "client_package_name",
];

/// The values of `output_type`.
const OUTPUT_TYPES: [&str; 9] = [
    "typescript",
    "typescript/react",
    "python/pydantic",
    "python/pydantic/v1",
    "ruby/sorbet",
    "go",
    "rust",
    "rest/openapi",
    "boundary-cloud",
];

/// Checks a generator. `None` when it does not say what to generate: the report says so.
pub(crate) fn check_generator(generator: &ast::Block, report: &mut Report) -> Option<Generator> {
    let owner = format!("generator `{}`", generator.name.text);
    let properties = Properties::read(&generator.properties, &owner, &PROPERTIES, report);
    if properties.get("output_type").is_none() {
        report.push_missing(messages::missing_output_type(&generator.name, &OUTPUT_TYPES));
    }
    let mut choice = |key, choices: &[&'static str]| one_of(&properties, key, choices, report);
    let output_type = choice("output_type", &OUTPUT_TYPES);
    let default_client_mode = choice("default_client_mode", &["sync", "async"]);
    let module_format = choice("module_format", &["cjs", "esm"]);
    let mut string = |key| required_text(&properties, key, report);
    let (output_dir, version) = (string("output_dir"), string("version"));
    let (on_generate, package) = (string("on_generate"), string("client_package_name"));
    if let Some(version) = version.filter(|version| !is_version(version))
        && let Some(value) = properties.get("version")
    {
        report.push(messages::invalid_version(value.span, version));
    }
    let output_type = output_type?;
    if output_type == "go" && package.is_none() {
        report.push_missing(messages::generator_needs(&generator.name, output_type, "client_package_name"));
    }
    if output_type == "boundary-cloud" && properties.get("project").is_none() {
        report.push_missing(messages::generator_needs(&generator.name, output_type, "project"));
    }
    // What is wrong with the values was reported above: this only keeps them.
    let written: IndexMap<_, _> = Options::new(&mut Report::default()).read_map(&generator.properties);
    Some(Generator {
        name: Name::from(generator.name.text.as_str()),
        output_type: Name::from(output_type),
        output_dir: output_dir.map(Name::from),
        version: version.map(Name::from),
        default_client_mode: default_client_mode.map(Name::from),
        module_format: module_format.map(Name::from),
        on_generate: on_generate.map(Name::from),
        properties: written,
        span: generator.name.span,
    })
}

/// The text of a property that must be one.
fn required_text<'a>(properties: &Properties<'a>, key: &'static str, report: &mut Report) -> Option<&'a str> {
    let value = properties.get(key)?;
    let found = text(value);
    if found.is_none() {
        report.push(messages::property_is_not_text(value.span, key, &value.kind));
    }
    found
}

fn one_of<'a>(
    properties: &Properties<'a>,
    key: &'static str,
    choices: &[&'static str],
    report: &mut Report,
) -> Option<&'a str> {
    let found = required_text(properties, key, report)?;
    if choices.contains(&found) {
        return Some(found);
    }
    let suggestion = report.suggest(found, choices.iter().copied());
    if let Some(value) = properties.get(key) {
        report.push(messages::unknown_choice(value.span, key, found, suggestion, choices));
    }
    None
}

/// Whether a text is a semantic version: `1.2.3`, `1.2.3-beta.1`, `1.2.3+build`.
fn is_version(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    let is_number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let is_label = |label: &str| {
        label.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    };
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && pre.is_none_or(is_label)
        && build.is_none_or(is_label)
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn versions_are_semantic() {
        for good in ["0.226.2", "1.0.0-beta.1", "1.2.3+build.5", "1.2.3-a-b+c"] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "x", "0.226", "v0.226.2", "00.1.2", "1.2.3-", "1.2.3+", "1.2.3.4", "1..3"] {
            assert!(!is_version(bad), "{bad}");
        }
    }
}
