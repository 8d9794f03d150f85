//! The wall clock, and how its times are written. Durations use `std::time::Instant` where they are measured.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub(crate) fn unix_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

/// A length of time in whole milliseconds.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The time as ISO 8601 in UTC: `2026-11-22T08:30:00.000Z`.
#[must_use]
pub fn now_text() -> String {
    iso_8601(unix_ms())
}

/// Milliseconds since 1970 as `2026-11-22T08:30:00.000Z`.
pub(crate) fn iso_8601(unix_ms: u64) -> String {
    let (days, of_day) = (unix_ms / 86_400_000, unix_ms % 86_400_000);
    let (year, month, day) = civil(days);
    let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
    let (second, millisecond) = (of_day / 1000 % 60, of_day % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z")
}

/// Milliseconds since 1970 of a time written as ISO 8601: `2026-11-22T08:30:00Z`, with or without a fraction and
/// with `Z` or an offset. `None` for anything else, and for times before 1970.
pub(crate) fn parse_iso_8601(text: &str) -> Option<u64> {
    let (date, time) = text.trim().split_once(['T', 't', ' '])?;
    let numbers = |text: &str, separator: char| -> Option<[u64; 3]> {
        let mut parts = text.split(separator).map(|part| part.parse().ok());
        let numbers = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(numbers)
    };
    let [year, month, day] = numbers(date, '-')?;
    let (time, offset_minutes) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => offset(time)?,
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(time, ':')?;
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    if hour > 24 || minute > 59 || second > 60 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let milliseconds: u64 = fraction.chars().chain("000".chars()).take(3).collect::<String>().parse().ok()?;
    let seconds = ((days_before(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    let unix_ms = i64::try_from(seconds * 1000 + milliseconds).ok()? - offset_minutes * 60_000;
    u64::try_from(unix_ms).ok()
}

/// The time before an offset such as `+02:00`, and the offset in minutes.
fn offset(time: &str) -> Option<(&str, i64)> {
    let at = time.rfind(['+', '-'])?;
    let (time, offset) = time.split_at(at);
    let (hours, minutes) = offset[1..].split_once(':').or_else(|| offset[1..].split_at_checked(2))?;
    let minutes = i64::from(hours.parse::<u8>().ok()?) * 60 + i64::from(minutes.parse::<u8>().ok()?);
    Some((time, if offset.starts_with('-') { -minutes } else { minutes }))
}

/// The days from 1970 to a date, by the same calendar as [`civil`].
fn days_before(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

/// The date of a day counted from 1970, in the Gregorian calendar. Years begin in March inside, so that the
/// leap day is the last of its year; 719468 days lie between year 0 and 1970.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{iso_8601, parse_iso_8601};

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(iso_8601(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso_8601(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso_8601(1_795_336_200_123), "2026-11-22T08:30:00.123Z");
        assert_eq!(iso_8601(4_107_542_399_999), "2100-02-28T23:59:59.999Z");
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        for unix_ms in [0, 951_782_400_000, 1_795_336_200_123, 4_107_542_399_999] {
            assert_eq!(parse_iso_8601(&iso_8601(unix_ms)), Some(unix_ms));
        }
        assert_eq!(parse_iso_8601("2026-11-22T08:30:00Z"), Some(1_795_336_200_000));
        assert_eq!(parse_iso_8601("2026-11-22T10:30:00.5+02:00"), Some(1_795_336_200_500));
        assert_eq!(parse_iso_8601("2026-11-22T08:00:00-0030"), Some(1_795_336_200_000));
        assert_eq!(parse_iso_8601("2026-11-22T08:30:00.123456789Z"), Some(1_795_336_200_123));
        for text in
            ["", "now", "2026-11-22", "2026-13-22T08:30:00Z", "1969-12-31T23:59:59Z", "2026-11-22T08:30:00"]
        {
            assert_eq!(parse_iso_8601(text), None, "{text}");
        }
    }
}
