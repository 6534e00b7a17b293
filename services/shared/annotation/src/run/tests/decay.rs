//! Which new stops let a messenger escape decay: CSQ's field NMD.

use reference::complement;

use super::small::of_table;
use super::*;

/// Bases before the coding sequence, and of each intron.
const LEADER: usize = 10;
const INTRON: usize = 50;

/// Where the exons end in the coding sequence: at its bases 120 and 270; its 110 codons are ATG, 108 and TAA.
const ENDS: [usize; 2] = [120, 270];

/// The coding sequence: codons of glutamine, which one change makes a stop, but for two: read one base further on they
/// have the stop TGA.
fn coding() -> String {
    let codon = |index: usize| match index {
        0 => "ATG",
        60 => "CTG",
        61 => "ACA",
        109 => "TAA",
        _ => "CAA",
    };
    (0..110).map(codon).collect()
}

/// A gene of three exons on either strand of a chromosome.
struct GeneOf {
    options: Options,
    chromosome: Vec<u8>,
    is_reverse: bool,
}

impl GeneOf {
    fn new(is_reverse: bool, exons: usize) -> Self {
        let intron = format!("GT{}AG", "C".repeat(INTRON - 4));
        let coding = coding();
        let introns = if exons == 1 { String::new() } else { intron };
        let messenger = [&coding[..ENDS[0]], &coding[ENDS[0]..ENDS[1]], &coding[ENDS[1]..]];
        // What follows the coding sequence has a stop in each frame.
        let gene = "G".repeat(LEADER) + &messenger.join(&introns) + "GTGACTAACTGACCCCCCCCCCCCCCCCCCCCCCCCCCCC";
        let forward = ["C".repeat(20), gene, "C".repeat(20)].concat().into_bytes();
        let length = forward.len();
        let edges = [
            (20, 20 + LEADER + ENDS[0]),
            (20 + LEADER + ENDS[0] + INTRON, 20 + LEADER + ENDS[1] + INTRON),
            (20 + LEADER + ENDS[1] + 2 * INTRON, length - 20),
        ];
        let mut edges = if exons == 1 {
            vec![(20, length - 20)]
        } else {
            edges.to_vec()
        };
        let mut cds = (20 + LEADER, length - 20 - 40);
        let mut frames = vec!["0"; edges.len()];
        let mut chromosome = forward;
        if is_reverse {
            chromosome = chromosome.iter().rev().map(|base| complement(*base)).collect();
            edges = edges
                .iter()
                .rev()
                .map(|(start, end)| (length - end, length - start))
                .collect();
            cds = (length - cds.1, length - cds.0);
            frames.reverse();
        }
        let list = |numbers: Vec<usize>| numbers.iter().map(|number| format!("{number},")).collect::<String>();
        let row = format!(
            "0\tNM_1\tchr1\t{}\t20\t{}\t{}\t{}\t{}\t{}\t{}\t0\tGENE\tcmpl\tcmpl\t{},\n",
            if is_reverse { '-' } else { '+' },
            length - 20,
            cds.0,
            cds.1,
            edges.len(),
            list(edges.iter().map(|edge| edge.0).collect()),
            list(edges.iter().map(|edge| edge.1).collect()),
            frames.join(","),
        );
        let options = options(&chromosome, &row);
        Self {
            options,
            chromosome,
            is_reverse,
        }
    }

