//! `p.`: names on a protein, from the protein before and after.

use crate::reference::{STOP, three_letters};

/// The name of a change from `before` to `after` (amino acids; `after` ends with its stop, if it has one). `at` is the
/// 0-based amino acid at which the coding sequence changes, which names a change that the protein does not show.
pub(crate) fn protein(before: &[u8], after: &[u8], at: usize, shifts_frame: bool, at_the_stop: bool) -> String {
    let Some(first) = (0..before.len().max(after.len())).find(|index| before.get(*index) != after.get(*index)) else {
        return unchanged(before, at);
    };
    let old = |index: usize| before.get(index).copied().unwrap_or(STOP);
    let residue = |index: usize| format!("{}{}", three_letters(old(index)), index + 1);
    match after.get(first) {
        Some(&STOP) if old(first) != STOP => format!("p.{}Ter", residue(first)),
        Some(new) if at_the_stop && old(first) == STOP => format!("p.{}{}extTer?", residue(first), three_letters(*new)),
        Some(new) if shifts_frame => {
            let stop = after.iter().skip(first).position(|acid| *acid == STOP);
            let length = stop.map_or("?".to_owned(), |length| (length + 1).to_string());
            format!("p.{}{}fsTer{length}", residue(first), three_letters(*new))
        }
        None if shifts_frame => format!("p.{}fsTer?", residue(first)),
        _ => in_frame(before, after, first),
    }
}

fn unchanged(before: &[u8], at: usize) -> String {
    match before.get(at) {
        Some(acid) => format!("p.{}{}=", three_letters(*acid), at + 1),
        None => "p.=".to_owned(),
    }
}

/// Substitutions, deletions, duplications, insertions: what is left between the common ends.
fn in_frame(before: &[u8], after: &[u8], first: usize) -> String {
    let rest = before.len().min(after.len()) - first;
    let common = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take(rest)
        .take_while(|(old, new)| old == new)
        .count();
    let (removed, inserted) = (
        &before[first..before.len() - common],
        &after[first..after.len() - common],
    );
    let residue = |index: usize| {
        format!(
            "{}{}",
            three_letters(before.get(index).copied().unwrap_or(STOP)),
            index + 1
        )
    };
    let range = |first: usize, last: usize| match first == last {
        true => residue(first),
        false => format!("{}_{}", residue(first), residue(last)),
    };
    let inserted_text: String = inserted.iter().map(|acid| three_letters(*acid)).collect();
    match (removed.len(), inserted.len()) {
        (1, 1) => format!("p.{}{inserted_text}", residue(first)),
        (0, length) if first >= length && before[first - length..first] == *inserted => {
            format!("p.{}dup", range(first - length, first - 1))
        }
        (0, _) => format!("p.{}_{}ins{inserted_text}", residue(first - 1), residue(first)),
        (length, 0) => format!("p.{}del", range(first, first + length - 1)),
        (length, _) => format!("p.{}delins{inserted_text}", range(first, first + length - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_named_by_what_differs() {
        let name = |before: &str, after: &str, frame| protein(before.as_bytes(), after.as_bytes(), 2, frame, false);
        for (before, after, frame, expected) in [
            ("MAVK*", "MAIK*", false, "p.Val3Ile"),
            ("MAVK*", "MAVK*", false, "p.Val3="),
            ("MAVK*", "MA*", false, "p.Val3Ter"),
            ("MAVK*", "MAK*", false, "p.Val3del"),
            ("MAVVK*", "MAVK*", false, "p.Val4del"),
            ("MAVK*", "MAVVK*", false, "p.Val3dup"),
            ("MAVK*", "MAVLK*", false, "p.Val3_Lys4insLeu"),
            ("MAVK*", "MALLLK*", false, "p.Val3delinsLeuLeuLeu"),
            ("MAVKLL*", "MAWPG*", true, "p.Val3TrpfsTer4"),
            ("MAVKLL*", "MAWPGTTT", true, "p.Val3TrpfsTer?"),
        ] {
            assert_eq!(name(before, after, frame), expected, "{before} {after}");
        }
        assert_eq!(protein(b"MAV*", b"MAVWL", 3, false, true), "p.Ter4TrpextTer?");
    }
}
