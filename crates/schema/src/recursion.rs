//! Which classes and aliases reach themselves, and which of those can never be finished.
//!
//! A value of `class A { b B }  class B { a A }` would have to be infinite, and `type A = A?` says nothing: those
//! are errors. Through an optional, a list, a map or a union with another way out, a cycle is fine.

use std::sync::Arc;

use syntax::Span;
use types::{Constraint, ConstraintLevel, Name, Type, TypeKind};

use crate::graph::Graph;
use crate::model::Schema;

/// A cycle that cannot be.
#[derive(Debug)]
pub(crate) struct Cycle {
    /// The names on the way, the first one again at the end.
    pub(crate) names: Vec<Name>,
    /// Where the first one is declared.
    pub(crate) span: Span,
    /// Whether it goes through classes; aliases otherwise.
    pub(crate) classes: bool,
}

/// Sets `recursive` on classes and aliases, and finds the cycles that cannot be.
pub(crate) fn mark(schema: &mut Schema) -> Vec<Cycle> {
    let containment = Containment::of(schema);
    let classes = schema.classes.len();
    let mut recursive = vec![false; classes];
    for node in containment.all.cyclic_groups().into_iter().flatten() {
        if let Some(recursive) = recursive.get_mut(node) {
            *recursive = true;
        }
    }
    for (class, recursive) in schema.classes.iter_mut().zip(recursive) {
        if class.recursive != recursive {
            Arc::make_mut(class).recursive = recursive;
        }
    }
    let mut recursive = vec![false; schema.aliases.len()];
    for alias in containment.aliases.cyclic_groups().into_iter().flatten() {
        recursive[alias] = true;
    }
    for (alias, recursive) in schema.aliases.iter_mut().zip(recursive) {
        if alias.recursive != recursive {
            Arc::make_mut(alias).recursive = recursive;
        }
    }
    let empty: Vec<Cycle> = containment
        .bare_aliases
        .cyclic_groups()
        .into_iter()
        .map(|group| {
            let cycle = containment.bare_aliases.cycle(&group);
            let names = cycle.iter().map(|alias| schema.aliases[*alias].name.clone()).collect();
            Cycle { names, span: schema.aliases[group[0]].span, classes: false }
        })
        .collect();
    // What an empty alias stands for is unknown, so whether a class with it can be finished is too.
    if empty.is_empty() { endless_classes(schema) } else { empty }
}

/// The position of a class or alias in a graph of both.
fn node(schema: &Schema, kind: &TypeKind) -> Option<usize> {
    match kind {
        TypeKind::Class(id) => Some(id.index()),
        TypeKind::Alias(id) => Some(schema.classes.len() + id.index()),
        _ => None,
    }
}

/// What contains what.
struct Containment {
    /// Classes, then aliases: everything that occurs in each.
    all: Graph,
    /// Aliases: those that occur in each, not looking into classes.
    aliases: Graph,
    /// Aliases: those that each stands for without a list or a map between.
    bare_aliases: Graph,
}

impl Containment {
    fn of(schema: &Schema) -> Self {
        let classes = schema.classes.len();
        let mut all = Graph::new(classes + schema.aliases.len());
        let mut aliases = Graph::new(schema.aliases.len());
        let mut bare_aliases = Graph::new(schema.aliases.len());
        for (position, class) in schema.classes.iter().enumerate() {
            for field in &class.fields {
                visit(&field.ty, |ty, _| {
                    if let Some(target) = node(schema, &ty.kind) {
                        all.add(position, target);
                    }
                });
            }
        }
        for (position, alias) in schema.aliases.iter().enumerate() {
            visit(&alias.ty, |ty, bare| {
                if let Some(target) = node(schema, &ty.kind) {
                    all.add(classes + position, target);
                }
                if let TypeKind::Alias(id) = ty.kind {
                    aliases.add(position, id.index());
                    if bare {
                        bare_aliases.add(position, id.index());
                    }
                }
            });
        }
        Self { all, aliases, bare_aliases }
    }
}

/// Calls back for a type and every type inside it, with whether no list or map lies between.
fn visit<'a>(ty: &'a Type, mut found: impl FnMut(&'a Type, bool)) {
    let mut pending = vec![(ty, true)];
    while let Some((ty, bare)) = pending.pop() {
        found(ty, bare);
        match &ty.kind {
            TypeKind::List(item) => pending.push((item, false)),
            TypeKind::Map(key, value) => pending.extend([(&**value, false), (&**key, false)]),
            TypeKind::Union(members) => pending.extend(members.iter().rev().map(|member| (member, bare))),
            _ => {}
        }
    }
}

/// One thing that a class or alias needs before it can be finished: one of these nodes.
struct Need {
    node: usize,
    any_of: Vec<usize>,
}