    /// HGVSp and NMD of replacing `deleted` bases from a base of the coding sequence (0-based) on.
    fn told(&self, base: usize, deleted: usize, inserted: &str) -> String {
        let introns = if self.options_have_introns() {
            ENDS.iter().filter(|end| **end <= base).count()
        } else {
            0
        };
        let start = 20 + LEADER + base + introns * INTRON;
        let (start, inserted) = match self.is_reverse {
            false => (start, inserted.to_owned()),
            true => {
                let turned = inserted.bytes().rev().map(|base| char::from(complement(base)));
                (self.chromosome.len() - start - deleted, turned.collect())
            }
        };
        let text = |from: usize, to: usize| String::from_utf8_lossy(&self.chromosome[from..to]).into_owned();
        // With the base before, as VCF writes indels.
        let reference = text(start - 1, start + deleted);
        let record = format!(
            "1\t{start}\t.\t{reference}\t{}{inserted}\t.\t.\t.\n",
            text(start - 1, start)
        );
        let mut output = Vec::new();
        annotate(
            format!("{HEADER}{record}").as_bytes(),
            &mut output,
            &self.options,
            &mut |_| {},
        )
        .unwrap();
        let output = String::from_utf8(output).unwrap();
        let info = output.lines().last().unwrap().split('\t').nth(7).unwrap();
        let csq = info.split(';').find_map(|field| field.strip_prefix("CSQ=")).unwrap();
        csq.replace('|', " ").replace("NM_1:", "")
    }

    fn options_have_introns(&self) -> bool {
        self.chromosome.len() > 450
    }
}

fn options(chromosome: &[u8], row: &str) -> Options {
    Options {
        fields: "HGVSp,NMD".parse().unwrap(),
        ..of_table(&String::from_utf8_lossy(chromosome), row)
    }
}

#[test]
fn a_stop_near_the_start_or_behind_the_last_junction_escapes_decay() {
    for is_reverse in [false, true] {
        let gene = GeneOf::new(is_reverse, 3);
        for (codon, expected) in [
            (2, "p.Gln3Ter NMD_escaping_variant"),
            // It begins at base 100 of the coding sequence, and at base 103.
            (33, "p.Gln34Ter NMD_escaping_variant"),
            (34, "p.Gln35Ter "),
            // It ends 51 bases before the last junction, and 48.
            (72, "p.Gln73Ter "),
            (73, "p.Gln74Ter NMD_escaping_variant"),
            (85, "p.Gln86Ter NMD_escaping_variant"),
            // In the last exon.
            (95, "p.Gln96Ter NMD_escaping_variant"),
        ] {
            assert_eq!(gene.told(3 * codon, 1, "T"), expected, "{is_reverse}");
        }
        // An insertion with a stop, and a replacement.
        assert_eq!(gene.told(3 * 50, 0, "TAA"), "p.Gln51Ter ", "{is_reverse}");
        assert_eq!(
            gene.told(3 * 80, 0, "TAA"),
            "p.Gln81Ter NMD_escaping_variant",
            "{is_reverse}"
        );
    }
}

/// Ensembl's plugin looks at the place of the variant: it lets the first of these escape, and the third decay.
#[test]
fn a_frameshift_is_judged_by_the_stop_that_it_runs_into() {
    for is_reverse in [false, true] {
        let gene = GeneOf::new(is_reverse, 3);
        for (base, deleted, inserted, expected) in [
            // Near the start, with its stop in the middle of the gene.
            (3 * 10, 1, "", "p.Gln11AsnfsTer51 "),
            (3 * 40, 1, "", "p.Gln41AsnfsTer21 "),
            // Behind that stop: read on into the last exon.
            (3 * 66, 1, "", "p.Gln67AsnfsTer45 NMD_escaping_variant"),
            // Another frame has no stop until the last exon.
            (3 * 40, 2, "", "p.Gln41ThrfsTer72 NMD_escaping_variant"),
        ] {
            assert_eq!(gene.told(base, deleted, inserted), expected, "{is_reverse} {base}");
        }
    }
}

#[test]
fn without_introns_nothing_decays_and_without_a_new_stop_nothing_is_told() {
    let single = GeneOf::new(false, 1);
    assert_eq!(single.told(3 * 50, 1, "T"), "p.Gln51Ter NMD_escaping_variant");
    let gene = GeneOf::new(false, 3);
    assert_eq!(gene.told(3 * 2, 1, "G"), "p.Gln3Glu ");
    assert_eq!(gene.told(3 * 60, 3, ""), "p.Leu61del ");
}
