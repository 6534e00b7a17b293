//! What is written into INFO: our keys, their definitions, and their encoding.

use crate::effect::Effect;
use crate::error::shown;
use crate::hgvs;
use crate::reference::{ACCESSION, Mitochondrion, in_control_region};
use crate::tracks::mitomap::Known;
use crate::variant::Variant;

/// Our keys with `Number`, `Type` and description.
const KEYS: [(&str, &str, &str, &str); 6] = [
    ("CSQ", ".", "String", CSQ),
    (
        "HGVSm",
        "A",
        "String",
        "Name of the allele after HGVS, on the mitochondrial genome NC_012920.1",
    ),
    (
        "MITOMAP_STATUS",
        "A",
        "String",
        "Whether MITOMAP counts the disease as confirmed (Cfrm) or as reported only",
    ),
    (
        "MITOMAP_DISEASE",
        "A",
        "String",
        "Diseases that MITOMAP associates with the allele",
    ),
    (
        "MITOMAP_AF",
        "A",
        "Float",
        "Share of the 61,883 complete human sequences in GenBank that have the allele, after MITOMAP",
    ),
    (
        "REF_MISMATCH",
        "0",
        "Flag",
        "REF is not what NC_012920.1 has at this position",
    ),
];

/// VEP's fields in VEP's order, so that its readers read ours.
const CSQ: &str = "Consequences by GAS. Format: Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|\
     HGVSc|HGVSp|cDNA_position|CDS_position|Protein_position|Amino_acids|Codons|Existing_variation|DISTANCE|STRAND|FLAGS|REGION";

/// What is known of one alternate allele.
pub(crate) struct Allele<'a> {
    /// As CSQ names it: without the base that all alleles share, `-` for none.
    pub(crate) name: String,
    /// `None` for symbolic alleles.
    pub(crate) variant: Option<Variant>,
    /// 1-based position that stands for the allele where only one can.
    pub(crate) position: usize,
    /// One a gene.
    pub(crate) effects: Vec<Effect>,
    /// What MITOMAP knows.
    pub(crate) known: Option<Known>,
    /// The genome it lies on.
    pub(crate) genome: &'a Mitochondrion,
}

/// Whether a key is one of ours, so that an input's own value of it would contradict.
pub(crate) fn is_ours(key: &str) -> bool {
    KEYS.iter().any(|(ours, ..)| *ours == key)
}

/// The `##INFO` lines of our keys.
pub(crate) fn definitions(line_end: &str) -> String {
    let define = |(key, number, kind, description): &(&str, &str, &str, &str)| {
        let source = if key.starts_with("MITOMAP") {
            "MITOMAP 2025-02-13"
        } else {
            concat!("GAS ", env!("CARGO_PKG_VERSION"))
        };
        let (source, version) = source.split_once(' ').unwrap_or((source, ""));
        format!(
            "##INFO=<ID={key},Number={number},Type={kind},Description=\"{description}\",\
             Source=\"{source}\",Version=\"{version}\">{line_end}"
        )
    };
    KEYS.iter().map(define).collect()
}

