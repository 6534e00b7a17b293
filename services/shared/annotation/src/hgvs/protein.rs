//! Changes of proteins: `p.Ala52Thr`.

use reference::genetic_code::STOP;

/// An amino acid of the reference and where it stands, counted from 1.
pub(super) type Placed = (u8, usize);

/// A change of a protein, predicted from its gene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProteinChange {
    /// `p.?`: an effect is expected, but not known.
    Unknown,
    /// `p.Met1?`: the start codon is lost.
    StartLost,
    /// `p.Leu4=`: the same amino acids.
    Same { first: Placed, last: Option<Placed> },
    /// `p.Ala52Thr`, `p.Trp3Ter`: one for one.
    Substitution { from: Placed, to: u8 },
    /// `p.Ter514LysextTer5`: the stop is lost; `stop` says how many amino acids further the next one is, `Ter?` if there
    /// is none.
    Extension { from: Placed, to: u8, stop: Option<usize> },
    /// `p.Gly4ValfsTer7`: `stop` counts from the first changed amino acid, which is 1; `Ter?` if there is none.
    Frameshift { from: Placed, to: u8, stop: Option<usize> },
    /// `p.Phe33_Gly37del`
    Deletion { first: Placed, last: Placed },
    /// `p.Phe33_Gly37dup`
    Duplication { first: Placed, last: Placed },
    /// `p.Leu4_Gly5insAla`
    Insertion {
        before: Placed,
        after: Placed,
        inserted: Vec<u8>,
    },
    /// `p.Leu4_Gly5delinsAla`
    Replacement {
        first: Placed,
        last: Placed,
        inserted: Vec<u8>,
    },
}

impl ProteinChange {
    /// The same in a protein whose first amino acids are not counted.
    #[inline]
    pub(crate) fn counted_from(self, uncounted: usize) -> Self {
        match uncounted {
            0 => self,
            uncounted => self.without(uncounted),
        }
    }

    fn without(mut self, uncounted: usize) -> Self {
        let places: [Option<&mut Placed>; 2] = match &mut self {
            Self::Unknown | Self::StartLost => [None, None],
            Self::Same { first, last } => [Some(first), last.as_mut()],
            Self::Substitution { from, .. } | Self::Extension { from, .. } | Self::Frameshift { from, .. } => {
                [Some(from), None]
            }
            Self::Deletion { first, last } | Self::Duplication { first, last } => [Some(first), Some(last)],
            Self::Replacement { first, last, .. } => [Some(first), Some(last)],
            Self::Insertion { before, after, .. } => [Some(before), Some(after)],
        };
        if places.iter().flatten().any(|place| place.1 <= uncounted) {
            return Self::Unknown;
        }
        places.into_iter().flatten().for_each(|place| place.1 -= uncounted);
        self
    }
}

/// How many amino acids two begin with alike.
pub(crate) fn same_at_start(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// How many amino acids two end with alike.
pub(crate) fn same_at_end(one: &[u8], other: &[u8]) -> usize {
    let pairs = one.iter().rev().zip(other.iter().rev());
    pairs.take_while(|(one, other)| one == other).count()
}

/// The change of the amino acids `before`, which stand from the 0-based index `start` of the protein on, into `after`.
/// What comes after a new stop is not named.
pub(crate) fn local_change(protein: &[u8], start: usize, before: &[u8], after: &[u8]) -> ProteinChange {
    let placed = |index: usize| (protein.get(index).copied().unwrap_or(STOP), index + 1);
    if before == after {
        let last = start + before.len().max(1) - 1;
        return ProteinChange::Same {
            first: placed(start),
            last: (last > start).then(|| placed(last)),
        };
    }
    let prefix = same_at_start(before, after);
    let (start, before, after) = (start + prefix, &before[prefix..], &after[prefix..]);
    let suffix = same_at_end(before, after);
    let (before, after) = (&before[..before.len() - suffix], &after[..after.len() - suffix]);
    let has_new_stop = |stop: &usize| stop + 1 < after.len() || !before.contains(&STOP);
    let stop = after
        .iter()
        .position(|amino_acid| *amino_acid == STOP)
        .filter(has_new_stop);
    let after = &after[..stop.map_or(after.len(), |stop| stop + 1)];
    match (before, after) {
        (_, [STOP, ..]) => ProteinChange::Substitution {
            from: placed(start),
            to: STOP,
        },
        ([STOP], [to]) => ProteinChange::Extension {
            from: placed(start),
            to: *to,
            stop: None,
        },
        ([_], [to]) => ProteinChange::Substitution {
            from: placed(start),
            to: *to,
        },
        ([], inserted) if start >= inserted.len() && protein[..start].ends_with(inserted) => {
            ProteinChange::Duplication {
                first: placed(start - inserted.len()),
                last: placed(start - 1),
            }
        }
        // What is put in before the stop makes the protein longer at its end.
        ([], inserted @ [to, ..]) if start + 1 == protein.len() && protein[start] == STOP => ProteinChange::Extension {
            from: placed(start),
            to: *to,
            stop: Some(inserted.len()),
        },
        ([], inserted) if start > 0 => ProteinChange::Insertion {
            before: placed(start - 1),
            after: placed(start),
            inserted: inserted.to_vec(),
        },
        ([], _) => ProteinChange::Unknown,
        (gone, []) => ProteinChange::Deletion {
            first: placed(start),
            last: placed(start + gone.len() - 1),
        },
        (gone, new) => ProteinChange::Replacement {
            first: placed(start),
            last: placed(start + gone.len() - 1),
            inserted: new.to_vec(),
        },
    }
}

/// What becomes of a protein's stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopFate {
    /// It is where it was, as far as the bases tell.
    Kept,
    /// It is lost.
    Lost,
    /// Another one comes before it.
    New,
}

