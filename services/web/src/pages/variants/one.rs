//! `GET /annotations/<job id>/variants/<row>`: all that is known of one variant. The query is that of the table it was opened
//! from, to go back to.

use domain::{Job, with_commas};
use serde::Serialize;
use variants::{Columns, Entry, Variant};
use warp::reply::Response;

use super::available::{opened, unavailable};
use super::links::{Elsewhere, Place, of_place};
use super::own_record::{RecordView, own_record};
use super::row_view::{ChangeView, IdView, ImpactView, TermView, frequency, in_words, place, plain_words};
use super::{JobRef, assembly, encoded, own_job_with_summary, variants_url};
use crate::error::PageError;
use crate::visit::{Page, Visit};

#[derive(Serialize)]
struct OneView {
    job: JobRef,
    back_url: String,
    place: String,
    change: ChangeView,
    consequence: Option<TermView>,
    impact: Option<ImpactView>,
    facts: Vec<Fact>,
    ids: Vec<IdView>,
    elsewhere: Vec<Elsewhere>,
    transcripts: Vec<EntryView>,
    clinvar: Vec<Fact>,
    frequencies: Vec<Fact>,
    genotypes: Vec<Fact>,
    record: Option<RecordView>,
    /// Why there is no record to show, a sentence.
    no_record: Option<String>,
}

#[derive(Serialize)]
struct Fact {
    name: String,
    value: String,
    is_code: bool,
}

/// What the allele does to one transcript, or other feature.
#[derive(Serialize)]
struct EntryView {
    gene: Option<String>,
    feature: Option<String>,
    biotype: Option<String>,
    consequence: Option<String>,
    impact: Option<ImpactView>,
    /// Names after HGVS.
    names: Vec<String>,
    /// Exon or intron, and positions.
    places: Vec<String>,
    /// What else is known of the transcript.
    also: Vec<String>,
    picked: bool,
}

/// The page of one variant.
pub async fn show(id: String, row: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job, summary) = own_job_with_summary(&visit, &id).await?;
    let opened = match opened(&visit.app, &user, &job).await? {
        Ok(opened) => opened,
        Err(why) => return unavailable(&visit, &user, &job, why),
    };
    let row = row.parse::<u64>().ok().filter(|row| *row < opened.table.rows());
    let row = row.ok_or(PageError::NotFound)?;
    let (tables, objects) = (&visit.app.variants, &visit.app.objects);
    let found = tables.rows(objects, &opened, &[row], Columns::All).await?;
    let variant = found.into_iter().next().ok_or(PageError::NotFound)?;
    let back_url = format!("{}{}", variants_url(&job), encoded(&visit.pairs()));
    let assembly = summary.and_then(|summary| assembly(&summary)).unwrap_or_default();
    let record = own_record(&visit.app, &user, &job, &opened, row).await?;
    let body = OneView {
        no_record: record.as_ref().err().cloned(),
        record: record.ok(),
        ..OneView::of(&job, back_url, &variant, opened.table.samples(), &assembly)
    };
    visit.render(Some(&user), Page::new("pages/variants/one.html", "Variant", body))
}

impl OneView {
    fn of(job: &Job, back_url: String, variant: &Variant, samples: &[String], assembly: &str) -> Self {
        let genotypes = variant.genotypes.iter().flatten();
        let frequencies = variant.frequencies.iter();
        Self {
            job: JobRef::of(job),
            back_url,
            place: place(variant),
            change: ChangeView::of(variant),
            consequence: variant.consequence.as_deref().map(TermView::of),
            impact: variant.impact.as_deref().map(ImpactView::of),
            facts: facts(variant, assembly),
            ids: variant.ids.iter().map(|id| IdView::of(id)).collect(),
            elsewhere: elsewhere(variant, assembly),
            transcripts: variant.consequences.iter().map(EntryView::of).collect(),
            clinvar: clinvar(variant),
            frequencies: frequencies
                .map(|one| Fact::of(&one.source, frequency(one.value)))
                .collect(),
            genotypes: samples
                .iter()
                .zip(genotypes)
                .map(|(name, is)| Fact::of(name, is.clone()))
                .collect(),
            record: None,
            no_record: None,
        }
    }
}

