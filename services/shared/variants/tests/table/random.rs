//! Random rows and filters, of few values, so that they meet.

use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use variants::{
    Entry, Filter, FilterIs, Frequency, FrequencyIs, GenotypeIs, Impact, Inheritance, Kind, LengthIs, Model, Region,
    Variant,
};

pub const SAMPLES: [&str; 4] = ["child", "mother", "father", "a:b"];
const GENES: [&str; 4] = ["BRCA1", "TP53", "C1orf112", "NBR2"];
const TERMS: [&str; 4] = [
    "missense_variant",
    "stop_gained",
    "intron_variant",
    "synonymous_variant",
];
const CLINVAR: [&str; 4] = [
    "Likely_pathogenic",
    "Pathogenic/Likely_pathogenic",
    "Benign",
    "Conflicting_classifications_of_pathogenicity",
];
const CHROMOSOMES: [&str; 4] = ["chr1", "chr2", "chrX", "chrM"];

fn text(of: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    weighted(0.8, select(of).prop_map(str::to_owned))
}

fn genotypes() -> impl Strategy<Value = Option<Vec<String>>> {
    let calls = [
        "0/0", "0/1", "1|0", "1/1", "./.", ".", "./1", "1", "0", "1/2", "2/2", "0|2",
    ];
    weighted(
        0.9,
        proptest::collection::vec(select(calls.to_vec()).prop_map(str::to_owned), SAMPLES.len()),
    )
}

fn entry() -> impl Strategy<Value = Entry> {
    (
        text(&GENES),
        text(&["ENSG1", "672"]),
        text(&TERMS),
        weighted(0.2, Just("true".to_owned())),
    )
        .prop_map(|(symbol, gene, term, picked)| {
            let value = |name: &str| match name {
                "symbol" => symbol.clone(),
                "gene_id" => gene.clone(),
                "consequence" => term.clone(),
                "picked" => picked.clone(),
                "strand" => Some("-1".to_owned()),
                _ => None,
            };
            Entry {
                values: domain::variants::CONSEQUENCE_FIELDS
                    .iter()
                    .map(|field| value(field.name))
                    .collect(),
            }
        })
}

fn row() -> impl Strategy<Value = Variant> {
    let alleles = vec![
        ("A", Some("G"), 0),
        ("C", Some("T"), 0),
        ("G", Some("T"), 0),
        ("CA", Some("C"), 1),
        ("CAAA", Some("C"), 3),
        ("C", Some("CTT"), 0),
        ("CA", Some("GT"), 1),
        ("C", Some("<DEL>"), 40),
        ("C", Some("<INS>"), 0),
        ("A", Some("*"), 0),
        ("A", None, 0),
        ("aC", Some("AG"), 1),
    ];
    let place = (select(CHROMOSOMES.to_vec()), 1i64..300, select(alleles), 1u32..3);
    let ids = proptest::collection::vec((0u32..99).prop_map(|number| format!("rs{number}")), 0..3);
    let numbers = (
        weighted(0.8, (0u32..60).prop_map(f64::from)),
        weighted(0.7, select(vec![0.0, 0.00005, 0.0001, 0.005, 0.01, 0.3, 1.0])),
    );
    let told = (
        text(&["PASS", "q10", "q10;s50"]),
        text(&TERMS),
        text(&["HIGH", "MODERATE", "LOW", "MODIFIER"]),
        text(&GENES),
        text(&["ENSG1", "672"]),
        text(&["NM_1.2:c.1A>G", "NM_2.1:c.77del"]),
        text(&CLINVAR),
    );
    let more = (
        genotypes(),
        proptest::collection::vec(entry(), 0..4),
        (0u32..5_000).prop_map(|number| format!("NP_1.1:p.Arg{number}Ter")),
    );
    (place, ids, numbers, told, more).prop_map(|(place, ids, (quality, max_frequency), told, more)| {
        let (chromosome, position, (reference, alternate, span), allele) = place;
        let (filter, consequence, impact, gene, gene_id, hgvs_c, clinvar) = told;
        let (genotypes, consequences, hgvs_p) = more;
        Variant {
            row: 0,
            chromosome: chromosome.to_owned(),
            position,
            end: position + span,
            reference: reference.to_owned(),
            alternate: alternate.map(str::to_owned),
            allele: if alternate.is_some() { allele } else { 0 },
            ids,
            quality,
            filter,
            consequence,
            impact,
            gene,
            gene_id,
            transcript: None,
            hgvs_c,
            hgvs_p: Some(hgvs_p),
            max_frequency,
            frequencies: max_frequency
                .map(|value| Frequency {
                    source: "AF".to_owned(),
                    value,
                })
                .into_iter()
                .collect(),
            clinvar_diseases: clinvar.as_ref().map(|_| "Marfan syndrome".to_owned()),
            clinvar_review: None,
            clinvar,
            genotypes,
            consequences,
        }
    })
}

