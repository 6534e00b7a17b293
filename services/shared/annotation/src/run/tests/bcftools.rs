//! Against the expected answers of bcftools' own tests of its command csq. Skipped aloud where they are not here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reference::Bundle;
use reference::build::{Plan, TranscriptSource, Transcripts, build};
use reference::detect::Choice;
use tempfile::TempDir;

use super::chr1::name;
use super::files::shared_data;
use super::translation::one_letter;
use super::*;

/// Where ours differ, by place and transcript, and why:
/// - *short intron*: in an intron of under 13 bases nothing is spliced, as in Ensembl VEP;
/// - *place*: bcftools tells an indel where the file has it, ours at the place of its HGVS name;
/// - *more terms*: beside a lost start ours tell of the frame, beside one that is retained of the untranslated region, and
///   of a stop inside of what shifts a frame;
/// - *frame across a site*: what becomes of a frame is not told where the splice site goes with it;
/// - *cut transcript*: there is no stop to lose where the coding sequence is cut, its last codon is told, and a stop in
///   the place of its last arginine is gained;
/// - *mobile element*: of which region an element between two of them is, and which region a part that is lost is of;
/// - *start*: ATG is the start codon, though nothing else is known of the coding sequence.
const DIFFERENCES: [(&str, &str); 14] = [
    ("104 CA C ENSCAFT00000047742", "short intron"),
    ("44572 T TC ENST00000545279", "short intron"),
    ("2723 G GAAA ENST00000423372", "place"),
    ("214 AT A ENST00000230048", "more terms"),
    ("4958 AGA A ENST00000318249", "more terms"),
    ("11191 AT A ENST00000368801", "more terms"),
    ("1 T TTAACTACCATTCAACAT gtrV", "more terms"),
    ("18990 TAAAGGGATATCTACAA T ENST00000409523", "frame across a site"),
    ("11397 ACTGCAAGGTGAGCT A ENST00000518414", "cut transcript"),
    ("14714 G A ENST00000528237", "cut transcript"),
    ("81 CAAGT C ENST00000390520", "cut transcript"),
    ("315641 G <INS:ME:ALU> ENST00000373886", "mobile element"),
    ("315772 G <DEL> ENST00000373886", "mobile element"),
    ("44688 C T ENST00000420670", "start"),
];

/// Terms of bcftools, sorted, and the amino acid that is changed, of each expected entry; by record and transcript.
type Expected = BTreeMap<(String, String), Vec<(Vec<String>, String)>>;

pub(super) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    found.sort();
    found
}