/// Appends a record's INFO: the input's own, without keys that are ours, then ours.
pub(crate) fn write(out: &mut Vec<u8>, own: &[u8], alleles: &[Allele<'_>], mismatch: bool) {
    let key =
        |entry: &[u8]| String::from_utf8_lossy(entry.split(|byte| *byte == b'=').next().unwrap_or(entry)).into_owned();
    let replaced = own.split(|byte| *byte == b';').any(|entry| is_ours(&key(entry)));
    let mut entries: Vec<Vec<u8>> = match own {
        b"." | b"" => Vec::new(),
        _ if replaced => own
            .split(|byte| *byte == b';')
            .filter(|entry| !is_ours(&key(entry)))
            .map(<[u8]>::to_vec)
            .collect(),
        _ => vec![own.to_vec()],
    };
    entries.extend(ours(alleles, mismatch).into_iter().map(String::into_bytes));
    if entries.is_empty() {
        entries.push(b".".to_vec());
    }
    out.extend_from_slice(&entries.join(&b';'));
}

fn ours(alleles: &[Allele<'_>], mismatch: bool) -> Vec<String> {
    let consequences: Vec<String> = alleles.iter().flat_map(Allele::consequences).collect();
    let mut entries = Vec::new();
    if !consequences.is_empty() {
        entries.push(format!("CSQ={}", consequences.join(",")));
    }
    let mut per_allele = |key: &str, value: &dyn Fn(&Allele<'_>) -> Option<String>| {
        let values: Vec<Option<String>> = alleles.iter().map(value).collect();
        if values.iter().any(Option::is_some) {
            let text: Vec<String> = values
                .into_iter()
                .map(|value| value.unwrap_or_else(|| ".".to_owned()))
                .collect();
            entries.push(format!("{key}={}", text.join(",")));
        }
    };
    per_allele("HGVSm", &|allele| allele.hgvs_m());
    let told = |text: &str| (!text.is_empty()).then(|| encode(text));
    per_allele("MITOMAP_STATUS", &|allele| told(allele.known?.status));
    per_allele("MITOMAP_DISEASE", &|allele| told(allele.known?.disease));
    per_allele("MITOMAP_AF", &|allele| Some(format!("{:.6}", allele.known?.frequency?)));
    if mismatch {
        entries.push("REF_MISMATCH".to_owned());
    }
    entries
}

impl Allele<'_> {
    fn hgvs_m(&self) -> Option<String> {
        let name = hgvs::mitochondrial(self.variant.as_ref()?, &self.genome.sequence)?;
        Some(format!("{ACCESSION}:{name}"))
    }

    fn consequences(&self) -> impl Iterator<Item = String> {
        self.effects.iter().map(|effect| self.consequence(effect))
    }

    /// One entry of CSQ.
    fn consequence(&self, effect: &Effect) -> String {
        let terms: Vec<&str> = effect.consequences.iter().map(|term| term.term()).collect();
        let coding = effect.coding.clone().unwrap_or_default();
        let gene = effect.gene;
        let protein = gene
            .and_then(|gene| gene.protein_id.as_deref())
            .filter(|_| !coding.hgvs_p.is_empty());
        let region = if in_control_region(self.position) {
            "control_region"
        } else {
            ""
        };
        [
            encode(&self.name),
            terms.join("&"),
            effect.gravest().impact().word().to_owned(),
            gene.map_or(String::new(), |gene| gene.symbol.clone()),
            gene.map_or(String::new(), |gene| gene.gene_id.clone()),
            gene.map_or("", |_| "Transcript").to_owned(),
            gene.map_or(String::new(), |gene| gene.symbol.clone()),
            gene.map_or("", |gene| gene.kind.biotype()).to_owned(),
            gene.map_or("", |_| "1/1").to_owned(),
            String::new(),
            String::new(),
            protein.map_or(String::new(), |protein| encode(&format!("{protein}:{}", coding.hgvs_p))),
            effect.gene_position.clone(),
            coding.cds_position,
            coding.protein_position,
            coding.amino_acids,
            coding.codons,
            String::new(),
            String::new(),
            gene.map_or("", |gene| gene.strand.sign()).to_owned(),
            String::new(),
            region.to_owned(),
        ]
        .join("|")
    }
}

/// Percent-encodes what has a meaning of its own in INFO (VCF 4.3, section 1.2), and what CSQ uses.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' | ';' | '=' | ',' | '|' | ' ' | '\t' | '\r' | '\n' => {
                encoded.push_str(&format!("%{:02X}", u32::from(c)))
            }
            _ => encoded.push(c),
        }
    }
    encoded
}

/// The name of an allele in CSQ, as VEP writes it: without the first base if REF and every ALT share it.
pub(crate) fn csq_name(shared_first_base: bool, alternate: &[u8]) -> String {
    let name = if shared_first_base { &alternate[1..] } else { alternate };
    if name.is_empty() {
        "-".to_owned()
    } else {
        shown_whole(name)
    }
}

fn shown_whole(name: &[u8]) -> String {
    String::from_utf8(name.to_vec()).unwrap_or_else(|_| shown(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(own: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, own.as_bytes(), &[], true);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_inputs_own_info_is_kept_but_for_keys_that_are_ours() {
        assert_eq!(written("."), "REF_MISMATCH");
        assert_eq!(written("AC=1;;DB;X=a b"), "AC=1;;DB;X=a b;REF_MISMATCH");
        assert_eq!(written("AC=1;CSQ=old|x;REF_MISMATCH"), "AC=1;REF_MISMATCH");
    }

    #[test]
    fn values_are_percent_encoded() {
        assert_eq!(encode("Cfrm [P]; a=b, 5%"), "Cfrm%20[P]%3B%20a%3Db%2C%205%25");
    }

    #[test]
    fn every_key_is_defined_once_with_its_source() {
        let text = definitions("\r\n");
        assert_eq!(text.matches("\r\n").count(), KEYS.len());
        assert!(text.contains("##INFO=<ID=MITOMAP_AF,Number=A,Type=Float,"));
        assert!(text.contains("Source=\"MITOMAP\",Version=\"2025-02-13\""));
    }
}
