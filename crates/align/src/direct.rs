//! The fast path: strict JSON that fits the type exactly goes straight into values, in one pass. At the first
//! surprise it gives up, and the tolerant path takes over from the beginning.

use schema::{Class, Schema};
use types::{Instance, Literal, Name, Primitive, Type, TypeKind, Value};

use indexmap::IndexMap;

/// Deeper JSON takes the tolerant path, which keeps its own stack.
const MAX_DEPTH: usize = 128;

/// The value, if the whole text is JSON that fits `ty` without any bending. Fields that it does not have are filled
/// in, unless `complete` says that none may be missing.
pub(crate) fn parse(schema: &Schema, ty: &Type, text: &str, complete: bool) -> Option<Value> {
    let mut direct = Direct { schema, text, bytes: text.as_bytes(), at: 0, complete };
    direct.space();
    if !matches!(direct.bytes.get(direct.at)?, b'{' | b'[') {
        return None;
    }
    let value = direct.value(ty, 0)?;
    direct.space();
    (direct.at == text.len()).then_some(value)
}

struct Direct<'a> {
    schema: &'a Schema,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// No field may be missing.
    complete: bool,
}

impl<'a> Direct<'a> {
    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Moves over `byte` and the space after it.
    fn eat(&mut self, byte: u8) -> Option<()> {
        if self.bytes.get(self.at) != Some(&byte) {
            return None;
        }
        self.at += 1;
        self.space();
        Some(())
    }

    fn value(&mut self, ty: &Type, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH || !ty.constraints().is_empty() {
            return None;
        }
        match &ty.kind {
            TypeKind::Primitive(Primitive::Int) => self.number()?.parse().ok().map(Value::Int),
            TypeKind::Primitive(Primitive::Float) => {
                self.number()?.parse().ok().filter(|float: &f64| float.is_finite()).map(Value::Float)
            }
            TypeKind::Primitive(Primitive::Bool) => self.boolean().map(Value::Bool),
            TypeKind::Primitive(Primitive::String) => {
                self.string().map(|text| Value::String(text.into_owned()))
            }
            TypeKind::Primitive(Primitive::Null) => self.word("null").map(|()| Value::Null),
            TypeKind::Media(_) => None,
            TypeKind::Literal(Literal::String(wanted)) => {
                (*self.string()? == **wanted).then(|| Value::String(wanted.to_string()))
            }
            TypeKind::Literal(Literal::Int(wanted)) => {
                (self.number()?.parse() == Ok(*wanted)).then_some(Value::Int(*wanted))
            }
            TypeKind::Literal(Literal::Bool(wanted)) => {
                (self.boolean()? == *wanted).then_some(Value::Bool(*wanted))
            }
            TypeKind::Enum(id) => {
                let enumeration = self.schema.enumeration(*id);
                if !enumeration.constraints.is_empty() {
                    return None;
                }
                let text = self.string()?;
                let value = enumeration
                    .values
                    .iter()
                    .find(|value| !value.skip && **value.rendered_name() == *text)?;
                Some(Value::Enum(*id, Name::clone(&value.name)))
            }
            TypeKind::Class(id) => {
                let class = self.schema.class(*id);
                if !class.constraints.is_empty() {
                    return None;
                }
                let fields = self.class(class, depth)?;
                Some(Value::Instance(Instance { class: *id, fields }))
            }
            TypeKind::Alias(id) => self.value(&self.schema.alias(*id).ty, depth + 1),
            TypeKind::List(item) => self.list(item, depth),
            TypeKind::Map(key, item) => self.map(key, item, depth),
            TypeKind::Union(members) => {
                let member = self.member(members)?;
                self.value(member, depth + 1)
            }
        }
    }

    fn list(&mut self, item: &Type, depth: usize) -> Option<Value> {
        self.eat(b'[')?;
        let mut items = Vec::new();
        if self.bytes.get(self.at) != Some(&b']') {
            loop {
                items.push(self.value(item, depth + 1)?);
                self.space();
                if self.eat(b',').is_none() {
                    break;
                }
            }
        }
        self.close(b']')?;
        Some(Value::List(items))
    }

    fn map(&mut self, key: &Type, item: &Type, depth: usize) -> Option<Value> {
        if !matches!(key.kind, TypeKind::Primitive(Primitive::String)) {
            return None;
        }
        self.eat(b'{')?;
        let mut entries = IndexMap::new();
        if self.bytes.get(self.at) != Some(&b'}') {
            loop {
                let key = self.string()?;
                self.space();
                self.eat(b':')?;
                let value = self.value(item, depth + 1)?;
                entries.insert(Name::from(&*key), value);
                self.space();
                if self.eat(b',').is_none() {
                    break;
                }
            }
        }
        self.close(b'}')?;
        Some(Value::Map(entries))
    }

