//! Which types reach themselves, and in which order to print those that do so together.

use std::collections::HashMap;

/// The strongly connected groups of a graph, each in the order in which a depth-first walk meets its members,
/// turned so that the least member is the first. The walk keeps its own stack: a chain of types can be as long as
/// the source.
pub(super) fn groups(nodes: &[u32], edges: &HashMap<u32, Vec<u32>>) -> Vec<Vec<u32>> {
    let mut walk = Walk { edges, states: HashMap::new(), open: Vec::new(), found: Vec::new() };
    for node in nodes {
        if !walk.states.contains_key(node) {
            walk.from(*node);
        }
    }
    walk.found
}

/// Tarjan's algorithm.
struct Walk<'a> {
    edges: &'a HashMap<u32, Vec<u32>>,
    states: HashMap<u32, State>,
    open: Vec<u32>,
    found: Vec<Vec<u32>>,
}

struct State {
    index: usize,
    low: usize,
    open: bool,
}

impl Walk<'_> {
    fn enter(&mut self, node: u32) {
        let index = self.states.len();
        self.states.insert(node, State { index, low: index, open: true });
        self.open.push(node);
    }

    fn from(&mut self, start: u32) {
        let edges = self.edges;
        let targets = |node: u32| edges.get(&node).map_or(&[][..], Vec::as_slice);
        self.enter(start);
        let mut path = vec![(start, targets(start).iter())];
        while let Some((node, rest)) = path.last_mut() {
            let node = *node;
            if let Some(&target) = rest.next() {
                match self.states.get(&target) {
                    None => {
                        self.enter(target);
                        path.push((target, targets(target).iter()));
                    }
                    Some(state) if state.open => self.lower(node, state.index),
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            let Some(state) = self.states.get(&node) else { continue };
            let (index, low) = (state.index, state.low);
            if let Some((parent, _)) = path.last() {
                self.lower(*parent, low);
            }
            if low == index {
                self.close(node);
            }
        }
    }

    fn lower(&mut self, node: u32, low: usize) {
        if let Some(state) = self.states.get_mut(&node) {
            state.low = state.low.min(low);
        }
    }

    fn close(&mut self, first: u32) {
        let start = self.open.iter().rposition(|node| *node == first).unwrap_or(0);
        let mut group = self.open.split_off(start);
        let least = group.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(index, _)| index);
        group.rotate_left(least);
        for node in &group {
            if let Some(state) = self.states.get_mut(node) {
                state.open = false;
            }
        }
        self.found.push(group);
    }
}
