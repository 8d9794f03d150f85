//! A prompt as the dialects see it that keep system text apart from the messages: Anthropic, Google and Bedrock.
//!
//! They take system text in one place only, before the conversation. So the first message becomes that text when
//! it is a system message and something follows it; every other system message is said by the user.

use serde_json::Value;
use types::{Content, Message, Part, Prompt};

use crate::client::Client;

/// The name of the role on the wire, after `remap_roles`.
const SYSTEM: &str = "system";
const USER: &str = "user";

/// A prompt that rendered to nothing is still sent: one empty text.
static EMPTY: [Part; 1] = [Part { content: Content::Text(String::new()), metadata: None }];

/// System text and the turns after it. Borrows the prompt.
#[derive(Debug)]
pub(crate) struct Conversation<'a> {
    /// What stands before the conversation. Never empty when it is there.
    pub(crate) system: Option<&'a [Part]>,
    /// What was said, in order. Neighbours of one role stay apart where the prompt keeps them apart. Never empty.
    pub(crate) turns: Vec<Turn<'a>>,
}

/// One message of a conversation.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    /// Who speaks, as the provider wants it; never `system`.
    pub(crate) role: &'a str,
    /// Never empty.
    pub(crate) parts: &'a [Part],
}

/// Splits the system text off a prompt.
pub(crate) fn conversation<'a>(client: &'a Client, prompt: &'a Prompt) -> Conversation<'a> {
    match prompt.messages.as_slice() {
        [] => {
            let turn = Turn { role: spoken(client.default_role_sent()), parts: &EMPTY };
            Conversation { system: None, turns: vec![turn] }
        }
        [first, rest @ ..] if first.role == SYSTEM && !rest.is_empty() => {
            Conversation { system: Some(&first.parts), turns: turns(rest) }
        }
        all => Conversation { system: None, turns: turns(all) },
    }
}

fn turns(messages: &[Message]) -> Vec<Turn<'_>> {
    messages.iter().map(|message| Turn { role: spoken(&message.role), parts: &message.parts }).collect()
}

/// System text within a conversation is the user's.
fn spoken(role: &str) -> &str {
    if role == SYSTEM { USER } else { role }
}

/// The role metadata of a part that the client lets through, in the order written.
pub(crate) fn shared_metadata<'a>(
    client: &'a Client,
    part: &'a Part,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let allowed = client.role_metadata();
    let all = part.metadata.as_deref().into_iter().flatten();
    all.filter(|(name, _)| allowed.allows(name)).map(|(name, value)| (name.as_str(), value))
}
