//! The system of today on what version 0.1 has kept: everything stays readable. `tests/kept/` has the data, and how it
//! was made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use annotation::Options;
use backends::jobs::Jobs;
use domain::{Index, Job, JobStatus, NoIndex, ResultsFormat, ResultsState};
use reference::Bundle;
use reference::detect::Choice;
use sandbox::{Sandbox, SandboxOptions};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::billing::Form;
use crate::billing::stripe::{Card, Stripe};
use crate::eventually;
use crate::people::{Browser, Mail, Person};
use crate::reach::stores;
use crate::upload::{SAMPLE, submit};

/// What the recording says of itself.
#[derive(Deserialize)]
struct Contents {
    password: String,
    jobs: BTreeMap<String, KeptJob>,
}

#[derive(Deserialize)]
struct KeptJob {
    owner: String,
    name: String,
    id: String,
    status: String,
    input_sha256: String,
    #[serde(default)]
    results_sha256: Option<String>,
    #[serde(default)]
    log_sha256: Option<String>,
}

struct Upgraded {
    sandbox: Sandbox,
    jobs: Jobs,
    contents: Contents,
    _folder: TempDir,
}

fn kept(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept/0.1").join(file)
}

impl Upgraded {
    async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let unpacked = Command::new("tar")
            .arg("-xzf")
            .arg(kept("data.tar.gz"))
            .arg("-C")
            .arg(&data)
            .status();
        assert!(unpacked.unwrap().success());
        let binary = Path::new(env!("CARGO_BIN_EXE_sandbox"));
        sandbox::restore_dump(binary, &data, &kept("accounts.sql"))
            .await
            .unwrap();
        let env = [
            ("GAS_FREE_RETENTION", "60s"),
            ("GAS_SWEEP_AFTER", "2s"),
            ("GAS_SWEEP_INTERVAL", "1s"),
            ("GAS_ARCHIVE_SWEEP_INTERVAL", "1s"),
            ("GAS_RETRIEVAL_CHECK_INTERVAL", "2s"),
            ("GAS_GLACIER_EXPEDITED_DELAY", "1s"),
        ];
        let options = SandboxOptions {
            env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            keep_in: Some(data),
            ..SandboxOptions::default()
        };
        let sandbox = Sandbox::start(binary, options).await.unwrap();
        let contents = std::fs::read_to_string(kept("contents.json")).unwrap();
        Self {
            jobs: Jobs::new(&sandbox.aws_config().await, &stores()),
            contents: serde_json::from_str(&contents).unwrap(),
            sandbox,
            _folder: folder,
        }
    }

    /// One of the people of the recording, signed in with the password of then.
    async fn person(&self, username: &str) -> Person {
        let browser = Browser::at(&self.sandbox.endpoints().web);
        let signed_in = browser.sign_in(username, &self.contents.password).await;
        assert_eq!(signed_in.status, 303, "{username}: {}", signed_in.body);
        Person {
            browser,
            username: username.to_owned(),
            email: format!("{username}@example.org"),
        }
    }

    async fn row(&self, job: &str) -> Job {
        self.jobs.get(job.parse().unwrap()).await.unwrap().unwrap()
    }

    /// The row of a job once it is as `is` says.
    async fn until(&self, job: &str, is: impl Fn(&Job) -> bool) -> Job {
        eventually(job, || async { Some(self.row(job).await).filter(&is) }).await
    }

    async fn mails(&self, person: &Person, words: &str) -> usize {
        let mailbox = self.sandbox.endpoints().mailbox.replace("/mailbox", "/mailbox.json");
        let mails: Vec<Mail> = reqwest::get(mailbox).await.unwrap().json().await.unwrap();
        let is_theirs = |mail: &&Mail| mail.to == person.email && mail.subject.contains(words);
        mails.iter().filter(is_theirs).count()
    }
}

