//! What a call is about, and what can be made of it for one client.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use align::{Incremental, Look};
use llm::{AnswerForm, Client};
use prompt::ClientView;
use schema::{Function, Schema};
use types::{Arguments, Prompt};

use crate::credentials::Surroundings;
use crate::deadline::Deadline;
use crate::download::Downloads;
use crate::failure::Failure;
use crate::partials::Partials;
use crate::program::Program;
use crate::reach::Reach;
use crate::transport::Settings;

/// What a call is about: the same for all of its attempts.
pub(crate) struct Subject<'a> {
    pub(crate) program: &'a Program,
    /// The program's schema, or the one that a `TypeBuilder` extended.
    pub(crate) schema: &'a Arc<Schema>,
    pub(crate) function: &'a Function,
    pub(crate) arguments: &'a Arguments,
    pub(crate) tags: &'a BTreeMap<String, String>,
    /// Where partial values go, when the call is a stream.
    pub(crate) partials: Option<&'a Partials>,
    /// Where credentials are looked for.
    pub(crate) surroundings: Surroundings<'a>,
    /// The clients that may send to public addresses only.
    pub(crate) strangers: &'a BTreeSet<String>,
    /// Media that were fetched for this call, for one attempt or another.
    pub(crate) downloads: &'a Downloads,
}

impl Subject<'_> {
    /// The prompt as this client gets it, with media in the form that its provider wants. Those that must be
    /// downloaded are there before the deadline, or the attempt fails.
    pub(crate) async fn prompt(
        &self,
        client: &Client,
        deadline: Option<Deadline>,
    ) -> Result<Prompt, Failure> {
        let view = view(client);
        let mut prompt = self
            .program
            .templates
            .render(self.schema, self.function, self.arguments, &view, self.tags)
            .map_err(|error| Failure::other(error.to_string()))?;
        self.downloads.inline(client, &mut prompt, deadline).await?;
        Ok(prompt)
    }

    /// The client with the form that an answer of this function must have, if its provider is to be told.
    pub(crate) fn formed(&self, client: Client) -> Client {
        if !client.structured_output() {
            return client;
        }
        let form = self.schema.answer_schema(&self.function.returns).and_then(|answer| {
            AnswerForm::new(&self.function.name, answer.schema, answer.is_recursive, answer.has_maps)
        });
        client.with_form(form)
    }

    /// How a client's requests are sent.
    pub(crate) fn transport(&self, client: &Client) -> Settings {
        let is_stranger = self.strangers.contains(client.name());
        Settings::of(client, if is_stranger { Reach::PublicAddresses } else { Reach::Anywhere })
    }

    /// The answer of an attempt, before its first text.
    pub(crate) fn answer(&self) -> Answer<'_> {
        Answer { incremental: self.incremental(), subject: self }
    }

    fn incremental(&self) -> Incremental<'_> {
        Incremental::new(self.schema, &self.function.returns)
    }
}

/// An answer that is still being written, shown while it grows.
pub(crate) struct Answer<'a> {
    incremental: Incremental<'a>,
    subject: &'a Subject<'a>,
}

impl Answer<'_> {
    /// Whether there is more of the text than was read.
    pub(crate) fn is_behind(&self, text: &str) -> bool {
        self.incremental.text().len() < text.len()
    }

    /// Reads on to `text`, all that was written so far, and shows its value. A text that says nothing yet shows
    /// nothing.
    pub(crate) fn show(&mut self, text: &str, partials: &Partials) {
        self.read_to(text);
        if let Look::Value(value) = self.incremental.look(&self.subject.program.templates) {
            partials.put(value);
        }
    }

    /// The same at the end of the text, whatever it costs. A reply may turn out to be another text than what came.
    pub(crate) fn show_last(&mut self, text: &str, partials: &Partials) {
        if !text.starts_with(self.incremental.text()) {
            self.incremental = self.subject.incremental();
        }
        self.read_to(text);
        if let Look::Value(value) = self.incremental.last_look(&self.subject.program.templates) {
            partials.put_last(value);
        }
    }

    fn read_to(&mut self, text: &str) {
        self.incremental.push(text.get(self.incremental.text().len()..).unwrap_or_default());
    }
}

fn view(client: &Client) -> ClientView {
    ClientView {
        name: client.name().to_owned(),
        provider: client.provider().name.to_owned(),
        options: client.sent_options(),
        default_role: client.default_role().to_owned(),
        allowed_roles: client.allowed_roles().to_vec(),
        remap_roles: client.remap_roles().clone(),
    }
}
