//! What an allele does to the sequence: its kind, its length, its substitution.

use crate::filter::Kind;

/// What an allele does to the sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    /// How many bases are inserted or deleted; 0 if that is not known, or nothing is.
    pub(crate) length: i64,
    /// The bases of a substitution, in capitals.
    pub(crate) change: Option<(u8, u8)>,
}

const OTHER: Shape = Shape {
    kind: Kind::Other,
    length: 0,
    change: None,
};

/// `span` is how many bases the record goes on behind POS: those that `<DEL>` deletes.
pub(crate) fn shape(reference: &str, alternate: Option<&str>, span: i64) -> Shape {
    let (reference, alternate) = match alternate {
        Some(alternate) => (reference.as_bytes(), alternate.as_bytes()),
        None => return OTHER,
    };
    if alternate.starts_with(b"<DEL") {
        return Shape {
            kind: Kind::Deletion,
            length: span.max(0),
            change: None,
        };
    }
    if alternate.starts_with(b"<INS") {
        return Shape {
            kind: Kind::Insertion,
            ..OTHER
        };
    }
    if !reference.iter().chain(alternate).all(u8::is_ascii_alphabetic) {
        return OTHER;
    }
    let (reference, alternate) = trimmed(reference, alternate);
    match (reference, alternate) {
        ([from], [to]) => substitution(*from, *to),
        ([], inserted @ [_, ..]) => Shape {
            kind: Kind::Insertion,
            length: inserted.len() as i64,
            change: None,
        },
        (deleted @ [_, ..], []) => Shape {
            kind: Kind::Deletion,
            length: deleted.len() as i64,
            change: None,
        },
        _ => OTHER,
    }
}

fn substitution(from: u8, to: u8) -> Shape {
    let base = |byte: u8| Some(byte.to_ascii_uppercase()).filter(|byte| b"ACGT".contains(byte));
    Shape {
        kind: Kind::Snv,
        length: 0,
        change: base(from).zip(base(to)),
    }
}

/// Without the bases that both begin with, and then those that both end with.
fn trimmed<'a>(mut one: &'a [u8], mut other: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    while let ([first, one_rest @ ..], [other_first, other_rest @ ..]) = (one, other) {
        if !first.eq_ignore_ascii_case(other_first) {
            break;
        }
        (one, other) = (one_rest, other_rest);
    }
    while let ([one_rest @ .., last], [other_rest @ .., other_last]) = (one, other) {
        if !last.eq_ignore_ascii_case(other_last) {
            break;
        }
        (one, other) = (one_rest, other_rest);
    }
    (one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alleles_are_told_apart_without_the_bases_that_they_share() {
        let told = |reference: &str, alternate: &str| {
            let shape = shape(reference, Some(alternate), 5);
            (shape.kind, shape.length)
        };
        assert_eq!(told("A", "G"), (Kind::Snv, 0));
        assert_eq!(told("CA", "CG"), (Kind::Snv, 0));
        assert_eq!(told("C", "CAG"), (Kind::Insertion, 2));
        assert_eq!(told("CAA", "CA"), (Kind::Deletion, 1));
        assert_eq!(told("CAG", "CG"), (Kind::Deletion, 1));
        assert_eq!(told("CA", "GT"), (Kind::Other, 0));
        assert_eq!(told("C", "<DEL>"), (Kind::Deletion, 5));
        assert_eq!(told("C", "<INS:ME>"), (Kind::Insertion, 0));
        assert_eq!(told("C", "<DUP>"), (Kind::Other, 0));
        assert_eq!(told("C", "*"), (Kind::Other, 0));
        assert_eq!(told("C", "C]chr2:1]"), (Kind::Other, 0));
        assert_eq!(shape("c", Some("t"), 0).change, Some((b'C', b'T')));
        assert_eq!(shape("C", Some("N"), 0).change, None);
        assert_eq!(shape("C", None, 0).kind, Kind::Other);
    }
}
