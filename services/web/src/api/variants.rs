//! `GET /api/v1/jobs/<job id>/variants`: what the page of variants shows, by the same filters, a page at a time or all as a file.

use std::collections::BTreeMap;

use domain::Scope;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use variants::{Columns, Sort};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use super::{ApiError, json};
use crate::app::App;
use crate::pages::variants::{Asked, ExportFormat, export, opened};
use crate::visit::reading;

/// Variants on a page if nobody says how many, and at most.
const PAGE_SIZE: usize = 50;
const LARGEST_PAGE: usize = 500;

/// A page of variants.
#[derive(Serialize, ToSchema)]
pub struct VariantList {
    /// How many variants the job has: alleles of ALT, and records without one.
    total: u64,
    /// How many of them match.
    matched: u64,
    /// Those of this page.
    variants: Vec<Row>,
    /// The `cursor` of the next page, if there is one.
    next_cursor: Option<String>,
}

/// An allele of ALT, or a record without one. Positions are 1-based, both ends included; what is not known is null.
#[derive(Serialize, ToSchema)]
#[schema(as = Variant)]
pub struct Row {
    /// Which row of the job's table it is, from 0.
    row: u64,
    /// CHROM, as the VCF has it.
    chromosome: String,
    /// POS.
    position: i64,
    /// The last base.
    end: i64,
    /// REF.
    reference: String,
    /// The allele of ALT; null in a record without one.
    alternate: Option<String>,
    /// Ids of known variants.
    ids: Vec<String>,
    /// QUAL.
    quality: Option<f64>,
    /// FILTER, as the VCF has it.
    filter: Option<String>,
    /// The most severe consequence, a term of the Sequence Ontology.
    consequence: Option<String>,
    /// `HIGH`, `MODERATE`, `LOW` or `MODIFIER`.
    impact: Option<String>,
    /// The symbol of the picked transcript's gene.
    gene: Option<String>,
    /// The id of that gene.
    gene_id: Option<String>,
    /// The picked transcript.
    transcript: Option<String>,
    /// The name on it, after HGVS.
    hgvs_c: Option<String>,
    /// The name on its protein.
    hgvs_p: Option<String>,
    /// The largest of the frequencies, 0 to 1.
    max_frequency: Option<f64>,
    /// How frequent the allele is, by the key under which the VCF has it.
    frequencies: BTreeMap<String, f64>,
    /// What ClinVar says of its significance.
    clinvar: Option<String>,
    /// Of which diseases.
    clinvar_diseases: Option<String>,
    /// How well that was reviewed.
    clinvar_review: Option<String>,
    /// GT of each sample; null where the table has none.
    genotypes: Option<BTreeMap<String, String>>,
}

/// In which order variants come.
#[derive(Serialize, ToSchema)]
#[schema(as = VariantOrder)]
#[allow(dead_code, reason = "it is described, and never made")]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As in the VCF.
    Place,
    /// The most severe consequence first.
    Severity,
    /// The rarest first.
    Frequency,
}

/// In which form variants come.
#[derive(Serialize, ToSchema)]
#[schema(as = VariantFormat)]
#[allow(dead_code, reason = "it is described, and never made")]
pub enum Form {
    /// A page in JSON.
    #[serde(rename = "json")]
    Json,
    /// Columns with tabs between them.
    #[serde(rename = "tsv")]
    Tsv,
    /// An object a line, with all transcripts.
    #[serde(rename = "jsonl")]
    JsonLines,
    /// Parquet, with all transcripts.
    #[serde(rename = "parquet")]
    Parquet,
    /// The records of the results, packed by bgzip.
    #[serde(rename = "vcf.gz")]
    Vcf,
}

/// `GET /jobs/<job id>/variants`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("jobs" / String / "variants").and(reading());
    path.and(caller(app, Some(Scope::Read)))
        .then(|id, caller| answered(caller, move |caller| list(id, caller)))
        .boxed()
}

