//! The request body: the user's options in their order, then the input, then what a stream needs.

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, Serializer};
use types::Prompt;

use super::content::{self, PreparedMessage};
use crate::client::Client;
use crate::error::Error;
use crate::http::Mode;

pub(super) fn body(client: &Client, prompt: &Prompt, mode: Mode) -> Result<Bytes, Error> {
    let input = content::prepare(client, prompt)?;
    let body = Body { client, input: &input, mode };
    serde_json::to_vec(&body).map(Bytes::from).map_err(|_| Error::body(client.name()))
}

/// Borrows everything: an image is not copied before it is written.
struct Body<'a> {
    client: &'a Client,
    input: &'a [PreparedMessage<'a>],
    mode: Mode,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let streaming = self.mode == Mode::Stream;
        let mut body = serializer.serialize_map(None)?;
        for (key, value) in self.client.body() {
            let ours = match key.as_str() {
                "input" => true,
                "stream" => streaming,
                _ => false,
            };
            if !ours {
                body.serialize_entry(key, value)?;
            }
        }
        body.serialize_entry("input", self.input)?;
        if streaming {
            body.serialize_entry("stream", &true)?;
        }
        body.end()
    }
}
