//! "Did you mean": the nearest of the valid choices.

/// The candidate nearest to `wanted`, when one is near enough to be what the user meant: at most a third of
/// the letters differ (counting a swap of neighbours as one), case aside.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let lower = candidate.to_lowercase();
            (strsim::damerau_levenshtein(&wanted, &lower), lower.chars().count(), candidate)
        })
        .filter(|(distance, length, _)| *distance <= (wanted.chars().count().max(*length) / 3).max(1))
        .min_by_key(|(distance, ..)| *distance)
        .map(|(.., candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant_and_nothing_else() {
        let names = ["openai", "openai-generic", "anthropic", "ollama"];
        assert_eq!(nearest("opnai", names), Some("openai"));
        assert_eq!(nearest("OpenAI", names), Some("openai"));
        assert_eq!(nearest("antrhopic", names), Some("anthropic"));
        assert_eq!(nearest("bedrock", names), None);
        assert_eq!(nearest("", names), None);
    }
}
