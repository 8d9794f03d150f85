//! The fast path: strict JSON, in a fence or not, that fits the type exactly goes straight into values, in one pass. At the first
//! surprise it gives up, and the tolerant path takes over from the beginning.

use std::borrow::Cow;
use std::ops::Range;

use schema::{Class, Schema};
use types::{ClassId, Literal, Primitive, Type, TypeKind};

use crate::frame::{Around, Frame};
use crate::number;
use crate::output::{Output, Write, decoded, has_control};

/// Deeper JSON takes the tolerant path, which keeps its own stack.
const MAX_DEPTH: usize = 128;

/// Strict JSON that was read.
pub(crate) struct Strict<V> {
    /// What was made of it.
    pub(crate) value: V,
    /// Where it stands in the text.
    pub(crate) place: Range<usize>,
    /// What stands around it.
    pub(crate) around: Around,
}

/// The value, if the text is JSON that fits `ty` without any bending, and what stands around that. Fields that it does
/// not have are filled in, unless `exact` says that there must be nothing to tell: no field missing, no key of a map
/// twice, no digit more than a float has, no line break in a text.
pub(crate) fn parse<O: Output>(
    schema: &Schema,
    ty: &Type,
    text: &str,
    exact: bool,
    out: &mut O,
) -> Option<Strict<O::Value>> {
    if matches!(ty.kind, TypeKind::Primitive(_)) {
        return None;
    }
    let frame = Frame::find(text)?;
    let mut direct = Direct::new(schema, text, frame.start, exact, out);
    let value = direct.value(ty, 0)?;
    let place = frame.start..direct.at;
    let around = frame.around(text, place.end)?;
    // Of a choice, the text around may be the better reading.
    (around == Around::Nothing || is_sole(schema, ty, 0)).then_some(Strict { value, place, around })
}

/// Where an item of a list begins.
pub(crate) struct ItemBegin {
    /// In the text.
    pub(crate) at: usize,
    /// In what was written.
    pub(crate) written: usize,
}

/// Writes the items of the list at `start` that the end of the text cuts off, and says where the last whole one begins.
pub(crate) fn write_items(
    schema: &Schema,
    ty: &Type,
    text: &str,
    start: usize,
    out: &mut Write,
) -> Option<ItemBegin> {
    let mut direct = Direct::new(schema, text, start, false, out);
    let item = direct.item_type(ty, 0)?;
    direct.eat(b'[')?;
    direct.out.list(0);
    let mut last = None;
    loop {
        let begin = ItemBegin { at: direct.at, written: direct.out.json.len() };
        if direct.value(item, 1).is_none() {
            break;
        }
        direct.out.item(&mut (), ());
        direct.space();
        if direct.eat(b',').is_none() {
            break;
        }
        last = Some(begin);
    }
    last.filter(|_| direct.at >= text.len())
}

/// Whether nothing but an object or list, of one kind, is a value of the type; null stands for its absence.
fn is_sole(schema: &Schema, ty: &Type, depth: usize) -> bool {
    match &ty.kind {
        _ if depth > 8 => false,
        TypeKind::Class(_) | TypeKind::List(_) | TypeKind::Map(..) => true,
        TypeKind::Alias(id) => is_sole(schema, &schema.alias(*id).ty, depth + 1),
        TypeKind::Union(members) => {
            let is_null = |member: &&Type| matches!(member.kind, TypeKind::Primitive(Primitive::Null));
            let mut others = members.iter().filter(|member| !is_null(member));
            others.next().is_some_and(|member| is_sole(schema, member, depth + 1)) && others.next().is_none()
        }
        _ => false,
    }
}

struct Direct<'a, 'o, O> {
    schema: &'a Schema,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// There must be nothing to tell.
    exact: bool,
    /// Which fields of the open classes were met, those of the innermost last.
    met: Vec<bool>,
    /// The fields of the open classes that were made, in the order of the text, those of the innermost last.
    order: Vec<usize>,
    out: &'o mut O,
}

impl<'a, 'o, O: Output> Direct<'a, 'o, O> {
    fn new(schema: &'a Schema, text: &'a str, at: usize, exact: bool, out: &'o mut O) -> Self {
        Self { schema, text, bytes: text.as_bytes(), at, exact, met: Vec::new(), order: Vec::new(), out }
    }

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

