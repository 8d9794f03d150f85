//! Media that a provider wants inline: fetched here, put in place by the llm room.

use llm::Client;
use types::Prompt;

use crate::failure::{Failure, FailureKind};
use crate::{messages, transport};

/// Replaces the media that this client's provider wants as content by their content.
pub(crate) async fn inline_media(client: &Client, prompt: &mut Prompt) -> Result<(), Failure> {
    let refuse = |error: &llm::Error| Failure::new(FailureKind::InvalidArgument, error.message());
    for download in llm::downloads(client, prompt).map_err(|error| refuse(&error))? {
        let failed = |detail: &str| Failure::other(messages::download_failed(&download.url, detail));
        let response = transport::fetch(&download.url).await.map_err(|error| failed(&error.message))?;
        if response.status != 200 {
            return Err(failed(&format!("the server answered {}", response.status)));
        }
        let content_type =
            response.headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.as_str());
        llm::substitute(prompt, &download, content_type, &response.body).map_err(|error| refuse(&error))?;
    }
    Ok(())
}
