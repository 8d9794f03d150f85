//! What a return type is made of, in the order in which it is printed.

use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;
use schema::Schema;
use types::{AliasId, ClassId, EnumId, MediaKind, Type, TypeKind};

use super::cycles;

/// The parts of a type.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Every enum.
    pub(super) enums: IndexSet<EnumId>,
    /// Every class.
    pub(super) classes: IndexSet<ClassId>,
    /// Those that contain themselves, group by group.
    pub(super) recursive_classes: IndexSet<ClassId>,
    /// The aliases that contain themselves, group by group.
    pub(super) recursive_aliases: IndexSet<AliasId>,
    /// A media type, if there is one.
    pub(super) media: Option<MediaKind>,
}

/// Walks the type, the last part first: users' prompts have had their blocks in this order from the beginning.
pub(super) fn parts(schema: &Schema, returns: &Type) -> Parts {
    let mut parts = Parts::default();
    let mut aliases = IndexSet::new();
    let mut stack = vec![returns];
    while let Some(ty) = stack.pop() {
        match &ty.kind {
            TypeKind::Primitive(_) | TypeKind::Literal(_) => {}
            TypeKind::Media(kind) => parts.media = Some(*kind),
            TypeKind::Enum(id) => {
                parts.enums.insert(*id);
            }
            TypeKind::Class(id) => {
                if parts.classes.insert(*id)
                    && let Some(class) = schema.classes.get(id.index())
                {
                    stack.extend(class.fields.iter().filter(|field| !field.skip).map(|field| &field.ty));
                }
            }
            TypeKind::Alias(id) => {
                if aliases.insert(*id)
                    && let Some(alias) = schema.aliases.get(id.index())
                {
                    stack.push(&alias.ty);
                }
            }
            TypeKind::List(item) => stack.push(item),
            TypeKind::Map(key, value) => stack.extend([&**key, &**value]),
            TypeKind::Union(members) => stack.extend(members),
        }
    }
    parts.recursive_classes = recursive_classes(schema, &parts.classes);
    parts.recursive_aliases = recursive_aliases(schema, &aliases);
    parts
}

fn recursive_classes(schema: &Schema, found: &IndexSet<ClassId>) -> IndexSet<ClassId> {
    let recursive = |id: &ClassId| schema.classes.get(id.index()).is_some_and(|class| class.recursive);
    let nodes = found.iter().filter(|id| recursive(id)).map(|id| id.0);
    let edges = |node: u32| {
        let class = schema.classes.get(node as usize)?;
        // A skipped field is not printed, and yet the order of users' prompts counts it.
        Some(mentioned(schema, class.fields.iter().map(|field| &field.ty)).0)
    };
    ordered(nodes, edges).into_iter().map(ClassId).collect()
}

fn recursive_aliases(schema: &Schema, found: &IndexSet<AliasId>) -> IndexSet<AliasId> {
    let recursive = |id: &AliasId| schema.aliases.get(id.index()).is_some_and(|alias| alias.recursive);
    let nodes = found.iter().filter(|id| recursive(id)).map(|id| id.0);
    let edges = |node: u32| Some(mentioned(schema, [&schema.aliases.get(node as usize)?.ty]).1);
    ordered(nodes, edges).into_iter().map(AliasId).collect()
}

/// The nodes, those of one group together, the groups in the order in which their first node was found.
fn ordered(nodes: impl Iterator<Item = u32>, edges: impl Fn(u32) -> Option<HashSet<u32>>) -> IndexSet<u32> {
    let found: IndexSet<u32> = nodes.collect();
    if found.is_empty() {
        return found;
    }
    let mut sorted: Vec<u32> = found.iter().copied().collect();
    sorted.sort_unstable();
    let edges: HashMap<u32, Vec<u32>> = sorted
        .iter()
        .map(|node| {
            let mut targets: Vec<u32> = edges(*node).unwrap_or_default().into_iter().collect();
            targets.retain(|target| found.contains(target));
            targets.sort_unstable();
            (*node, targets)
        })
        .collect();
    let groups = cycles::groups(&sorted, &edges);
    let group_of: HashMap<u32, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(index, group)| group.iter().map(move |node| (*node, index)))
        .collect();
    let mut result = IndexSet::new();
    for node in &found {
        result.extend(group_of.get(node).and_then(|index| groups.get(*index)).into_iter().flatten().copied());
    }
    result
}

/// The classes that types mention, looking through aliases, and the recursive aliases that they mention directly.
fn mentioned<'a>(
    schema: &'a Schema,
    types: impl IntoIterator<Item = &'a Type>,
) -> (HashSet<u32>, HashSet<u32>) {
    let (mut classes, mut aliases) = (HashSet::new(), HashSet::new());
    let mut seen = HashSet::new();
    let mut stack: Vec<(&Type, bool)> = types.into_iter().map(|ty| (ty, true)).collect();
    while let Some((ty, direct)) = stack.pop() {
        match &ty.kind {
            TypeKind::Class(id) => {
                classes.insert(id.0);
            }
            TypeKind::Alias(id) => {
                let Some(alias) = schema.aliases.get(id.index()) else { continue };
                if direct && alias.recursive {
                    aliases.insert(id.0);
                }
                if seen.insert(*id) {
                    stack.push((&alias.ty, direct && !alias.recursive));
                }
            }
            TypeKind::List(item) => stack.push((item, direct)),
            TypeKind::Map(key, value) => stack.extend([(&**key, direct), (&**value, direct)]),
            TypeKind::Union(members) => stack.extend(members.iter().map(|member| (member, direct))),
            TypeKind::Primitive(_) | TypeKind::Media(_) | TypeKind::Literal(_) | TypeKind::Enum(_) => {}
        }
    }
    (classes, aliases)
}
