//! A prompt together with the template strings that it uses.

use std::collections::{BTreeSet, HashMap, HashSet};

use minijinja::machinery::{Token, WhitespaceConfig, tokenize};
use minijinja::syntax::SyntaxConfig;
use schema::Schema;
use types::Name;

/// The template strings of a program.
#[derive(Debug, Default)]
pub(crate) struct Library {
    entries: Vec<Entry>,
    by_name: HashMap<Name, usize>,
}

#[derive(Debug)]
struct Entry {
    name: Name,
    /// `{% macro Name(a, b) %}…{% endmacro %}`
    definition: String,
    lines: usize,
    uses: BTreeSet<usize>,
}

impl Library {
    /// Collects the template strings of `schema` that `usable` lets through.
    pub(crate) fn new(schema: &Schema, usable: impl Fn(&str) -> bool) -> Self {
        let templates: Vec<_> = schema.templates.values().filter(|template| usable(&template.name)).collect();
        let by_name: HashMap<Name, usize> =
            templates.iter().enumerate().map(|(index, template)| (template.name.clone(), index)).collect();
        let mut library = Self { entries: Vec::with_capacity(templates.len()), by_name };
        for template in templates {
            let params: Vec<&str> = template.params.iter().map(|param| &*param.name).collect();
            // The line break after a block is not part of the text, so the next text begins on a line of its own.
            let definition = format!(
                "{{% macro {}({}) %}}{}{{% endmacro %}}\n",
                template.name,
                params.join(", "),
                template.body
            );
            let lines = definition.matches('\n').count();
            let uses = library.uses(&template.body);
            library.entries.push(Entry { name: template.name.clone(), definition, lines, uses });
        }
        library
    }

    /// The definition of one template string on its own.
    pub(crate) fn definition(&self, name: &str) -> Option<&str> {
        Some(&self.entries.get(*self.by_name.get(name)?)?.definition)
    }

    /// The template strings that a text names. A name in it that means something else costs a definition that
    /// is not used, and nothing more.
    fn uses(&self, text: &str) -> BTreeSet<usize> {
        tokenize(text, false, SyntaxConfig, WhitespaceConfig::default())
            .map_while(Result::ok)
            .filter_map(|(token, _)| match token {
                Token::Ident(name) => self.by_name.get(name).copied(),
                _ => None,
            })
            .collect()
    }
}

/// The whole text of a function's prompt: the definitions of the template strings that it uses, directly or through
/// others, and the prompt itself.
#[derive(Debug)]
pub(crate) struct Assembly {
    /// The text to compile.
    pub(crate) source: String,
    /// The first line of each template string, counted from 1.
    parts: Vec<(usize, Name)>,
    /// The first line of the prompt, counted from 1.
    prompt_line: usize,
}

impl Assembly {
    /// Puts `prompt` together with what it uses.
    pub(crate) fn new(library: &Library, prompt: &str) -> Self {
        let mut used = HashSet::new();
        let mut stack: Vec<usize> = library.uses(prompt).into_iter().collect();
        while let Some(index) = stack.pop() {
            if used.insert(index) {
                stack.extend(library.entries.get(index).into_iter().flat_map(|entry| &entry.uses));
            }
        }
        let mut assembly = Self { source: String::new(), parts: Vec::new(), prompt_line: 1 };
        for entry in library
            .entries
            .iter()
            .enumerate()
            .filter(|(index, _)| used.contains(index))
            .map(|(_, entry)| entry)
        {
            assembly.parts.push((assembly.prompt_line, entry.name.clone()));
            assembly.source.push_str(&entry.definition);
            assembly.prompt_line += entry.lines;
        }
        assembly.source.push_str(prompt);
        assembly
    }

    /// The template strings that the prompt uses, directly or through others.
    pub(crate) fn used(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().map(|(_, name)| name)
    }

    /// A line of the whole text as a line of the prompt, or of one of its template strings.
    pub(crate) fn locate(&self, line: usize) -> (Option<&Name>, usize) {
        if line >= self.prompt_line {
            return (None, line - self.prompt_line + 1);
        }
        let part = self.parts.iter().rev().find(|(first, _)| *first <= line);
        part.map_or((None, line), |(first, name)| (Some(name), line - first + 1))
    }
}
