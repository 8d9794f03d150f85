//! Streamed answers of providers: `streams/*.txt`, written as `curl -i` prints them, and what each means. A first
//! line `# {...}` tells of a client other than a plain one of OpenAI. Bodies of binary messages are in `*.http`:
//! `scripts/event_stream_cassettes.mjs` has them written by the codec of Amazon's own SDK.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::llm::{Client, Decoder, Delta, Placeholders, ReplyError, StreamEnd};
use crate::support;

#[test]
fn streams() {
    insta::glob!("streams/*.{txt,http}", |path| {
        let stream = Stream::read(path);
        insta::assert_snapshot!(stream.shown());
    });
}

#[test]
fn wherever_they_are_cut() {
    insta::glob!("streams/*.{txt,http}", |path| {
        let stream = Stream::read(path);
        let client = stream.client();
        let whole = stream.decode(&client, &[&stream.body]);
        let single: Vec<&[u8]> = stream.body.chunks(1).collect();
        assert_eq!(whole, stream.decode(&client, &single), "{} byte by byte", path.display());
        // Byte by byte meets every place; of long streams not every one is tried by itself.
        for place in (0..stream.body.len()).step_by(1 + stream.body.len() / 1000) {
            let (start, end) = stream.body.split_at(place);
            assert_eq!(whole, stream.decode(&client, &[start, end]), "{} cut at {place}", path.display());
        }
    });
}

/// Recorded streams for other tests.
pub(crate) fn all() -> Vec<Stream> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/streams");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| Stream::read(path)).collect()
}

#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) options: Value,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// All that is seen of a stream from outside.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) deltas: Vec<Delta>,
    pub(crate) end: Result<StreamEnd, Box<ReplyError>>,
    events: Vec<(Option<String>, String)>,
    is_done: bool,
    is_complete: bool,
    text: String,
}

impl Stream {
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let (head, body) = (std::str::from_utf8(&bytes[..end]).unwrap(), &bytes[end + 2..]);
        let mut lines = head.lines().peekable();
        let client = match lines.peek().and_then(|line| line.strip_prefix("# ")) {
            Some(client) => serde_json::from_str(client).unwrap(),
            None => json!({ "provider": "openai" }),
        };
        let mut lines = lines.skip_while(|line| line.starts_with("# "));
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self { options: client, status, headers, body: body.into() }
    }

    pub(crate) fn client(&self) -> Client {
        let environment = Placeholders(BTreeMap::new());
        let options = support::options(&self.options);
        let client = Client::build("Test", support::provider(&self.options), &options, &environment).unwrap();
        client.with_form(support::form(&self.options))
    }

    pub(crate) fn decode(&self, client: &Client, pieces: &[&[u8]]) -> Outcome {
        let mut decoder = Decoder::new(client, self.status, &self.headers).keep_events();
        let mut deltas = Vec::new();
        let mut pushed = Ok(());
        for piece in pieces {
            pushed = decoder.push(piece, &mut deltas);
        }
        let end = decoder.finish(&mut deltas);
        if let Err(error) = pushed {
            assert_eq!(end.as_ref(), Err(&error), "a failure stays");
        }
        let (mut text, mut reasoning) = (String::new(), String::new());
        for delta in &deltas {
            let (whole, added) = match delta {
                Delta::Text(added) => (&mut text, added),
                Delta::Reasoning(added) => (&mut reasoning, added),
                other => panic!("{other:?}"),
            };
            assert!(!added.is_empty());
            whole.push_str(added);
        }
        assert_eq!((text.as_str(), reasoning.as_str()), (decoder.text(), decoder.reasoning()));
        let events = decoder.take_events().into_iter().map(|record| (record.event, record.data)).collect();
        assert!(decoder.take_events().is_empty());
        Outcome {
            end,
            events,
            is_done: decoder.is_done(),
            is_complete: decoder.is_complete(),
            text: decoder.text().to_owned(),
            deltas,
        }
    }

    fn shown(&self) -> String {
        let client = self.client();
        let outcome = self.decode(&client, &[&self.body]);
        let mut text = String::new();
        for delta in &outcome.deltas {
            text.push_str(&format!("{delta:?}\n"));
        }
        match &outcome.end {
            Ok(StreamEnd { reply, skipped_events }) => {
                text.push_str(&format!("{reply:#?}\n"));
                if *skipped_events > 0 {
                    text.push_str(&format!("skipped events: {skipped_events}\n"));
                }
            }
            Err(error) => text.push_str(&format!("{error:#?}\n")),
        }
        text.push_str(&format!("done: {}, complete: {}\n", outcome.is_done, outcome.is_complete));
        text.push_str(&format!("events: {}\n", outcome.events.len()));
        text
    }
}