/// The reference of one test.
pub(super) fn reference(folder: &Path) -> Option<(TempDir, Arc<Bundle>)> {
    let (gff3, fasta) = (files(folder, ".gff").pop()?, files(folder, ".fa").pop()?);
    let built = TempDir::new().unwrap();
    fs::write(built.path().join("chrom.sizes"), "").unwrap();
    let plan = Plan {
        name: "part".to_owned(),
        assembly: "part".to_owned(),
        tables: built.path().to_owned(),
        transcripts: Transcripts {
            sources: vec![TranscriptSource {
                label: Some("Ensembl".to_owned()),
                file: gff3,
            }],
            mane: None,
        },
        sequence: Some(fasta),
        tracks: Vec::new(),
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let path = built.path().join("part.gasref");
    build(&plan, &path, &mut |_| {}).unwrap();
    let bundle = Arc::new(Bundle::open(&path).unwrap());
    Some((built, bundle))
}

fn expected(text: &str) -> Expected {
    let mut all = Expected::new();
    for line in text.lines() {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [position, reference, alternate, csq] = columns[..] else {
            continue;
        };
        for entry in csq.split(',').filter(|entry| entry.contains('|')) {
            let fields: Vec<&str> = entry.split('|').collect();
            if fields[2].is_empty() {
                continue;
            }
            let mut terms: Vec<String> = fields[0].split('&').map(str::to_owned).collect();
            terms.retain(|term| term != "NMD_transcript");
            terms.sort();
            let place = (format!("{position} {reference} {alternate}"), fields[2].to_owned());
            all.entry(place)
                .or_default()
                .push((terms, fields.get(5).unwrap_or(&"").to_string()));
        }
    }
    all
}

/// Our terms in bcftools' words, sorted: one for all regions of a splice site, and introns only by themselves.
pub(super) fn in_their_words(terms: &str) -> Vec<String> {
    let word = |term: &str| match term {
        "splice_donor_region_variant" | "splice_donor_5th_base_variant" | "splice_polypyrimidine_tract_variant" => {
            "splice_region".to_owned()
        }
        "protein_altering_variant" => "inframe_altering".to_owned(),
        "5_prime_UTR_variant" => "5_prime_utr".to_owned(),
        "3_prime_UTR_variant" => "3_prime_utr".to_owned(),
        term => term.strip_suffix("_variant").unwrap_or(term).to_owned(),
    };
    let words: BTreeSet<String> = terms.split('&').map(word).collect();
    let only = words.len() == 1;
    words.into_iter().filter(|word| only || word != "intron").collect()
}

/// Whether a name of one amino acid (`p.Pro364Ala`) is bcftools' change of it (`364P>364A`).
pub(super) fn is_change(name: &str, change: &str) -> bool {
    let (before, after) = change.split_once('>').unwrap_or((change, change));
    let letters = |text: &str| {
        text.trim_start_matches(|letter: char| letter.is_ascii_digit())
            .to_owned()
    };
    let (number, from, to) = (
        before.trim_end_matches(|letter: char| !letter.is_ascii_digit()),
        letters(before),
        letters(after),
    );
    let one = one_letter(name);
    one == format!("p.{from}{number}{to}") || from == to && one == format!("p.{from}{number}=") || name.contains("ext")
}

/// Ours by record and transcript: terms, c. and p.
fn ours(bundle: &Arc<Bundle>, vcf: &str) -> BTreeMap<(String, String), [String; 3]> {
    let options = Options {
        references: vec![Arc::clone(bundle)],
        choice: Choice::Named("part".to_owned()),
        ..Options::default()
    };
    let mut output = Vec::new();
    if let Err(refused) = annotate(vcf.as_bytes(), &mut output, &options, &mut |_| {}) {
        println!("REFUSED {refused}");
        return BTreeMap::new();
    }
    let output = String::from_utf8(output).unwrap();
    let mut all = BTreeMap::new();
    for line in output.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').collect();
        let Some(csq) = columns[7].split(';').find_map(|field| field.strip_prefix("CSQ=")) else {
            continue;
        };
        for entry in csq.split(',') {
            let fields: Vec<_> = entry.split('|').collect();
            let transcript = fields[6].split('.').next().unwrap().to_owned();
            let record = columns[1..2]
                .iter()
                .chain(&columns[3..5])
                .copied()
                .collect::<Vec<_>>()
                .join(" ");
            all.insert(
                (record, transcript),
                [fields[1].to_owned(), name(fields[10]), name(fields[11])],
            );
        }
    }
    all
}

#[test]
fn what_differs_from_bcftools_answers_is_explained() {
    let Some(data) = shared_data() else { return };
    let folders = files(&data.join("bcftools-csq"), "");
    let (mut compared, mut differ) = (0, BTreeSet::new());
    for folder in folders.iter().filter(|path| path.is_dir()) {
        let Some((_built, bundle)) = reference(folder) else {
            continue;
        };
        for vcf in files(folder, ".vcf") {
            let texts = [vcf.with_extension("txt-l"), vcf.with_extension("txt")];
            let Some(text) = texts.into_iter().find(|path| path.exists()) else {
                continue;
            };
            let ours = ours(&bundle, &fs::read_to_string(&vcf).unwrap());
            for (place, expected) in expected(&fs::read_to_string(text).unwrap()) {
                let Some([terms, coding, protein]) = ours.get(&place) else {
                    continue;
                };
                compared += 1;
                let words = in_their_words(terms);
                let all: BTreeSet<_> = expected.iter().flat_map(|(terms, _)| terms).cloned().collect();
                let is_same = expected.iter().any(|(terms, change)| {
                    *terms == words && (change.is_empty() || place.0.len() > 10 || is_change(protein, change))
                });
                if !is_same && !all.into_iter().eq(words) {
                    println!("{place:?} {expected:?}: {terms} {coding} {protein}");
                    differ.insert(format!("{} {}", place.0, place.1));
                }
            }
        }
    }
    let known: BTreeSet<String> = DIFFERENCES.iter().map(|(place, _)| (*place).to_owned()).collect();
    assert_eq!(differ, known);
    assert!(compared >= 90, "{compared}");
}
