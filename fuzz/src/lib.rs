//! What each target promises of any bytes: no panic, and the same outcome however they are cut. A broken promise
//! is a panic, which the fuzzer reports with the bytes.

mod answers;

use std::collections::BTreeMap;

pub use answers::align;

use llm::{
    Client, Decoder, Delta, EventStreamDecoder, EventStreamError, EventStreamMessage, EventTooLarge,
    ReplyError, SseDecoder, SseEvent, StreamEnd,
};
use types::{Config, ConfigMap};

/// Small enough for a fuzzer to reach.
const LIMIT: usize = 4096;

/// Server-sent events, and the streams of the dialects that are made of them. The first bytes say where to cut and
/// which dialect reads.
///
/// # Panics
/// The promise is broken.
pub fn sse(data: &[u8]) {
    const PROVIDERS: [&str; 4] = ["openai", "openai-responses", "anthropic", "google-ai"];
    let Some((seed, body)) = data.split_first_chunk::<4>() else { return };
    let pieces = pieces(body, *seed);
    assert_eq!(sse_events(&[body]), sse_events(&pieces));
    let provider = PROVIDERS[usize::from(seed[3]) % PROVIDERS.len()];
    same_stream(provider, "text/event-stream", body, &pieces);
}

/// Amazon's binary messages, and the streams of Bedrock.
///
/// # Panics
/// The promise is broken.
pub fn event_stream(data: &[u8]) {
    let Some((seed, body)) = data.split_first_chunk::<4>() else { return };
    // What the fuzzer cannot guess are the checksums: every other input gets the right ones.
    let signed;
    let body = if seed[3].is_multiple_of(2) {
        body
    } else {
        signed = with_checksums(body);
        &signed
    };
    let pieces = pieces(body, *seed);
    assert_eq!(messages(&[body]), messages(&pieces));
    same_stream("aws-bedrock", "application/vnd.amazon.eventstream", body, &pieces);
}

fn sse_events(pieces: &[&[u8]]) -> (Vec<SseEvent>, Result<Option<SseEvent>, EventTooLarge>) {
    let mut decoder = SseDecoder::new(LIMIT);
    let mut events = Vec::new();
    for piece in pieces {
        if let Err(error) = decoder.push(piece, &mut events) {
            return (events, Err(error));
        }
    }
    (events, Ok(decoder.into_unfinished()))
}

fn messages(pieces: &[&[u8]]) -> (Vec<EventStreamMessage>, Result<bool, EventStreamError>) {
    let mut decoder = EventStreamDecoder::new(LIMIT);
    let mut messages = Vec::new();
    for piece in pieces {
        if let Err(error) = decoder.push(piece, &mut messages) {
            return (messages, Err(error));
        }
    }
    (messages, Ok(decoder.is_within_a_message()))
}

fn same_stream(provider: &str, media_type: &str, body: &[u8], pieces: &[&[u8]]) {
    let text = |text: &str| Config::String(text.to_owned());
    let mut options = ConfigMap::from_iter([("model".to_owned(), text("m"))]);
    options.insert("api_key".to_owned(), text("a-key-of-the-fuzzer"));
    let Some(Ok(client)) =
        llm::provider(provider).map(|row| Client::build("Fuzz", row, &options, &BTreeMap::new()))
    else {
        panic!("{provider} cannot be built");
    };
    assert_eq!(stream(&client, media_type, &[body]), stream(&client, media_type, pieces));
}

fn stream(
    client: &Client,
    media_type: &str,
    pieces: &[&[u8]],
) -> (Vec<Delta>, Result<StreamEnd, Box<ReplyError>>) {
    let headers = [("content-type".to_owned(), media_type.to_owned())];
    let mut decoder = Decoder::new(client, 200, &headers).keep_events();
    let mut deltas = Vec::new();
    for piece in pieces {
        // What went wrong is told at the end, too.
        let _ = decoder.push(piece, &mut deltas);
    }
    let end = decoder.finish(&mut deltas);
    (deltas, end)
}

/// Cuts whose distances the seed says.
fn pieces(body: &[u8], seed: [u8; 4]) -> Vec<&[u8]> {
    let mut rest = body;
    let mut pieces = Vec::new();
    for step in seed.iter().cycle() {
        let (piece, left) = rest.split_at(rest.len().min(usize::from(*step) % 32 + 1));
        pieces.push(piece);
        rest = left;
        if rest.is_empty() {
            break;
        }
    }
    pieces
}

/// The bytes as messages: each begins with the length of its headers and that of its payload.
fn with_checksums(mut bytes: &[u8]) -> Vec<u8> {
    let mut stream = Vec::new();
    while let Some((&[headers, payload], rest)) = bytes.split_first_chunk::<2>() {
        let length = usize::from(headers) + usize::from(payload);
        let (content, rest) = rest.split_at(rest.len().min(length));
        let headers = u32::try_from(content.len()).unwrap_or_default().min(headers.into());
        let all = 16 + u32::try_from(content.len()).unwrap_or_default();
        let mut message = [all.to_be_bytes(), headers.to_be_bytes()].concat();
        message.extend(checksum(&message).to_be_bytes());
        message.extend_from_slice(content);
        message.extend(checksum(&message).to_be_bytes());
        stream.extend(message);
        bytes = rest;
    }
    stream
}

/// The checksum of the format, written apart from the decoder's.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}
