//! Types as the aligner wants them: aliases looked through, equal types equal by id, the keys of a class at
//! hand. Shapes are made when first met, so a parse pays for the types it touches and no others.

use rustc_hash::FxHashMap;
use schema::Schema;
use types::{AliasId, ClassId, Constraint, EnumId, Literal, Primitive, StreamBehavior, Type, TypeKind};

use crate::fold;

/// A shape, by its position in [`Shapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ShapeId(u32);

impl ShapeId {
    /// The number under which results for this shape are remembered.
    pub(crate) fn number(self) -> u32 {
        self.0
    }
}

/// A type at a place where it is written, with what is attached to it there.
#[derive(Clone, Debug)]
pub(crate) struct Shape<'s> {
    /// What it is.
    pub(crate) kind: ShapeKind<'s>,
    /// The type as written, for messages.
    pub(crate) ty: &'s Type,
    /// How it streams.
    pub(crate) stream: StreamBehavior,
    /// Its checks and asserts, those of the class or alias first.
    pub(crate) constraints: Vec<&'s Constraint>,
}

/// What a shape is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ShapeKind<'s> {
    /// A scalar.
    Primitive(Primitive),
    /// Media, which no model can answer with.
    Media,
    /// One value.
    Literal(&'s Literal),
    /// An enum.
    Enum(EnumId),
    /// A class.
    Class(ClassId),
    /// A list.
    List(ShapeId),
    /// A map with its key and value.
    Map(ShapeId, ShapeId),
    /// A choice.
    Union(std::sync::Arc<[ShapeId]>),
}

/// A class made ready for matching keys.
#[derive(Debug)]
pub(crate) struct ClassShape<'s> {
    /// The fields that are parsed, in order; `None` for those with `@skip`.
    pub(crate) fields: Vec<Option<FieldShape<'s>>>,
    /// How many fields are parsed.
    pub(crate) parsed: usize,
}

/// A field made ready for matching.
#[derive(Clone, Debug)]
pub(crate) struct FieldShape<'s> {
    /// The key that the model writes.
    pub(crate) key: &'s str,
    /// The key without case, accents and punctuation.
    pub(crate) folded: String,
    /// The field's type.
    pub(crate) shape: ShapeId,
    /// Whether null is a value of it.
    pub(crate) nullable: bool,
}

/// The shapes met so far.
pub(crate) struct Shapes<'s> {
    schema: &'s Schema,
    known: Vec<Shape<'s>>,
    /// By the address of the type, which the schema keeps in place.
    by_type: FxHashMap<usize, ShapeId>,
    by_kind: FxHashMap<ShapeKind<'s>, ShapeId>,
    aliases: FxHashMap<AliasId, ShapeId>,
    classes: FxHashMap<ClassId, std::sync::Arc<ClassShape<'s>>>,
}

