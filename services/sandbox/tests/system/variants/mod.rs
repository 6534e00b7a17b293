//! The variants of a job as its owner looks at them: the table, its filters, one variant, charts, files; and where there is
//! no table, why.

mod charts;
mod family;
mod records;
pub mod regions;

use std::io::Read;
use std::time::Duration;

use domain::{JobId, JobStatus, Timestamp, keys};
use flate2::read::MultiGzDecoder;

use crate::people::{Answer, Person};
use crate::reach::{objects, reach};
use crate::upload::{SAMPLE, ended, submit};

/// A completed job of the sample.
async fn sample(person: &Person) -> JobId {
    let job = ended(submit(person, "sample.vcf", SAMPLE).await).await;
    assert_eq!(job.status, JobStatus::Completed, "{:?}", job.error);
    job.id
}

async fn variants(person: &Person, id: JobId, rest: &str) -> Answer {
    person.get(&format!("/annotations/{id}/variants{rest}")).await
}

fn places(page: &Answer) -> Vec<String> {
    page.texts("#variant-table tbody td:first-child a")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completed_job_has_a_table_of_its_variants_that_filters_and_sorts() {
    let person = Person::new("looks").await;
    let id = sample(&person).await;
    let job = person.get(&format!("/annotations/{id}")).await;
    assert_eq!(
        job.attributes("#look-at-variants", "href"),
        [format!("/annotations/{id}/variants")]
    );
    let all = variants(&person, id, "").await;
    assert_eq!(all.status, 200, "{}", all.body);
    assert_eq!(all.texts("#count"), ["19 of 19 variants"]);
    assert_eq!(places(&all).len(), 19);
    let melas = all
        .texts("#variant-table tbody tr")
        .into_iter()
        .find(|row| row.contains("MT:3,243"));
    let melas = melas.unwrap();
    assert!(
        melas.contains("MT-TL1") && melas.contains("0.00016") && melas.contains("0/1"),
        "{melas}"
    );
    let of_gene = variants(&person, id, "?gene=MT-ND4,mt-nd6&region=MT:11770-15000").await;
    assert_eq!(of_gene.texts("#count"), ["2 of 19 variants"]);
    assert_eq!(places(&of_gene), ["MT:11,778", "MT:14,484"]);
    let without = of_gene.attributes("a.chip", "href");
    assert_eq!(
        without[0],
        format!("/annotations/{id}/variants?gene=mt-nd6&region=MT%3A11770-15000")
    );
    let het = variants(&person, id, "?sample=INVENTED&has=het&region=MT:8000-9000").await;
    assert_eq!(places(&het), ["MT:8,344", "MT:8,993"]);
    let nothing = variants(&person, id, "?gene=BRCA1").await;
    assert!(nothing.says("No variant is like that") && nothing.says("0 of 19 variants"));
    let severe = variants(&person, id, "?sort=severity").await;
    let impacts = severe.texts("#variant-table .impact");
    let rank = |word: &String| {
        ["high", "moderate", "low", "modifier"]
            .iter()
            .position(|own| own == word)
    };
    assert!(impacts.is_sorted_by_key(rank), "{impacts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_parameter_is_told_at_its_field_and_the_form_stays() {
    let person = Person::new("mistypes").await;
    let id = sample(&person).await;
    let wrong = variants(&person, id, "?frequency=often&gene=MT-ND4").await;
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.texts("#frequency-error")[0].contains("not “often”"),
        "{}",
        wrong.body
    );
    assert_eq!(wrong.attributes("#frequency", "value"), ["often"]);
    assert_eq!(wrong.texts("#gene"), ["MT-ND4"]);
    for (query, field) in [
        ("?region=MT:20-10", "#region-error"),
        ("?sort=age", "#sort-error"),
        ("?offset=x", ".variant-filter .notice"),
        (
            "?child=a&mother=b&father=c&model=denovo",
            "#child-error, .variant-filter .notice",
        ),
        ("?genotype=NOBODY:het", ".field-error, .variant-filter .notice"),
    ] {
        let wrong = variants(&person, id, query).await;
        assert_eq!(
            (wrong.status.as_u16(), wrong.texts(field).len()),
            (400, 1),
            "{query}: {}",
            wrong.body
        );
        let as_file = variants(&person, id, &format!(".tsv{query}")).await;
        assert_eq!(as_file.status, 400, "{query}");
    }
    for absent in ["/19", "/x", "/-1", "/1/2", ".xlsx"] {
        assert_eq!(variants(&person, id, absent).await.status, 404, "{absent}");
    }
    let beyond = variants(&person, id, "?offset=1000").await;
    assert!(beyond.status == 200 && beyond.says("There are no variants on this page"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_variant_shows_all_that_is_known_and_leads_to_others_who_know_more() {
    let person = Person::new("opens").await;
    let id = sample(&person).await;
    let table = variants(&person, id, "?region=MT:3243").await;
    let one = person.get(&table.attributes("#variant-table tbody a", "href")[0]).await;
    assert_eq!(one.status, 200, "{}", one.body);
    assert_eq!(one.texts("main h1"), ["MT:3,243 A ›to G"]);
    assert!(
        one.says("MT-TL1 (4567)") && one.says("non_coding_transcript_exon_variant"),
        "{}",
        one.body
    );
    assert!(!one.texts("#transcripts tbody tr").is_empty());
    assert!(one.texts("#genotypes tr")[1].starts_with("INVENTED0/1"));
    let back = format!("/annotations/{id}/variants?region=MT%3A3243-3243");
    assert_eq!(one.attributes(".crumb a", "href"), [back]);
    let links = one.attributes("#variant a", "href");
    let gnomad = "https://gnomad.broadinstitute.org/variant/M-3243-A-G?dataset=gnomad_r3";
    assert!(links.iter().any(|link| link == gnomad), "{links:?}");
    assert!(links.iter().any(|link| link.contains("ensembl.org")), "{links:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_can_be_had_in_every_form() {
    let person = Person::new("exports").await;
    let id = sample(&person).await;
    let page = variants(&person, id, "?gene=MT-ND4,MT-ND6&region=MT:11770-15000").await;
    let links = page.attributes(".downloads a", "href");
    assert_eq!(links.len(), 4, "{links:?}");
    let bytes = async |link: &str| {
        let answer = person
            .browser
            .client
            .get(person.browser.address(link))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{link}");
        let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(disposition.contains("sample.variants."), "{disposition}");
        answer.bytes().await.unwrap().to_vec()
    };
    let tsv = String::from_utf8(bytes(&links[0]).await).unwrap();
    let lines: Vec<&str> = tsv.lines().collect();
    assert!(
        lines.len() == 3 && lines[0].starts_with("chromosome\tposition\t"),
        "{tsv}"
    );
    assert!(
        lines[0].ends_with("\tINVENTED") && lines[1].starts_with("MT\t11778\t"),
        "{tsv}"
    );
    let json = String::from_utf8(bytes(&links[1]).await).unwrap();
    let objects: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 2);
    assert_eq!(objects[1]["position"], 14_484);
    assert!(
        objects[1]["consequences"]
            .as_array()
            .is_some_and(|entries| !entries.is_empty()),
        "{json}"
    );
    let parquet = bytes(&links[2]).await;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    let packed = bytes(&links[3]).await;
    assert_eq!(packed[3], 4, "bgzip has an extra field");
    let mut vcf = String::new();
    MultiGzDecoder::new(&packed[..]).read_to_string(&mut vcf).unwrap();
    let records: Vec<&str> = vcf.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(vcf.starts_with("##fileformat=") && records.len() == 2, "{vcf}");
    assert!(
        records[0].starts_with("MT\t11778\t") && records[0].contains("CSQ="),
        "{vcf}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn variants_are_results_so_whoever_may_not_have_these_gets_the_same_answer() {
    let person = Person::new("late").await;
    let id = sample(&person).await;
    let long_ago = Timestamp::now().minus(Duration::from_secs(31 * 60));
    reach().await.set_complete_time(id, long_ago).await;
    for page in ["", "/charts", "/0", ".tsv", ".vcf.gz"] {
        let late = variants(&person, id, page).await;
        assert_eq!(late.status, 403, "{page}");
        assert!(late.says("The time for looking at these variants is over"), "{page}");
        assert_eq!(late.attributes("main a[href='/subscribe']", "href").len(), 1, "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_without_a_table_says_why_and_offers_to_annotate_again() {
    let person = Person::new("anntools").await;
    let first = sample(&person).await;
    let page = format!("/annotations/{first}");
    let new_job = JobId::random();
    let fields = [("new_job", &*new_job.to_string()), ("form", "anntools")];
    let again = person.browser.submit(&page, &format!("{page}/again"), &fields).await;
    assert_eq!(again.status, 303, "{}", again.body);
    ended(new_job).await;
    let none = variants(&person, new_job, "").await;
    assert_eq!(none.status, 404);
    assert!(
        none.says("There is no table of these variants") && none.says("AnnTools’ form"),
        "{}",
        none.body
    );
    let job_page = person.get(&format!("/annotations/{new_job}")).await;
    assert!(job_page.attributes("#look-at-variants", "href").is_empty());
    let names = none.attributes("main form input", "name");
    let values = none.attributes("main form input", "value");
    let form: Vec<(&str, &str)> = names
        .iter()
        .map(String::as_str)
        .zip(values.iter().map(String::as_str))
        .collect();
    assert!(form.contains(&("form", "modern")), "{form:?}");
    let action = none.attributes("main form", "action").remove(0);
    let made = person.browser.post(&action, &form).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let id: JobId = made.location().rsplit('/').next().unwrap().parse().unwrap();
    ended(id).await;
    assert_eq!(variants(&person, id, "").await.texts("#count"), ["19 of 19 variants"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_object_is_of_that_object_or_of_none() {
    let person = Person::new("ranges").await;
    let id = sample(&person).await;
    let (job, objects) = (ended(id).await, objects().await);
    let key = keys::attempt(job.user_id, id, job.attempt, &job.input_file_name).variants;
    let size = job.stored.variants.unwrap();
    let end = objects.read_range(&key, size - 4..size, None).await.unwrap().unwrap();
    assert_eq!(&end.bytes[..], b"PAR1");
    let begin = objects.read_range(&key, 0..4, Some(&end.etag)).await.unwrap();
    assert_eq!(begin, Some(end));
    let other = objects
        .read_range(&key, 0..4, Some("\"00000000000000000000000000000000\""))
        .await;
    assert_eq!(other.unwrap(), None, "another object has taken its place");
    assert_eq!(
        objects.read_range(&format!("{key}.not"), 0..4, None).await.unwrap(),
        None
    );
    assert!(objects.read_range(&key, size - 2..size + 2, None).await.is_err());
}
