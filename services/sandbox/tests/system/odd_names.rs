//! Names that no file should have: the job begins all the same, and its name harms nobody.

use domain::JobStatus;

use crate::people::{Answer, Person};
use crate::upload::{FormFields, SAMPLE, ended, filled_form};

/// What a form without our script sends as the name, and what the job is then called.
const NAMES: [(&str, &str); 12] = [
    ("a\u{1}b\u{7f}.vcf", "input.vcf"),
    ("a\tb.vcf", "ab.vcf"),
    ("a\r\nX-Injected: yes\r\n.vcf", "input.vcf"),
    ("a\0b.vcf", "input.vcf"),
    ("100%.vcf", "100%.vcf"),
    ("%0d%0aX-Injected: yes.vcf", "X-Injected: yes.vcf"),
    ("%E2%80%AEfcv.exe.vcf", "fcv.exe.vcf"),
    ("\"quoted\" 'twice'; x=y.vcf", "\"quoted\" 'twice'; x=y.vcf"),
    ("C:\\data\\mine.vcf", "mine.vcf"),
    ("../../../etc/passwd", "passwd"),
    ("<script>alert(1)<%2Fscript>.vcf", "script>.vcf"),
    ("..", "input.vcf"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_any_characters_becomes_a_job() {
    let person = Person::new("odd").await;
    for (sent, called) in NAMES {
        let job = job_named(&person, sent).await;
        assert_eq!(
            (job.status, job.input_file_name.as_str()),
            (JobStatus::Completed, called),
            "{sent:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_no_ascii_or_too_long_becomes_a_job() {
    let person = Person::new("long").await;
    let long = "x".repeat(1500);
    assert_eq!(
        job_named(&person, &long).await.input_file_name.as_str(),
        "x".repeat(200)
    );
    // The emulator gives bytes where AWS gives encoded words, so the name may be lost; the job is not.
    for name in ["é.vcf", "\u{202e}fcv.vcf", "пример.vcf", "😀.vcf"] {
        assert_eq!(job_named(&person, name).await.status, JobStatus::Completed, "{name:?}");
    }
}

/// The job of a file that is sent under this name by hand, and that has been downloaded.
async fn job_named(person: &Person, name: &str) -> domain::Job {
    let form = filled_form(person).await;
    let stored = post_by_hand(person, &form, name).await;
    assert_eq!(stored.status, 303, "{name:?}: {}", stored.body);
    let submitted = person.get(stored.location()).await;
    assert_eq!(submitted.status, 303, "{name:?}: {}", submitted.body);
    let id = submitted.location().rsplit('/').next().unwrap().parse().unwrap();
    let job = ended(id).await;
    for file in ["input", "results", "log?download=1"] {
        let redirect = person.get(&format!("/annotations/{id}/{file}")).await;
        assert_eq!(redirect.status, 302, "{name:?}: {}", redirect.body);
        assert_eq!(person.get(redirect.location()).await.status, 200, "{name:?}: {file}");
    }
    assert_eq!(person.get(&format!("/annotations/{id}")).await.status, 200, "{name:?}");
    job
}

/// Browsers and their libraries mend names; whoever writes the request himself does not.
async fn post_by_hand(person: &Person, form: &FormFields, name: &str) -> Answer {
    let mut body = Vec::new();
    for (field, value) in &form.fields {
        let value = if field == "x-amz-meta-file-name" { name } else { value };
        let part = format!("--line\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let file = "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    body.extend_from_slice(format!("{file}{SAMPLE}\r\n--line--\r\n").as_bytes());
    let request = person.browser.client.post(&form.action).body(body);
    let request = request.header("content-type", "multipart/form-data; boundary=line");
    Answer::of(request.send().await.unwrap()).await
}