/// The name and the SHA-256 of a download.
async fn downloaded(person: &Person, job: &KeptJob, file: &str) -> (String, String) {
    let redirect = person.get(&format!("/annotations/{}/{file}", job.id)).await;
    assert_eq!(redirect.status, 302, "{} of {}: {}", file, job.name, redirect.body);
    let answer = person.browser.client.get(redirect.location()).send().await.unwrap();
    let name = answer.headers()["content-disposition"]
        .to_str()
        .unwrap()
        .rsplit("''")
        .next()
        .unwrap()
        .to_owned();
    let digest = Sha256::digest(answer.bytes().await.unwrap());
    (name, digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_from_data_of_version_0_1_keeps_everything_readable() {
    let system = Upgraded::start().await;
    let (ada, grace, linda) = (
        system.person("ada").await,
        system.person("grace").await,
        system.person("linda").await,
    );
    let jobs = &system.contents.jobs;
    for job in jobs.values() {
        let owner = [&ada, &grace, &linda]
            .into_iter()
            .find(|person| person.username == job.owner)
            .unwrap();
        assert!(owner.get("/annotations").await.says(&job.name), "{}", job.name);
        let page = owner.get(&format!("/annotations/{}", job.id)).await;
        assert!(page.status == 200 && page.says(&job.id), "{}: {}", job.name, page.body);
        assert_eq!(
            downloaded(owner, job, "input").await.1,
            job.input_sha256,
            "{}",
            job.name
        );
        if let Some(log) = &job.log_sha256 {
            assert!(page.body.contains(&format!(r#"data-status="{}""#, job.status)));
            assert_eq!(&downloaded(owner, job, "log?download=1").await.1, log, "{}", job.name);
            assert_eq!(owner.get(&format!("/annotations/{}/log", job.id)).await.status, 200);
        }
    }
    assert!(linda.get("/admin").await.says("Set up a second factor first"));
    linda.sets_up_second_factor().await;
    assert_eq!(linda.get("/admin").await.status, 200);

    for (owner, job) in [
        (&grace, &jobs["restored"]),
        (&grace, &jobs["premium"]),
        (&linda, &jobs["administrator's"]),
    ] {
        assert_plain_results(owner, job).await;
    }
    the_archive_gives_back_what_version_0_1_put_there(&system, &ada).await;
    jobs_go_on(&system, &ada, &grace).await;
}

/// Results of version 0.1 are what they were, and the page says what they lack.
async fn assert_plain_results(owner: &Person, job: &KeptJob) {
    let expected = (
        job.name.replace(' ', "%20").replace(".vcf", ".annot.vcf"),
        job.results_sha256.clone().unwrap(),
    );
    for file in ["results", "plain"] {
        assert_eq!(downloaded(owner, job, file).await, expected, "{file}");
    }
    let page = owner.get(&format!("/annotations/{}", job.id)).await;
    assert!(page.says("Download .vcf"), "{}", page.body);
    assert!(
        page.texts("#no-index")[0].contains("written before we compressed them"),
        "{}",
        page.body
    );
}

/// What was archived then, and what is archived now, comes back with Premium, bought at the emulator of Stripe.
async fn the_archive_gives_back_what_version_0_1_put_there(system: &Upgraded, ada: &Person) {
    let (archived, free) = (&system.contents.jobs["archived"], &system.contents.jobs["free"]);
    let is_archived = |job: &Job| job.results_state == ResultsState::Archived && job.archival.due.is_none();
    for job in [archived, free] {
        system.until(&job.id, is_archived).await;
        assert_eq!(
            ada.get(&format!("/annotations/{}/results", job.id)).await.status,
            403,
            "{}",
            job.name
        );
    }
    assert!(
        ada.get("/profile")
            .await
            .says("3 earlier jobs from before sizes were noted")
    );
    let form = Form::open(ada).await;
    let endpoints = system.sandbox.endpoints();
    let stripe = Stripe::at(endpoints.stripe.as_ref().unwrap(), &endpoints.stripe_secret_key);
    stripe.enter(&form.setup_secret, Card::Good).await;
    assert_eq!(form.submit(ada).await.location(), "/subscribe");
    for job in [archived, free] {
        let back = system
            .until(&job.id, |job| job.results_state == ResultsState::Live)
            .await;
        assert!(back.results_key.unwrap().contains("/restored-1/"));
        assert_plain_results(ada, job).await;
    }
    eventually("the mail", || async {
        (system.mails(ada, "Your results are back").await == 1).then_some(())
    })
    .await;
}

/// What waited when version 0.1 was stopped is done by today's, as are new jobs.
async fn jobs_go_on(system: &Upgraded, ada: &Person, grace: &Person) {
    let waited = &system.contents.jobs["waiting"];
    let new = submit(ada, "new.vcf", SAMPLE).await.to_string();
    for (owner, id, name) in [(grace, &waited.id, "waiting.vcf"), (ada, &new, "new.vcf")] {
        let done = system.until(id, |job| job.status.is_final()).await;
        assert_eq!(done.status, JobStatus::Completed, "{name}: {:?}", done.error);
        assert_eq!(done.stored.format, ResultsFormat::Bgzip);
        assert!(!matches!(done.stored.index, Index::Absent(NoIndex::Plain)));
        assert_eq!(owner.get(&format!("/annotations/{id}/plain")).await.status, 200);
        eventually("the mail", || async {
            (system.mails(owner, name).await == 1).then_some(())
        })
        .await;
    }
}

#[test]
fn a_bundle_of_version_0_1_is_read_or_says_how_to_make_it_anew() {
    let bundle = match Bundle::open(&kept("tiny.gasref")) {
        Ok(bundle) => bundle,
        Err(refused) => {
            let words = refused.to_string();
            assert!(
                words.ends_with("build it again with: annotator reference build"),
                "{words}"
            );
            return;
        }
    };
    let options = Options {
        choice: Choice::Named("tiny".to_owned()),
        references: vec![bundle.into()],
        ..Options::default()
    };
    let vcf = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t32\t.\tT\tC\t.\t.\t.\n";
    let mut annotated = Vec::new();
    annotation::annotate(vcf.as_bytes(), &mut annotated, &options, &mut |_| {}).unwrap();
    let annotated = String::from_utf8(annotated).unwrap();
    assert!(annotated.contains("|TINY|"), "{annotated}");
}
