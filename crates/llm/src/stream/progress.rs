//! What has come of a streamed answer, as the dialects write it down.

use types::Usage;

use crate::reply::Reply;

/// What stands between the parts of what a model thought.
pub(crate) const PARAGRAPH: &str = "\n\n";

/// What one event was, to a dialect.
pub(crate) enum EventOutcome {
    /// A part of the answer, or something that this version has no use for.
    Read,
    /// Nothing: a sign of life, or the end.
    Nothing,
    /// Not what the wire format says.
    Unreadable,
    /// A failure, in the provider's words, with the HTTP status that it names.
    Reported { told: String, status: Option<u16> },
    /// The provider's filter kept the prompt from the model: why, and what it says about it.
    Blocked { reason: String, told: Option<String> },
}

/// What has come of an answer. The dialects write here.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) text: String,
    /// Whether the text is the answer itself, whatever form was asked for.
    pub(crate) is_bare: bool,
    /// What the model thought: no part of the answer.
    pub(crate) reasoning: String,
    /// The parts of the answer, by their place in it, that were announced as something else than an answer.
    pub(crate) asides: Vec<u64>,
    /// Why the model refused to answer.
    pub(crate) refusal: String,
    pub(crate) usage: Usage,
    pub(crate) finish_reason: Option<String>,
    pub(crate) model: Option<String>,
    /// Whether any part of an answer came, an empty one included.
    pub(crate) has_answer: bool,
    /// Whether the provider said that nothing more comes.
    pub(crate) is_done: bool,
}

impl Progress {
    /// Takes counts in. They are totals so far: a later one replaces an earlier one.
    pub(crate) fn count(&mut self, later: Usage) {
        let usage = &mut self.usage;
        usage.input_tokens = later.input_tokens.or(usage.input_tokens);
        usage.output_tokens = later.output_tokens.or(usage.output_tokens);
        usage.cached_input_tokens = later.cached_input_tokens.or(usage.cached_input_tokens);
    }

    /// What has come, as an answer.
    pub(crate) fn reply(&self) -> Reply {
        Reply {
            text: self.text.clone(),
            reasoning: Some(self.reasoning.clone()).filter(|reasoning| !reasoning.is_empty()),
            usage: self.usage,
            finish_reason: self.finish_reason.clone(),
            model: self.model.clone(),
        }
    }

    /// Begins another paragraph of what the model thought.
    pub(crate) fn begin_reasoning(&mut self) {
        if !self.reasoning.is_empty() && !self.reasoning.ends_with(PARAGRAPH) {
            self.reasoning.push_str(PARAGRAPH);
        }
    }
}
