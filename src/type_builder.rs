//! `TypeBuilder`: types added to a program for the calls that it is given to. The builders hand out share its
//! additions; what they mean for a program is found when a call extends its schema.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use napi::Result;
use napi::bindgen_prelude::{ClassInstance, Env};
use napi_derive::napi;
use runtime::{Additions, Failure, TypeExpression};
use types::{Literal, Name, Primitive};

use crate::failure::{invalid_argument, raise};
use crate::runtime::BamlRuntime;
use crate::value::exact_integer;

type Shared = Arc<Mutex<Additions>>;

fn lock(shared: &Shared) -> MutexGuard<'_, Additions> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Types added at run time.
#[napi]
#[derive(Default)]
pub struct TypeBuilder {
    shared: Shared,
}

impl TypeBuilder {
    /// What has been added so far.
    pub(crate) fn additions(&self) -> Additions {
        lock(&self.shared).clone()
    }
}

#[napi]
impl TypeBuilder {
    /// A builder with nothing added.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes everything back.
    #[napi]
    pub fn reset(&self) {
        *lock(&self.shared) = Additions::default();
    }

    /// The builder of an enum, of the program or new.
    #[napi]
    pub fn get_enum(&self, name: String) -> EnumBuilder {
        EnumBuilder { shared: Arc::clone(&self.shared), name: name.into() }
    }

    /// The builder of a class, of the program or new.
    #[napi]
    pub fn get_class(&self, name: String) -> ClassBuilder {
        ClassBuilder { shared: Arc::clone(&self.shared), name: name.into() }
    }

    /// `T[]`.
    #[napi]
    pub fn list(&self, inner: &FieldType) -> FieldType {
        FieldType { expression: inner.expression.clone().list() }
    }

    /// `T?`.
    #[napi]
    pub fn optional(&self, inner: &FieldType) -> FieldType {
        FieldType { expression: inner.expression.clone().optional() }
    }

    /// `string`.
    #[napi]
    pub fn string(&self) -> FieldType {
        FieldType::primitive(Primitive::String)
    }

    /// A string literal.
    #[napi]
    pub fn literal_string(&self, value: String) -> FieldType {
        FieldType { expression: TypeExpression::literal(Literal::String(value.into())) }
    }

    /// An integer literal. Throws `BamlInvalidArgumentError` for a number that is not an integer within 2^53.
    #[napi]
    pub fn literal_int(&self, env: Env, value: f64) -> Result<FieldType> {
        match exact_integer(value) {
            Some(integer) => Ok(FieldType { expression: TypeExpression::literal(Literal::Int(integer)) }),
            None => Err(invalid_argument(&env, format!("literalInt: {value} is not an integer within 2^53"))),
        }
    }

    /// `true` or `false`.
    #[napi]
    pub fn literal_bool(&self, value: bool) -> FieldType {
        FieldType { expression: TypeExpression::literal(Literal::Bool(value)) }
    }

    /// `int`.
    #[napi]
    pub fn int(&self) -> FieldType {
        FieldType::primitive(Primitive::Int)
    }

    /// `float`.
    #[napi]
    pub fn float(&self) -> FieldType {
        FieldType::primitive(Primitive::Float)
    }

    /// `bool`.
    #[napi]
    pub fn bool(&self) -> FieldType {
        FieldType::primitive(Primitive::Bool)
    }

    /// `null`.
    #[napi]
    pub fn null(&self) -> FieldType {
        FieldType::primitive(Primitive::Null)
    }

    /// `map<K, V>`.
    #[napi]
    pub fn map(&self, key: &FieldType, value: &FieldType) -> FieldType {
        FieldType { expression: TypeExpression::map(key.expression.clone(), value.expression.clone()) }
    }

    /// `A | B`.
    #[napi]
    pub fn union(&self, types: Vec<ClassInstance<'_, FieldType>>) -> FieldType {
        let members = types.iter().map(|member| member.expression.clone()).collect();
        FieldType { expression: TypeExpression::union(members) }
    }

