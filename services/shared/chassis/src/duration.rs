//! Durations as people write them.

use std::time::Duration;

/// Reads `30m`, `90s` or `1h 30m`; the error says what is wrong. For clap's `value_parser`.
pub fn parse(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration.is_zero() => Err("the duration must be longer than nothing".to_owned()),
        Ok(duration) => Ok(duration),
        Err(error) => Err(format!("{error} (write 30m, 90s or 1h 30m)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(parse("30m").unwrap(), Duration::from_secs(1800));
        assert_eq!(parse("1h 30m").unwrap(), Duration::from_secs(5400));
        assert!(parse("0s").is_err());
        assert!(parse("90").unwrap_err().contains("write 30m"));
    }
}
