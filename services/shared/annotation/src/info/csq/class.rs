//! VARIANT_CLASS: what kind of change an allele is, in the terms of the Sequence Ontology that Ensembl VEP has for it.
//!
//! The class is that of each allele in its smallest form. VEP has one class for all alleles of a record, as the file
//! writes them, and calls a mixture `sequence_alteration`. Sources: `SO_variation_class` of ensembl-variation's
//! Utils/Sequence.pm, `get_SO_term` of ensembl-vep's Parser.pm, and
//! <https://www.ensembl.org/info/genome/variation/prediction/classification.html>.

use reference::Edit;

/// The class of an allele of bases.
pub(crate) fn class_of_edit(edit: &Edit) -> &'static str {
    match (edit.deleted(), edit.inserted.len()) {
        (1, 1) => "SNV",
        (0, _) => "insertion",
        (_, 0) => "deletion",
        (from, to) if from == to => "substitution",
        _ => "indel",
    }
}

/// The class of a symbolic allele, of the text between `<` and `>`, or `BND`.
pub(crate) fn class_of_symbol(symbol: &[u8]) -> &'static str {
    let symbol = String::from_utf8_lossy(symbol).to_ascii_uppercase();
    let parts: Vec<&str> = symbol.split(':').collect();
    match parts[..] {
        ["INS", "ME", element, ..] => inserted_element(element),
        ["INS", "ME"] => "mobile_element_insertion",
        ["DEL", "ME", element, ..] => deleted_element(element),
        ["DEL", "ME"] => "mobile_element_deletion",
        ["DUP", "TANDEM", ..] | ["CNV", "TR", ..] | ["TDUP", ..] => "tandem_duplication",
        ["INS", ..] => "insertion",
        ["DEL", ..] => "deletion",
        ["DUP", ..] => "duplication",
        ["INV", ..] => "inversion",
        ["CNV", ..] => "copy_number_variation",
        ["BND", ..] => "chromosome_breakpoint",
        [copies] => class_of_copies(copies),
        _ => "sequence_alteration",
    }
}

/// `<CN0>` or `<CN=0>`: a chromosome without the region, with it, or with more of it.
fn class_of_copies(symbol: &str) -> &'static str {
    let copies = symbol.strip_prefix("CN").map(|copies| copies.trim_start_matches('='));
    match copies.map(str::parse::<u32>) {
        Some(Ok(0)) => "deletion",
        Some(Ok(2)) => "duplication",
        Some(Ok(_)) => "copy_number_variation",
        _ => "sequence_alteration",
    }
}

fn inserted_element(element: &str) -> &'static str {
    match element {
        "ALU" => "Alu_insertion",
        "HERV" => "HERV_insertion",
        "LINE1" | "L1" => "LINE1_insertion",
        "SVA" => "SVA_insertion",
        _ => "mobile_element_insertion",
    }
}

fn deleted_element(element: &str) -> &'static str {
    match element {
        "ALU" => "Alu_deletion",
        "HERV" => "HERV_deletion",
        "LINE1" | "L1" => "LINE1_deletion",
        "SVA" => "SVA_deletion",
        _ => "mobile_element_deletion",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alleles_of_bases_have_the_classes_of_vep() {
        for (reference, alternate, expected) in [
            ("A", "G", "SNV"),
            // The same change, written with a base that stays.
            ("CA", "CG", "SNV"),
            ("AT", "GC", "substitution"),
            ("A", "AT", "insertion"),
            ("AT", "A", "deletion"),
            ("AT", "GCC", "indel"),
            ("ATG", "C", "indel"),
        ] {
            let edit = Edit::new(10, reference.as_bytes(), alternate.as_bytes()).unwrap();
            assert_eq!(class_of_edit(&edit), expected, "{reference}>{alternate}");
        }
    }

    #[test]
    fn symbolic_alleles_have_the_classes_of_vep() {
        for (symbol, expected) in [
            ("DEL", "deletion"),
            ("DUP", "duplication"),
            ("DUP:TANDEM", "tandem_duplication"),
            ("CNV:TR", "tandem_duplication"),
            ("INS", "insertion"),
            ("INS:ME", "mobile_element_insertion"),
            ("INS:ME:ALU", "Alu_insertion"),
            ("INS:ME:L1", "LINE1_insertion"),
            ("DEL:ME:SVA", "SVA_deletion"),
            ("INV", "inversion"),
            ("CNV", "copy_number_variation"),
            ("CN0", "deletion"),
            ("CN=2", "duplication"),
            ("CN3", "copy_number_variation"),
            ("BND", "chromosome_breakpoint"),
            ("X", "sequence_alteration"),
        ] {
            assert_eq!(class_of_symbol(symbol.as_bytes()), expected, "{symbol}");
        }
    }
}
