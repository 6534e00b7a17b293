//! What AnnTools added to INFO, as VCF has it: each key declared and there once, with a list of values, which are encoded.
//!
//! AnnTools declared nothing, wrote a key once for each row that it found, and put semicolons between names and into texts. Readers
//! take what follows such a semicolon for a key. Those that write what they have read, as pysam does, cannot write keys that are not
//! declared.

use std::collections::BTreeSet;

use reference::tracks::REGION_TRACKS;

use crate::info::encoded_bytes;

/// The keys of what is no region track, and what they say.
const KEYS: [(&str, &str); 23] = [
    ("DB", "POS and REF, or the complement of REF, are in dbSNP"),
    ("VC", "Kind of the variant in dbSNP"),
    ("GMAF", "Frequencies of dbSNP's minor alleles"),
    ("name2", "Symbols of the genes here"),
    ("name", "RefSeq accessions of the transcripts here"),
    ("transcriptStrand", "Strands of transcripts"),
    ("positionType", "Where POS is in transcripts"),
    ("frame", "Place of the base in its codon, from 0; 0 is not written"),
    ("mrnaCoord", "Place of the base in the messenger"),
    ("codonCoord", "Number of the codon"),
    ("spliceDist", "Bases to the nearest splice site, negative before it"),
    ("referenceCodon", "Codon of the reference"),
    ("referenceAA", "Amino acid of the reference"),
    ("variantCodon", "Codon of the variant"),
    ("variantAA", "Amino acid of the variant"),
    ("changesAA", "Whether the amino acid changes"),
    ("functionalClass", "silent, missense, nonsense or readthrough"),
    ("codingCoordStr", "Change of the coding sequence"),
    ("proteinCoordStr", "Change of the protein"),
    ("inCodingRegion", "Whether POS is in coding sequence"),
    ("spliceInfo", "Splice site, and bases to it"),
    ("exon", "Exons of coding transcripts, and how many there are"),
    (
        "non_coding_exon",
        "Exons of transcripts that code for nothing, and how many there are",
    ),
];

/// Keys of the second half of `otherChrom`.
const OTHER: [&str; 2] = ["otherStart", "otherEnd"];

/// All keys, and what they say, but those in [`OTHER`].
fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    let regions = REGION_TRACKS.iter().flat_map(|track| track.anntools_keys);
    KEYS.iter().chain(regions).copied()
}

/// Header lines of the keys that the input does not declare itself.
pub(crate) fn header(declared: &BTreeSet<String>) -> String {
    let other = OTHER.map(|key| (key, "First or last base of the other copy"));
    let new = keys().chain(other).filter(|(key, _)| !declared.contains(*key));
    new.fold(String::new(), |lines, (key, description)| {
        let number = if key == "DB" {
            "Number=0,Type=Flag"
        } else {
            "Number=.,Type=String"
        };
        lines + &format!("##INFO=<ID={key},{number},Description=\"AnnTools: {description}\">\n")
    })
}

/// Appends INFO of a record, which has `own`, to which AnnTools added the rest of `info`. Keys that the record has itself stay
/// as they are.
pub(super) fn append(own: &[u8], info: &[u8], out: &mut Vec<u8>) {
    let begin = out.len();
    let own = if own == b"." { b"" } else { own.trim_ascii() };
    let added = info.strip_prefix(own).unwrap_or(info);
    out.extend_from_slice(own);
    let own: BTreeSet<&[u8]> = own.split(|byte| *byte == b';').map(key_of).collect();
    for (key, values) in lists(added).iter().filter(|(key, _)| !own.contains(key.as_bytes())) {
        if out.len() > begin && !out.ends_with(b";") {
            out.push(b';');
        }
        out.extend_from_slice(key.as_bytes());
        for (index, value) in values.iter().enumerate() {
            out.push(if index == 0 { b'=' } else { b',' });
            encoded_bytes(out, value.trim_ascii());
        }
    }
    if out.len() == begin {
        out.push(b'.');
    }
}

/// Each key once, in the order in which they come, with its values.
fn lists(added: &[u8]) -> Vec<(&'static str, Vec<&[u8]>)> {
    let mut lists: Vec<(&str, Vec<&[u8]>)> = Vec::new();
    let mut last = None;
    for field in added.split(|byte| *byte == b';') {
        let known = keys().map(|(key, _)| key).chain(OTHER);
        let key = known.into_iter().find(|key| key.as_bytes() == key_of(field));
        let value = match key {
            Some(key) => {
                let place = lists.iter().position(|(own, _)| *own == key);
                last = Some(place.unwrap_or(lists.len()));
                if place.is_none() {
                    lists.push((key, Vec::new()));
                }
                field.get(key.len() + 1..)
            }
            // What follows a semicolon inside of a value.
            None => Some(field),
        };
        let values = value.into_iter().flat_map(|value| value.split(|byte| *byte == b','));
        let values = values.filter(|value| !value.trim_ascii().is_empty() && *value != b".");
        if let Some(last) = last {
            lists[last].1.extend(values);
        }
    }
    lists
}

fn key_of(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == b'=').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_once_with_lists_of_encoded_values() {
        for (own, info, expected) in [
            (".", ".;positionType=interGenic", "positionType=interGenic"),
            ("DP=3", "DP=3;cytoBand=p1;q1", "DP=3;cytoBand=p1,q1"),
            (
                ".",
                "DB;GMAF=0.25;name2=A;name=NM_1;exon=ex1/2;name2=B;name=NM_2",
                "DB;GMAF=0.25;name2=A,B;name=NM_1,NM_2;exon=ex1/2",
            ),
            (
                "AC=1;",
                "AC=1;;gwasCatalog=pubMedID=123,trait=Tall; or = not",
                "AC=1;gwasCatalog=pubMedID%3D123,trait%3DTall,or%20%3D%20not",
            ),
            ("DB;DP=1", "DB;DP=1;DB;VC=SNV", "DB;DP=1;VC=SNV"),
            (".", ".", "."),
            ("DP=1", "DP=1;", "DP=1"),
            (
                "DP=1",
                "DP=1;;genomicSuperDups=True;otherChrom=chr2;otherStart=5;otherEnd=9",
                "DP=1;genomicSuperDups=True;otherChrom=chr2;otherStart=5;otherEnd=9",
            ),
        ] {
            let mut out = Vec::new();
            append(own.as_bytes(), info.as_bytes(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{info}");
        }
    }

    #[test]
    fn keys_that_the_input_declares_are_not_declared_again() {
        let lines = header(&["DB".to_owned()].into());
        assert!(
            !lines.contains("ID=DB,") && lines.contains("##INFO=<ID=otherEnd,Number=.,Type=String,"),
            "{lines}"
        );
        assert_eq!(lines.lines().count(), 37);
    }
}
