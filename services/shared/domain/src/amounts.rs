//! Numbers in words that people read: with commas, and sizes in units of 1,024.

/// A number with a comma between thousands.
#[must_use]
pub fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

/// A size in its unit, with one digit after the point unless that is 0: `1 byte`, `150 KB`, `1.4 MB`. A KB has 1,024
/// bytes.
#[must_use]
pub fn size(bytes: u64) -> String {
    let Some((bits, unit)) = [(30, "GB"), (20, "MB"), (10, "KB")]
        .into_iter()
        .find(|(bits, _)| bytes >> bits > 0)
    else {
        return format!("{} byte{}", with_commas(bytes), if bytes == 1 { "" } else { "s" });
    };
    let tenths = (u128::from(bytes) * 10 + (1 << (bits - 1))) >> bits;
    let whole = with_commas(u64::try_from(tenths / 10).unwrap_or(u64::MAX));
    match tenths % 10 {
        0 => format!("{whole} {unit}"),
        tenth => format!("{whole}.{tenth} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas() {
        assert_eq!(with_commas(0), "0");
        assert_eq!(with_commas(1_234_567), "1,234,567");
    }

    #[test]
    fn sizes_are_told_in_the_unit_that_people_would_choose() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1,023 bytes"),
            (1024, "1 KB"),
            (1603, "1.6 KB"),
            (153_600, "150 KB"),
            (1_048_575, "1,024 KB"),
            (1_500_000, "1.4 MB"),
            (5_368_709_120, "5 GB"),
            (107_374_182_400, "100 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