impl StopFate {
    /// Of one that is lost, or that comes earlier.
    pub(crate) fn of(is_lost: bool, is_new: bool) -> Self {
        match (is_lost, is_new) {
            (true, _) => Self::Lost,
            (_, true) => Self::New,
            _ => Self::Kept,
        }
    }
}

/// The change of a whole protein into one that was read from changed bases, up to its first stop if it has one.
/// `shifts_frame` and `stop` say what the bases tell, which amino acids alone do not.
pub(crate) fn whole_change(protein: &[u8], changed: &[u8], shifts_frame: bool, stop: StopFate) -> ProteinChange {
    let loses_stop = stop == StopFate::Lost;
    let has_stop = changed.last() == Some(&STOP);
    let same = same_at_start(protein, changed);
    let is_last = same + 1 == protein.len();
    // Where the same stop stands, what is missing before it was taken out.
    let is_cut = shifts_frame || stop == StopFate::New;
    match (protein.get(same), changed.get(same)) {
        (Some(&STOP), Some(&to)) if is_last && (shifts_frame || loses_stop) => ProteinChange::Extension {
            from: (STOP, same + 1),
            to,
            stop: has_stop.then(|| changed.len() - 1 - same),
        },
        (Some(&from), Some(&STOP)) if is_cut && same + 1 == changed.len() && !is_last => ProteinChange::Substitution {
            from: (from, same + 1),
            to: STOP,
        },
        (Some(&from), Some(&to)) if shifts_frame => ProteinChange::Frameshift {
            from: (from, same + 1),
            to,
            stop: has_stop.then(|| changed.len() - same),
        },
        (Some(&from), Some(_)) if loses_stop && has_stop => ProteinChange::Replacement {
            first: (from, same + 1),
            last: (STOP, protein.len()),
            inserted: changed[same..].to_vec(),
        },
        _ if shifts_frame || loses_stop || has_stop != (protein.last() == Some(&STOP)) => ProteinChange::Unknown,
        _ => local_change(protein, 0, protein, changed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROTEIN: &[u8] = b"MKLAAGGT*";

    #[test]
    fn changes_in_frame_are_named_as_hgvs_asks() {
        for (changed, expected) in [
            ("MKLAAGGT*", "p.Met1_Ter9="),
            ("MKRAAGGT*", "p.Leu3Arg"),
            ("MKLAGGT*", "p.Ala5del"),
            ("MKLAAT*", "p.Gly6_Gly7del"),
            ("MKLAAAGGT*", "p.Ala5dup"),
            ("MKLAAGGAGGT*", "p.Ala5_Gly7dup"),
            ("MKLAAWGGT*", "p.Ala5_Gly6insTrp"),
            ("MKWWAGGT*", "p.Leu3_Ala4delinsTrpTrp"),
            ("MKLWGGT*", "p.Ala4_Ala5delinsTrp"),
            ("MKLAAGG*", "p.Thr8del"),
            ("MKLAAGGTK", "p.?"),
        ] {
            assert_eq!(
                whole_change(PROTEIN, changed.as_bytes(), false, StopFate::Kept).to_string(),
                expected,
                "{changed}"
            );
        }
    }

    #[test]
    fn frameshifts_count_from_the_first_changed_amino_acid() {
        for (changed, expected) in [
            ("MKLRRW*", "p.Ala4ArgfsTer4"),
            ("MKL*", "p.Ala4Ter"),
            ("MKLRRWRRRRR", "p.Ala4ArgfsTer?"),
            ("MKLAAGGTRR", "p.Ter9ArgextTer?"),
            ("MKLAA", "p.?"),
        ] {
            assert_eq!(
                whole_change(PROTEIN, changed.as_bytes(), true, StopFate::Kept).to_string(),
                expected,
                "{changed}"
            );
        }
    }

    #[test]
    fn codons_change_in_place() {
        for (start, before, after, expected) in [
            (2, "L", "L", "p.Leu3="),
            (2, "LA", "LA", "p.Leu3_Ala4="),
            (2, "L", "R", "p.Leu3Arg"),
            (2, "L", "*", "p.Leu3Ter"),
            (2, "LA", "R*", "p.Leu3_Ala4delinsArgTer"),
            (8, "*", "W", "p.Ter9TrpextTer?"),
            (3, "", "*", "p.Ala4Ter"),
            (3, "", "G*", "p.Leu3_Ala4insGlyTer"),
        ] {
            let change = local_change(PROTEIN, start, before.as_bytes(), after.as_bytes());
            assert_eq!(change.to_string(), expected, "{start} {before} {after}");
        }
    }
}
