//! `types.ts` and `partial_types.ts`.

use schema::{Class, Enum};

use super::Client;
use super::expression::{Expressions, Form, Place, Used, is_optional};
use super::names;
use super::text::Text;

/// Types of the package that `types.ts` passes on under the same name.
const PACKAGE_TYPES: &[&str] = &["Check", "Checked", "RecursivePartialNull"];

impl Client<'_> {
    pub(super) fn types(&self) -> String {
        let mut text = Text::default();
        for enumeration in &self.schema.enums {
            text.gap();
            enum_declaration(&mut text, enumeration);
        }
        let used = Used::default();
        let expressions = Expressions::new(self.schema, Place::Types, &used);
        for class in &self.schema.classes {
            text.gap();
            text.docs("", class.docs.as_deref().or(class.description.as_deref()));
            text.line(format!("export interface {} {{", class.name));
            for field in &class.fields {
                text.docs("  ", field.docs.as_deref().or(field.description.as_deref()));
                let mark = if is_optional(self.schema, &field.ty) || field.skip { "?" } else { "" };
                text.line(format!(
                    "  {}{mark}: {}",
                    names::property(&field.name),
                    expressions.ty(&field.ty, Form::Full)
                ));
            }
            close_class(&mut text, "", class);
        }
        for alias in &self.schema.aliases {
            text.gap();
            text.docs("", alias.docs.as_deref());
            text.line(format!("export type {} = {}", alias.name, expressions.alias(alias, Form::Full)));
        }
        self.with_package_types(&text.finish(), &used)
    }

    /// Puts the imports and the package's own types above the program's. A type of the program wins over one
    /// of the package that has the same name.
    fn with_package_types(&self, declarations: &str, used: &Used) -> String {
        let mut text = Text::default();
        if used.package.get() {
            text.line("import type * as baml from \"@boundaryml/baml/client\"");
            text.gap();
        }
        text.line("export { all_succeeded, get_checks } from \"@boundaryml/baml/client\"");
        let passed_on: Vec<&str> =
            PACKAGE_TYPES.iter().copied().filter(|name| !self.schema.types.contains_key(*name)).collect();
        if !passed_on.is_empty() {
            text.line(format!("export type {{ {} }} from \"@boundaryml/baml/client\"", passed_on.join(", ")));
        }
        text.gap();
        text.line(declarations);
        text.finish()
    }

    pub(super) fn partial_types(&self) -> String {
        let used = Used::default();
        let expressions = Expressions::new(self.schema, Place::PartialTypes, &used);
        let mut namespace = Text::default();
        for class in &self.schema.classes {
            namespace.gap();
            namespace.docs("  ", class.docs.as_deref().or(class.description.as_deref()));
            namespace.line(format!("  export interface {} {{", class.name));
            for field in &class.fields {
                namespace.docs("    ", field.docs.as_deref().or(field.description.as_deref()));
                let (mark, ty) = if class.stream.done {
                    let mark = if is_optional(self.schema, &field.ty) || field.skip { "?" } else { "" };
                    (mark, expressions.ty(&field.ty, Form::Full))
                } else {
                    expressions.partial_field(&field.ty)
                };
                let mark = if field.skip { "?" } else { mark };
                namespace.line(format!("    {}{mark}: {ty}", names::property(&field.name)));
            }
            close_class(&mut namespace, "  ", class);
        }
        for alias in &self.schema.aliases {
            namespace.gap();
            namespace.docs("  ", alias.docs.as_deref());
            namespace.line(format!(
                "  export type {} = {}",
                alias.name,
                expressions.alias(alias, Form::Partial)
            ));
        }
        let namespace = namespace.finish();

        let mut text = Text::default();
        if used.package.get() {
            text.line("import type * as baml from \"@boundaryml/baml/client\"");
        }
        if used.types.get() {
            text.line(format!("import type * as types from {}", self.sibling("types")));
        }
        text.gap();
        text.line("export type { StreamState } from \"@boundaryml/baml/client\"");
        text.gap();
        text.docs(
            "",
            Some("What answers look like while they stream: a scalar that has not arrived is null, a list or map is empty."),
        );
        text.line("export namespace partial_types {");
        text.line(namespace.trim_end());
        text.line("}");
        text.finish()
    }
}

/// Ends an interface. A dynamic class has properties that only the program's user knows.
fn close_class(text: &mut Text, indent: &str, class: &Class) {
    if class.dynamic {
        text.line(format!("{indent}  [key: string]: any"));
    }
    text.line(format!("{indent}}}"));
}

/// Projects with `erasableSyntaxOnly` refuse every enum; their bundlers accept it. Clients of the peer have
/// enums, and users rely on how TypeScript treats them, so this one rule is set aside for this one line.
const ENUM_NOTE: &str = "// @ts-ignore under erasableSyntaxOnly, which has no other way to say this";

fn enum_declaration(text: &mut Text, enumeration: &Enum) {
    // TypeScript takes these two for numbers, which cannot name a member of an enum.
    let numeric = enumeration.values.iter().any(|value| matches!(&*value.name, "NaN" | "Infinity"));
    let name = &enumeration.name;
    let docs = enumeration.docs.as_deref().or(enumeration.description.as_deref());
    text.docs("", docs);
    if numeric {
        text.line(format!("export const {name} = {{"));
    } else {
        text.line(ENUM_NOTE);
        text.line(format!("export enum {name} {{"));
    }
    for value in &enumeration.values {
        text.docs("  ", value.docs.as_deref().or(value.description.as_deref()));
        let separator = if numeric { ":" } else { " =" };
        text.line(format!("  {}{separator} {},", names::property(&value.name), names::string(&value.name)));
    }
    text.line(if numeric { "} as const" } else { "}" });
    if numeric {
        text.docs("", docs);
        text.line(format!("export type {name} = (typeof {name})[keyof typeof {name}]"));
    }
}
