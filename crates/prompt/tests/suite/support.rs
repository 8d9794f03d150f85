//! A program and its prompts, for the tests of this room.

use std::collections::BTreeMap;
use std::sync::Arc;

use baml_prompt::{ClientView, Error, Templates};
use indexmap::IndexMap;
use schema::{Schema, Severity};
use types::{Arguments, Content, Name, Prompt, Value};

/// A loaded program.
pub(crate) struct Program {
    pub(crate) schema: Arc<Schema>,
    pub(crate) templates: Templates,
}

impl Program {
    /// Loads a source that must be free of errors.
    pub(crate) fn load(source: &str) -> Self {
        let sources = vec![("main.baml".to_owned(), source.to_owned())];
        let (schema, mut diagnostics) = schema::load(&sources);
        let (templates, more) = Templates::compile_with_sources(&schema, &sources);
        diagnostics.extend(more);
        diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
        assert!(diagnostics.is_empty(), "{}", schema::render(&sources, &diagnostics, false));
        Self { schema: Arc::new(schema), templates }
    }

    /// Loads a program of one function `F(x: string)` with this prompt.
    pub(crate) fn of_prompt(prompt: &str) -> Self {
        Self::load(&format!(
            "function F(x: string) -> string {{\n  client \"openai/gpt-5-mini\"\n  prompt ###\"{prompt}\"###\n}}\n"
        ))
    }

    /// Renders a function with untyped arguments.
    pub(crate) fn render(&self, function: &str, arguments: Arguments) -> Result<Prompt, Error> {
        let function = &self.schema.functions[function];
        let arguments = self.schema.bind(function, arguments, &self.templates).unwrap();
        self.templates.render(&self.schema, function, &arguments, &client(), &BTreeMap::new())
    }

    /// Renders `F` with a text for `x`.
    pub(crate) fn with_text(&self, text: &str) -> Result<Prompt, Error> {
        self.render("F", Arguments::from([(Name::from("x"), Value::String(text.to_owned()))]))
    }
}

/// The client of every test: three roles, `user` by default.
pub(crate) fn client() -> ClientView {
    ClientView {
        name: "Tester".to_owned(),
        provider: "openai".to_owned(),
        options: [("model".to_owned(), "gpt-5-mini".into()), ("temperature".to_owned(), 0.5.into())]
            .into_iter()
            .collect(),
        default_role: "user".to_owned(),
        allowed_roles: ["system", "user", "assistant"].map(str::to_owned).to_vec(),
        remap_roles: IndexMap::new(),
    }
}

/// The prompt as a reader would like to see it.
pub(crate) fn show(prompt: &Prompt) -> String {
    let mut text = String::new();
    for message in &prompt.messages {
        text.push_str(&format!("[{}]\n", message.role));
        for part in &message.parts {
            match &part.content {
                Content::Text(part) => text.push_str(part),
                Content::Media(media) => text.push_str(&format!("<{}>", media.kind.name())),
            }
            if let Some(metadata) = &part.metadata {
                text.push_str(&format!("\n  with {}", serde_json::to_string(&**metadata).unwrap()));
            }
            text.push('\n');
        }
    }
    text
}
