//! Cycles in a directed graph, in linear time and without recursion: a chain of thousands of classes is a
//! long graph, not a deep stack.

use std::collections::VecDeque;

/// A graph of nodes numbered from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    edges: Vec<Vec<usize>>,
}

impl Graph {
    /// A graph of that many nodes and no edges.
    pub(crate) fn new(nodes: usize) -> Self {
        Self { edges: vec![Vec::new(); nodes] }
    }

    /// Adds an edge; an edge to a node that is not there is left out.
    pub(crate) fn add(&mut self, from: usize, to: usize) {
        if to < self.edges.len()
            && let Some(edges) = self.edges.get_mut(from)
        {
            edges.push(to);
        }
    }

    fn edges(&self, node: usize) -> &[usize] {
        self.edges.get(node).map_or(&[], Vec::as_slice)
    }

    /// The groups of nodes that reach each other, each in ascending order: only those with a cycle, a node with
    /// an edge to itself included. In the order of their lowest nodes.
    pub(crate) fn cyclic_groups(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = self
            .strong_components()
            .into_iter()
            .filter(|group| match group.as_slice() {
                [only] => self.edges(*only).contains(only),
                _ => true,
            })
            .collect();
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        groups
    }

    /// Tarjan's algorithm, with its recursion kept in a list.
    fn strong_components(&self) -> Vec<Vec<usize>> {
        const UNSEEN: usize = usize::MAX;
        let nodes = self.edges.len();
        let mut index = vec![UNSEEN; nodes];
        let mut low = vec![0; nodes];
        let mut on_stack = vec![false; nodes];
        let mut stack = Vec::new();
        let mut components = Vec::new();
        let mut next = 0;
        for root in 0..nodes {
            if index[root] != UNSEEN {
                continue;
            }
            let mut calls = vec![(root, 0)];
            while let Some((node, edge)) = calls.pop() {
                if edge == 0 {
                    index[node] = next;
                    low[node] = next;
                    next += 1;
                    stack.push(node);
                    on_stack[node] = true;
                }
                let Some(&target) = self.edges(node).get(edge) else {
                    if low[node] == index[node] {
                        let mut component = Vec::new();
                        while let Some(member) = stack.pop() {
                            on_stack[member] = false;
                            component.push(member);
                            if member == node {
                                break;
                            }
                        }
                        components.push(component);
                    }
                    if let Some(&(caller, _)) = calls.last() {
                        low[caller] = low[caller].min(low[node]);
                    }
                    continue;
                };
                calls.push((node, edge + 1));
                if index[target] == UNSEEN {
                    calls.push((target, 0));
                } else if on_stack[target] {
                    low[node] = low[node].min(index[target]);
                }
            }
        }
        components
    }

    /// A shortest way from a node of a cyclic group back to itself, through that group: `[a, b, a]`.
    pub(crate) fn cycle(&self, group: &[usize]) -> Vec<usize> {
        let Some(&start) = group.first() else { return Vec::new() };
        let position = |node: usize| group.binary_search(&node).ok();
        let mut came_from: Vec<Option<usize>> = vec![None; group.len()];
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for &target in self.edges(node) {
                if target == start {
                    let mut cycle = vec![start];
                    let mut at = node;
                    while at != start {
                        cycle.push(at);
                        match position(at).and_then(|place| came_from[place]) {
                            Some(earlier) => at = earlier,
                            None => break,
                        }
                    }
                    cycle.push(start);
                    cycle.reverse();
                    return cycle;
                }
                if let Some(place) = position(target)
                    && came_from[place].is_none()
                {
                    came_from[place] = Some(node);
                    queue.push_back(target);
                }
            }
        }
        Vec::new()
    }

    /// Which nodes reach one of `targets`, targets included.
    pub(crate) fn reaching(&self, targets: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut reversed = vec![Vec::new(); self.edges.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for &to in edges {
                reversed[to].push(from);
            }
        }
        let mut reaching = vec![false; self.edges.len()];
        let mut pending: Vec<usize> = targets.into_iter().collect();
        while let Some(node) = pending.pop() {
            if node < reaching.len() && !reaching[node] {
                reaching[node] = true;
                pending.extend(&reversed[node]);
            }
        }
        reaching
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::new(nodes);
        for (from, to) in edges {
            graph.add(*from, *to);
        }
        graph
    }

    #[test]
    fn finds_cycles_and_only_cycles() {
        let graph = graph(7, &[(0, 1), (1, 2), (2, 1), (3, 3), (4, 5), (2, 6)]);
        assert_eq!(graph.cyclic_groups(), [vec![1, 2], vec![3]]);
        assert_eq!(graph.cycle(&[1, 2]), [1, 2, 1]);
        assert_eq!(graph.cycle(&[3]), [3, 3]);
        assert_eq!(graph.reaching([2]), [true, true, true, false, false, false, false]);
    }

    #[test]
    fn a_long_chain_is_no_deep_stack() {
        let nodes = 200_000;
        let mut chain = Graph::new(nodes);
        for node in 0..nodes {
            chain.add(node, (node + 1) % nodes);
        }
        let groups = chain.cyclic_groups();
        assert_eq!(groups.len(), 1);
        assert_eq!(chain.cycle(&groups[0]).len(), nodes + 1);
    }
}
