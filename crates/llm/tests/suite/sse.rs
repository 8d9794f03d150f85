//! Server-sent events: what the standard says of each, and that it does not matter how the bytes are cut.

use proptest::prelude::*;

use crate::llm::{EventTooLarge, SseDecoder, SseEvent};

fn decode(limit: usize, pieces: &[&[u8]]) -> (Vec<SseEvent>, Result<Option<SseEvent>, EventTooLarge>) {
    let mut decoder = SseDecoder::new(limit);
    let mut events = Vec::new();
    for piece in pieces {
        if let Err(error) = decoder.push(piece, &mut events) {
            assert_eq!(decoder.push(b"data: x\n\n", &mut events), Err(error), "nothing is read after it");
            return (events, Err(error));
        }
    }
    (events, Ok(decoder.into_unfinished()))
}

fn events(text: &str) -> Vec<SseEvent> {
    decode(1000, &[text.as_bytes()]).0
}

fn data(text: &str) -> Vec<String> {
    events(text).into_iter().map(|event| event.data).collect()
}

#[test]
fn fields() {
    let all = events("event: add\nid: 7\nretry: 1500\ndata: a\ndata:b\ndata:  c\nunknown: d\n\n");
    let expected = SseEvent {
        event: Some("add".to_owned()),
        data: "a\nb\n c".to_owned(),
        id: Some("7".to_owned()),
        retry: Some(1500),
    };
    assert_eq!(all, [expected]);
}

#[test]
fn fields_stay_with_their_event() {
    let all = events("event: a\nid: 1\n\nretry: 2\n\ndata: b\n\n");
    assert_eq!(all, [SseEvent { data: "b".to_owned(), ..SseEvent::default() }]);
}

#[test]
fn values_that_are_none() {
    let all = events("id: a\0b\nretry: 1s\nretry:\nretry: -1\nretry: 99999999999999999999\ndata\n\n");
    assert_eq!(all, [SseEvent::default()]);
}

#[test]
fn line_endings() {
    for ending in ["\n", "\r\n", "\r"] {
        let text = ": hello\ndata: a\ndata: b\n\n\ndata: c\n\n".replace('\n', ending);
        assert_eq!(data(&text), ["a\nb", "c"], "{ending:?}");
    }
    assert_eq!(data("data: a\r\ndata: b\n\rdata: c\r\r"), ["a\nb", "c"]);
}

#[test]
fn data_of_any_size() {
    // The examples of the standard.
    assert_eq!(data("data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);
    assert_eq!(
        data(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"),
        ["first event", "second event", " third event"]
    );
    assert_eq!(data("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
    assert_eq!(data("data:test\n\ndata: test\n\n"), ["test", "test"]);
}

#[test]
fn byte_order_mark() {
    assert_eq!(data("\u{feff}data: a\n\n"), ["a"]);
    assert_eq!(data("\u{feff}\u{feff}data: a\n\n"), Vec::<String>::new());
    assert_eq!(data("\n\u{feff}data: a\n\n"), Vec::<String>::new());
}

#[test]
fn an_unfinished_event_is_given_apart() {
    let unfinished = |text: &str| {
        let (events, rest) = decode(1000, &[text.as_bytes()]);
        assert_eq!(events, []);
        rest.unwrap().map(|event| event.data)
    };
    assert_eq!(unfinished("data: a"), Some("a".to_owned()));
    assert_eq!(unfinished("data: a\n"), Some("a".to_owned()));
    assert_eq!(unfinished("data: a\ndata: b"), Some("a\nb".to_owned()));
    assert_eq!(unfinished("event: a\n"), None);
    assert_eq!(unfinished(": a"), None);
    assert_eq!(unfinished(""), None);
}

#[test]
fn an_event_may_not_be_larger_than_the_limit() {
    let failed = Err(EventTooLarge { limit: 12 });
    let (events, rest) = decode(12, &[b"data: 123456\n\n"]);
    assert_eq!((events.len(), rest), (1, Ok(None)));
    assert_eq!(decode(12, &[b"data: 1234567\n\n"]), (vec![], failed.clone()));
    // A line without an end.
    assert_eq!(decode(12, &[b":234567890123"]), (vec![], failed.clone()));
    // Lines that fit, of an event that does not.
    let (events, rest) = decode(12, &[b"data: a\n\ndata: 123\ndata: 456\ndata: 789\n\ndata: b\n\n"]);
    assert_eq!((events.len(), rest), (1, failed));
    // The limit is one event's, not the stream's.
    let (events, rest) = decode(12, &[&b"data: 123456\n\n".repeat(100)]);
    assert_eq!((events.len(), rest), (100, Ok(None)));
}

/// To look again at what is there with each piece would take hours.
#[test]
fn a_long_line_in_small_pieces_is_read_once() {
    let mut decoder = SseDecoder::default();
    let mut events = Vec::new();
    decoder.push(b"data: ", &mut events).unwrap();
    for _ in 0..4_000_000 {
        decoder.push(b"x", &mut events).unwrap();
    }
    decoder.push(b"\n\n", &mut events).unwrap();
    assert_eq!(events[0].data.len(), 4_000_000);
}

proptest! {
    #[test]
    fn wherever_the_bytes_are_cut(bytes in stream(), cuts in cuts(), limit in limit()) {
        prop_assert_eq!(decode(limit, &[&bytes]), decode(limit, &pieces(&bytes, &cuts)));
    }

    #[test]
    fn as_the_standard_says(bytes in stream(), cuts in cuts()) {
        let (events, rest) = decode(1 << 20, &pieces(&bytes, &cuts));
        prop_assert!(rest.is_ok());
        prop_assert_eq!(events, by_the_standard(&bytes));
    }
}

/// The standard's own steps, over the whole text at once.
fn by_the_standard(bytes: &[u8]) -> Vec<SseEvent> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
    // What comes after the last line break is no line.
    let lines = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
    let mut events = Vec::new();
    let mut event = SseEvent::default();
    let mut data = String::new();
    for line in lines.split('\n') {
        if line.is_empty() {
            let mut event = std::mem::take(&mut event);
            event.data = std::mem::take(&mut data);
            if event.data.pop().is_some() {
                events.push(event);
            }
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => event.event = Some(value.to_owned()),
            "data" => data.push_str(&format!("{value}\n")),
            "id" if !value.contains('\0') => event.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                event.retry = value.parse().ok();
            }
            _ => {}
        }
    }
    events
}

/// Bytes that have much to do with events.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["\n", "\r", "\r\n", "\n\n", "\r\n\r\n"]).prop_map(|text| text.as_bytes().to_vec()),
        4 => prop::sample::select(vec!["data", "data:", "data: ", "event: ", "id: ", "retry: ", ":", " ", "0", "12", "\0"])
            .prop_map(|text| text.as_bytes().to_vec()),
        2 => prop::sample::select(vec!["\u{feff}", "é", "日", "😀"]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn limit() -> impl Strategy<Value = usize> {
    prop_oneof![0_usize..40, Just(1 << 20)]
}

/// Where a stream is cut, to be taken modulo its length.
pub(crate) fn cuts() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0_usize..100_000, 0..12)
}

pub(crate) fn pieces<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places.windows(2).map(|place| &bytes[place[0]..place[1]]).collect()
}
