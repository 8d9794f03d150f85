//! How long to wait before a retry.

use std::time::Duration;

use schema::RetryStrategy;

/// The wait before the retry of this number; the first retry is number 1. The first wait of an exponential
/// strategy is `delay_ms` itself, and each next one is multiplied, up to the longest allowed.
pub(crate) fn before_retry(strategy: RetryStrategy, retry: u64) -> Duration {
    match strategy {
        RetryStrategy::Constant { delay_ms } => Duration::from_millis(delay_ms),
        RetryStrategy::Exponential { delay_ms, multiplier, max_delay_ms } => {
            let longest = Duration::from_millis(max_delay_ms);
            let exponent = i32::try_from(retry.saturating_sub(1)).unwrap_or(i32::MAX);
            #[expect(
                clippy::cast_precision_loss,
                reason = "a wait need not be exact to the millisecond after centuries"
            )]
            let seconds = delay_ms as f64 * multiplier.powi(exponent) / 1000.0;
            // Too large, or not a number when zero meets infinity: as long as allowed.
            Duration::try_from_secs_f64(seconds.max(0.0)).map_or(longest, |wait| wait.min(longest))
        }
    }
}

#[cfg(test)]
mod tests {
    use schema::RetryStrategy;

    use super::before_retry;

    #[test]
    fn waits_grow_up_to_the_longest() {
        let strategy = RetryStrategy::Exponential { delay_ms: 100, multiplier: 2.0, max_delay_ms: 300 };
        let waits: Vec<u128> =
            [1, 2, 3, 4, u64::MAX].map(|retry| before_retry(strategy, retry).as_millis()).to_vec();
        assert_eq!(waits, [100, 200, 300, 300, 300]);
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        for multiplier in [0.0, -2.0, f64::NAN, f64::INFINITY, 1e300] {
            let strategy = RetryStrategy::Exponential { delay_ms: 0, multiplier, max_delay_ms: 50 };
            for retry in [1, 2, 1_000_000] {
                assert!(before_retry(strategy, retry).as_millis() <= 50, "{multiplier} {retry}");
            }
        }
    }
}
