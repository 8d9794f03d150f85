//! The text of `ctx.output_format`.

use indexmap::IndexSet;
use schema::{Class, Enum, Schema};
use types::{AliasId, ClassId, EnumId, Literal, Primitive, Type, TypeKind};

use super::discover::{self, Parts};
use super::options::{HoistClasses, MapStyle, Options, Prefix};
use crate::failures;

/// An enum with more values than this has a block of its own.
const MOST_INLINE_VALUES: usize = 6;
/// How deeply classes may be printed inside each other.
const MAX_DEPTH: usize = 100;
/// How long the description may get, in bytes: classes that are printed at each mention can double it at each level.
const MAX_LENGTH: usize = 4_000_000;
/// How many members of a union are looked at.
const MAX_MEMBERS: usize = 10_000;
/// How many members of a union a further one is compared with, so as not to be printed twice.
const MAX_COMPARED: usize = 100;
/// In a list, the values of an enum stand on a line of their own when they take more bytes than this.
const LONGEST_ENUM_ITEM: usize = 15;

/// Describes `returns` to a model: the blocks of what is hoisted, the prefix, the type itself.
pub(super) fn output_format(schema: &Schema, returns: &Type, options: &Options) -> Result<String, String> {
    let parts = discover::parts(schema, returns);
    if let Some(kind) = parts.media {
        return Err(failures::media_in_output(kind.name()));
    }
    let hoisted = Hoisted::choose(schema, &parts, options)?;
    let mut writer = Writer { schema, options, hoisted: &hoisted, text: String::new(), indent: 0, depth: 0 };
    let top = writer.only(returns);
    let prefix = match (&options.prefix, &top.kind) {
        (Prefix::Text(prefix), _) => prefix.clone(),
        (_, TypeKind::Primitive(Primitive::String)) => return Ok(String::new()),
        (Prefix::None, _) => String::new(),
        (Prefix::Suitable, _) => writer.suitable_prefix(top),
    };
    writer.hoisted_blocks(&parts, top)?;
    writer.text.push_str(&prefix);
    match &top.kind {
        TypeKind::Enum(id) => writer.enum_block(*id),
        _ => writer.inline(top)?,
    }
    Ok(writer.text)
}

/// What has a block of its own and is mentioned by name.
struct Hoisted {
    enums: IndexSet<EnumId>,
    classes: IndexSet<ClassId>,
    aliases: IndexSet<AliasId>,
}

impl Hoisted {
    fn choose(schema: &Schema, parts: &Parts, options: &Options) -> Result<Self, String> {
        let big = |id: &EnumId| schema.enums.get(id.index()).is_some_and(|found| deserves_a_block(found));
        let enums = parts.enums.iter().filter(|id| options.always_hoist_enums || big(id)).copied().collect();
        let mut classes = parts.recursive_classes.clone();
        match &options.hoist_classes {
            HoistClasses::None => {}
            HoistClasses::All => classes.extend(&parts.classes),
            HoistClasses::Named(names) => {
                let name_of = |id: &ClassId| schema.classes.get(id.index()).map(|class| &*class.name);
                let find = |name: &String| parts.classes.iter().find(|id| name_of(id) == Some(name)).copied();
                let missing: Vec<String> =
                    names.iter().filter(|name| find(name).is_none()).cloned().collect();
                if !missing.is_empty() {
                    return Err(failures::cannot_hoist(&missing, parts.classes.iter().filter_map(name_of)));
                }
                classes.extend(names.iter().filter_map(find));
            }
        }
        Ok(Self { enums, classes, aliases: parts.recursive_aliases.clone() })
    }
}

fn deserves_a_block(found: &Enum) -> bool {
    let shown = || found.values.iter().filter(|value| !value.skip);
    shown().count() > MOST_INLINE_VALUES || shown().any(|value| value.description.is_some())
}

struct Writer<'a> {
    schema: &'a Schema,
    options: &'a Options,
    hoisted: &'a Hoisted,
    text: String,
    /// Spaces after each line break.
    indent: usize,
    depth: usize,
}