    /// Adds what the text declares: classes, enums and aliases, and `dynamic class` and `dynamic enum` for types
    /// marked `@@dynamic`. Throws `BamlError` that shows the lines when the text has errors or does not fit the
    /// program; nothing is added then.
    #[napi]
    pub fn add_baml(&self, env: Env, baml: String, runtime: &BamlRuntime) -> Result<()> {
        let mut additions = lock(&self.shared).clone();
        let added = additions
            .add_baml(baml)
            .and_then(|()| runtime.inner.schema().extend(&additions).map(|_| ()))
            .map_err(|error| raise(&env, &Failure::other(error.to_string())));
        added.map(|()| *lock(&self.shared) = additions)
    }

    /// The names of the classes and enums that have been touched.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        let additions = lock(&self.shared);
        let names = |names: Vec<&Name>| names.iter().map(|name| &***name).collect::<Vec<_>>().join(", ");
        format!(
            "TypeBuilder(classes=[{}], enums=[{}])",
            names(additions.classes.keys().collect()),
            names(additions.enums.keys().collect())
        )
    }
}

/// A type.
#[napi]
pub struct FieldType {
    expression: TypeExpression,
}

impl FieldType {
    fn primitive(primitive: Primitive) -> Self {
        Self { expression: TypeExpression::primitive(primitive) }
    }

    fn named(name: &Name) -> Self {
        Self { expression: TypeExpression::named(Arc::clone(name)) }
    }
}

#[napi]
impl FieldType {
    /// `T[]`.
    #[napi]
    pub fn list(&self) -> Self {
        Self { expression: self.expression.clone().list() }
    }

    /// `T?`.
    #[napi]
    pub fn optional(&self) -> Self {
        Self { expression: self.expression.clone().optional() }
    }

    /// Whether both are written the same.
    #[napi]
    pub fn equals(&self, other: &FieldType) -> bool {
        self.expression == other.expression
    }
}

/// A class that is being extended or made.
#[napi]
pub struct ClassBuilder {
    shared: Shared,
    name: Name,
}

#[napi]
impl ClassBuilder {
    /// The class as a type.
    #[napi]
    pub fn field(&self) -> FieldType {
        lock(&self.shared).classes.entry(Arc::clone(&self.name)).or_default();
        FieldType::named(&self.name)
    }

    /// The builder of a property, new or added before.
    #[napi]
    pub fn property(&self, name: String) -> ClassPropertyBuilder {
        let name = Name::from(name);
        let mut additions = lock(&self.shared);
        let class = additions.classes.entry(Arc::clone(&self.name)).or_default();
        class.properties.entry(Arc::clone(&name)).or_default();
        self.property_builder(name)
    }

    /// The properties that have been added.
    #[napi(ts_return_type = "Array<[string, ClassPropertyBuilder]>")]
    pub fn list_properties(&self) -> Vec<(String, ClassPropertyBuilder)> {
        let additions = lock(&self.shared);
        let Some(class) = additions.classes.get(&self.name) else { return Vec::new() };
        let names = class.properties.keys();
        names.map(|name| (name.to_string(), self.property_builder(Arc::clone(name)))).collect()
    }

    /// Takes an added property back.
    #[napi]
    pub fn remove_property(&self, name: String) {
        if let Some(class) = lock(&self.shared).classes.get_mut(&self.name) {
            class.properties.shift_remove(name.as_str());
        }
    }

    /// Takes every added property back.
    #[napi]
    pub fn reset(&self) {
        if let Some(class) = lock(&self.shared).classes.get_mut(&self.name) {
            class.properties.clear();
        }
    }

    fn property_builder(&self, name: Name) -> ClassPropertyBuilder {
        ClassPropertyBuilder { shared: Arc::clone(&self.shared), class: Arc::clone(&self.name), name }
    }
}

