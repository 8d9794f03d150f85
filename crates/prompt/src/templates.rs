//! A program's compiled prompts.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use minijinja::Environment;
use minijinja::value::Value;
use schema::{Diagnostic, Function, Schema, Span};
use types::{Arguments, Name, Prompt};

use crate::context::Root;
use crate::engine;
use crate::error::{Error, Place};
use crate::inspect::{Lent, inspect};
use crate::judge::Constraints;
use crate::marker::{Occupied, candidates};
use crate::program::{Assembly, Flaw, Library, Positions, Program};
use crate::scope::Scope;
use crate::{ClientView, failures, messages};

/// How often a rendering is done again because a text turned up that contains a character used as a marker. Each
/// try knows all texts of the one before, so the second one is enough unless a template depends on the markers.
const TRIES: usize = 3;

/// The names that Jinja does not let a parameter have.
const RESERVED: [&str; 8] = ["true", "True", "false", "False", "none", "None", "loop", "self"];

/// The prompts, template strings and constraint expressions of a program, compiled once. Rendering shares them
/// between threads and never changes them.
pub struct Templates {
    environment: Environment<'static>,
    functions: HashMap<Name, Compiled>,
    pub(crate) constraints: Constraints,
}

impl fmt::Debug for Templates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&Name> = self.functions.keys().collect();
        names.sort();
        formatter.debug_struct("Templates").field("functions", &names).finish_non_exhaustive()
    }
}

struct Compiled {
    program: Program,
    assembly: Assembly,
    /// The characters in the text that could be markers.
    occupied: Occupied,
}

impl Templates {
    /// Compiles every prompt, template string and constraint of `schema`. What does not compile is reported and
    /// left out. Places within a text are known only to [`compile_with_sources`](Self::compile_with_sources);
    /// here each report points at the whole text.
    #[must_use]
    pub fn compile(schema: &Schema) -> (Self, Vec<Diagnostic>) {
        Self::compile_with_sources(schema, &[])
    }