/// List the variants
///
/// Of a completed job, for whoever may have its results. Each parameter is a condition; all have to hold. Parameters may come
/// several times, and one of their values has to hold then. `format` asks for all that match as a file, in the order of the VCF.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}/variants",
    tag = "Variants",
    operation_id = "list_variants",
    params(
        ("id" = String, Path, format = Uuid, description = "The job's ID"),
        ("gene" = Option<Vec<String>>, Query, description = "Symbols or ids of genes"),
        ("region" = Option<Vec<String>>, Query, description = "Regions, as `chr7:117,559,000-117,560,000`, or lines of a BED file"),
        ("regions" = Option<String>, Query, description = "The name of regions that were sent by `POST /jobs/{id}/regions`"),
        ("impact" = Option<Vec<String>>, Query, description = "`high`, `moderate`, `low`, `modifier`"),
        ("consequence" = Option<Vec<String>>, Query, description = "The most severe consequence, a term of the Sequence Ontology"),
        ("known" = Option<String>, Query, description = "`yes` or `no`: whether a known variant has an id for it"),
        ("frequency" = Option<String>, Query, description = "At most `0.01` or `1%`, within `0.01-0.05`, or `unknown`"),
        ("quality" = Option<String>, Query, description = "QUAL at least"),
        ("filter" = Option<String>, Query, description = "What FILTER has: `PASS`, or the name of a filter"),
        ("genotype" = Option<Vec<String>>, Query, description = "A sample and its genotype, `NA12878:het`; also `hom_alt`, `hom_ref`, `carries`, `missing`"),
        ("model" = Option<String>, Query, description = "How `child` has it from `mother` and `father`: `denovo`, `recessive`, `compound`, `xlinked`"),
        ("child" = Option<String>, Query, description = "The child's sample"),
        ("mother" = Option<String>, Query, description = "The mother's sample"),
        ("father" = Option<String>, Query, description = "The father's sample"),
        ("clinvar" = Option<String>, Query, description = "Words in what ClinVar says of the significance, such as `pathogenic`"),
        ("kind" = Option<Vec<String>>, Query, description = "`snv`, `insertion`, `deletion`, `other`"),
        ("change" = Option<Vec<String>>, Query, description = "Substitutions, as `C>T`"),
        ("length" = Option<String>, Query, description = "Bases inserted or deleted: `3`, `11-20`, `51-`"),
        ("q" = Option<String>, Query, description = "Text in ids, gene, transcript, HGVS, consequence or ClinVar; or a place"),
        ("sort" = Option<Order>, Query, description = "The order; that of the VCF if nothing is said"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Variants on the page; 50 if nothing is said"),
        ("cursor" = Option<String>, Query, pattern = "^[0-9]{1,18}$", description = "The `next_cursor` of the page before"),
        ("format" = Option<Form>, Query, description = "All that match as a file instead of a page"),
    ),
    responses(
        (status = 200, description = "The variants", content(
            (VariantList = "application/json"),
            (String = "text/tab-separated-values"),
            (String = "application/jsonl"),
            (String = "application/octet-stream"),
        )),
        (status = 404, description = "The person has no such job, or it has no table of variants", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The results are archived, or being restored", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A filter is none; the detail says which parameter, and why", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn list(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (job, _) = caller.job(&id).await?;
    let app = &caller.visit.app;
    let opened = opened(app, &caller.user, &job).await?;
    let opened = opened.map_err(|why| ApiError::Page(why.into()))?;
    let pairs = caller.visit.pairs();
    names_an_order(&caller)?;
    let asked = Asked {
        offset: cursor(&caller)?,
        ..Asked::about(app, &job, &pairs).await?
    };
    let limit = limit(&caller)?;
    if let Some(format) = format(&caller)? {
        return Ok(export(app, &caller.user, &job, &opened, &asked, format).await?);
    }
    let found = app
        .variants
        .find(&app.objects, &opened, &asked.query(limit, false))
        .await?;
    let rows = app
        .variants
        .rows(&app.objects, &opened, &found.page, Columns::Shown)
        .await?;
    let behind = asked.offset + rows.len() as u64;
    let samples = opened.table.samples();
    let list = VariantList {
        total: opened.table.rows(),
        matched: found.matched,
        next_cursor: (!rows.is_empty() && behind < found.matched).then(|| behind.to_string()),
        variants: rows.into_iter().map(|variant| Row::of(variant, samples)).collect(),
    };
    Ok(json(StatusCode::OK, &list))
}

/// A form may leave `sort` empty; a program that names it says which.
fn names_an_order(caller: &Caller) -> Result<(), ApiError> {
    let query = caller.visit.query();
    match query.has("sort") && Sort::ALL.iter().all(|sort| sort.name() != query.get("sort")) {
        true => Err(ApiError::Parameter("The order is place, severity or frequency.")),
        false => Ok(()),
    }
}

fn limit(caller: &Caller) -> Result<usize, ApiError> {
    let query = caller.visit.query();
    match query.get("limit") {
        "" if !query.has("limit") => Ok(PAGE_SIZE),
        limit => limit
            .parse()
            .ok()
            .filter(|limit| (1..=LARGEST_PAGE).contains(limit))
            .ok_or(ApiError::Parameter("The limit is a number from 1 to 500.")),
    }
}

fn cursor(caller: &Caller) -> Result<u64, ApiError> {
    let query = caller.visit.query();
    match query.get("cursor") {
        "" if !query.has("cursor") => Ok(0),
        cursor if cursor.len() <= 18 && cursor.bytes().all(|byte| byte.is_ascii_digit()) => cursor
            .parse()
            .map_err(|_| ApiError::Parameter("There is no such page of variants.")),
        _ => Err(ApiError::Parameter("There is no such page of variants.")),
    }
}

fn format(caller: &Caller) -> Result<Option<ExportFormat>, ApiError> {
    let query = caller.visit.query();
    match query.get("format") {
        "json" => Ok(None),
        "" if !query.has("format") => Ok(None),
        ending => ExportFormat::of_ending(ending).map(Some).ok_or(ApiError::Parameter(
            "The format is json, tsv, jsonl, parquet or vcf.gz.",
        )),
    }
}

impl Row {
    fn of(variant: variants::Variant, samples: &[String]) -> Self {
        let frequencies = variant.frequencies.into_iter();
        let genotypes = variant.genotypes.map(|is| samples.iter().cloned().zip(is).collect());
        Self {
            row: variant.row,
            chromosome: variant.chromosome,
            position: variant.position,
            end: variant.end,
            reference: variant.reference,
            alternate: variant.alternate,
            ids: variant.ids,
            quality: variant.quality.filter(|quality| quality.is_finite()),
            filter: variant.filter,
            consequence: variant.consequence,
            impact: variant.impact,
            gene: variant.gene,
            gene_id: variant.gene_id,
            transcript: variant.transcript,
            hgvs_c: variant.hgvs_c,
            hgvs_p: variant.hgvs_p,
            max_frequency: variant.max_frequency,
            frequencies: frequencies.map(|one| (one.source, one.value)).collect(),
            clinvar: variant.clinvar,
            clinvar_diseases: variant.clinvar_diseases,
            clinvar_review: variant.clinvar_review,
            genotypes,
        }
    }
}
