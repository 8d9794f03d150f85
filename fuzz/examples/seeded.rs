//! The align target without cargo-fuzz: `cargo run --release --example seeded -- SECONDS SEED`. Prints the input that
//! breaks a promise.

use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = |otherwise: u64| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (seconds, seed) = (next(60), next(1));
    let begin = Instant::now();
    let mut state = seed;
    let mut count = 0_u64;
    while begin.elapsed() < Duration::from_secs(seconds) {
        let mut random = || {
            // splitmix64
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        };
        let length = 20 + random() % 120;
        let data: Vec<u8> = (0..length).map(|_| random().to_le_bytes()[0]).collect();
        if std::panic::catch_unwind(|| baml_fuzz::align(&data)).is_err() {
            println!("seed {seed}, input {count}: {data:?}");
            std::process::exit(1);
        }
        count += 1;
    }
    println!("{count} inputs, no finding");
}