    fn value(&mut self, ty: &Type, depth: usize) -> Option<O::Value> {
        if depth > MAX_DEPTH || !ty.constraints().is_empty() || !self.out.goes_on() {
            return None;
        }
        match &ty.kind {
            TypeKind::Primitive(Primitive::Int) => {
                let written = self.number()?;
                let int = written.parse().ok().filter(|int| !self.exact || number::is_float(*int))?;
                Some(self.out.written_int(int, written))
            }
            TypeKind::Primitive(Primitive::Float) => {
                let written = self.number()?;
                let float = written.parse().ok().filter(|float: &f64| float.is_finite())?;
                Some(self.out.written_float(float, written))
            }
            TypeKind::Primitive(Primitive::Bool) => self.boolean().map(|bool| self.out.bool(bool)),
            TypeKind::Primitive(Primitive::String) => match self.quoted()? {
                (written, false) => Some(self.out.text(written)),
                (written, true) => self.out.written_text(written),
            },
            TypeKind::Primitive(Primitive::Null) => self.word("null").map(|()| self.out.null()),
            TypeKind::Media(_) => None,
            TypeKind::Literal(Literal::String(wanted)) => {
                (*self.string()? == **wanted).then(|| self.out.text(wanted))
            }
            TypeKind::Literal(Literal::Int(wanted)) => {
                (self.number()?.parse() == Ok(*wanted)).then(|| self.out.int(*wanted))
            }
            TypeKind::Literal(Literal::Bool(wanted)) => {
                (self.boolean()? == *wanted).then(|| self.out.bool(*wanted))
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
                if value.rendered_name() != &value.name {
                    self.out.departs();
                }
                Some(self.out.enumeration(*id, &value.name))
            }
            TypeKind::Class(id) => {
                let class = self.schema.class(*id);
                if !class.constraints.is_empty() {
                    return None;
                }
                self.class(*id, class, depth)
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

    /// The type of the items, if what begins here is read as a list.
    fn item_type<'t>(&self, ty: &'t Type, depth: usize) -> Option<&'t Type>
    where
        'a: 't,
    {
        match &ty.kind {
            _ if depth > 8 || !ty.constraints().is_empty() => None,
            TypeKind::List(item) => Some(item),
            TypeKind::Alias(id) => self.item_type(&self.schema.alias(*id).ty, depth + 1),
            TypeKind::Union(members) => self.item_type(self.member(members)?, depth + 1),
            _ => None,
        }
    }

    fn list(&mut self, item: &Type, depth: usize) -> Option<O::Value> {
        self.eat(b'[')?;
        let mut list = self.out.list(0);
        if self.bytes.get(self.at) != Some(&b']') {
            loop {
                let value = self.value(item, depth + 1)?;
                self.out.item(&mut list, value);
                self.space();
                if self.eat(b',').is_none() {
                    break;
                }
            }
        }
        self.close(b']')?;
        Some(self.out.end_list(list))
    }

    fn map(&mut self, key: &Type, item: &Type, depth: usize) -> Option<O::Value> {
        if !matches!(key.kind, TypeKind::Primitive(Primitive::String)) {
            return None;
        }
        self.eat(b'{')?;
        let mut map = self.out.map(0);
        if self.bytes.get(self.at) != Some(&b'}') {
            loop {
                let key = self.string()?;
                self.space();
                self.eat(b':')?;
                self.out.key(&key);
                let value = self.value(item, depth + 1)?;
                if self.out.entry(&mut map, &key, value) && self.exact {
                    return None;
                }
                self.space();
                if self.eat(b',').is_none() {
                    break;
                }
            }
        }
        self.close(b'}')?;
        Some(self.out.end_map(map))
    }

    /// An object of a class: every key known and met once, every field that needs a value there.
    fn class(&mut self, id: ClassId, class: &Class, depth: usize) -> Option<O::Value> {
        self.eat(b'{')?;
        let (met, order) = (self.met.len(), self.order.len());
        self.met.resize(met + class.fields.len(), false);
        let mut object = self.out.object(class.fields.len());
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
                if std::mem::replace(&mut self.met[met + index], true) {
                    return None;
                }
                let field = &class.fields[index];
                if field.rendered_name() != &field.name {
                    self.out.departs();
                }
                self.out.key(&field.name);
                let value = self.value(&field.ty, depth + 1)?;
                self.out.field(&mut object, &field.name, value);
                self.order.push(index);
                expected = index + 1;
                self.space();
                if self.eat(b',').is_none() {
                    break;
                }
            }
        }
        self.close(b'}')?;
        // A class that nothing in the text speaks for is a question of judgement.
        if self.order.len() == order && !class.fields.is_empty() {
            return None;
        }
        for (index, field) in class.fields.iter().enumerate() {
            if self.met[met + index] || field.skip {
                continue;
            }
            if self.exact || !field.ty.constraints().is_empty() {
                return None;
            }
            self.out.key(&field.name);
            let value = self.default_of(&field.ty)?;
            self.out.field(&mut object, &field.name, value);
            self.order.push(index);
        }
        let made = &self.order[order..];
        let value = self.out.end_object(object, id, (!made.is_sorted()).then_some(made));
        self.met.truncate(met);
        self.order.truncate(order);
        Some(value)
    }

    /// What stands for a field that the text does not have.
    fn default_of(&mut self, ty: &Type) -> Option<O::Value> {
        match &ty.kind {
            _ if ty.is_optional() => Some(self.out.null()),
            TypeKind::List(_) => {
                let list = self.out.list(0);
                Some(self.out.end_list(list))
            }
            TypeKind::Map(..) => {
                let map = self.out.map(0);
                Some(self.out.end_map(map))
            }
            _ => None,
        }
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

    /// What stands between the quotes of a string, and whether it has escapes.
    fn quoted(&mut self) -> Option<(&'a str, bool)> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let start = self.at + 1;
        let mut at = start;
        let mut escapes = false;
        loop {
            let Some(found) = special(self.bytes, at) else {
                self.at = self.bytes.len();
                return None;
            };
            at = found;
            if self.bytes[at] == b'"' {
                break;
            }
            escapes = true;
            at += 2;
        }
        self.at = at + 1;
        let text = self.text.get(start..at)?;
        // A line break that is not escaped does not change the value.
        (!self.exact || !has_control(text)).then_some((text, escapes))
    }

    /// A string; owned only if it has escapes.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        match self.quoted()? {
            (text, false) => Some(Cow::Borrowed(text)),
            (text, true) => decoded(text).map(Cow::Owned),
        }
    }
}

/// Where the next quote or backslash from `at` on stands. Many are near, and looked for without a set-out.
fn special(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let near = rest.len().min(16);
    let found = rest[..near].iter().position(|byte| matches!(byte, b'"' | b'\\'));
    found.or_else(|| Some(near + memchr::memchr2(b'"', b'\\', &rest[near..])?)).map(|found| at + found)
}

fn is_plain_number(ty: &Type) -> bool {
    matches!(ty.kind, TypeKind::Primitive(Primitive::Int | Primitive::Float))
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
