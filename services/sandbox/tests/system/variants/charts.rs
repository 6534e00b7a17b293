//! Charts of a job's variants: each part of one leads to just the variants that it counts.

use domain::JobStatus;

use super::{sample, variants};
use crate::people::Person;
use crate::upload::{ended, submit};

#[tokio::test(flavor = "multi_thread")]
async fn every_part_of_a_chart_leads_to_just_its_variants() {
    let person = Person::new("charts").await;
    let id = sample(&person).await;
    let charts = variants(&person, id, "/charts?region=MT:1-9000").await;
    assert_eq!(charts.status, 200, "{}", charts.body);
    let drawn = charts.attributes("svg.chart", "id");
    for chart in [
        "karyogram",
        "consequences",
        "impacts",
        "frequencies",
        "kinds",
        "substitutions",
        "deletions",
    ] {
        assert!(drawn.iter().any(|own| own == chart), "{chart} of {drawn:?}");
    }
    assert!(charts.says("Ti/Tv is"), "{}", charts.body);
    let (labels, links) = (
        charts.texts("svg.chart#consequences a, svg.chart#kinds a, svg.chart#substitutions a"),
        charts.attributes(
            "svg.chart#consequences a, svg.chart#kinds a, svg.chart#substitutions a",
            "href",
        ),
    );
    assert!(links.len() > 5, "{labels:?}");
    for (label, link) in labels.iter().zip(&links) {
        let number = label.rsplit(' ').next().unwrap();
        let found = person.get(link).await;
        assert_eq!(
            found.texts("#count"),
            [format!("{number} of 19 variants")],
            "{label}: {link}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_karyogram_has_bands_that_lead_to_their_variants() {
    if !crate::references().await {
        return crate::skipped("a_karyogram_has_bands: the references could not be prepared");
    }
    let person = Person::new("bands").await;
    let header = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=81195210,assembly=hg19>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let records =
        "chr17\t40899999\t.\tA\tG\t.\t.\t.\nchr17\t41196312\t.\tA\tC\t.\t.\t.\nchr17\t44900000\t.\tT\tC\t.\t.\t.\n";
    let id = submit(&person, "bands.vcf", format!("{header}{records}")).await;
    let job = ended(id).await;
    assert_eq!(job.status, JobStatus::Completed, "{:?}", job.error);
    let charts = variants(&person, id, "/charts").await;
    let hints = charts.texts("#karyogram .bands title");
    assert_eq!(hints.len(), 24, "the bands of chromosome 17");
    let links = charts.attributes("#karyogram .bands a", "href");
    let mut found = Vec::new();
    for (hint, link) in charts.texts("#karyogram .bands a").iter().zip(&links) {
        let table = variants(&person, id, link.strip_prefix("../variants").unwrap()).await;
        found.push(format!("{hint}, {}", table.texts("#count")[0]));
    }
    found.sort();
    assert_eq!(found, ["17q21.2: 1, 1 of 3 variants", "17q21.31: 2, 2 of 3 variants"]);
    assert!(charts.texts(".counts th").contains(&"17q21.31".to_owned()));
    let slashed = variants(&person, id, "/charts/?impact=high").await;
    let without = format!("/annotations/{id}/variants/charts?impact=high");
    assert_eq!((slashed.status.as_u16(), slashed.location()), (303, &*without));
}
