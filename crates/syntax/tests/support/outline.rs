//! A tree on few lines, for snapshots: what was read, in a notation close to the source. Strings are quoted as
//! Rust does; how a text was written shows in what stands before it (`raw`, `bare`, or nothing).

use std::fmt::Write as _;

use baml_syntax::ast::{
    Attribute, Block, Class, Enum, File, Item, Parameter, Property, Quote, Type, TypeKind, Value, ValueKind,
};

/// The outline of a file.
pub(crate) fn outline(file: &File) -> String {
    let mut lines = String::new();
    for item in &file.items {
        write_item(&mut lines, item, "");
    }
    for name in &file.unsupported {
        let _ = writeln!(lines, "unsupported {}", name.text);
    }
    lines
}

fn write_item(lines: &mut String, item: &Item, indent: &str) {
    match item {
        Item::Function(function) => {
            write_docs(lines, function.docs.as_ref(), indent);
            let (name, parameters) = (&function.name.text, parameters(&function.parameters));
            let _ = writeln!(lines, "{indent}function {name}({parameters}) -> {}", ty(&function.returns));
            write_properties(lines, &function.properties, indent);
        }
        Item::Class(class) => write_class(lines, class, indent),
        Item::Enum(ast) => write_enum(lines, ast, indent),
        Item::Alias(alias) => {
            write_docs(lines, alias.docs.as_ref(), indent);
            let _ = writeln!(lines, "{indent}type {} = {}", alias.name.text, ty(&alias.ty));
        }
        Item::Client(block) => write_block(lines, "client", block, indent),
        Item::RetryPolicy(block) => write_block(lines, "retry_policy", block, indent),
        Item::Generator(block) => write_block(lines, "generator", block, indent),
        Item::Template(template) => {
            write_docs(lines, template.docs.as_ref(), indent);
            let (name, parameters) = (&template.name.text, parameters(&template.parameters));
            let _ = writeln!(lines, "{indent}template_string {name}({parameters}) {}", value(&template.body));
        }
        Item::Test(test) => {
            write_docs(lines, test.docs.as_ref(), indent);
            let _ = writeln!(lines, "{indent}test {}", test.name.text);
            write_properties(lines, &test.properties, indent);
            for item in &test.type_builder {
                write_item(lines, item, &format!("{indent}  builds "));
            }
            write_attributes(lines, &test.attributes, indent);
        }
    }
}

fn write_docs(lines: &mut String, docs: Option<&String>, indent: &str) {
    if let Some(docs) = docs {
        let _ = writeln!(lines, "{indent}docs {docs:?}");
    }
}

fn write_class(lines: &mut String, class: &Class, indent: &str) {
    write_docs(lines, class.docs.as_ref(), indent);
    let dynamic = if class.dynamic { "dynamic " } else { "" };
    let _ = writeln!(lines, "{indent}{dynamic}class {}", class.name.text);
    for field in &class.fields {
        write_docs(lines, field.docs.as_ref(), &format!("{indent}  "));
        let attributes = attributes(&field.attributes, "@");
        let _ = writeln!(lines, "{indent}  {}: {}{attributes}", field.name.text, ty(&field.ty));
    }
    write_attributes(lines, &class.attributes, indent);
}

fn write_enum(lines: &mut String, ast: &Enum, indent: &str) {
    write_docs(lines, ast.docs.as_ref(), indent);
    let dynamic = if ast.dynamic { "dynamic " } else { "" };
    let _ = writeln!(lines, "{indent}{dynamic}enum {}", ast.name.text);
    for value in &ast.values {
        write_docs(lines, value.docs.as_ref(), &format!("{indent}  "));
        let _ = writeln!(lines, "{indent}  {}{}", value.name.text, attributes(&value.attributes, "@"));
    }
    write_attributes(lines, &ast.attributes, indent);
}

fn write_block(lines: &mut String, keyword: &str, block: &Block, indent: &str) {
    write_docs(lines, block.docs.as_ref(), indent);
    let argument = block.argument.as_ref().map_or(String::new(), |argument| format!("<{}>", argument.text));
    let _ = writeln!(lines, "{indent}{keyword}{argument} {}", block.name.text);
    write_properties(lines, &block.properties, indent);
}

fn write_properties(lines: &mut String, properties: &[Property], indent: &str) {
    for property in properties {
        let _ = writeln!(lines, "{indent}  {}: {}", property.key.text, value(&property.value));
    }
}

fn write_attributes(lines: &mut String, list: &[Attribute], indent: &str) {
    if !list.is_empty() {
        let _ = writeln!(lines, "{indent} {}", attributes(list, "@@"));
    }
}

fn parameters(list: &[Parameter]) -> String {
    let each = list.iter().map(|parameter| {
        format!("{}: {}", parameter.name.text, parameter.ty.as_ref().map_or("?".to_owned(), ty))
    });
    each.collect::<Vec<_>>().join(", ")
}

fn attributes(list: &[Attribute], sign: &str) -> String {
    list.iter()
        .map(|attribute| match &attribute.arguments {
            Some(arguments) => format!(" {sign}{}({})", attribute.name.text, values(arguments)),
            None => format!(" {sign}{}", attribute.name.text),
        })
        .collect()
}

fn ty(ty: &Type) -> String {
    let text = match &ty.kind {
        TypeKind::Name(name) => name.clone(),
        TypeKind::String(text) => format!("{text:?}"),
        TypeKind::Int(number) => number.to_string(),
        TypeKind::Bool(truth) => truth.to_string(),
        TypeKind::List(item) => format!("list[{}]", self::ty(item)),
        TypeKind::Map(key, value) => format!("map[{}, {}]", self::ty(key), self::ty(value)),
        TypeKind::Union(members) => format!("union[{}]", types(members)),
        TypeKind::Optional(inner) => format!("optional[{}]", self::ty(inner)),
        TypeKind::Tuple(members) => format!("tuple[{}]", types(members)),
        TypeKind::Missing => "missing".to_owned(),
    };
    if ty.attributes.is_empty() { text } else { format!("<{text}{}>", attributes(&ty.attributes, "@")) }
}

fn types(list: &[Type]) -> String {
    list.iter().map(ty).collect::<Vec<_>>().join(", ")
}

fn value(value: &Value) -> String {
    match &value.kind {
        ValueKind::Null => "null".to_owned(),
        ValueKind::Bool(truth) => truth.to_string(),
        ValueKind::Number(number) => number.clone(),
        ValueKind::String(text, Quote::Quoted) => format!("{:?}", text.text),
        ValueKind::String(text, Quote::Raw) => format!("raw {:?}", text.text),
        ValueKind::String(text, Quote::Bare) => format!("bare {:?}", text.text),
        ValueKind::Env(name) => format!("env {name}"),
        ValueKind::List(items) => format!("[{}]", values(items)),
        ValueKind::Map(properties) => {
            let each = properties
                .iter()
                .map(|property| format!("{}: {}", property.key.text, self::value(&property.value)));
            format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
        }
        ValueKind::Expression(text) => format!("{{{{ {} }}}}", text.text),
    }
}

fn values(list: &[Value]) -> String {
    list.iter().map(value).collect::<Vec<_>>().join(", ")
}
