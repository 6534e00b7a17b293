//! Numbers as htslib prints them: six digits that count, as `%g` of C has them.

/// Appends a number, as `kputd` of htslib does (kstring.c, 1.21 to 1.23; up to 1.18 it rounds 68011.25 up): of numbers from 0.0001 to
/// 999999 six digits without an exponent, ties to the even digit; others as `%g` has them.
pub(super) fn append(out: &mut Vec<u8>, number: f32) {
    let mut number = f64::from(number);
    if number.is_sign_negative() && !number.is_nan() {
        out.push(b'-');
        number = -number;
    }
    match number {
        0.0 => out.push(b'0'),
        0.0001..=999_999.0 => append_plain(out, number),
        _ => append_general(out, number),
    }
}

/// How many decimals a number below each bound has.
const DECIMALS: [(f64, usize); 9] = [
    (0.001, 9),
    (0.01, 8),
    (0.1, 7),
    (1.0, 6),
    (10.0, 5),
    (100.0, 4),
    (1000.0, 3),
    (10_000.0, 2),
    (100_000.0, 1),
];

fn append_plain(out: &mut Vec<u8>, number: f64) {
    let bound = DECIMALS.iter().find(|(bound, _)| number < *bound);
    let decimals = bound.map_or(0, |(_, decimals)| *decimals);
    let unit = 10_u64.pow(decimals as u32);
    let digits = (number * unit as f64).round_ties_even() as u64;
    crate::encode::number(out, (digits / unit) as usize);
    let mut decimals_left = digits % unit;
    if decimals_left > 0 {
        out.push(b'.');
        let mut unit = unit / 10;
        while decimals_left > 0 {
            out.push(b'0' + (decimals_left / unit) as u8);
            decimals_left %= unit;
            unit = (unit / 10).max(1);
        }
    }
}

/// As `%g` has it: `1.5e-05`, `1e+06`, `inf`, `nan`.
fn append_general(out: &mut Vec<u8>, number: f64) {
    if !number.is_finite() {
        out.extend_from_slice(if number.is_nan() { b"nan" } else { b"inf" });
        return;
    }
    let text = format!("{number:.5e}");
    let Some((digits, exponent)) = text.split_once('e') else {
        return;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    // What is rounded to 0.0001 or to 999999 has no exponent, though the number itself is beyond these.
    if let decimals @ 0..=9 = 5 - exponent {
        let text = format!("{number:.*}", decimals as usize);
        let text = if decimals > 0 { trimmed(&text) } else { &text };
        return out.extend_from_slice(text.as_bytes());
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    out.extend_from_slice(format!("{}e{sign}{:02}", trimmed(digits), exponent.abs()).as_bytes());
}

/// Decimals without the zeros at their end.
fn trimmed(digits: &str) -> &str {
    digits.trim_end_matches('0').trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(number: f32) -> String {
        let mut out = Vec::new();
        append(&mut out, number);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_printed_as_htslib_prints_them() {
        for (number, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (1.0 / 3.0, "0.333333"),
            (-12.5, "-12.5"),
            (0.00012345678, "0.000123457"),
            // As a float it is 9.99999975e-05.
            (0.0001, "0.0001"),
            (0.000099, "9.9e-05"),
            (0.00001, "1e-05"),
            (123_456.7, "123457"),
            (999_999.0, "999999"),
            (999_999.25, "999999"),
            (999_999.5, "1e+06"),
            (1_000_000.0, "1e+06"),
            (1_234_567.0, "1.23457e+06"),
            (3.4e38, "3.4e+38"),
            (1e-40, "9.99995e-41"),
            (100.0, "100"),
            (1.000_01, "1.00001"),
            (f32::INFINITY, "inf"),
            (f32::NEG_INFINITY, "-inf"),
            (f32::NAN, "nan"),
        ] {
            assert_eq!(printed(number), expected);
        }
    }
}
