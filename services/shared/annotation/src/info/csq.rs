//! CSQ: one entry for each allele and gene, its fields as Ensembl VEP has them, so that `bcftools +split-vep` and
//! vcf2maf read it.

use std::fmt::{self, Display};

use super::encode;
use crate::consequence::{Consequences, GeneEffect};
use crate::gene::{Gene, Strand};

/// The fields in their order.
pub(super) const FORMAT: &str = "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|\
    cDNA_position|CDS_position|Protein_position|Amino_acids|Codons|Existing_variation|DISTANCE|STRAND|FLAGS|SYMBOL_SOURCE|HGNC_ID";

/// One entry.
pub(crate) struct Csq<'a> {
    /// The allele as VEP names it.
    pub(crate) allele: &'a [u8],
    /// Its consequences.
    pub(crate) consequences: Consequences,
    /// The gene and what happens to it; nothing between genes.
    pub(crate) gene: Option<(&'a Gene, &'a GeneEffect)>,
}

impl Csq<'_> {
    /// Appends the entry to the value of CSQ.
    pub(super) fn append(&self, out: &mut Vec<u8>) {
        let allele = std::str::from_utf8(self.allele).unwrap_or("?");
        let mut field = |value: &dyn Display| {
            encode::append(out, value);
            out.push(b'|');
        };
        field(&allele);
        field(&self.consequences);
        field(&self.consequences.impact().name());
        match self.gene {
            Some((gene, effect)) => fields_of_gene(gene, effect, &mut field),
            None => (0..19).for_each(|_| field(&"")),
        }
        let hgnc = self.gene.map_or("", |(gene, _)| gene.hgnc_id);
        encode::append(out, hgnc);
    }
}

fn fields_of_gene(gene: &Gene, effect: &GeneEffect, field: &mut impl FnMut(&dyn Display)) {
    field(&gene.symbol);
    field(&gene.gene_id);
    field(&"Transcript");
    // GenBank gives mitochondrial transcripts no accession of their own.
    field(&gene.symbol);
    field(&gene.biotype);
    field(&"1/1");
    field(&"");
    field(&"");
    match (&gene.coding, &effect.protein) {
        (Some(coding), Some(change)) => field(&format_args!("{}:{change}", coding.protein_id)),
        _ => field(&""),
    }
    field(&Place(effect.position));
    field(&Place(effect.position.filter(|_| gene.coding.is_some())));
    let codons = effect.codons.as_ref();
    field(&Place(codons.map(|codons| match codons.span.is_empty() {
        true => (codons.span.start / 3, codons.span.start / 3 + 1),
        false => (codons.span.start / 3 + 1, codons.span.end.div_ceil(3)),
    })));
    match codons {
        Some(codons) => field(&AminoAcids(&codons.amino_acids, &codons.changed_amino_acids)),
        None => field(&""),
    }
    match codons {
        Some(codons) => field(codons),
        None => field(&""),
    }
    field(&"");
    field(&"");
    field(&if gene.strand == Strand::Forward { "1" } else { "-1" });
    field(&"");
    field(&"HGNC");
}

/// `12` or `12-14`, counted from 1.
struct Place(Option<(usize, usize)>);

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Ok(()),
            Some((first, last)) if first == last => write!(f, "{first}"),
            Some((first, last)) => write!(f, "{first}-{last}"),
        }
    }
}

/// `A/T`, or `A` where nothing changes; `-` stands for none.
struct AminoAcids<'a>(&'a [u8], &'a [u8]);

impl Display for AminoAcids<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |letters: &'static str, amino_acids: &[u8]| {
            if amino_acids.is_empty() {
                letters.to_owned()
            } else {
                String::from_utf8_lossy(amino_acids).into_owned()
            }
        };
        f.write_str(&text("-", self.0))?;
        if self.0 == self.1 {
            Ok(())
        } else {
            write!(f, "/{}", text("-", self.1))
        }
    }
}