impl<'s> Shapes<'s> {
    /// No shapes yet.
    pub(crate) fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            known: Vec::new(),
            by_type: FxHashMap::default(),
            by_kind: FxHashMap::default(),
            aliases: FxHashMap::default(),
            classes: FxHashMap::default(),
        }
    }

    /// The schema.
    pub(crate) fn schema(&self) -> &'s Schema {
        self.schema
    }

    /// A shape by its id.
    pub(crate) fn get(&self, id: ShapeId) -> &Shape<'s> {
        &self.known[id.0 as usize]
    }

    /// The shape of a type.
    pub(crate) fn of(&mut self, ty: &'s Type) -> ShapeId {
        let address = std::ptr::from_ref(ty).addr();
        if let Some(known) = self.by_type.get(&address) {
            return *known;
        }
        let id = if let TypeKind::Alias(alias) = ty.kind {
            self.alias(ty, alias)
        } else {
            let kind = self.kind(ty);
            let (stream, constraints) = self.class_attributes(&kind);
            self.intern(kind, ty, stream, constraints)
        };
        self.by_type.insert(address, id);
        id
    }

    /// The shape of a type if it was asked for before.
    pub(crate) fn known(&self, ty: &Type) -> Option<ShapeId> {
        self.by_type.get(&std::ptr::from_ref(ty).addr()).copied()
    }

    /// The class made ready for matching.
    pub(crate) fn class(&mut self, id: ClassId) -> std::sync::Arc<ClassShape<'s>> {
        if let Some(known) = self.classes.get(&id) {
            return std::sync::Arc::clone(known);
        }
        let class = self.schema.class(id);
        let fields: Vec<_> = class
            .fields
            .iter()
            .map(|field| {
                (!field.skip).then(|| {
                    let shape = self.of(&field.ty);
                    FieldShape {
                        key: field.rendered_name(),
                        folded: fold::key(field.rendered_name()),
                        shape,
                        nullable: self.nullable(shape),
                    }
                })
            })
            .collect();
        let parsed = fields.iter().flatten().count();
        let ready = std::sync::Arc::new(ClassShape { fields, parsed });
        self.classes.insert(id, std::sync::Arc::clone(&ready));
        ready
    }

    /// The class if it was made ready.
    pub(crate) fn known_class(&self, id: ClassId) -> Option<&ClassShape<'s>> {
        self.classes.get(&id).map(|class| &**class)
    }

    /// Whether null is a value of the shape.
    pub(crate) fn nullable(&self, id: ShapeId) -> bool {
        match &self.get(id).kind {
            ShapeKind::Primitive(Primitive::Null) => true,
            ShapeKind::Union(members) => {
                members.iter().any(|member| self.get(*member).kind == ShapeKind::Primitive(Primitive::Null))
            }
            _ => false,
        }
    }

    /// The alias's own shape with what `ty` attaches to it. A recursive alias meets its own, unfinished shape.
    fn alias(&mut self, ty: &'s Type, alias: AliasId) -> ShapeId {
        let target = if let Some(known) = self.aliases.get(&alias) {
            *known
        } else {
            let aliased: &'s Type = &self.schema.alias(alias).ty;
            if let TypeKind::Alias(further) = aliased.kind {
                self.alias(aliased, further)
            } else {
                let placeholder = ShapeId(number(self.known.len()));
                self.known.push(Shape {
                    kind: ShapeKind::Media,
                    ty: aliased,
                    stream: aliased.stream(),
                    constraints: Vec::new(),
                });
                self.aliases.insert(alias, placeholder);
                let kind = self.kind(aliased);
                let (class_stream, mut constraints) = self.class_attributes(&kind);
                constraints.extend(aliased.constraints());
                let shape = &mut self.known[placeholder.0 as usize];
                shape.stream = either(class_stream, aliased.stream());
                shape.kind = kind;
                shape.constraints = constraints;
                placeholder
            }
        };
        self.aliases.insert(alias, target);
        if ty.attributes.is_none() {
            return target;
        }
        let Shape { kind, stream, constraints, .. } = self.get(target).clone();
        self.intern(kind, ty, stream, constraints)
    }

    fn kind(&mut self, ty: &'s Type) -> ShapeKind<'s> {
        match &ty.kind {
            TypeKind::Primitive(primitive) => ShapeKind::Primitive(*primitive),
            TypeKind::Media(_) | TypeKind::Alias(_) => ShapeKind::Media,
            TypeKind::Literal(literal) => ShapeKind::Literal(literal),
            TypeKind::Enum(id) => ShapeKind::Enum(*id),
            TypeKind::Class(id) => ShapeKind::Class(*id),
            TypeKind::List(item) => ShapeKind::List(self.of(item)),
            TypeKind::Map(key, value) => {
                let key = self.of(key);
                ShapeKind::Map(key, self.of(value))
            }
            TypeKind::Union(members) => {
                let mut flat = Vec::with_capacity(members.len());
                for member in members {
                    let id = self.of(member);
                    let shape = self.get(id);
                    match &shape.kind {
                        ShapeKind::Union(inner) if shape.constraints.is_empty() => {
                            flat.extend(inner.iter().copied());
                        }
                        _ => flat.push(id),
                    }
                }
                ShapeKind::Union(flat.into())
            }
        }
    }

    /// What the class or enum itself attaches to every place where it is used.
    fn class_attributes(&self, kind: &ShapeKind<'s>) -> (StreamBehavior, Vec<&'s Constraint>) {
        match kind {
            ShapeKind::Class(id) => {
                let class = self.schema.class(*id);
                (class.stream, class.constraints.iter().collect())
            }
            ShapeKind::Enum(id) => {
                (StreamBehavior::default(), self.schema.enumeration(*id).constraints.iter().collect())
            }
            _ => (StreamBehavior::default(), Vec::new()),
        }
    }

    fn intern(
        &mut self,
        kind: ShapeKind<'s>,
        ty: &'s Type,
        stream: StreamBehavior,
        mut constraints: Vec<&'s Constraint>,
    ) -> ShapeId {
        let plain = ty.attributes.is_none();
        if plain && let Some(known) = self.by_kind.get(&kind) {
            return *known;
        }
        let id = ShapeId(number(self.known.len()));
        if plain {
            self.by_kind.insert(kind.clone(), id);
        }
        constraints.extend(ty.constraints());
        self.known.push(Shape { kind, ty, stream: either(stream, ty.stream()), constraints });
        id
    }
}

fn either(one: StreamBehavior, other: StreamBehavior) -> StreamBehavior {
    StreamBehavior {
        done: one.done || other.done,
        not_null: one.not_null || other.not_null,
        with_state: one.with_state || other.with_state,
    }
}

/// A schema does not come near 2^32 types.
fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