impl<'a> Writer<'a> {
    /// Looks through aliases that do not contain themselves.
    fn resolve(&self, mut ty: &'a Type) -> &'a Type {
        while let TypeKind::Alias(id) = &ty.kind {
            match self.schema.aliases.get(id.index()) {
                Some(alias) if !alias.recursive => ty = &alias.ty,
                _ => break,
            }
        }
        ty
    }

    /// What is meant: of a union that comes to one member, that member.
    fn only(&self, ty: &'a Type) -> &'a Type {
        let resolved = self.resolve(ty);
        match &resolved.kind {
            TypeKind::Union(members) => match self.members(members)[..] {
                [member] => member,
                _ => resolved,
            },
            _ => resolved,
        }
    }

    /// The members of a union, unions inside it included, `null` last.
    fn members(&self, members: &'a [Type]) -> Vec<&'a Type> {
        let mut flat = Vec::new();
        let mut null = None;
        let mut stack: Vec<&Type> = members.iter().rev().collect();
        while let Some(member) = stack.pop()
            && flat.len() < MAX_MEMBERS
        {
            let member = self.resolve(member);
            match &member.kind {
                TypeKind::Union(inner) => stack.extend(inner.iter().rev()),
                TypeKind::Primitive(Primitive::Null) => null = Some(member),
                _ if flat.iter().take(MAX_COMPARED).any(|known: &&Type| known.kind == member.kind) => {}
                _ => flat.push(member),
            }
        }
        flat.extend(null);
        flat
    }

    fn suitable_prefix(&self, top: &'a Type) -> String {
        let noun = match self.options.hoisted_class_prefix.as_str() {
            "" => "schema",
            word => word,
        };
        match &top.kind {
            TypeKind::Primitive(Primitive::String) => String::new(),
            TypeKind::Primitive(Primitive::Null) => {
                format!("Answer ONLY with {}:\n", self.options.render_null_as)
            }
            TypeKind::Primitive(Primitive::Int) => "Answer as an ".to_owned(),
            TypeKind::Primitive(Primitive::Float | Primitive::Bool) => "Answer as a ".to_owned(),
            TypeKind::Literal(_) => "Answer using this specific value:\n".to_owned(),
            TypeKind::Enum(_) => "Answer with any of the categories:\n".to_owned(),
            TypeKind::List(_) => "Answer with a JSON Array using this schema:\n".to_owned(),
            TypeKind::Union(members) => {
                let members = self.members(members);
                if members.iter().filter(|member| !member.is_null()).count() > 1 {
                    "Answer in JSON using any of these schemas:\n".to_owned()
                } else {
                    "Answer in JSON using this schema:\n".to_owned()
                }
            }
            TypeKind::Class(id) if self.hoisted.classes.contains(id) => {
                format!("Answer in JSON using this {noun}: ")
            }
            TypeKind::Class(_) => format!("Answer in JSON using this {noun}:\n"),
            TypeKind::Alias(_) => format!("Answer in JSON using this {noun}: "),
            TypeKind::Map(..) | TypeKind::Media(_) => "Answer in JSON using this schema:\n".to_owned(),
        }
    }

    /// The blocks of what is hoisted, each with a blank line after it: enums, classes, aliases.
    fn hoisted_blocks(&mut self, parts: &Parts, top: &Type) -> Result<(), String> {
        let hoisted = self.hoisted;
        for id in parts.enums.iter().filter(|id| hoisted.enums.contains(*id)) {
            if top.kind != TypeKind::Enum(*id) {
                self.enum_block(*id);
                self.text.push_str("\n\n");
            }
        }
        for id in &hoisted.classes {
            let Some(class) = self.schema.classes.get(id.index()) else { continue };
            self.hoisted_name(&class.name);
            self.text.push(' ');
            self.class(class)?;
            self.text.push_str("\n\n");
        }
        for id in &hoisted.aliases {
            let Some(alias) = self.schema.aliases.get(id.index()) else { continue };
            self.hoisted_name(&alias.name);
            self.text.push_str(" = ");
            self.inline(&alias.ty)?;
            self.text.push('\n');
        }
        if !hoisted.aliases.is_empty() {
            self.text.push('\n');
        }
        Ok(())
    }

    fn hoisted_name(&mut self, name: &str) {
        if !self.options.hoisted_class_prefix.is_empty() {
            self.text.push_str(&self.options.hoisted_class_prefix);
            self.text.push(' ');
        }
        self.text.push_str(name);
    }

    fn enum_block(&mut self, id: EnumId) {
        let Some(found) = self.schema.enums.get(id.index()) else { return };
        self.push(found.alias.as_ref().unwrap_or(&found.name));
        self.push("\n----");
        for value in found.values.iter().filter(|value| !value.skip) {
            self.push("\n");
            self.push(&self.options.enum_value_prefix);
            self.push(value.rendered_name());
            if let Some(description) = &value.description {
                self.push(": ");
                self.indented(|writer| writer.push(description));
            }
        }
    }

    /// Text as it is, with the indentation after each line break.
    fn push(&mut self, text: &str) {
        let mut lines = text.split('\n');
        self.text.push_str(lines.next().unwrap_or_default());
        for line in lines {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n(' ', self.indent));
            self.text.push_str(line);
        }
    }

    fn indented<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.indent += 2;
        let result = write(self);
        self.indent -= 2;
        result
    }

    fn inline(&mut self, ty: &'a Type) -> Result<(), String> {
        if self.depth >= MAX_DEPTH {
            return Err(failures::output_too_deep());
        }
        if self.text.len() > MAX_LENGTH {
            return Err(failures::output_too_long());
        }
        self.depth += 1;
        let result = self.inline_kind(self.resolve(ty));
        self.depth -= 1;
        result
    }

    fn inline_kind(&mut self, ty: &'a Type) -> Result<(), String> {
        match &ty.kind {
            TypeKind::Primitive(Primitive::Null) => self.push(&self.options.render_null_as),
            TypeKind::Primitive(primitive) => self.push(primitive.name()),
            TypeKind::Media(kind) => self.push(kind.name()),
            TypeKind::Literal(Literal::String(text)) => {
                let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
                self.push("\"");
                self.push(&escaped);
                self.push("\"");
            }
            TypeKind::Literal(Literal::Int(int)) => self.push(&int.to_string()),
            TypeKind::Literal(Literal::Bool(bool)) => self.push(if *bool { "true" } else { "false" }),
            TypeKind::Enum(id) => self.push(&self.enum_inline(*id)),
            TypeKind::Class(id) => {
                let Some(class) = self.schema.classes.get(id.index()) else { return Ok(()) };
                if self.hoisted.classes.contains(id) {
                    self.push(&class.name);
                } else {
                    self.class(class)?;
                }
            }
            TypeKind::Alias(id) => {
                if let Some(alias) = self.schema.aliases.get(id.index()) {
                    self.push(&alias.name);
                }
            }
            TypeKind::List(item) => self.list(item)?,
            TypeKind::Map(key, value) => self.map(key, value)?,
            TypeKind::Union(members) => self.union(&self.members(members))?,
        }
        Ok(())
    }

    fn union(&mut self, members: &[&'a Type]) -> Result<(), String> {
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.push(&self.options.or_splitter);
            }
            self.inline(member)?;
        }
        Ok(())
    }

