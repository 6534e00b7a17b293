//! The values of a filter's fields, one by one, as they are read from an address.

use super::{FilterIs, FrequencyIs, GenotypeIs, Impact, Kind, LengthIs};
use crate::error::Wrong;
use crate::region::shown;

/// The most values of a field that is no region.
pub(super) const MOST_VALUES: usize = 2_000;
/// The longest value, in bytes.
const LONGEST: usize = 255;

/// Reads the values of a list, and leaves out those that are there already.
pub(super) fn each<T: PartialEq>(
    name: &'static str,
    value: &str,
    into: &mut Vec<T>,
    read: impl Fn(&str) -> Result<T, Wrong>,
) -> Result<(), Wrong> {
    let values = value.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';'));
    for value in values.filter(|value| !value.is_empty()) {
        if value.len() > LONGEST {
            return Err(Wrong::new(name, format!("“{}” is too long.", shown(value))));
        }
        let value = read(value)?;
        if into.contains(&value) {
            continue;
        }
        if into.len() == MOST_VALUES {
            let most = domain::with_commas(MOST_VALUES as u64);
            return Err(Wrong::new(
                name,
                format!("A filter has at most {most} values of one field."),
            ));
        }
        into.push(value);
    }
    Ok(())
}

pub(super) fn impact(name: &str) -> Result<Impact, Wrong> {
    let why = || format!("An impact is high, moderate, low or modifier, not “{}”.", shown(name));
    Impact::named(name).ok_or_else(|| Wrong::new("impact", why()))
}

pub(super) fn term(name: &str) -> Result<String, Wrong> {
    let why = || {
        format!(
            "“{}” is no consequence of the Sequence Ontology, such as missense_variant.",
            shown(name)
        )
    };
    let term = domain::sequence_ontology::terms()
        .iter()
        .find(|term| term.name.eq_ignore_ascii_case(name));
    Ok(term.ok_or_else(|| Wrong::new("consequence", why()))?.name.to_owned())
}

pub(super) fn kind(name: &str) -> Result<Kind, Wrong> {
    let why = || format!("A kind is snv, insertion, deletion or other, not “{}”.", shown(name));
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| kind.name().eq_ignore_ascii_case(name));
    kind.ok_or_else(|| Wrong::new("kind", why()))
}

pub(super) fn change(text: &str) -> Result<(u8, u8), Wrong> {
    let base = |byte: &u8| Some(byte.to_ascii_uppercase()).filter(|base| b"ACGT".contains(base));
    let found = match text.as_bytes() {
        [from, b'>', to] => base(from).zip(base(to)).filter(|(from, to)| from != to),
        _ => None,
    };
    found.ok_or_else(|| {
        Wrong::new(
            "change",
            format!("A substitution is written C>T, not “{}”.", shown(text)),
        )
    })
}

pub(super) fn known(value: &str) -> Result<bool, Wrong> {
    match value {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        other => Err(Wrong::new(
            "known",
            format!("Known is yes or no, not “{}”.", shown(other)),
        )),
    }
}

pub(super) fn frequency(value: &str) -> Result<FrequencyIs, Wrong> {
    let number = |text: &str| {
        let (digits, unit) = match text.trim().strip_suffix('%') {
            Some(digits) => (digits.trim(), 100.0),
            None => (text.trim(), 1.0),
        };
        let number = digits.parse::<f64>().ok().map(|number| number / unit);
        number.filter(|number| (0.0..=1.0).contains(number))
    };
    let between = || {
        let (from, to) = value.split_once('-')?;
        let (from, to) = (number(from)?, number(to)?);
        (from < to).then_some(FrequencyIs::Between(from, to))
    };
    let found = match value {
        "unknown" => Some(FrequencyIs::Unknown),
        value => number(value).map(FrequencyIs::AtMost).or_else(between),
    };
    let why = || {
        format!(
            "A frequency is a number from 0 to 1, or a percentage, not “{}”.",
            shown(value)
        )
    };
    found.ok_or_else(|| Wrong::new("frequency", why()))
}

pub(super) fn quality(value: &str) -> Result<f64, Wrong> {
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| {
        Wrong::new(
            "quality",
            format!("The least quality is a number, not “{}”.", shown(value)),
        )
    })
}

pub(super) fn filter_is(value: &str) -> Result<FilterIs, Wrong> {
    Ok(match value {
        "PASS" => FilterIs::Pass,
        other => FilterIs::Has(text("filter", other)?),
    })
}

pub(super) fn length(value: &str) -> Result<LengthIs, Wrong> {
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|length| *length >= 0);
    let found = match value.split_once('-') {
        None => number(value).map(|length| (length, length)),
        Some((from, "")) => number(from).map(|from| (from, i64::MAX)),
        Some((from, to)) => number(from).zip(number(to)),
    };
    let found = found
        .filter(|(from, to)| from <= to)
        .map(|(from, to)| LengthIs { from, to });
    found.ok_or_else(|| {
        Wrong::new(
            "length",
            format!("A length is written 3, 11-20 or 51-, not “{}”.", shown(value)),
        )
    })
}

pub(super) fn text(name: &'static str, value: &str) -> Result<String, Wrong> {
    match value.len() <= LONGEST {
        true => Ok(value.to_owned()),
        false => Err(Wrong::new(name, format!("“{}” is too long.", shown(value)))),
    }
}

pub(super) fn genotype(value: &str) -> Result<(String, GenotypeIs), Wrong> {
    let found = value.rsplit_once(':').and_then(|(sample, name)| {
        let is = GenotypeIs::ALL.into_iter().find(|is| is.name() == name)?;
        (!sample.is_empty()).then(|| (sample.to_owned(), is))
    });
    let how = "SAMPLE:het, or with hom_alt, hom_ref, carries or missing";
    found.ok_or_else(|| {
        Wrong::new(
            "genotype",
            format!("A genotype is written {how}, not “{}”.", shown(value)),
        )
    })
}
