//! Dates in HTTP headers, and the calendar behind them.

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const SECONDS_PER_DAY: u64 = 86_400;

/// The Unix time, in seconds, of a date as RFC 9110 has servers write it: `Sun, 06 Nov 1994 08:49:37 GMT`.
/// `None` for any other text, for dates before 1970, and for days that the calendar does not have. The weekday
/// must be a weekday, and is not compared with the date.
pub(crate) fn unix_seconds(text: &str) -> Option<u64> {
    let (weekday, rest) = text.split_once(", ")?;
    let rest = rest.strip_suffix(" GMT")?;
    let mut words = rest.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || !WEEKDAYS.contains(&weekday) {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == month)?;
    let (day, year) = (digits(day, 2)?, digits(year, 4)?);
    if year < 1970 || day < 1 || day > days_in_month(month, year) {
        return None;
    }
    let days_of_months: u64 = (0..month).map(|earlier| days_in_month(earlier, year)).sum();
    let days = days_before_year(year) - days_before_year(1970) + days_of_months + day - 1;
    Some(days * SECONDS_PER_DAY + seconds_of_day(time)?)
}

fn seconds_of_day(time: &str) -> Option<u64> {
    let mut parts = time.split(':');
    let (hour, minute, second) =
        (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    // 60 is a leap second.
    let fits = hour < 24 && minute < 60 && second <= 60 && parts.next().is_none();
    fits.then_some(hour * 3600 + minute * 60 + second)
}

/// A number of exactly so many digits, at most four.
fn digits(text: &str, count: usize) -> Option<u64> {
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Days of all years before this one, from the year 1.
fn days_before_year(year: u64) -> u64 {
    let before = year - 1;
    before * 365 + before / 4 - before / 100 + before / 400
}

/// `month` counts from 0.
fn days_in_month(month: usize, year: u64) -> u64 {
    match month {
        1 if is_leap(year) => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// The year, month and day of the month, both from 1, of so many days after 1 January 1970.
pub(crate) fn date_of_day(days: u64) -> (u64, u64, u64) {
    // Counted from 1 March of the year 0, so that leap days come last, in eras of 400 years.
    const DAYS_PER_ERA: u64 = 146_097;
    let days = days + 719_468;
    let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (DAYS_PER_ERA - 1)) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{MONTHS, SECONDS_PER_DAY, date_of_day, unix_seconds};

    #[test]
    fn reads_dates() {
        // Expected values from `date -u -d ... +%s`.
        assert_eq!(unix_seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(unix_seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(unix_seconds("Tue, 29 Feb 2000 23:59:59 GMT"), Some(951_868_799));
        assert_eq!(unix_seconds("Thu, 31 Dec 2026 12:00:00 GMT"), Some(1_798_718_400));
        assert_eq!(unix_seconds("Mon, 01 Mar 2100 00:00:00 GMT"), Some(4_107_542_400));
        assert_eq!(unix_seconds("Fri, 31 Dec 9999 23:59:60 GMT"), Some(253_402_300_800));
    }

    /// Day by day as a calendar on the wall is turned, over every kind of century.
    #[test]
    fn every_day_is_one_day_after_the_last() {
        const LENGTHS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut seconds = 0;
        for year in 1970..2405 {
            let is_leap = if year % 100 == 0 { year % 400 == 0 } else { year % 4 == 0 };
            for (number, (month, length)) in (1..).zip(MONTHS.iter().zip(LENGTHS)) {
                for day in 1..=length + u64::from(is_leap && *month == "Feb") {
                    let date = format!("Mon, {day:02} {month} {year} 00:00:01 GMT");
                    assert_eq!(unix_seconds(&date), Some(seconds + 1), "{date}");
                    assert_eq!(date_of_day(seconds / SECONDS_PER_DAY), (year, number, day), "{date}");
                    seconds += SECONDS_PER_DAY;
                }
            }
        }
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "7",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Day, 06 Nov 1994 08:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Thu, 29 Feb 2001 00:00:00 GMT",
            "Thu, 31 Apr 2026 00:00:00 GMT",
            "Thu, 00 Apr 2026 00:00:00 GMT",
            "Thu, 01 Apr 2026 24:00:00 GMT",
            "Thu, 01 Apr 2026 00:60:00 GMT",
            "Thu, 01 Apr 2026 00:00:61 GMT",
            "Thu, 01 Apr 2026 00:00:00:00 GMT",
            "Thu, 01 Apr 2026 00:00 GMT",
            "Thu, 01 Apr 2026  00:00:00 GMT",
            "Thu, +1 Apr 2026 00:00:00 GMT",
            "Thu, 01 Apr ２026 00:00:00 GMT",
        ] {
            assert_eq!(unix_seconds(text), None, "{text}");
        }
    }
}
