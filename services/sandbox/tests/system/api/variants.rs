//! Variants by the API: the same filters as the page has, a page at a time or all as a file.

use serde_json::json;

use super::Program;
use crate::people::Person;
use crate::upload::SAMPLE;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_the_variants_that_match_page_by_page_or_as_a_file() {
    let person = Person::new("asks").await;
    let program = Program::of(&person).await;
    let id = program.submit("sample.vcf", SAMPLE).await;
    program.ended(id).await;
    let of = async |query: &str| program.get(&format!("/jobs/{id}/variants{query}")).await;
    let first = of("?limit=2&gene=MT-ND4&gene=MT-ND6").await.json();
    assert_eq!((&first["total"], &first["matched"]), (&json!(19), &json!(3)));
    assert_eq!(first["variants"][0]["position"], 11_719);
    assert_eq!(first["variants"][0]["genotypes"], json!({ "INVENTED": "1" }));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = of(&format!("?limit=2&gene=MT-ND4&gene=MT-ND6&cursor={cursor}"))
        .await
        .json();
    assert_eq!(second["variants"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&second["variants"][0]["position"], &second["next_cursor"]),
        (&json!(14_484), &json!(null))
    );
    let tsv = of("?gene=MT-ND6&format=tsv").await;
    assert!(tsv.header("content-type").starts_with("text/tab-separated-values"));
    assert_eq!(tsv.body.lines().count(), 2, "{}", tsv.body);
    for wrong in ["?limit=0", "?cursor=x", "?format=xlsx", "?sort=age", "?sort="] {
        assert!(of(wrong).await.is_problem(400, "bad_parameter"), "{wrong}");
    }
    for wrong in ["?frequency=often", "?genotype=NOBODY:het"] {
        assert!(of(wrong).await.is_problem(422, "bad_filter"), "{wrong}");
    }
    let again = program
        .post(&format!("/jobs/{id}/rerun"), &json!({ "form": "anntools" }), &[])
        .await;
    let again = again.json()["id"].as_str().unwrap().to_owned();
    program.ended(again.parse().unwrap()).await;
    let none = program.get(&format!("/jobs/{again}/variants")).await;
    assert!(none.is_problem(404, "no_variants"), "{}", none.body);
}