    /// The same, with reports that point at the exact place. `sources` are the paths and texts that `schema` was
    /// loaded from, in that order.
    #[must_use]
    pub fn compile_with_sources(schema: &Schema, sources: &[(String, String)]) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let file = |span: Span| sources.get(span.file.0 as usize).map(|(_, text)| text.as_str());
        let mut report = |text: &str, span: Span, flaw: &Flaw| {
            let place = Positions::new(text, span, file(span)).span(&flaw.range);
            diagnostics.push(Diagnostic::error(place, failures::bad_template(&flaw.detail)));
        };
        let mut usable: HashMap<&str, bool> = HashMap::new();
        for template in schema.templates.values() {
            let compiled = Program::compile(&template.body);
            if let Err(flaw) = &compiled {
                report(&template.body, template.body_span, flaw);
            }
            usable.insert(&template.name, compiled.is_ok());
        }
        let mut library = Library::new(schema, |name| usable.get(name).copied().unwrap_or(false));
        // A body that compiles can still have parameters that Jinja does not accept.
        let bad_parameters: Vec<_> = schema
            .templates
            .values()
            .filter(|template| {
                library.definition(&template.name).is_some_and(|text| Program::compile(text).is_err())
            })
            .collect();
        for template in &bad_parameters {
            usable.insert(&template.name, false);
        }
        if !bad_parameters.is_empty() {
            library = Library::new(schema, |name| usable.get(name).copied().unwrap_or(false));
        }
        let mut functions = HashMap::with_capacity(schema.functions.len());
        for function in schema.functions.values() {
            match Self::function(&library, &function.prompt) {
                Ok(compiled) => drop(functions.insert(Arc::clone(&function.name), compiled)),
                Err(flaw) => report(&function.prompt, function.prompt_span, &flaw),
            }
        }
        diagnostics.extend(bad_parameters.iter().filter_map(|template| {
            let reserved = |param: &&schema::Param| RESERVED.contains(&&*param.name);
            let param = template.params.iter().find(reserved).or(template.params.first())?;
            let message = failures::unusable_parameter(&template.name, &param.name);
            Some(Diagnostic::error(param.span, message))
        }));
        let constraints = Constraints::compile(schema, &mut diagnostics);
        let mut lent = Lent::new();
        for function in schema.functions.values() {
            let used =
                functions.get(&function.name).into_iter().flat_map(|compiled| compiled.assembly.used());
            for template in used.filter_map(|name| schema.templates.get(name)) {
                let params = function.params.iter().map(|param| &*param.name);
                lent.entry(&template.name).or_default().extend(params);
            }
        }
        let compiles =
            |name: &str| functions.contains_key(name) || usable.get(name).is_some_and(|usable| *usable);
        diagnostics.extend(inspect(schema, sources, &lent, compiles));
        (Self { environment: engine::environment(), functions, constraints }, diagnostics)
    }

    /// Compiles a prompt, first on its own so that a mistake is reported where it is.
    fn function(library: &Library, prompt: &str) -> Result<Compiled, Flaw> {
        let alone = Program::compile(prompt)?;
        let assembly = Assembly::new(library, prompt);
        let program = if assembly.source == prompt { alone } else { Program::compile(&assembly.source)? };
        let occupied = occupied(program.source());
        Ok(Compiled { program, assembly, occupied })
    }

    /// Renders a function's prompt for a client. `schema` is the one that was compiled or an extension of it;
    /// `arguments` are bound. The time does not depend on the size of the program.
    ///
    /// # Errors
    /// When the template names what does not exist, reads an attribute of something undefined, calls something
    /// with the wrong arguments, or nests values too deeply; [`Error`] says where.
    pub fn render(
        &self,
        schema: &Arc<Schema>,
        function: &Function,
        arguments: &Arguments,
        client: &ClientView,
        tags: &BTreeMap<String, String>,
    ) -> Result<Prompt, Error> {
        let place = |template, line| Place { function: function.name.to_string(), template, line };
        let Some(compiled) = self.functions.get(&function.name) else {
            return Err(failures::unknown_function(&function.name).at(place(None, None)));
        };
        let mut occupied = compiled.occupied.clone();
        for _ in 0..TRIES {
            let scope = Scope::new(Arc::clone(schema), occupied);
            let root = Root::new(&scope, arguments, &function.returns, client, tags)
                .map_err(|error| error.at(place(None, None)))?;
            let run = compiled.program.run(&self.environment, Value::from_object(root));
            let markers = scope.take_markers();
            if markers.conflict() {
                occupied = markers.into_occupied();
                continue;
            }
            return match run {
                Ok(text) => Ok(messages::split(&text, &markers, client)),
                Err(error) => Err(compiled.failure(&error, &function.name)),
            };
        }
        Err(failures::markers_kept_colliding().at(place(None, None)))
    }
}

impl Compiled {
    fn failure(&self, error: &minijinja::Error, function: &str) -> Error {
        let (template, line) = match error.line() {
            Some(line) => {
                let (template, line) = self.assembly.locate(line);
                (template.map(ToString::to_string), Some(line))
            }
            None => (None, None),
        };
        failures::explain(error, self.program.source()).at(Place {
            function: function.to_owned(),
            template,
            line,
        })
    }
}

/// The characters of a template that could be markers: those in its text, and those that its string literals spell
/// as escapes.
fn occupied(source: &str) -> Occupied {
    let mut occupied: Occupied = candidates(source).collect();
    let hexadecimal = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    for (position, _) in source.match_indices("\\u") {
        let Some(high) = hexadecimal(&source[position..]) else { continue };
        let Some(low) = source.get(position + 6..).and_then(hexadecimal) else { continue };
        occupied.extend(char::decode_utf16([high, low]).filter_map(Result::ok));
    }
    occupied
}
