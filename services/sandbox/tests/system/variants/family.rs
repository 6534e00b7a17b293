//! A child, its mother and its father in one file.

use domain::JobStatus;

use super::{places, variants};
use crate::people::Person;
use crate::upload::{ended, submit};

/// Two parents and their child, on GRCh37: BRAF V600E is new in the child, a variant beside it is its mother's.
const TRIO: &str = "##fileformat=VCFv4.2\n\
    ##contig=<ID=7,length=159138663>\n\
    ##contig=<ID=17,length=81195210>\n\
    ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tchild\tmother\tfather\n\
    7\t140453136\trs113488022\tA\tT\t50\tPASS\t.\tGT\t0/1\t0/0\t0/0\n\
    7\t140453193\t.\tT\tC,G\t20\tq10\t.\tGT\t0/1\t0/1\t0/2\n\
    17\t41276044\t.\tACT\tA\t.\tPASS\t.\tGT\t0/1\t0/0\t0/1\n";

/// Skipped, aloud, where the references could not be prepared.
#[tokio::test(flavor = "multi_thread")]
async fn a_family_of_three_is_asked_what_is_new_in_the_child() {
    if !crate::references().await {
        crate::skipped("a_family_of_three_is_asked_what_is_new_in_the_child: the references could not be prepared");
        return;
    }
    let person = Person::new("family").await;
    let id = submit(&person, "trio.vcf", TRIO).await;
    let job = ended(id).await;
    assert_eq!(job.status, JobStatus::Completed, "{:?}", job.error);
    let all = variants(&person, id, "").await;
    assert_eq!(all.texts("#count"), ["4 of 4 variants"], "an allele is a row");
    assert_eq!(
        all.attributes("#variant-table a[href*='ncbi']", "href"),
        ["https://www.ncbi.nlm.nih.gov/snp/rs113488022"]
    );
    let family = "?child=child&mother=mother&father=father&model=denovo";
    let new = variants(&person, id, family).await;
    assert_eq!(places(&new), ["7:140,453,136"], "{}", new.body);
    assert_eq!(new.texts("a.chip").len(), 1, "{:?}", new.texts("a.chip"));
    let of_gene = variants(&person, id, "?gene=braf&filter=PASS").await;
    assert_eq!(places(&of_gene), ["7:140,453,136"]);
    let two_alleles = variants(&person, id, ".vcf.gz?quality=10&change=T%3EG").await;
    assert_eq!(two_alleles.status, 200);
    let one = person
        .get(&of_gene.attributes("#variant-table tbody a", "href")[0])
        .await;
    let links = one.attributes("#variant a", "href");
    let gnomad = "https://gnomad.broadinstitute.org/variant/7-140453136-A-T?dataset=gnomad_r2_1";
    assert!(links.iter().any(|link| link == gnomad), "{links:?}");
    let unfinished = variants(&person, id, "?child=child&model=denovo").await;
    assert_eq!(unfinished.status, 400);
    assert!(
        unfinished.texts("#mother-error")[0].contains("mother"),
        "{}",
        unfinished.body
    );
    let nobody = variants(&person, id, "?genotype=NOBODY:het").await;
    assert_eq!(
        (nobody.status.as_u16(), nobody.texts(".field-error").len()),
        (400, 1),
        "{}",
        nobody.body
    );
}
