//! The version that this command line stands for.

/// What `--version` prints and what generated clients carry: the release of `@boundaryml/baml` whose clients
/// and generators this one replaces.
pub const VERSION: &str = runtime::PEER_VERSION;

/// Whether a generator's `version` has the major and minor version of this command line.
pub(crate) fn is_compatible(version: &str) -> bool {
    let line = |version: &str| -> Option<(String, String)> {
        let mut parts = version.trim().split('.');
        Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
    };
    line(version).is_some_and(|wanted| line(VERSION) == Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::is_compatible;

    #[test]
    fn major_and_minor_must_match() {
        assert!(is_compatible("0.226.2"));
        assert!(is_compatible("0.226.0"));
        assert!(is_compatible("0.226.99"));
        assert!(!is_compatible("0.225.2"));
        assert!(!is_compatible("1.226.2"));
        assert!(!is_compatible("0"));
        assert!(!is_compatible(""));
    }
}
