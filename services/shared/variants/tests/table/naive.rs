//! The rules, row by row, as one would say them.

use std::collections::BTreeSet;

use variants::{Filter, FilterIs, FrequencyIs, GenotypeIs, Inheritance, Kind, Model, Sort, Variant};

/// The numbers of the rows that match.
pub fn matching(rows: &[Variant], filter: &Filter, samples: &[&str]) -> Vec<u64> {
    let single: Vec<&Variant> = rows.iter().filter(|row| matches(row, filter, samples)).collect();
    let compound = filter
        .inheritance
        .as_ref()
        .filter(|told| told.model == Model::CompoundHeterozygous);
    let Some(told) = compound else {
        return single.iter().map(|row| row.row).collect();
    };
    let from = |row: &Variant| -> Option<(String, &str)> {
        let [child, mother, father] = family(row, told, samples);
        let gene = row.gene_id.clone().or(row.gene.clone())?;
        let het = is(&child, row.allele, GenotypeIs::Het);
        let parent = match (
            carries(&mother, row),
            lacks(&mother, row),
            carries(&father, row),
            lacks(&father, row),
        ) {
            (true, _, _, true) => "mother",
            (_, true, true, _) => "father",
            _ => return None,
        };
        het.then_some((gene, parent))
    };
    let seen: BTreeSet<(String, &str)> = single.iter().filter_map(|row| from(row)).collect();
    let both = |gene: &String| {
        ["mother", "father"]
            .iter()
            .all(|parent| seen.contains(&(gene.clone(), *parent)))
    };
    single
        .into_iter()
        .filter(|row| from(row).is_some_and(|(gene, _)| both(&gene)))
        .map(|row| row.row)
        .collect()
}

fn matches(row: &Variant, filter: &Filter, samples: &[&str]) -> bool {
    let genes = row
        .consequences
        .iter()
        .flat_map(|entry| [entry.get("symbol"), entry.get("gene_id")])
        .flatten();
    let genes: Vec<String> = genes.map(str::to_lowercase).collect();
    let in_region = |region: &variants::Region| {
        short(&region.chromosome) == short(&row.chromosome) && row.position <= region.end && region.start <= row.end
    };
    let one_of = |none: bool, any: bool| none || any;
    let kind = kind(row);
    [
        one_of(
            filter.genes.is_empty(),
            filter.genes.iter().any(|gene| genes.contains(&gene.to_lowercase())),
        ),
        one_of(filter.regions.is_empty(), filter.regions.iter().any(in_region)),
        one_of(
            filter.impacts.is_empty(),
            filter
                .impacts
                .iter()
                .any(|own| row.impact.as_deref() == Some(own.name())),
        ),
        one_of(
            filter.consequences.is_empty(),
            filter
                .consequences
                .iter()
                .any(|own| row.consequence.as_ref() == Some(own)),
        ),
        filter.known.is_none_or(|known| known != row.ids.is_empty()),
        filter.frequency.is_none_or(|is| frequency(row.max_frequency, is)),
        filter
            .min_quality
            .is_none_or(|least| row.quality.is_some_and(|quality| quality >= least)),
        filter.filter.as_ref().is_none_or(|is| match is {
            FilterIs::Pass => row.filter.as_deref() == Some("PASS"),
            FilterIs::Has(text) => row
                .filter
                .as_ref()
                .is_some_and(|own| own.split(';').any(|own| own == text)),
        }),
        filter
            .genotypes
            .iter()
            .all(|(name, wanted)| is(&genotype(row, name, samples), row.allele, *wanted)),
        filter
            .inheritance
            .as_ref()
            .is_none_or(|told| inherited(row, told, samples)),
        filter
            .clinvar
            .as_ref()
            .is_none_or(|wanted| row.clinvar.as_ref().is_some_and(|own| has_words(own, wanted))),
        one_of(filter.kinds.is_empty(), filter.kinds.contains(&kind.0)),
        one_of(
            filter.changes.is_empty(),
            kind.2.is_some_and(|change| filter.changes.contains(&change)),
        ),
        filter
            .length
            .is_none_or(|length| kind.1 > 0 && length.from <= kind.1 && kind.1 <= length.to),
        filter.text.as_ref().is_none_or(|text| found(row, text)),
    ]
    .into_iter()
    .all(|holds| holds)
}

fn short(chromosome: &str) -> String {
    let lower = chromosome.to_lowercase().replace("chr", "");
    if lower == "mt" { "m".to_owned() } else { lower }
}

fn frequency(own: Option<f64>, is: FrequencyIs) -> bool {
    match (own, is) {
        (None, is) => !matches!(is, FrequencyIs::Between(..)),
        (Some(own), FrequencyIs::AtMost(most)) => own <= most,
        (Some(own), FrequencyIs::Between(from, to)) => own >= from && (own < to || to == 1.0),
        (Some(_), FrequencyIs::Unknown) => false,
    }
}

fn has_words(own: &str, wanted: &str) -> bool {
    let spaced = |text: &str| {
        let letters = text.chars().map(|letter| {
            if letter.is_alphanumeric() {
                letter.to_ascii_lowercase()
            } else {
                ' '
            }
        });
        format!(
            " {} ",
            letters
                .collect::<String>()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        )
    };
    spaced(own).contains(&spaced(wanted))
}

