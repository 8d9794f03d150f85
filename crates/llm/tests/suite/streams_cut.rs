//! Whatever the bytes of a streamed answer and however they are cut: no panic, and always the same outcome.

use proptest::prelude::*;

use crate::sse::{cuts, pieces};
use crate::streams::{Stream, all};

proptest! {
    #[test]
    fn streams_in_any_pieces(stream in recorded(), cuts in cuts()) {
        let client = stream.client();
        prop_assert_eq!(stream.decode(&client, &[&stream.body]), stream.decode(&client, &pieces(&stream.body, &cuts)));
    }

    #[test]
    fn spoilt_streams_in_any_pieces(stream in recorded(), damage in damage(), cuts in cuts()) {
        let stream = Stream { body: spoil(&stream.body, &damage), ..stream };
        let client = stream.client();
        prop_assert_eq!(stream.decode(&client, &[&stream.body]), stream.decode(&client, &pieces(&stream.body, &cuts)));
    }

    #[test]
    fn random_bytes_in_any_pieces(
        stream in recorded(),
        body in prop::collection::vec(any::<u8>(), 0..200),
        status in prop_oneof![Just(200_u16), any::<u16>()],
        cuts in cuts(),
    ) {
        let stream = Stream { status, body, ..stream };
        let client = stream.client();
        prop_assert_eq!(stream.decode(&client, &[&stream.body]), stream.decode(&client, &pieces(&stream.body, &cuts)));
    }

    /// Nothing that a stream has shown is taken back when its end is missing.
    #[test]
    fn a_stream_cut_short_shows_a_beginning(stream in recorded(), place in 0_usize..100_000) {
        let client = stream.client();
        let whole = stream.decode(&client, &[&stream.body]);
        let start = stream.decode(&client, &[&stream.body[..place % (stream.body.len() + 1)]]);
        let (whole, start) = (whole.deltas, start.deltas);
        prop_assert!(whole.starts_with(&start), "{start:?} of {whole:?}");
    }
}

fn recorded() -> impl Strategy<Value = Stream> {
    prop::sample::select(all())
}

/// A range of the bytes, and what replaces it.
type Damage = (usize, usize, Vec<u8>);

fn damage() -> impl Strategy<Value = Damage> {
    let replacement = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..6),
        prop::sample::select(vec!["\n\n", "\r\n", "\r", "\u{feff}", "data:", "{", "\"", "null", "é"])
            .prop_map(|text| text.as_bytes().to_vec()),
    ];
    (0_usize..100_000, 0_usize..200, replacement)
}

fn spoil(bytes: &[u8], (place, length, replacement): &Damage) -> Vec<u8> {
    let start = place % (bytes.len() + 1);
    let end = bytes.len().min(start + length);
    [&bytes[..start], replacement, &bytes[end..]].concat()
}