impl Fact {
    fn of(name: &str, value: String) -> Self {
        Self {
            name: name.to_owned(),
            value,
            is_code: false,
        }
    }
}

fn facts(variant: &Variant, assembly: &str) -> Vec<Fact> {
    let end = (variant.end > variant.position).then(|| with_commas(variant.end.unsigned_abs()));
    let ends = end.map(|end| format!("{} to {end}", with_commas(variant.position.unsigned_abs())));
    let full = ChangeView::of(variant).full;
    let code = |fact: Fact| Fact { is_code: true, ..fact };
    let facts = [
        (!assembly.is_empty()).then(|| Fact::of("Assembly", assembly.to_owned())),
        ends.map(|ends| Fact::of("From and to", ends)),
        full.map(|full| code(Fact::of("REF and ALT", full))),
        variant
            .gene
            .as_ref()
            .map(|gene| Fact::of("Gene", in_full(gene, variant.gene_id.as_deref()))),
        variant.hgvs_c.clone().map(|name| code(Fact::of("HGVS, coding", name))),
        variant.hgvs_p.clone().map(|name| code(Fact::of("HGVS, protein", name))),
        variant.quality.map(|quality| Fact::of("QUAL", quality.to_string())),
        variant.filter.clone().map(|filter| code(Fact::of("FILTER", filter))),
    ];
    facts.into_iter().flatten().collect()
}

fn in_full(gene: &str, id: Option<&str>) -> String {
    match id.filter(|id| *id != gene) {
        Some(id) => format!("{gene} ({id})"),
        None => gene.to_owned(),
    }
}

fn elsewhere(variant: &Variant, assembly: &str) -> Vec<Elsewhere> {
    of_place(Place {
        assembly,
        chromosome: &variant.chromosome,
        position: variant.position.unsigned_abs(),
        end: variant.end.unsigned_abs(),
        reference: &variant.reference,
        alternate: variant.alternate.as_deref(),
    })
}

fn clinvar(variant: &Variant) -> Vec<Fact> {
    let facts = [
        ("Significance", &variant.clinvar),
        ("Of", &variant.clinvar_diseases),
        ("Review", &variant.clinvar_review),
    ];
    let said = facts
        .into_iter()
        .filter_map(|(name, text)| Some((name, text.as_deref()?)));
    said.map(|(name, text)| Fact::of(name, plain_words(text))).collect()
}

impl EntryView {
    fn of(entry: &Entry) -> Self {
        let text = |name: &str| entry.get(name).map(str::to_owned);
        let named = |words: &'static str, name: &str| Some(format!("{words} {}", entry.get(name)?));
        let is = |words: &str, name: &str| entry.get(name).map(|_| words.to_owned());
        let consequences = entry.get("consequence").map(|terms| {
            let words: Vec<String> = terms.split('&').map(in_words).collect();
            words.join(", ")
        });
        Self {
            gene: text("symbol").or_else(|| text("gene_id")),
            feature: text("feature"),
            biotype: text("biotype").map(|biotype| biotype.replace('_', " ")),
            consequence: consequences,
            impact: entry.get("impact").map(ImpactView::of),
            names: ["hgvs_c", "hgvs_p", "hgvs_g"].into_iter().filter_map(text).collect(),
            places: [
                named("exon", "exon"),
                named("intron", "intron"),
                named("CDS", "cds_position"),
                named("protein", "protein_position"),
                entry.get("distance").map(|bases| format!("{bases} bases away")),
            ]
            .into_iter()
            .flatten()
            .collect(),
            also: [
                is("canonical", "canonical"),
                named("MANE Select", "mane_select"),
                named("MANE Plus Clinical", "mane_plus_clinical"),
                entry.get("amino_acids").map(|acids| format!("amino acids {acids}")),
                entry.get("codons").map(|codons| format!("codons {codons}")),
                named("CCDS", "ccds"),
                named("APPRIS", "appris"),
                named("support level", "support_level"),
                named("pLI", "pli"),
                named("LOEUF", "loeuf"),
                named("missense Z", "missense_z"),
                entry.get("decay").map(|decay| decay.replace('_', " ")),
                entry
                    .get("flags")
                    .map(|flags| flags.replace('_', " ").replace('&', ", ")),
            ]
            .into_iter()
            .flatten()
            .collect(),
            picked: entry.picked(),
        }
    }
}