    fn enum_inline(&self, id: EnumId) -> String {
        let Some(found) = self.schema.enums.get(id.index()) else { return String::new() };
        if self.hoisted.enums.contains(&id) {
            return found.alias.as_ref().unwrap_or(&found.name).to_string();
        }
        let shown = found.values.iter().filter(|value| !value.skip);
        let values: Vec<String> = shown.map(|value| format!("'{}'", value.rendered_name())).collect();
        values.join(&self.options.or_splitter)
    }

    fn map(&mut self, key: &'a Type, value: &'a Type) -> Result<(), String> {
        let [open, between, close] = match self.options.map_style {
            MapStyle::Angle => ["map<", ", ", ">"],
            MapStyle::Object => ["{", ": ", "}"],
        };
        self.push(open);
        self.inline(key)?;
        self.push(between);
        self.inline(value)?;
        self.push(close);
        Ok(())
    }

    /// `int[]`, `(int or string)[]`, or on lines of its own what may itself go over several lines.
    fn list(&mut self, item: &'a Type) -> Result<(), String> {
        let item = self.only(item);
        let (own_lines, parentheses) = match &item.kind {
            TypeKind::Primitive(_) | TypeKind::Alias(_) => (false, false),
            TypeKind::Enum(id) => (self.enum_inline(*id).len() > LONGEST_ENUM_ITEM, false),
            TypeKind::Class(id) => (!self.hoisted.classes.contains(id), false),
            TypeKind::Union(members) => {
                (!self.members(members).iter().any(|member| self.is_simple(member)), true)
            }
            TypeKind::Literal(_) | TypeKind::List(_) | TypeKind::Map(..) | TypeKind::Media(_) => {
                (true, false)
            }
        };
        if own_lines {
            self.push("[");
            self.indented(|writer| {
                writer.push("\n");
                writer.inline(item)
            })?;
            self.push("\n]");
        } else if parentheses {
            self.push("(");
            self.inline(item)?;
            self.push(")[]");
        } else {
            self.inline(item)?;
            self.push("[]");
        }
        Ok(())
    }

    /// A scalar, or a list of scalars, of lists of scalars …
    fn is_simple(&self, mut ty: &'a Type) -> bool {
        loop {
            ty = self.resolve(ty);
            match &ty.kind {
                TypeKind::Primitive(_) => return true,
                TypeKind::List(item) => ty = item,
                _ => return false,
            }
        }
    }

    fn class(&mut self, class: &'a Class) -> Result<(), String> {
        self.push("{");
        // Fields are described as written; a class without the white space around.
        let description = class.description.as_deref().map_or("", str::trim);
        if !description.is_empty() {
            self.indented(|writer| writer.comment(description));
            self.push("\n");
        }
        for field in class.fields.iter().filter(|field| !field.skip) {
            let inner = field.ty.attributes.as_ref().and_then(|attributes| attributes.description.as_ref());
            self.indented(|writer| {
                if let Some(description) = field.description.as_ref().or(inner) {
                    writer.comment(description);
                }
                writer.push("\n");
                let quote = if writer.options.quote_class_fields { "\"" } else { "" };
                writer.push(quote);
                writer.text.push_str(field.rendered_name());
                writer.push(quote);
                writer.push(": ");
                writer.inline(&field.ty)?;
                writer.push(",");
                Ok::<(), String>(())
            })?;
        }
        self.push("\n}");
        Ok(())
    }

    fn comment(&mut self, description: &str) {
        for line in description.split('\n') {
            self.push("\n// ");
            self.push(line);
        }
    }
}
