//! What the mails say.

use anyhow::{Context as _, Result};
use backends::mailer::Mail;
use domain::{EmailAddress, Job, JobStatus, Timestamp};
use rust_embed::Embed;
use serde::Serialize;
use tera::{Context, Tera};
use uuid::Uuid;

#[derive(Embed)]
#[folder = "templates/"]
struct Sources;

/// Every letter's template, parsed.
pub struct Letters {
    tera: Tera,
    public_url: String,
}

#[derive(Serialize)]
struct Letter<'a> {
    username: &'a str,
    file_name: &'a str,
    /// What its owner has called the job; empty if nothing.
    name: &'a str,
    job_id: String,
    job_url: String,
    log_url: String,
    submitted: String,
    ended: Option<String>,
    records: String,
    alleles: Option<String>,
    genome: Option<&'a str>,
    warnings: Vec<&'a str>,
    more_warnings: usize,
    until: Option<String>,
    reason: &'a str,
}

/// How many warnings a mail tells; the log has them all.
const TOLD_WARNINGS: usize = 3;

impl Letters {
    /// Parses the templates; a mistake in one stops the service at start.
    pub fn load(public_url: &str) -> Result<Self> {
        let mut tera = Tera::default();
        tera.autoescape_on(vec![".html"]);
        let sources = Sources::iter().filter_map(|name| Some((Sources::get(&name)?.data, name)));
        let texts = sources.map(|(data, name)| Ok((name, String::from_utf8(data.into_owned())?)));
        tera.add_raw_templates(texts.collect::<Result<Vec<_>>>()?)
            .context("parse the letters")?;
        Ok(Self {
            tera,
            public_url: public_url.trim_end_matches('/').to_owned(),
        })
    }

    /// The letter for an ended job. `until` is when a free owner's time for downloading the results is over;
    /// `unsubscribe` is what lets the owner stop such letters.
    pub fn write(&self, job: &Job, until: Option<Timestamp>, unsubscribe: Uuid) -> Result<Mail> {
        let kind = if job.status == JobStatus::Completed {
            "job_completed"
        } else {
            "job_failed"
        };
        let job_url = self.address(&format!("/annotations/{}", job.id));
        let utc = |instant: Timestamp| format!("{} UTC", instant.to_utc_text());
        let summary = job.summary.as_ref();
        let warnings = summary.map_or(&[][..], |summary| &summary.warnings);
        let letter = Letter {
            username: job.username.as_str(),
            file_name: job.input_file_name.as_str(),
            name: job.name.as_str(),
            job_id: job.id.to_string(),
            log_url: format!("{job_url}/log"),
            job_url,
            submitted: utc(job.submit_time),
            ended: job.complete_time.map(utc),
            records: with_commas(job.progress.map_or(0, |progress| progress.records)),
            alleles: summary.map(|summary| with_commas(summary.alleles)),
            genome: summary
                .map(|summary| summary.genome.as_str())
                .filter(|genome| !genome.is_empty()),
            warnings: warnings.iter().take(TOLD_WARNINGS).map(String::as_str).collect(),
            more_warnings: warnings.len().saturating_sub(TOLD_WARNINGS),
            until: until.map(utc),
            reason: job.error.as_deref().unwrap_or("The job was withdrawn."),
        };
        let unsubscribe_url = self.unsubscribe_url(unsubscribe);
        self.mail(
            kind,
            &job.email,
            Context::from_serialize(&letter)?,
            Some(unsubscribe_url),
        )
    }

    /// Where mails that one may live without are stopped.
    pub(crate) fn unsubscribe_url(&self, token: Uuid) -> String {
        self.address(&format!("/mails/stop/{token}"))
    }

    /// Where people find the page of this path.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Renders the templates of one kind of letter, with where such letters are stopped if they can be.
    pub(crate) fn mail(
        &self,
        kind: &str,
        to: &EmailAddress,
        mut context: Context,
        unsubscribe_url: Option<String>,
    ) -> Result<Mail> {
        context.insert("unsubscribe_url", &unsubscribe_url);
        let part = |part: &str| {
            self.tera
                .render(&format!("{kind}/{part}"), &context)
                .with_context(|| format!("render {kind}/{part}"))
        };
        Ok(Mail {
            to: to.clone(),
            subject: part("subject.txt")?.trim().to_owned(),
            text: part("body.txt")?,
            html: part("body.html")?,
            unsubscribe_url,
        })
    }
}

