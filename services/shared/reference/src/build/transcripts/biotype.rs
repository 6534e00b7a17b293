//! Biotypes of RefSeq's transcripts: it has a type for each feature, where Ensembl has a biotype.

/// The biotype of a transcript by its type in RefSeq (`mRNA`, `lnc_RNA`) and the biotype of its gene, in the words that VEP has
/// for RefSeq's transcripts.
pub(super) fn of_refseq<'t>(kind: &'t str, gene: &'t str) -> &'t str {
    match kind {
        "mRNA" => "protein_coding",
        "lnc_RNA" => "lncRNA",
        // What is transcribed from a pseudogene has no type of its own.
        "transcript" | "misc_RNA" if gene.contains("pseudogene") => gene,
        "transcript" => "misc_RNA",
        kind => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::of_refseq;

    #[test]
    fn types_become_biotypes() {
        assert_eq!(of_refseq("mRNA", "protein_coding"), "protein_coding");
        assert_eq!(of_refseq("lnc_RNA", "lncRNA"), "lncRNA");
        assert_eq!(
            of_refseq("transcript", "transcribed_pseudogene"),
            "transcribed_pseudogene"
        );
        assert_eq!(of_refseq("transcript", "protein_coding"), "misc_RNA");
        assert_eq!(of_refseq("snoRNA", "snoRNA"), "snoRNA");
    }
}
