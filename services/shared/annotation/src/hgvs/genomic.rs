//! `m.`: names on the mitochondrial genome.

use crate::reference::Strand;
use crate::variant::Variant;

/// `m.3243A>G`, `m.8271_8279del`, `m.310dup`, without the accession; described at its 3'-most place. `None` for a
/// variant that changes nothing.
pub(crate) fn mitochondrial(variant: &Variant, sequence: &[u8]) -> Option<String> {
    let variant = variant.shifted_right(sequence);
    let (start, end) = (variant.start, variant.end());
    let (reference, alternate) = (text(&variant.reference), text(&variant.alternate));
    Some(match (variant.reference.len(), variant.alternate.len()) {
        (0, 0) => return None,
        (1, 1) => format!("m.{start}{reference}>{alternate}"),
        (_, 0) => format!("m.{}del", range(start, end)),
        (0, inserted)
            if start > inserted && sequence.get(start - 1 - inserted..start - 1) == Some(&*variant.alternate) =>
        {
            format!("m.{}dup", range(start - inserted, start - 1))
        }
        // The genome is a circle: after its last base comes its first.
        (0, _) if start > sequence.len() => format!("m.{}_1ins{alternate}", start - 1),
        (0, _) => format!("m.{}_{start}ins{alternate}", start - 1),
        (_, _) if Strand::Reverse.read(&variant.reference) == variant.alternate => {
            format!("m.{}inv", range(start, end))
        }
        (_, _) => format!("m.{}delins{alternate}", range(start, end)),
    })
}

fn range(start: usize, end: usize) -> String {
    if start == end {
        start.to_string()
    } else {
        format!("{start}_{end}")
    }
}

fn text(bases: &[u8]) -> String {
    String::from_utf8_lossy(bases).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Mitochondrion;

    #[test]
    fn names_follow_the_3_prime_rule() {
        let rcrs = &Mitochondrion::rcrs().sequence;
        for (pos, reference, alternate, name) in [
            (3243, "A", "G", "m.3243A>G"),
            (248, "AA", "A", "m.249del"),
            (309, "C", "CC", "m.309dup"),
            (309, "C", "CCC", "m.308_309dup"),
            (315, "C", "CC", "m.315dup"),
            (302, "A", "AC", "m.309dup"),
            (8270, "CACCCCCTCT", "C", "m.8281_8289del"),
            (3902, "ACCTTGC", "GCAAGGT", "m.3902_3908inv"),
            (8993, "TG", "CA", "m.8993_8994inv"),
            (8993, "TG", "CC", "m.8993_8994delinsCC"),
            (3106, "C", "CT", "m.3106_3107insT"),
            (16569, "G", "GA", "m.16569_1insA"),
        ] {
            let variant = Variant::new(pos, reference.as_bytes(), alternate.as_bytes());
            assert_eq!(
                mitochondrial(&variant, rcrs).as_deref(),
                Some(name),
                "{pos} {reference}>{alternate}"
            );
        }
        assert_eq!(mitochondrial(&Variant::new(5, b"A", b"A"), rcrs), None);
    }
}
