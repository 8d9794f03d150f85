//! Amazon's binary event streams: the vectors of AWS's own codec for Rust, every way in which bytes can be wrong, and
//! that it does not matter how they are cut.

use proptest::prelude::*;

use crate::llm::{EventStreamDecoder, EventStreamError, EventStreamMessage};
use crate::sse::{cuts, pieces};

/// With a header of every type, and with neither headers nor payload.
const FULL: &str = "000000960000007a8bb495fb0474727565000566616c736501046279746502320573686f7274034e2003696e74040007a1\
    20046c6f6e67050000000ba43b740005627974657306000a736f6d6520627974657303737472070008736f6d65207374720474696d65080000\
    00012a05f200047575696409b79bc914de214e13b8b2bc47e85b7f0b736f6d65207061796c6f616401a05860";
const WITHOUT_HEADERS: &str = "0000002400000000516356ad616e6f746865722074657374207061796c6f61648df80e65";
const WITHOUT_PAYLOAD: &str = "0000001f0000000f172dc2ab0b736f6d652d6865616465720301f4933c5cad";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

type Outcome = (Vec<EventStreamMessage>, Result<bool, EventStreamError>);

/// The messages, and whether the end was within one.
fn decode(limit: usize, pieces: &[&[u8]]) -> Outcome {
    let mut decoder = EventStreamDecoder::new(limit);
    let mut messages = Vec::new();
    for piece in pieces {
        if let Err(error) = decoder.push(piece, &mut messages) {
            let count = messages.len();
            assert_eq!(decoder.push(&bytes(WITHOUT_HEADERS), &mut messages), Err(error));
            assert_eq!(messages.len(), count, "nothing is read after it");
            return (messages, Err(error));
        }
    }
    (messages, Ok(decoder.is_within_a_message()))
}

/// A message with these headers as they are on the wire.
fn message(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).unwrap().to_be_bytes();
    let mut message = [length(16 + headers.len() + payload.len()), length(headers.len())].concat();
    message.extend(crc32fast::hash(&message).to_be_bytes());
    message.extend_from_slice(headers);
    message.extend_from_slice(payload);
    message.extend(crc32fast::hash(&message).to_be_bytes());
    message
}

fn only(bytes: &[u8]) -> Result<EventStreamMessage, EventStreamError> {
    let (mut messages, end) = decode(1000, &[bytes]);
    end.map(|is_within| {
        assert!(!is_within);
        messages.pop().unwrap()
    })
}

#[test]
fn vectors_of_aws() {
    let full = only(&bytes(FULL)).unwrap();
    assert_eq!(full.headers, [("str".to_owned(), "some str".to_owned())]);
    assert_eq!(full.header("str"), Some("some str"));
    assert_eq!((full.header("true"), full.payload.as_slice()), (None, b"some payload".as_slice()));
    let bare = only(&bytes(WITHOUT_HEADERS)).unwrap();
    assert_eq!((bare.headers.len(), bare.payload.as_slice()), (0, b"another test payload".as_slice()));
    let empty = only(&bytes(WITHOUT_PAYLOAD)).unwrap();
    assert_eq!(empty, EventStreamMessage::default());
}

#[test]
fn no_bit_can_change() {
    let good = bytes(FULL);
    for place in 0..good.len() {
        for bit in 0..8 {
            let mut spoilt = good.clone();
            spoilt[place] ^= 1 << bit;
            assert_eq!(only(&spoilt), Err(EventStreamError::Checksum), "bit {bit} of byte {place}");
        }
    }
}

#[test]
fn lengths_that_cannot_be() {
    let lengths = |message: u32, headers: u32| {
        let mut prelude = [message.to_be_bytes(), headers.to_be_bytes()].concat();
        prelude.extend(crc32fast::hash(&prelude).to_be_bytes());
        only(&prelude)
    };
    assert_eq!(lengths(0, 0), Err(EventStreamError::Length));
    assert_eq!(lengths(15, 0), Err(EventStreamError::Length));
    assert_eq!(lengths(20, 5), Err(EventStreamError::Length));
    assert_eq!(lengths(20, u32::MAX), Err(EventStreamError::Length));
    assert_eq!(lengths(1001, 0), Err(EventStreamError::TooLarge { limit: 1000 }));
    assert_eq!(lengths(u32::MAX, 0), Err(EventStreamError::TooLarge { limit: 1000 }));
}

