//! Identifiers that sort by time: a prefix and a ULID (48 bits of milliseconds, 80 bits of randomness).

use crate::clock;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new identifier such as `bfcall_01JD3M8W5Q…`.
#[must_use]
pub fn identifier(prefix: &str) -> String {
    let time = u128::from(clock::unix_ms() & 0xFFFF_FFFF_FFFF);
    let number = (time << 80) | (fastrand::u128(..) & ((1 << 80) - 1));
    let mut text = String::with_capacity(prefix.len() + 27);
    text.push_str(prefix);
    text.push('_');
    for position in (0..26).rev() {
        let digit = (number >> (position * 5)) & 31;
        text.push(char::from(CROCKFORD[usize::try_from(digit).unwrap_or(0)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn identifiers_are_distinct_and_well_formed() {
        let (first, second) = (identifier("bfcall"), identifier("bfcall"));
        assert_ne!(first, second);
        assert_eq!(first.len(), "bfcall_".len() + 26);
        assert!(
            first["bfcall_".len()..].bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        );
    }
}