/// The cycles of classes whose values could never be finished.
///
/// A class is finished when every field is, an alias when its type is, a union when one member is. Starting
/// from those that need nothing, each one finished is crossed off the needs of the others.
fn endless_classes(schema: &Schema) -> Vec<Cycle> {
    let classes = schema.classes.len();
    let nodes = classes + schema.aliases.len();
    let mut needs: Vec<Need> = Vec::new();
    let mut open_needs = vec![0_usize; nodes];
    let fields = schema.classes.iter().enumerate();
    let fields =
        fields.flat_map(|(position, class)| class.fields.iter().map(move |field| (position, &field.ty)));
    let aliases = schema.aliases.iter().enumerate().map(|(position, alias)| (classes + position, &alias.ty));
    for (node, ty) in fields.chain(aliases) {
        if let Some(any_of) = ways_out(schema, ty) {
            open_needs[node] += 1;
            needs.push(Need { node, any_of });
        }
    }
    let mut needed_by = vec![Vec::new(); nodes];
    for (position, need) in needs.iter().enumerate() {
        for target in &need.any_of {
            needed_by[*target].push(position);
        }
    }
    let mut met = vec![false; needs.len()];
    let mut finished: Vec<usize> = (0..nodes).filter(|node| open_needs[*node] == 0).collect();
    while let Some(node) = finished.pop() {
        for &need in &needed_by[node] {
            if !met[need] {
                met[need] = true;
                let owner = needs[need].node;
                open_needs[owner] -= 1;
                if open_needs[owner] == 0 {
                    finished.push(owner);
                }
            }
        }
    }
    let mut endless = Graph::new(nodes);
    for (need, _) in needs.iter().zip(met).filter(|(_, met)| !met) {
        for target in &need.any_of {
            endless.add(need.node, *target);
        }
    }
    let cycles = endless.cyclic_groups().into_iter().map(|group| {
        let cycle = endless.cycle(&group);
        // The way begins and ends with the lowest node, which is a class, since aliases come after the classes.
        let names = cycle.iter().filter_map(|node| Some(schema.classes.get(*node)?.name.clone())).collect();
        let span = schema.classes.get(group[0]).map_or_else(Span::default, |class| class.span);
        Cycle { names, span, classes: true }
    });
    cycles.collect()
}

/// The classes and aliases of which one must be finished for a value of this type. `None` when the type has a
/// value of its own: a scalar, an empty list or map.
fn ways_out(schema: &Schema, ty: &Type) -> Option<Vec<usize>> {
    let mut ways = Vec::new();
    let mut pending = vec![ty];
    while let Some(ty) = pending.pop() {
        match &ty.kind {
            TypeKind::Union(members) => pending.extend(members.iter().rev()),
            kind => ways.push(node(schema, kind)?),
        }
    }
    Some(ways)
}

/// The classes and aliases that contain something, at any depth.
#[derive(Debug)]
pub(crate) struct Containing {
    nodes: Vec<bool>,
}

impl Containing {
    /// Those in which a type occurs for which `is` holds.
    pub(crate) fn new(schema: &Schema, is: impl Fn(&Type) -> bool) -> Self {
        let classes = schema.classes.len();
        let has = |ty: &Type| {
            let mut has = false;
            visit(ty, |ty, _| has |= is(ty));
            has
        };
        let in_classes = schema.classes.iter().enumerate();
        let in_classes = in_classes.filter(|(_, class)| class.fields.iter().any(|field| has(&field.ty)));
        let in_aliases = schema.aliases.iter().enumerate().filter(|(_, alias)| has(&alias.ty));
        let targets = in_classes.map(|(position, _)| position);
        let targets: Vec<usize> = targets.chain(in_aliases.map(|(position, _)| classes + position)).collect();
        let nodes =
            if targets.is_empty() { Vec::new() } else { Containment::of(schema).all.reaching(targets) };
        Self { nodes }
    }

    /// Whether the type is, or contains, what was asked for.
    pub(crate) fn contains(&self, schema: &Schema, ty: &Type, is: impl Fn(&Type) -> bool) -> bool {
        let mut found = false;
        visit(ty, |ty, _| {
            found |= is(ty)
                || node(schema, &ty.kind)
                    .is_some_and(|node| self.nodes.get(node).copied().unwrap_or_default());
        });
        found
    }
}

/// Whether a check is attached to the type itself.
pub(crate) fn has_check(ty: &Type) -> bool {
    ty.constraints().iter().any(|Constraint { level, .. }| *level == ConstraintLevel::Check)
}

/// Whether the type is a media type.
pub(crate) fn is_media(ty: &Type) -> bool {
    matches!(ty.kind, TypeKind::Media(_))
}
