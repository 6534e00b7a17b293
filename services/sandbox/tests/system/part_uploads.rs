//! Uploads in parts as the page's script asks for them.

use reqwest::Client;
use serde_json::Value;

use crate::api::parts::sha256;
use crate::people::{Browser, Person};
use crate::upload::{SAMPLE, ended};

fn json(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sends_a_file_in_parts_and_submits_it() {
    let person = Person::premium("page-parts").await;
    let page = person.get("/annotate").await;
    assert_eq!(page.attributes("form#upload", "data-above"), ["16777216"]);
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let answer = person.browser.submit("/annotate", path, fields).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        json(&answer.body)
    };
    let (bytes, digest) = (SAMPLE.len().to_string(), sha256(SAMPLE.as_bytes()));
    let file = [
        ("key", "k"),
        ("file_name", "page.vcf"),
        ("bytes", &*bytes),
        ("form", "anntools"),
    ];
    let begun = post("/annotate/uploads", &file).await;
    assert_eq!(
        post("/annotate/uploads", &file).await["id"],
        begun["id"],
        "no answer came, so it asks again"
    );
    let at = format!("/annotate/uploads/{}", begun["id"].as_str().unwrap());
    let signed = post(
        &format!("{at}/part"),
        &[("number", "1"), ("bytes", &bytes), ("sha256", &digest)],
    )
    .await;
    let request = Client::new().put(signed["url"].as_str().unwrap()).body(SAMPLE);
    let checksum = signed["headers"]["x-amz-checksum-sha256"].as_str().unwrap();
    let stored = request.header("x-amz-checksum-sha256", checksum).send().await.unwrap();
    assert_eq!(stored.status(), 200);
    let state = json(&person.get(&at).await.body);
    assert_eq!(
        (&state["parts"][0]["sha256"], &state["next"]),
        (&digest.clone().into(), &Value::Null)
    );
    let whole = sha256(&{
        use base64::Engine;
        base64::prelude::BASE64_STANDARD.decode(&digest).unwrap()
    });
    let next = post(&format!("{at}/complete"), &[("bytes", &bytes), ("sha256", &whole)]).await["next"].clone();
    assert_eq!(
        json(&person.get(&at).await.body)["next"],
        next,
        "whoever died here learns where to go"
    );
    let submitted = person.get(next.as_str().unwrap()).await;
    assert_eq!(submitted.status, 303, "{}", submitted.body);
    let job = ended(submitted.location().rsplit('/').next().unwrap().parse().unwrap()).await;
    assert_eq!(
        (job.input_file_name.as_str(), job.settings.form),
        ("page.vcf", domain::ResultsForm::AnnTools)
    );
    assert_eq!(json(&person.get(&at).await.body)["is_submitted"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_is_told_in_json_what_is_wrong() {
    let (free, premium) = (Person::new("page-free").await, Person::premium("page-premium").await);
    let file = [("file_name", "a.vcf"), ("bytes", "100")];
    let refused = free.browser.submit("/annotate", "/annotate/uploads", &file).await;
    assert_eq!(refused.status, 403);
    let told = json(&refused.body);
    assert_eq!(
        (&told["heading"], &told["action"]["href"]),
        (&"This is for Premium".into(), &"/subscribe".into())
    );
    let forged = premium.browser.post("/annotate/uploads", &file).await;
    assert_eq!(forged.status, 403);
    assert_eq!(json(&forged.body)["heading"], "This form is out of date");
    let wrong = premium
        .browser
        .submit("/annotate", "/annotate/uploads", &[("file_name", "a"), ("bytes", "x")])
        .await;
    assert_eq!(
        (wrong.status.as_u16(), &json(&wrong.body)["message"]),
        (400, &"The field bytes is a number.".into())
    );
    let large = premium
        .browser
        .submit(
            "/annotate",
            "/annotate/uploads",
            &[("file_name", "a"), ("bytes", "5368709121")],
        )
        .await;
    assert_eq!(large.status, 413);
    let visitor = Browser::new().await;
    assert_eq!(visitor.get("/annotate/uploads/x").await.status, 401);
}
