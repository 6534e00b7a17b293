//! Uploads in parts: begun, left, gone on with, and nobody else's.

mod sending;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::{JobId, keys};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Program;
use crate::deletions::everywhere::parts_below;
use crate::people::{Answer, Person};
use crate::reach::reach;
use crate::upload::vcf_of_long_lines;

pub const PART: usize = 16 * 1024 * 1024;

pub fn sha256(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(bytes))
}

/// The bytes of a part, by its number.
fn part(content: &[u8], number: usize) -> &[u8] {
    content.chunks(PART).nth(number - 1).unwrap()
}

/// The checksum of all parts' checksums.
fn composite(content: &[u8]) -> String {
    let digests: Vec<u8> = content.chunks(PART).flat_map(Sha256::digest).collect();
    sha256(&digests)
}

fn id_of(begun: &Answer) -> String {
    assert_eq!(begun.status, 201, "{}", begun.body);
    begun.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_goes_on_where_it_stopped_and_is_the_same_job_as_by_the_form() {
    let person = Person::premium("in-parts").await;
    let (program, content) = (Program::of(&person).await, vcf_of_long_lines(2 * PART + 1000));
    let whole = composite(&content);
    let begun = program.begin("large é.vcf", content.len(), "large").await;
    let id = id_of(&begun);
    assert_eq!(
        begun.json()["parts"],
        json!({ "part_bytes": PART, "is_complete": false, "there": [] })
    );
    assert!(begun.json()["form"].is_null());
    program.send_parts(&id, &content, &[1, 3]).await;

    // Whoever has died comes again with nothing but the key.
    let program = Program::of(&person).await;
    let again = program.begin("large é.vcf", content.len(), "large").await.json();
    assert_eq!(again["id"], id);
    let known = |number| json!({ "number": number, "bytes": part(&content, number).len(), "sha256": sha256(part(&content, number)) });
    assert_eq!(again["parts"]["there"], json!([known(1), known(3)]));
    let too_soon = program.complete(&id, content.len(), &whole).await;
    assert!(too_soon.is_problem(409, "conflict"));
    assert!(
        too_soon
            .body
            .contains("Of 3 parts these are not there, or not whole: 2."),
        "{}",
        too_soon.body
    );
    let submitted = program.post("/jobs", &json!({ "upload": id }), &[]).await;
    assert!(submitted.is_problem(404, "upload_missing"));
    program.send_parts(&id, &content, &[2]).await;
    let other = program.complete(&id, content.len(), &sha256(b"another file")).await;
    assert!(other.is_problem(409, "conflict") && other.body.contains("not the file that it is said to be"));
    for _ in 0..2 {
        let complete = program.complete(&id, content.len(), &whole).await;
        assert_eq!(complete.status, 200, "{}", complete.body);
        assert_eq!(complete.json()["parts"]["is_complete"], true);
    }
    let found = program.begin("large é.vcf", content.len(), "large").await.json();
    assert_eq!(
        (&found["id"], &found["parts"]["is_complete"]),
        (&json!(id), &json!(true))
    );

    let job: JobId = id.parse().unwrap();
    for status in [201, 200] {
        let submitted = program.post("/jobs", &json!({ "upload": id }), &[]).await;
        assert_eq!(submitted.status, status, "{}", submitted.body);
    }
    let late = program.complete(&id, content.len(), &whole).await;
    assert_eq!(late.status, 200, "{}", late.body);
    assert_eq!(
        program.get(&format!("/uploads/{id}")).await.json()["is_submitted"],
        true
    );
    let ended = program.ended(job).await;
    assert_eq!(
        (&ended["status"], &ended["file_name"]),
        (&json!("COMPLETED"), &json!("large é.vcf"))
    );
    assert!(program.download(&program.get(&format!("/jobs/{id}/input")).await).await == content);
    let by_form = program.prepare("large é.vcf", "by-the-form").await.json();
    program.upload(&by_form, content).await;
    let submitted = program
        .post("/jobs", &json!({ "upload": by_form["id"] }), &[])
        .await
        .json();
    let same: JobId = submitted["id"].as_str().unwrap().parse().unwrap();
    program.ended(same).await;
    assert!(
        program.results(job).await == program.results(same).await,
        "the same results"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_anothers_upload_by_any_route() {
    let (owner, stranger) = (Person::premium("has-parts").await, Person::premium("wants-parts").await);
    let (owners, strangers) = (Program::of(&owner).await, Program::of(&stranger).await);
    let content = b"##fileformat=VCFv4.3\n";
    let id = id_of(&owners.begin("mine.vcf", content.len(), "mine").await);
    owners.send_parts(&id, content, &[1]).await;
    let at = format!("/uploads/{id}");
    assert!(strangers.get(&at).await.is_problem(404, "upload_missing"));
    assert!(strangers.sign(&id, 1, content).await.is_problem(404, "upload_missing"));
    let complete = strangers.complete(&id, content.len(), &composite(content)).await;
    assert!(complete.is_problem(404, "upload_missing"));
    assert_eq!(
        strangers.delete(&at).await.status,
        204,
        "as for one that was never there"
    );
    let theirs = strangers.begin("mine.vcf", content.len(), "mine").await;
    assert_ne!(id_of(&theirs), id, "a key is its person's");
    // The pages go by the session, and by the same rules.
    let at = format!("/annotate/uploads/{id}");
    assert_eq!(stranger.get(&at).await.status, 404);
    for (action, fields) in [
        (
            "part",
            vec![("number", "1"), ("bytes", "21"), ("sha256", &*sha256(content))],
        ),
        ("complete", vec![("bytes", "21"), ("sha256", "")]),
    ] {
        let refused = stranger
            .browser
            .submit("/annotate", &format!("{at}/{action}"), &fields)
            .await;
        assert_eq!(refused.status, 404, "{action}: {}", refused.body);
    }
    assert_eq!(
        stranger
            .browser
            .submit("/annotate", &format!("{at}/discard"), &[])
            .await
            .status,
        200
    );
    assert_eq!(owners.there(&id).await, [1], "nothing has happened to it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_free_plan_is_told_to_use_the_form() {
    let person = Person::new("free-parts").await;
    let program = Program::of(&person).await;
    let id = JobId::random().to_string();
    for refused in [
        program.begin("small.vcf", 100, "small").await,
        program.sign(&id, 1, b"x").await,
        program.complete(&id, 1, &sha256(b"x")).await,
    ] {
        assert!(refused.is_problem(403, "premium_needed"), "{}", refused.body);
        assert!(refused.body.contains("On the Free plan upload the file with the form."));
    }
    assert_eq!(program.prepare("small.vcf", "small").await.status, 201);
    let page = person.get("/annotate").await;
    assert!(page.attributes("form#upload", "data-above").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_premium_meanwhile_puts_nothing_together_and_can_discard() {
    let person = Person::premium("loses-premium").await;
    let program = Program::of(&person).await;
    let id = id_of(&program.begin("a.vcf", 3, "a").await);
    program.send_parts(&id, b"abc", &[1]).await;
    person.becomes(domain::Role::FreeUser).await;
    let refused = program.complete(&id, 3, &composite(b"abc")).await;
    assert!(refused.is_problem(403, "premium_needed"));
    assert_eq!(program.there(&id).await, [1]);
    assert_eq!(program.delete(&format!("/uploads/{id}")).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_beyond_the_plan_is_taken_however_it_is_said() {
    let program = Program::of(&Person::premium("too-much").await).await;
    let largest: u64 = 5 * 1024 * 1024 * 1024;
    let wanted = json!({ "file_name": "a.vcf", "bytes": largest + 1, "in_parts": true });
    assert!(
        program
            .post("/uploads", &wanted, &[])
            .await
            .is_problem(413, "too_large")
    );
    let id = id_of(&program.begin("a.vcf", 100, "a").await);
    for (number, bytes) in [(1, PART as u64 + 1), (321, 1), (320, PART as u64 + 1), (10_000, 1)] {
        let wanted = json!({ "parts": [{ "number": number, "bytes": bytes, "sha256": sha256(b"") }] });
        let refused = program.post(&format!("/uploads/{id}/parts"), &wanted, &[]).await;
        assert!(
            refused.is_problem(413, "too_large"),
            "{number} {bytes}: {}",
            refused.body
        );
    }
    let whole = json!({ "bytes": largest + 1 });
    let refused = program.post(&format!("/uploads/{id}/complete"), &whole, &[]).await;
    assert!(refused.is_problem(413, "too_large"));
    for wrong in [
        json!([]),
        json!([{ "number": 0, "bytes": 1, "sha256": sha256(b"") }]),
        json!([{ "number": 1, "bytes": 1, "sha256": "x" }]),
    ] {
        let refused = program
            .post(&format!("/uploads/{id}/parts"), &json!({ "parts": wrong }), &[])
            .await;
        assert!(refused.is_problem(400, "bad_parameter"), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_takes_the_bytes_that_were_signed_for_and_no_others() {
    let program = Program::of(&Person::premium("damaged").await).await;
    let id = id_of(&program.begin("a.vcf", 8, "a").await);
    let signed = program.sign(&id, 1, b"as it is").await.json();
    let (status, said) = program.put(&signed, b"as it wa").await;
    assert!(status == 400 && said.contains("BadDigest"), "{status} {said}");
    let (status, said) = program.put(&signed, b"as it is, and more").await;
    assert!(
        status == 403 && said.contains("SignatureDoesNotMatch"),
        "{status} {said}"
    );
    assert!(program.there(&id).await.is_empty());
    assert_eq!(program.put(&signed, b"as it is").await.0, 200);
    assert_eq!(program.there(&id).await, [1]);
    // Parts of another size are those of another file.
    let refused = program.complete(&id, 9, &composite(b"as it is")).await;
    assert!(refused.is_problem(409, "conflict"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_discarded_is_gone_and_so_is_what_its_addresses_led_to() {
    let person = Person::premium("discards").await;
    let program = Program::of(&person).await;
    let id = id_of(&program.begin("a.vcf", 3, "a").await);
    program.send_parts(&id, b"abc", &[1]).await;
    let signed = program.sign(&id, 2, b"d").await.json();
    let user = reach().await.user(&person.username).await;
    let key = keys::input(user.id, id.parse().unwrap());
    assert_eq!(parts_below(&key).await, 1);
    for _ in 0..2 {
        assert_eq!(program.delete(&format!("/uploads/{id}")).await.status, 204);
    }
    assert_eq!(parts_below(&key).await, 0);
    assert!(
        program
            .get(&format!("/uploads/{id}"))
            .await
            .is_problem(404, "upload_missing")
    );
    let (status, said) = program.put(&signed, b"d").await;
    assert!(status == 404 && said.contains("NoSuchUpload"), "{status} {said}");
    let refused = program.complete(&id, 3, &composite(b"abc")).await;
    assert!(refused.is_problem(404, "upload_missing"));
}
