//! Which member of a weighted client answers.

/// The member at this point of the line on which each member is as long as its weight; `unit` is from 0 up to
/// 1. A member without weight is never chosen.
pub(crate) fn pick(weights: &[f64], unit: f64) -> usize {
    let total: f64 = weights.iter().sum();
    let mut point = unit * total;
    let mut last = 0;
    for (position, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        if point < *weight {
            return position;
        }
        point -= weight;
        last = position;
    }
    // Rounding at the end of the line.
    last
}

/// The point from 0 up to 1 at which a key always lies: FNV-1a (64 bits) over the client's name, a zero byte
/// and the key, its bits mixed as splitmix64 ends, and the upper 53 of them taken as a fraction. Fixed for all
/// time and the same on every machine, so that whoever was given an arm keeps it; the name is in it, so that
/// the arms of two tests have nothing to do with each other.
pub(crate) fn sticky_unit(client: &str, key: &str) -> f64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in client.bytes().chain([0]).chain(key.bytes()) {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
    let fraction = (hash >> 11) as f64 / (1_u64 << 53) as f64;
    fraction
}

#[cfg(test)]
mod tests {
    use super::{pick, sticky_unit};

    #[test]
    fn each_member_has_its_part_of_the_line() {
        let weights = [90.0, 0.0, 10.0];
        assert_eq!([0.0, 0.5, 0.899, 0.9, 0.999].map(|unit| pick(&weights, unit)), [0, 0, 0, 2, 2]);
        assert_eq!(pick(&[0.0, 1.0, 0.0], 0.0), 1);
        assert_eq!(pick(&[0.1, 0.1, 0.0], 1.0), 1);
    }

    #[test]
    fn a_key_lies_where_it_always_lay() {
        assert!((sticky_unit("AB", "user-1") - 0.635_355_8).abs() < 1e-6, "{}", sticky_unit("AB", "user-1"));
        let units: Vec<f64> = (0..10_000).map(|user| sticky_unit("AB", &format!("user-{user}"))).collect();
        assert!(units.iter().all(|unit| (0.0..1.0).contains(unit)));
        for tenth in 0..10 {
            let from = f64::from(tenth) / 10.0;
            let count = units.iter().filter(|unit| (from..from + 0.1).contains(*unit)).count();
            assert!((880..1120).contains(&count), "{count} of 10000 lie in tenth {tenth}");
        }
    }
}