fn found(row: &Variant, text: &str) -> bool {
    let told = [
        &row.consequence,
        &row.gene,
        &row.gene_id,
        &row.transcript,
        &row.hgvs_c,
        &row.hgvs_p,
        &row.clinvar,
        &row.clinvar_diseases,
    ];
    let text = text.to_ascii_lowercase();
    let has = |own: &String| {
        let own = own.to_ascii_lowercase();
        own.contains(&text) || own.contains(&text.replace(' ', "_"))
    };
    let place = text
        .split_once(':')
        .and_then(|(name, place)| Some((name, place.replace(',', "").parse::<i64>().ok()?)));
    let there = place.is_some_and(|(name, place)| {
        short(name) == short(&row.chromosome) && (row.position..=row.end).contains(&place)
    });
    there || told.into_iter().flatten().any(has) || row.ids.iter().any(has)
}

/// Kind, length, substitution.
fn kind(row: &Variant) -> (Kind, i64, Option<(u8, u8)>) {
    let Some(alternate) = &row.alternate else {
        return (Kind::Other, 0, None);
    };
    match alternate.as_str() {
        "<DEL>" => return (Kind::Deletion, row.end - row.position, None),
        "<INS>" => return (Kind::Insertion, 0, None),
        symbolic if !symbolic.chars().all(char::is_alphabetic) => return (Kind::Other, 0, None),
        _ => {}
    }
    let (mut one, mut other) = (row.reference.to_uppercase(), alternate.to_uppercase());
    while !one.is_empty() && !other.is_empty() && one[..1] == other[..1] {
        one.remove(0);
        other.remove(0);
    }
    while !one.is_empty() && !other.is_empty() && one[one.len() - 1..] == other[other.len() - 1..] {
        one.pop();
        other.pop();
    }
    match (one.len(), other.len()) {
        (1, 1) => (Kind::Snv, 0, Some((one.as_bytes()[0], other.as_bytes()[0]))),
        (0, more) if more > 0 => (Kind::Insertion, more as i64, None),
        (less, 0) if less > 0 => (Kind::Deletion, less as i64, None),
        _ => (Kind::Other, 0, None),
    }
}

fn genotype(row: &Variant, name: &str, samples: &[&str]) -> String {
    let at = samples.iter().position(|own| *own == name).unwrap();
    row.genotypes
        .as_ref()
        .map_or("./.".to_owned(), |genotypes| genotypes[at].clone())
}

fn copies(genotype: &str) -> Vec<&str> {
    genotype.split(['/', '|']).collect()
}

fn is(genotype: &str, allele: u32, wanted: GenotypeIs) -> bool {
    let copies = copies(genotype);
    let allele = allele.to_string();
    let with = copies.iter().filter(|copy| **copy == allele && allele != "0").count();
    let unknown = copies.iter().filter(|copy| **copy == ".").count();
    match wanted {
        GenotypeIs::Het => unknown == 0 && with > 0 && with < copies.len(),
        GenotypeIs::HomAlt => with == copies.len(),
        GenotypeIs::HomRef => copies.iter().all(|copy| *copy == "0"),
        GenotypeIs::Carries => with > 0,
        GenotypeIs::Missing => unknown == copies.len(),
    }
}

fn carries(genotype: &str, row: &Variant) -> bool {
    is(genotype, row.allele, GenotypeIs::Carries)
}

fn lacks(genotype: &str, row: &Variant) -> bool {
    !carries(genotype, row) && !copies(genotype).contains(&".")
}

fn family(row: &Variant, told: &Inheritance, samples: &[&str]) -> [String; 3] {
    [&told.child, &told.mother, &told.father].map(|name| genotype(row, name, samples))
}

fn inherited(row: &Variant, told: &Inheritance, samples: &[&str]) -> bool {
    let [child, mother, father] = family(row, told, samples);
    let het = |own: &str| is(own, row.allele, GenotypeIs::Het);
    let hom = is(&child, row.allele, GenotypeIs::HomAlt);
    match told.model {
        Model::DeNovo => carries(&child, row) && lacks(&mother, row) && lacks(&father, row),
        Model::Recessive => hom && het(&mother) && het(&father),
        Model::XLinked => short(&row.chromosome) == "x" && hom && het(&mother) && lacks(&father, row),
        Model::CompoundHeterozygous => true,
    }
}

/// The rows in another order.
pub fn sorted(rows: &[Variant], numbers: &[u64], sort: Sort) -> Vec<u64> {
    let mut numbers = numbers.to_vec();
    let row = |number: &u64| &rows[*number as usize];
    match sort {
        Sort::Place => {}
        Sort::Frequency => numbers.sort_by(|one, other| {
            let key = |number| row(number).max_frequency.unwrap_or(-1.0);
            key(one).total_cmp(&key(other))
        }),
        Sort::Severity => numbers.sort_by_key(|number| {
            let impacts = ["HIGH", "MODERATE", "LOW", "MODIFIER"];
            let impact = row(number)
                .impact
                .as_ref()
                .map(|own| impacts.iter().position(|name| name == own));
            let terms = domain::sequence_ontology::terms();
            let rank = row(number)
                .consequence
                .as_ref()
                .map(|own| terms.iter().position(|term| term.name == *own));
            (impact.flatten().unwrap_or(9), rank.flatten().unwrap_or(99))
        }),
    }
    numbers
}