    /// The fields of a class: every key known and met once, every field that needs a value there.
    fn class(&mut self, class: &Class, depth: usize) -> Option<Vec<(Name, Value)>> {
        self.eat(b'{')?;
        let mut values: Vec<Option<Value>> = Vec::new();
        values.resize_with(class.fields.len(), || None);
        let mut expected = 0;
        if self.bytes.get(self.at) != Some(&b'}') {
            loop {
                let key = self.string()?;
                self.space();
                self.eat(b':')?;
                let is = |index: &usize| {
                    class
                        .fields
                        .get(*index)
                        .is_some_and(|field| !field.skip && **field.rendered_name() == *key)
                };
                let index = Some(expected).filter(is).or_else(|| (0..class.fields.len()).find(is))?;
                if values[index].is_some() {
                    return None;
                }
                values[index] = Some(self.value(&class.fields[index].ty, depth + 1)?);
                expected = index + 1;
                self.space();
                if self.eat(b',').is_none() {
                    break;
                }
            }
        }
        self.close(b'}')?;
        let mut met = 0;
        let mut fields = Vec::with_capacity(values.len());
        for (field, value) in class.fields.iter().zip(values) {
            let value = match value {
                Some(value) => {
                    met += 1;
                    value
                }
                None if field.skip => continue,
                None if self.complete || !field.ty.constraints().is_empty() => return None,
                None => default_of(&field.ty)?,
            };
            fields.push((Name::clone(&field.name), value));
        }
        // A class that nothing in the text speaks for is a question of judgement.
        (met > 0 || class.fields.is_empty()).then_some(fields)
    }

    /// The member that the next byte leaves no doubt about: the only one that takes this kind of JSON.
    fn member<'t>(&self, members: &'t [Type]) -> Option<&'t Type>
    where
        'a: 't,
    {
        let wanted = Taken::of_byte(*self.bytes.get(self.at)?)?;
        let whole = wanted == Taken::Number && self.is_whole_number();
        let mut found = None;
        for member in members {
            if self.taken(member, 0)? != wanted {
                continue;
            }
            match member.kind {
                // 1.5 for an int is bent, and of an int and a float the first one takes 5.
                TypeKind::Primitive(Primitive::Int) if !whole => {}
                TypeKind::Primitive(Primitive::Int | Primitive::Float)
                    if found.is_none_or(is_plain_number) =>
                {
                    found = found.or(Some(member));
                }
                _ if found.is_some() => return None,
                _ => found = Some(member),
            }
        }
        found
    }

    /// Whether the number here has neither a fraction nor an exponent.
    fn is_whole_number(&self) -> bool {
        let end = self.bytes[self.at..].iter().skip(1).find(|byte| !byte.is_ascii_digit());
        !matches!(end, Some(b'.' | b'e' | b'E'))
    }

    /// The kind of JSON that a type takes as it is; `None` when that cannot be told at once.
    fn taken(&self, ty: &Type, depth: usize) -> Option<Taken> {
        match &ty.kind {
            _ if depth > 8 || !ty.constraints().is_empty() => None,
            TypeKind::Primitive(Primitive::Int | Primitive::Float) | TypeKind::Literal(Literal::Int(_)) => {
                Some(Taken::Number)
            }
            TypeKind::Primitive(Primitive::Bool) | TypeKind::Literal(Literal::Bool(_)) => Some(Taken::Bool),
            TypeKind::Primitive(Primitive::String)
            | TypeKind::Literal(Literal::String(_))
            | TypeKind::Enum(_) => Some(Taken::String),
            TypeKind::Primitive(Primitive::Null) => Some(Taken::Null),
            TypeKind::Class(_) | TypeKind::Map(..) => Some(Taken::Object),
            TypeKind::List(_) => Some(Taken::List),
            TypeKind::Alias(id) => self.taken(&self.schema.alias(*id).ty, depth + 1),
            TypeKind::Union(_) | TypeKind::Media(_) => None,
        }
    }

    fn close(&mut self, byte: u8) -> Option<()> {
        if self.bytes.get(self.at) != Some(&byte) {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let found = self.bytes[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        found.then_some(())
    }

    fn boolean(&mut self) -> Option<bool> {
        match self.bytes.get(self.at)? {
            b't' => self.word("true").map(|()| true),
            _ => self.word("false").map(|()| false),
        }
    }

    /// A number as JSON writes it.
    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        let first = self.at;
        self.digits()?;
        if self.at - first > 1 && self.bytes[first] == b'0' {
            return None;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        // An int's zero has no sign.
        self.text.get(start..self.at).filter(|text| *text != "-0")
    }

    fn digits(&mut self) -> Option<()> {
        let count = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }

    /// A string; owned only if it has escapes.
    fn string(&mut self) -> Option<std::borrow::Cow<'a, str>> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let start = self.at;
        let mut at = start + 1;
        let mut escapes = false;
        loop {
            at += memchr::memchr2(b'"', b'\\', self.bytes.get(at..)?)?;
            if self.bytes[at] == b'"' {
                break;
            }
            escapes = true;
            at += 2;
        }
        self.at = at + 1;
        if !escapes {
            return self.text.get(start + 1..at).map(std::borrow::Cow::Borrowed);
        }
        serde_json::from_str(self.text.get(start..=at)?).ok().map(std::borrow::Cow::Owned)
    }
}

fn is_plain_number(ty: &Type) -> bool {
    matches!(ty.kind, TypeKind::Primitive(Primitive::Int | Primitive::Float))
}

/// What stands for a field that the text does not have.
fn default_of(ty: &Type) -> Option<Value> {
    match &ty.kind {
        _ if ty.is_optional() => Some(Value::Null),
        TypeKind::List(_) => Some(Value::List(Vec::new())),
        TypeKind::Map(..) => Some(Value::Map(IndexMap::new())),
        _ => None,
    }
}

/// A kind of JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    Null,
    Bool,
    Number,
    String,
    List,
    Object,
}

impl Taken {
    fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            b'n' => Some(Self::Null),
            b't' | b'f' => Some(Self::Bool),
            b'-' | b'0'..=b'9' => Some(Self::Number),
            b'"' => Some(Self::String),
            b'[' => Some(Self::List),
            b'{' => Some(Self::Object),
            _ => None,
        }
    }
}
