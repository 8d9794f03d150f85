//! Cycles in a graph of strategies, found without recursion.

/// One cycle for each group of nodes that reach themselves, as positions in the order of the walk. Each node
/// stands in at most one of them. Linear in nodes and edges.
pub(crate) fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut state = vec![State::New; edges.len()];
    let mut reported = vec![false; edges.len()];
    let mut found = Vec::new();
    for root in 0..edges.len() {
        if state[root] == State::New {
            walk(root, edges, &mut state, &mut reported, &mut found);
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the path from the root, at this depth.
    OnPath(usize),
    Done,
}

fn walk(
    root: usize,
    edges: &[Vec<usize>],
    state: &mut [State],
    reported: &mut [bool],
    found: &mut Vec<Vec<usize>>,
) {
    /// A node on the path, and which of its edges is next.
    struct Visit {
        node: usize,
        next: usize,
    }
    let mut path = vec![Visit { node: root, next: 0 }];
    state[root] = State::OnPath(0);
    while let Some(visit) = path.last_mut() {
        let Some(&target) = edges[visit.node].get(visit.next) else {
            state[visit.node] = State::Done;
            path.pop();
            continue;
        };
        visit.next += 1;
        match state[target] {
            State::New => {
                state[target] = State::OnPath(path.len());
                path.push(Visit { node: target, next: 0 });
            }
            State::OnPath(depth) if !reported[target] => {
                let cycle: Vec<usize> = path[depth..].iter().map(|visit| visit.node).collect();
                // A node counts once, so that a dense knot of clients does not give a message per edge.
                for &node in &cycle {
                    reported[node] = true;
                }
                found.push(cycle);
            }
            State::OnPath(_) | State::Done => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn finds_cycles_and_nothing_else() {
        assert_eq!(cycles(&[vec![1], vec![2], vec![]]), Vec::<Vec<usize>>::new());
        assert_eq!(cycles(&[vec![1, 2], vec![3], vec![3], vec![]]), Vec::<Vec<usize>>::new());
        assert_eq!(cycles(&[vec![0]]), [vec![0]]);
        assert_eq!(cycles(&[vec![1], vec![2], vec![1]]), [vec![1, 2]]);
        assert_eq!(cycles(&[vec![1], vec![0], vec![3], vec![2]]), [vec![0, 1], vec![2, 3]]);
    }

    #[test]
    fn deep_and_dense_graphs_are_no_trouble() {
        let chain: Vec<Vec<usize>> = (0..100_000).map(|node| vec![(node + 1) % 100_000]).collect();
        assert_eq!(cycles(&chain).len(), 1);
        let dense: Vec<Vec<usize>> = (0..300).map(|_| (0..300).collect()).collect();
        assert!(cycles(&dense).len() <= 300);
    }
}
