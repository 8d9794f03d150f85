//! `type_builder.ts`.

use super::Client;
use super::names;
use super::text::Text;

/// A class of the package that stands for a type of the program, and the method that makes it.
type Kind = (&'static str, &'static str);

const CLASS_BUILDER: Kind = ("ClassBuilder", "classBuilder");
const CLASS_VIEWER: Kind = ("ClassViewer", "classViewer");
const ENUM_BUILDER: Kind = ("EnumBuilder", "enumBuilder");
const ENUM_VIEWER: Kind = ("EnumViewer", "enumViewer");

impl Client<'_> {
    pub(super) fn type_builder(&self) -> String {
        let mut members = Text::default();
        for class in &self.schema.classes {
            let fields: Vec<&str> = class.fields.iter().map(|field| &*field.name).collect();
            let kind = if class.dynamic { CLASS_BUILDER } else { CLASS_VIEWER };
            member(&mut members, &class.name, kind, &fields);
        }
        for enumeration in &self.schema.enums {
            let values: Vec<&str> = enumeration.values.iter().map(|value| &*value.name).collect();
            let kind = if enumeration.dynamic { ENUM_BUILDER } else { ENUM_VIEWER };
            member(&mut members, &enumeration.name, kind, &values);
        }
        let members = members.finish();
        let used: Vec<String> = [CLASS_BUILDER, CLASS_VIEWER, ENUM_BUILDER, ENUM_VIEWER]
            .into_iter()
            .filter(|(class, _)| members.contains(&format!(": {class}<")))
            .map(|(class, _)| format!("type {class}"))
            .collect();

        let mut text = Text::default();
        let imported: Vec<String> =
            std::iter::once("TypeBuilder as TypeBuilderBase".to_owned()).chain(used).collect();
        text.line(format!("import {{ {} }} from \"@boundaryml/baml/type_builder\"", imported.join(", ")));
        text.line(format!("import {{ project }} from {}", self.sibling("globals")));
        text.gap();
        text.line("export { FieldType } from \"@boundaryml/baml/native\"");
        text.line("export { ClassBuilder, EnumBuilder } from \"@boundaryml/baml/type_builder\"");
        text.gap();
        text.docs(
            "",
            Some("Adds to the program's types for the calls that it is given to, as their `tb` option."),
        );
        text.line("export default class TypeBuilder extends TypeBuilderBase {");
        if !members.is_empty() {
            text.line(&members);
        }
        text.line("  constructor() {");
        text.line(format!(
            "    super({{ classes: new Set([{}]), enums: new Set([{}]), runtime: project.runtime }})",
            list(self.schema.classes.iter().map(|class| &*class.name)),
            list(self.schema.enums.iter().map(|enumeration| &*enumeration.name))
        ));
        text.line("  }");
        text.line("}");
        text.finish()
    }
}

/// One type of the program: a builder when it is dynamic, otherwise a viewer.
fn member(text: &mut Text, name: &str, (class, method): Kind, members: &[&str]) {
    let union: Vec<String> = members.iter().map(|member| names::string(member)).collect();
    let union = if union.is_empty() { "never".to_owned() } else { union.join(" | ") };
    text.line(format!(
        "  readonly {name}: {class}<{}, {union}> = this.{method}({}, [{}])",
        names::string(name),
        names::string(name),
        list(members.iter().copied())
    ));
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(names::string).collect::<Vec<_>>().join(", ")
}