/// `1,234,567`.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{FileName, JobId, Plan, Progress, ResultsState, Stored, UserId, Username, keys};

    fn job(status: JobStatus, name: &str) -> Job {
        let (id, user_id) = (
            "6f9619ff-8b86-4011-b42d-00c04fc964ff".parse::<JobId>().unwrap(),
            UserId::random(),
        );
        Job {
            id,
            user_id,
            username: Username::parse("ada").unwrap(),
            email: EmailAddress::parse("ada@example.org").unwrap(),
            input_file_name: FileName::from_untrusted(name),
            input_key: keys::input(user_id, id),
            input_version: None,
            submit_time: Timestamp::from_epoch_seconds(1_795_444_320),
            status,
            awaits_turn: false,
            start_time: None,
            complete_time: Some(Timestamp::from_epoch_seconds(1_795_444_327)),
            attempt: 1,
            earlier_attempts: 0,
            progress: Some(Progress {
                records: 350,
                percent: 100,
            }),
            results_key: None,
            log_key: None,
            error: Some("Line 3 has 3 columns; a VCF record has at least 8.".into()),
            name: domain::JobName::default(),
            notes: domain::JobNotes::default(),
            settings: domain::JobSettings::default(),
            summary: None,
            plan: Plan::Free,
            stored: Stored::default(),
            results_state: ResultsState::Live,
            archival: domain::Archival::default(),
            share: None,
            notified_at: None,
        }
    }

    #[test]
    fn a_completed_job_is_announced_with_its_link_and_its_time_limit() {
        let letters = Letters::load("https://gas.example.org/").unwrap();
        let until = Timestamp::from_epoch_seconds(1_795_446_127);
        let mail = letters
            .write(&job(JobStatus::Completed, "test.vcf"), Some(until), Uuid::nil())
            .unwrap();
        assert_eq!(mail.subject, "Annotated: test.vcf");
        let link = "https://gas.example.org/annotations/6f9619ff-8b86-4011-b42d-00c04fc964ff";
        for words in [link, "350", "2026-11-23 15:02:07 UTC"] {
            assert!(mail.text.contains(words), "{words}: {}", mail.text);
            assert!(mail.html.contains(words), "{words}: {}", mail.html);
        }
        assert!(mail.html.contains(&format!("<a href=\"{link}\"")));
        let premium = letters
            .write(&job(JobStatus::Completed, "test.vcf"), None, Uuid::nil())
            .unwrap();
        assert!(!premium.text.contains("Free plan"));
    }

    #[test]
    fn a_completed_job_is_announced_with_counts_genome_and_its_first_warnings() {
        let summary = domain::JobSummary {
            genome: "GRCh38 (hg38)".into(),
            alleles: 1_234_567,
            warnings: (1..=5)
                .map(|number| format!("{number} records have REF <other> than the genome."))
                .collect(),
            ..domain::JobSummary::default()
        };
        let job = Job {
            summary: Some(summary),
            ..job(JobStatus::Completed, "exome.vcf.gz")
        };
        let letters = Letters::load("https://gas.example.org").unwrap();
        let mail = letters.write(&job, None, Uuid::nil()).unwrap();
        for words in ["GRCh38 (hg38)", "350", "1,234,567", "2 more", "at any time"] {
            assert!(mail.text.contains(words), "{words}: {}", mail.text);
            assert!(mail.html.contains(words), "{words}: {}", mail.html);
        }
        assert!(mail.text.contains("3 records have REF <other> than the genome.") && !mail.text.contains("4 records"));
        assert!(
            mail.html.contains("3 records have REF &lt;other&gt; than the genome.") && !mail.html.contains("4 records")
        );
    }

    #[test]
    fn a_failed_job_is_announced_with_its_reason() {
        let letters = Letters::load("https://gas.example.org").unwrap();
        let mail = letters
            .write(&job(JobStatus::Failed, "test.vcf"), None, Uuid::nil())
            .unwrap();
        assert_eq!(mail.subject, "Could not annotate: test.vcf");
        assert!(mail.text.contains("Line 3 has 3 columns; a VCF record has at least 8."));
        assert!(mail.html.contains("/log"));
    }

    #[test]
    fn a_job_with_a_name_is_announced_by_it_too() {
        let letters = Letters::load("https://gas.example.org").unwrap();
        for status in [JobStatus::Completed, JobStatus::Failed] {
            let job = Job {
                name: domain::JobName::parse("Trio <3>").unwrap(),
                ..job(status, "test.vcf")
            };
            let mail = letters.write(&job, None, Uuid::nil()).unwrap();
            assert!(mail.subject.ends_with(": test.vcf (Trio <3>)"), "{}", mail.subject);
            assert!(mail.text.contains("your file test.vcf (“Trio <3>”) "), "{}", mail.text);
            assert!(mail.html.contains("</strong> (“Trio &lt;3&gt;”) "), "{}", mail.html);
        }
    }

    #[test]
    fn a_hostile_file_name_is_text_in_html() {
        let letters = Letters::load("https://gas.example.org").unwrap();
        let mail = letters
            .write(&job(JobStatus::Failed, "<img src=x>&.vcf"), None, Uuid::nil())
            .unwrap();
        assert!(mail.text.contains("<img src=x>&.vcf"));
        assert!(!mail.html.contains("<img") && mail.html.contains("&lt;img"));
    }
}
