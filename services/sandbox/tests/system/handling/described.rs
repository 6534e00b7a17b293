//! Names and notes of jobs.

use domain::JobId;
use serde_json::Value;

use super::{press, waiting};
use crate::deletions::delete_job;
use crate::deletions::everywhere::traces;
use crate::eventually;
use crate::people::Person;
use crate::reach::reach;

async fn describe(person: &Person, id: JobId, name: &str, notes: &str) -> u16 {
    let answer = press(person, id, "describe", &[("name", name), ("notes", notes)]).await;
    answer.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_has_a_name_and_notes_that_are_shown_as_they_are_exported_and_deleted_with_it() {
    let person = Person::new("describes").await;
    let id = waiting(&reach().await, &person, "exome.vcf", 0).await;
    let page = format!("/annotations/{id}");
    assert_eq!(
        describe(&person, id, " <b>Family 7</b> ", "first line\r\n<script>two</script>").await,
        303
    );
    let shown = person.get(&page).await;
    assert_eq!(shown.texts("h1"), ["<b>Family 7</b>"]);
    assert_eq!(shown.texts("#job-notes"), ["first line <script>two</script>"]);
    assert_eq!(
        shown.attributes("#describe input[name=name]", "value"),
        ["<b>Family 7</b>"]
    );
    let list = person.get("/annotations").await;
    assert_eq!(list.texts("#jobs td.name a"), ["<b>Family 7</b>"]);
    assert!(list.says("exome.vcf"));
    let export: Value = serde_json::from_str(&person.get("/profile/export").await.body).unwrap();
    let row = &export["jobs"][0]["row"];
    assert_eq!(
        (&row["job_name"], &row["notes"]),
        (&"<b>Family 7</b>".into(), &"first line\n<script>two</script>".into())
    );

    assert_eq!(describe(&person, id, "", "").await, 303);
    assert_eq!(person.get(&page).await.texts("h1"), ["exome.vcf"]);
    assert_eq!(describe(&person, id, &"x".repeat(101), "").await, 400);
    assert_eq!(describe(&person, id, "a\u{202e}b", "").await, 400);
    assert_eq!(describe(&person, id, "", &"x".repeat(2001)).await, 400);
    let longest = "𝓥".repeat(2000);
    assert_eq!(
        describe(&person, id, "", &longest).await,
        303,
        "each takes 12 bytes in a form"
    );

    let secret = format!("secret-{id}");
    assert_eq!(describe(&person, id, &secret, &secret).await, 303);
    assert_eq!(delete_job(&person, id).await.status, 303);
    // The row stays until the last look, without a word of its owner's.
    eventually("no word to be left", || async {
        traces(std::slice::from_ref(&secret)).await.is_empty().then_some(())
    })
    .await;
}
