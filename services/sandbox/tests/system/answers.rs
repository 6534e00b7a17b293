//! What an answer says of itself: which genome, which reference and tracks answered, and what is missing.

use domain::JobStatus;

use crate::people::{Answer, Person};
use crate::upload::{ended, submit};

/// BRAF V600E and BRCA1 185delAG on GRCh37. The references that a sandbox makes have no sequence.
pub const CODING: &str = "##fileformat=VCFv4.2\n\
    ##contig=<ID=7,length=159138663>\n\
    ##contig=<ID=17,length=81195210>\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
    7\t140453136\t.\tA\tT\t.\tPASS\t.\n\
    17\t41276044\t.\tACT\tA\t.\tPASS\t.\n";

/// The page and the log of a completed job; `None`, said aloud, without references.
async fn answered(name: &str, content: &str) -> Option<(Answer, Answer)> {
    if !crate::references().await {
        crate::skipped(&format!("{name}: the references could not be prepared"));
        return None;
    }
    let person = Person::new("answers").await;
    let id = submit(&person, name, content).await;
    let job = ended(id).await;
    assert_eq!(job.status, JobStatus::Completed, "{:?}", job.error);
    let page = person.get(&format!("/annotations/{id}")).await;
    Some((page, person.get(&format!("/annotations/{id}/log")).await))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_codons_says_so_on_page_and_log() {
    let Some((page, log)) = answered("coding.vcf", CODING).await else {
        return;
    };
    assert!(page.says("Annotated without codons: "));
    let warning = &page.texts("#warnings li")[0];
    assert!(
        warning.starts_with(
            "ANNOTATED WITHOUT CODONS: 2 coding alleles were told without codons. The reference hg19 has no"
        ),
        "{warning}"
    );
    assert!(warning.contains("annotator reference fetch hg19;"), "{warning}");
    assert!(page.says("not known, without codons") && log.says("ANNOTATED WITHOUT CODONS: 2 coding alleles"));
    let tracks = page.texts("#annotated-with tbody td:first-child");
    assert!(tracks.contains(&"dbSNP, common".to_owned()), "{tracks:?}");
    assert!(tracks.contains(&"RefSeq genes".to_owned()), "{tracks:?}");
    let releases = page.texts("#annotated-with tbody td:nth-child(2)");
    assert!(releases.contains(&"as in bioframe 0.8.0".to_owned()), "{releases:?}");
    assert!(page.says("Listed in dbSNP, common"));
    // Two alleles, each by its most severe consequence, however many transcripts it is in.
    let charts = page.texts("table.counts caption");
    assert_eq!(charts[1], "Most severe consequence (alleles)", "{charts:?}");
    assert!(
        page.attributes("table.counts a", "href")
            .contains(&"http://www.sequenceontology.org/browser/current_release/term/SO:0001580".to_owned())
    );
    assert!(page.says("coding_sequence_variant") && page.says("what that does to the protein is not told"));
    assert!(page.says("SNVs") && page.says("IMPACT"), "{}", page.body);
}

#[test]
fn every_consequence_that_is_told_is_explained() {
    for consequence in annotation::Consequence::ALL {
        let term = domain::sequence_ontology::term(consequence.term());
        assert!(term.is_some(), "{}", consequence.term());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_of_grch38_is_grch38_and_no_track_is_counted_that_is_not_there() {
    let header =
        "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let Some((page, _)) = answered("header only.vcf", header).await else {
        return;
    };
    assert_eq!(page.texts("#genome"), ["human GRCh38 (hg38)"]);
    assert_eq!(page.texts("#decided"), ["the length of 1 ##contig line is its"]);
    assert!(!page.body.contains("dbSNP"), "{}", page.body);
}