#[test]
fn headers_that_cannot_be_read() {
    for headers in [
        b"\x04nam".as_slice(),
        b"\x01a",
        b"\x01a\x0a",
        b"\x01a\xff",
        b"\x01a\x02",
        b"\x01a\x05\0\0\0\0\0\0\0",
        b"\x01a\x06\0",
        b"\x01a\x06\0\x02x",
        b"\x01a\x07\xff\xffx",
        b"\x01a\x07\0\x01\xff",
        b"\x01\xff\x00",
        b"\x01a\x09123456789abcdef",
    ] {
        assert_eq!(only(&message(headers, b"payload")), Err(EventStreamError::Header), "{headers:?}");
    }
}

#[test]
fn what_came_before_a_fault_is_given_out() {
    let stream = [bytes(WITHOUT_PAYLOAD), bytes(WITHOUT_HEADERS), vec![0xff; 12]].concat();
    let (messages, end) = decode(1000, &[&stream]);
    assert_eq!((messages.len(), end), (2, Err(EventStreamError::Checksum)));
}

#[test]
fn a_cut_is_seen() {
    let stream = [bytes(WITHOUT_PAYLOAD), bytes(WITHOUT_HEADERS)].concat();
    let first = bytes(WITHOUT_PAYLOAD).len();
    for end in 0..=stream.len() {
        let (messages, is_within) = decode(1000, &[&stream[..end]]);
        let whole = usize::from(end >= first) + usize::from(end == stream.len());
        assert_eq!(messages.len(), whole, "{end}");
        assert_eq!(is_within, Ok(![0, first, stream.len()].contains(&end)), "{end}");
    }
}

fn header() -> impl Strategy<Value = (String, u8, Vec<u8>)> {
    let value = prop_oneof![
        prop::sample::select(vec![(0_u8, 0_usize), (1, 0), (2, 1), (3, 2), (4, 4), (5, 8), (8, 8), (9, 16)])
            .prop_flat_map(|(kind, size)| (Just(kind), prop::collection::vec(any::<u8>(), size))),
        ".{0,8}".prop_map(|text| (7, text.into_bytes())),
        prop::collection::vec(any::<u8>(), 0..8).prop_map(|bytes| (6, bytes)),
    ];
    ("[:a-z-]{1,8}", value).prop_map(|(name, (kind, value))| (name, kind, value))
}

type Written = (Vec<(String, u8, Vec<u8>)>, Vec<u8>);

fn written() -> impl Strategy<Value = Written> {
    (prop::collection::vec(header(), 0..4), prop::collection::vec(any::<u8>(), 0..40))
}

fn encode((headers, payload): &Written) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, kind, value) in headers {
        block.push(u8::try_from(name.len()).unwrap());
        block.extend_from_slice(name.as_bytes());
        block.push(*kind);
        if matches!(kind, 6 | 7) {
            block.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        }
        block.extend_from_slice(value);
    }
    message(&block, payload)
}

proptest! {
    #[test]
    fn what_is_written_is_read_in_any_pieces(all in prop::collection::vec(written(), 0..5), cuts in cuts()) {
        let stream: Vec<u8> = all.iter().flat_map(encode).collect();
        let (messages, end) = decode(1000, &pieces(&stream, &cuts));
        prop_assert_eq!(end, Ok(false));
        prop_assert_eq!(messages.len(), all.len());
        for (message, (headers, payload)) in messages.iter().zip(&all) {
            let texts: Vec<(String, String)> = headers
                .iter()
                .filter(|(_, kind, _)| *kind == 7)
                .map(|(name, _, value)| (name.clone(), String::from_utf8(value.clone()).unwrap()))
                .collect();
            prop_assert_eq!(&message.headers, &texts);
            prop_assert_eq!(&message.payload, payload);
        }
    }

    #[test]
    fn any_bytes_in_any_pieces(
        start in prop::collection::vec(written(), 0..3),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        // Behind a checksum that fits, lengths and headers are looked at.
        signed in any::<bool>(),
        cuts in cuts(),
    ) {
        let mut stream: Vec<u8> = start.iter().flat_map(encode).collect();
        stream.extend(if signed { message(&bytes, b"") } else { bytes });
        prop_assert_eq!(decode(1000, &[&stream]), decode(1000, &pieces(&stream, &cuts)));
    }
}
