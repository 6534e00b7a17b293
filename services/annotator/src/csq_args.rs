//! What the command line chooses of CSQ: its fields, and which of its entries are picked.

use annotation::{CsqFields, Others, Pick, PickOf, PickOrder};
use anyhow::{Result, bail};
use clap::Args;

/// What CSQ has.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Consequences")]
pub struct CsqArgs {
    /// The fields of CSQ in their order, by VEP's names. default stands for those without this option, everything for
    /// all there are: default,HGVSg adds one. bcftools +split-vep wants Consequence among them
    #[arg(long, value_name = "LIST", default_value = "default")]
    pub fields: CsqFields,
    /// Which entries are picked.
    #[command(flatten)]
    pub pick: PickArgs,
    /// By what entries are picked, first things first [default: mane_select,mane_plus_clinical,canonical,appris,tsl,biotype,
    /// ccds,rank,length,ensembl,refseq, as VEP 116 has it]
    #[arg(long, value_name = "LIST", requires = "PickArgs")]
    pub pick_order: Option<PickOrder>,
    /// Also tell what alleles do together that are phased on one chromosome copy of a sample: two in one codon, a frame that one
    /// shifts and another restores. Each of their records gets a HAPLOTYPE_CSQ; the header says what its fields are
    #[arg(long)]
    pub phased: bool,
}

/// Which entries are picked: one of these at most, each as VEP has it.
#[derive(Debug, Clone, Copy, Args)]
#[group(multiple = false)]
pub struct PickArgs {
    /// Write one entry for each record
    #[arg(long)]
    pub pick: bool,
    /// Write one entry for each allele
    #[arg(long)]
    pub pick_allele: bool,
    /// Write one entry for each gene of a record
    #[arg(long)]
    pub per_gene: bool,
    /// Write one entry for each gene and allele
    #[arg(long)]
    pub pick_allele_gene: bool,
    /// Write all entries, and 1 in PICK of the one that --pick writes
    #[arg(long)]
    pub flag_pick: bool,
    /// The same for --pick-allele
    #[arg(long)]
    pub flag_pick_allele: bool,
    /// The same for --pick-allele-gene
    #[arg(long)]
    pub flag_pick_allele_gene: bool,
}

impl CsqArgs {
    /// Which entries are picked, if any.
    pub(crate) fn pick(&self) -> Result<Option<Pick>> {
        let chosen = self.pick.chosen();
        if chosen.is_none() && self.fields.has_pick() {
            bail!(
                "--fields has PICK, which says what --pick, --flag-pick or another of their kind has picked; add one"
            );
        }
        let order = self.pick_order.clone().unwrap_or_default();
        Ok(chosen.map(|(of, others)| Pick { of, others, order }))
    }
}

impl PickArgs {
    fn chosen(self) -> Option<(PickOf, Others)> {
        let choices = [
            (self.pick, PickOf::Record, Others::LeftOut),
            (self.pick_allele, PickOf::Allele, Others::LeftOut),
            (self.per_gene, PickOf::Gene, Others::LeftOut),
            (self.pick_allele_gene, PickOf::AlleleAndGene, Others::LeftOut),
            (self.flag_pick, PickOf::Record, Others::Unflagged),
            (self.flag_pick_allele, PickOf::Allele, Others::Unflagged),
            (self.flag_pick_allele_gene, PickOf::AlleleAndGene, Others::Unflagged),
        ];
        let chosen = choices.into_iter().find(|(is_chosen, ..)| *is_chosen);
        chosen.map(|(_, of, others)| (of, others))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        csq: CsqArgs,
    }

    fn read(flags: &[&str]) -> Result<CsqArgs, clap::Error> {
        Cli::try_parse_from([&["annotate"], flags].concat()).map(|cli| cli.csq)
    }

    #[test]
    fn without_flags_csq_has_its_own_fields_and_all_entries() {
        let csq = read(&[]).unwrap();
        assert_eq!(csq.fields, CsqFields::default());
        assert_eq!(csq.pick().unwrap(), None);
        assert!(!csq.phased && read(&["--phased"]).unwrap().phased);
    }

    #[test]
    fn flags_say_what_is_picked_and_what_becomes_of_the_others() {
        for (flag, of, others) in [
            ("--pick", PickOf::Record, Others::LeftOut),
            ("--pick-allele", PickOf::Allele, Others::LeftOut),
            ("--per-gene", PickOf::Gene, Others::LeftOut),
            ("--pick-allele-gene", PickOf::AlleleAndGene, Others::LeftOut),
            ("--flag-pick", PickOf::Record, Others::Unflagged),
            ("--flag-pick-allele", PickOf::Allele, Others::Unflagged),
            ("--flag-pick-allele-gene", PickOf::AlleleAndGene, Others::Unflagged),
        ] {
            let pick = read(&[flag]).unwrap().pick().unwrap().unwrap();
            assert_eq!((pick.of, pick.others), (of, others), "{flag}");
        }
        let by_rank = read(&["--pick", "--pick-order", "rank,length"]).unwrap();
        let order = by_rank.pick().unwrap().unwrap().order;
        assert_eq!(order, "rank,length".parse().unwrap());
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        assert!(read(&["--pick", "--per-gene"]).is_err());
        assert!(read(&["--pick-order", "rank"]).is_err());
        assert!(
            read(&["--fields", "SIFT"])
                .unwrap_err()
                .to_string()
                .contains("CSQ has no field \"SIFT\"")
        );
        let lonely = read(&["--fields", "Allele,PICK"]).unwrap();
        assert!(lonely.pick().unwrap_err().to_string().starts_with("--fields has PICK"));
    }
}
