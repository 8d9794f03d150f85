//! The variables of one call.

use std::collections::HashMap;

/// The environment variables that one call may use. A door fills it for each call with the names that
/// [`crate::Runtime::variables`] lists, so that nothing is stale and nothing is copied that is not needed.
#[derive(Clone, Debug, Default)]
pub struct Variables(HashMap<String, String>);

impl Variables {
    /// Variables from names and values.
    pub fn new(entries: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(entries.into_iter().collect())
    }

    /// Those of `names` that the process has, or else `others`.
    pub fn of_process_or<'a, S: std::hash::BuildHasher>(
        names: impl IntoIterator<Item = &'a str>,
        others: &HashMap<String, String, S>,
    ) -> Self {
        let found = |name: &str| std::env::var(name).ok().or_else(|| others.get(name).cloned());
        Self::new(names.into_iter().filter_map(|name| Some((name.to_owned(), found(name)?))))
    }

    /// Those of `names` that the process has.
    pub fn of_process<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(names.into_iter().filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?))))
    }
}

impl llm::Environment for Variables {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}