/// A property that is being added.
#[napi]
#[derive(Clone)]
pub struct ClassPropertyBuilder {
    shared: Shared,
    class: Name,
    name: Name,
}

#[napi]
impl ClassPropertyBuilder {
    /// Gives it a type.
    #[napi]
    pub fn set_type(&self, field_type: &FieldType) -> Self {
        self.change(|property| property.ty = Some(field_type.expression.clone()))
    }

    /// Its type. Throws `BamlInvalidArgumentError` when it has not been given one here.
    #[napi]
    pub fn get_type(&self, env: Env) -> Result<FieldType> {
        let additions = lock(&self.shared);
        let property = additions.classes.get(&self.class).and_then(|class| class.properties.get(&self.name));
        match property.and_then(|property| property.ty.clone()) {
            Some(expression) => Ok(FieldType { expression }),
            None => Err(invalid_argument(
                &env,
                format!("property `{}` of class `{}` has not been given a type", self.name, self.class),
            )),
        }
    }

    /// Its name in the prompt and in the model's text; `null` for none of its own.
    #[napi]
    pub fn alias(&self, alias: Option<String>) -> Self {
        self.change(|property| property.alias = alias.map(Name::from))
    }

    /// Its description in the prompt; `null` for none.
    #[napi]
    pub fn description(&self, description: Option<String>) -> Self {
        self.change(|property| property.description = description.map(Name::from))
    }

    fn change(&self, change: impl FnOnce(&mut runtime::PropertyAddition)) -> Self {
        let mut additions = lock(&self.shared);
        let class = additions.classes.entry(Arc::clone(&self.class)).or_default();
        change(class.properties.entry(Arc::clone(&self.name)).or_default());
        self.clone()
    }
}

/// An enum that is being extended or made.
#[napi]
#[derive(Clone)]
pub struct EnumBuilder {
    shared: Shared,
    name: Name,
}

#[napi]
impl EnumBuilder {
    /// The enum as a type.
    #[napi]
    pub fn field(&self) -> FieldType {
        lock(&self.shared).enums.entry(Arc::clone(&self.name)).or_default();
        FieldType::named(&self.name)
    }

    /// The builder of a value, new or there before.
    #[napi]
    pub fn value(&self, name: String) -> EnumValueBuilder {
        let builder = EnumValueBuilder {
            shared: Arc::clone(&self.shared),
            name: Arc::clone(&self.name),
            value: name.into(),
        };
        builder.change(|_| ())
    }

    /// Its heading in the prompt; `null` for its name.
    #[napi]
    pub fn alias(&self, alias: Option<String>) -> Self {
        lock(&self.shared).enums.entry(Arc::clone(&self.name)).or_default().alias = alias.map(Name::from);
        self.clone()
    }
}

/// A value of an enum that is being added or changed.
#[napi]
#[derive(Clone)]
pub struct EnumValueBuilder {
    shared: Shared,
    name: Name,
    value: Name,
}

#[napi]
impl EnumValueBuilder {
    /// Its name in the prompt and in the model's text; `null` for none of its own.
    #[napi]
    pub fn alias(&self, alias: Option<String>) -> Self {
        self.change(|value| value.alias = alias.map(Name::from))
    }

    /// Whether it is neither printed nor parsed; yes unless `false` is given.
    #[napi]
    pub fn skip(&self, skip: Option<bool>) -> Self {
        self.change(|value| value.skip = Some(skip.unwrap_or(true)))
    }

    /// Its description in the prompt; `null` for none.
    #[napi]
    pub fn description(&self, description: Option<String>) -> Self {
        self.change(|value| value.description = description.map(Name::from))
    }

    fn change(&self, change: impl FnOnce(&mut runtime::ValueAddition)) -> Self {
        let mut additions = lock(&self.shared);
        let addition = additions.enums.entry(Arc::clone(&self.name)).or_default();
        change(addition.values.entry(Arc::clone(&self.value)).or_default());
        self.clone()
    }
}
