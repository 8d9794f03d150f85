//! What tokens cost, where the user says so.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use runtime::{Attempt, TestRun};
use serde_json::Value;

use crate::failure::{self, Failure};

const MILLION: f64 = 1_000_000.0;

/// What a million tokens cost, by client or by model.
#[derive(Debug, Default)]
pub(super) struct Prices(HashMap<String, Price>);

#[derive(Debug)]
struct Price {
    input: f64,
    cached_input: f64,
    output: f64,
}

impl Prices {
    /// Reads `{ name: { input, cached_input?, output } }`.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|error| failure::cannot_read(path, &error))?;
        let json: Value = serde_json::from_str(&text)
            .map_err(|error| failure::bad_prices(path, &format!("not JSON: {error}")))?;
        let entries = json.as_object().ok_or_else(|| failure::bad_prices(path, "not an object"))?;
        entries
            .iter()
            .map(|(name, price)| {
                let bad = |key: &str| failure::bad_prices(path, &format!("{name}.{key} is not a number"));
                let of = |key: &str| price.get(key).and_then(Value::as_f64).filter(|price| *price >= 0.0);
                let input = of("input").ok_or_else(|| bad("input"))?;
                let output = of("output").ok_or_else(|| bad("output"))?;
                let cached_input = match price.get("cached_input") {
                    None => input,
                    Some(_) => of("cached_input").ok_or_else(|| bad("cached_input"))?,
                };
                Ok((name.clone(), Price { input, cached_input, output }))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether no price is known.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a run cost: its attempts added up, each by the name of its client or its model. `None` when a price, or
    /// what an answer took, is not known.
    pub(super) fn of(&self, run: &TestRun) -> Option<f64> {
        if self.is_empty() {
            return None;
        }
        let mut attempts = run.log.iter().flat_map(|log| &log.attempts);
        attempts.try_fold(0.0, |sum, attempt| Some(sum + self.of_attempt(attempt)?))
    }

    fn of_attempt(&self, attempt: &Attempt) -> Option<f64> {
        let usage = &attempt.usage;
        if usage.input_tokens.is_none() && usage.output_tokens.is_none() {
            // What brought no answer is not billed.
            return if attempt.selected { None } else { Some(0.0) };
        }
        let price = self.0.get(&attempt.client_name).or_else(|| self.0.get(model(attempt)?.as_str()))?;
        let (input, output) = (count(usage.input_tokens), count(usage.output_tokens));
        let cached = count(usage.cached_input_tokens);
        let fresh = if attempt.counts_cached_apart { input } else { (input - cached).max(0.0) };
        Some((fresh * price.input + cached * price.cached_input + output * price.output) / MILLION)
    }
}

fn model(attempt: &Attempt) -> Option<String> {
    let body: Value = serde_json::from_slice(&attempt.request.as_ref()?.body).ok()?;
    body.get("model")?.as_str().map(str::to_owned)
}

#[expect(clippy::cast_precision_loss, reason = "tokens of a test are far below what a float holds")]
fn count(tokens: Option<u64>) -> f64 {
    tokens.unwrap_or_default() as f64
}