/// Rows with their numbers.
pub fn table() -> impl Strategy<Value = Vec<Variant>> {
    proptest::collection::vec(row(), 1..120).prop_map(|mut rows| {
        rows.iter_mut().zip(0..).for_each(|(row, number)| row.row = number);
        rows
    })
}

pub fn region() -> impl Strategy<Value = Region> {
    let whole = select(vec!["1", "chrX", "MT"]).prop_map(|name| Region::parse(name).unwrap());
    let part = (select(vec!["chr1", "2", "M"]), 1i64..300, 0i64..60)
        .prop_map(|(name, start, more)| Region::parse(&format!("{name}:{start}-{}", start + more)).unwrap());
    prop_oneof![whole, part]
}

fn inheritance() -> impl Strategy<Value = Inheritance> {
    select(Model::ALL.to_vec()).prop_map(|model| Inheritance {
        child: "child".to_owned(),
        mother: "mother".to_owned(),
        father: "father".to_owned(),
        model,
    })
}

fn some<T: Clone + std::fmt::Debug + 'static>(of: Vec<T>) -> impl Strategy<Value = Vec<T>> {
    let none = Just(Vec::new());
    prop_oneof![4 => none, 1 => subsequence(of, 1..=2)]
}

/// A filter without bounds that a part of a chart would have to share.
pub fn narrow() -> impl Strategy<Value = Filter> {
    let texts = [
        "rs1",
        "BRCA",
        "c.77",
        "missense variant",
        "chr1:100",
        "ARG1",
        "marfan",
        "x",
    ];
    let lists = (
        some(vec!["brca1".to_owned(), "NBR2".to_owned(), "ensg1".to_owned()]),
        some(Impact::ALL.to_vec()),
        some(TERMS.map(str::to_owned).to_vec()),
        some(Kind::ALL.to_vec()),
        some(vec![(b'C', b'T'), (b'A', b'G')]),
        some(
            GenotypeIs::ALL
                .iter()
                .flat_map(|is| SAMPLES.map(|name| (name.to_owned(), *is)))
                .collect::<Vec<_>>(),
        ),
    );
    let single = (
        weighted(0.2, any::<bool>()),
        weighted(0.2, select(vec![10.0, 30.5])),
        weighted(0.2, select(vec![FilterIs::Pass, FilterIs::Has("s50".to_owned())])),
        weighted(0.3, inheritance()),
        weighted(
            0.2,
            select(vec![
                "pathogenic".to_owned(),
                "likely pathogenic".to_owned(),
                "benign".to_owned(),
            ]),
        ),
        weighted(0.2, select(texts.map(str::to_owned).to_vec())),
    );
    (lists, single).prop_map(|(lists, single)| {
        let (genes, impacts, consequences, kinds, changes, genotypes) = lists;
        let (known, min_quality, filter, inheritance, clinvar, text) = single;
        Filter {
            genes,
            impacts,
            consequences,
            kinds,
            changes,
            genotypes,
            known,
            min_quality,
            filter,
            inheritance,
            clinvar,
            text,
            ..Filter::default()
        }
    })
}

/// Any filter.
pub fn filter() -> impl Strategy<Value = Filter> {
    let frequencies = vec![
        FrequencyIs::AtMost(0.005),
        FrequencyIs::Between(0.0001, 0.01),
        FrequencyIs::Between(0.3, 1.0),
        FrequencyIs::Unknown,
    ];
    let lengths = vec![
        LengthIs { from: 1, to: 1 },
        LengthIs { from: 2, to: 40 },
        LengthIs { from: 3, to: i64::MAX },
    ];
    let regions = prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(region(), 1..4)];
    (
        narrow(),
        regions,
        weighted(0.2, select(frequencies)),
        weighted(0.2, select(lengths)),
    )
        .prop_map(|(filter, regions, frequency, length)| Filter {
            regions,
            frequency,
            length,
            ..filter
        })
}
