//! What the mails about an account say.

use anyhow::Result;
use backends::mailer::Mail;
use domain::events::Notice;
use domain::{Timestamp, User};
use serde::Serialize;
use tera::Context;
use uuid::Uuid;

use crate::letter::Letters;

#[derive(Serialize)]
struct NoticeLetter<'a> {
    username: &'a str,
    results: u64,
    kept_until: Option<String>,
    /// When results are archived, or Premium ends.
    until: Option<String>,
    job_url: Option<String>,
    webhook_url: Option<String>,
    annotations_url: String,
    profile_url: String,
    subscribe_url: String,
}

impl Letters {
    /// The letter for a notice. `kept_until` is how long results of a Premium plan that has ended can be downloaded.
    /// `unsubscribe` is what lets the person stop letters that one may live without.
    pub fn write_notice(
        &self,
        user: &User,
        notice: Notice,
        kept_until: Option<Timestamp>,
        unsubscribe: Uuid,
    ) -> Result<Mail> {
        let (kind, results) = match notice {
            Notice::ResultsRestored { results } => ("results_restored", results),
            Notice::ResultsLeaving { .. } => ("results_leaving", 0),
            Notice::PaymentFailed => ("payment_failed", 0),
            Notice::PremiumBegun => ("premium_begun", 0),
            Notice::PremiumCancelled { .. } => ("premium_cancelled", 0),
            Notice::PremiumEnded => ("premium_ended", 0),
            Notice::WebhookPaused { .. } => ("webhook_paused", 0),
        };
        let (job, until) = match notice {
            Notice::ResultsLeaving { job, until } => (Some(job), Some(until)),
            Notice::PremiumCancelled { until } => (None, until),
            _ => (None, None),
        };
        let webhook = match notice {
            Notice::WebhookPaused { webhook } => Some(webhook),
            _ => None,
        };
        let utc = |instant: Timestamp| format!("{} UTC", instant.to_utc_text());
        let letter = NoticeLetter {
            username: user.username.as_str(),
            results,
            kept_until: kept_until.map(utc),
            until: until.map(Timestamp::from_epoch_seconds).map(utc),
            job_url: job.map(|job| self.address(&format!("/annotations/{job}"))),
            webhook_url: webhook.map(|webhook| self.address(&format!("/profile/webhooks/{webhook}"))),
            annotations_url: self.address("/annotations"),
            profile_url: self.address("/profile"),
            subscribe_url: self.address("/subscribe"),
        };
        let unsubscribe_url = notice
            .mail_kind()
            .is_dispensable()
            .then(|| self.unsubscribe_url(unsubscribe));
        self.mail(kind, &user.email, Context::from_serialize(&letter)?, unsubscribe_url)
    }
}

#[cfg(test)]
mod tests {
    use domain::{EmailAddress, FullName, Role, UserId, Username};

    use super::*;

    fn write(notice: Notice) -> Mail {
        let user = User {
            id: UserId::random(),
            username: Username::parse("ada").unwrap(),
            email: EmailAddress::parse("ada@example.org").unwrap(),
            name: FullName::parse("Ada Lovelace").unwrap(),
            role: Role::FreeUser,
            premium_ended: None,
        };
        let letters = Letters::load("https://gas.example.org/").unwrap();
        let until = Timestamp::from_epoch_seconds(1_795_446_127);
        letters.write_notice(&user, notice, Some(until), Uuid::nil()).unwrap()
    }

    fn assert_says(mail: &Mail, words: &[&str]) {
        for words in words {
            assert!(mail.text.contains(words), "{words}: {}", mail.text);
            assert!(mail.html.contains(words), "{words}: {}", mail.html);
        }
        assert!(!mail.html.contains("Job <a"), "{}", mail.html);
    }

    #[test]
    fn restored_results_are_counted_and_linked() {
        let mail = write(Notice::ResultsRestored { results: 3 });
        assert_eq!(mail.subject, "Your results are back");
        assert_says(
            &mail,
            &["3 annotated files are back", "https://gas.example.org/annotations"],
        );
        let one = write(Notice::ResultsRestored { results: 1 });
        assert_says(&one, &["1 annotated file is back"]);
        let stop = "https://gas.example.org/mails/stop/00000000-0000-0000-0000-000000000000";
        assert_eq!(mail.unsubscribe_url.as_deref(), Some(stop));
        assert_says(&mail, &[stop]);
    }

    #[test]
    fn a_failed_payment_says_that_premium_goes_on_and_where_to_look() {
        let mail = write(Notice::PaymentFailed);
        assert_eq!(mail.subject, "The payment for Premium has failed");
        assert_says(&mail, &["Premium goes on", "https://gas.example.org/profile"]);
        // Money is nothing one may live without.
        assert_eq!(mail.unsubscribe_url, None);
        assert!(!mail.text.contains("/mails/stop/"));
    }

    #[test]
    fn who_owns_a_webhook_that_is_paused_learns_where_to_look() {
        let webhook = "6f9619ff-8b86-4011-b42d-00c04fc964ff".parse().unwrap();
        let mail = write(Notice::WebhookPaused { webhook });
        assert_eq!(mail.subject, "A webhook of your GAS account is paused");
        let page = "https://gas.example.org/profile/webhooks/6f9619ff-8b86-4011-b42d-00c04fc964ff";
        assert_says(&mail, &["nothing has arrived there for days", page]);
    }

    #[test]
    fn results_that_leave_are_linked_with_the_minute_until_which_they_can_be_downloaded() {
        let job = "6f9619ff-8b86-4011-b42d-00c04fc964ff".parse().unwrap();
        let mail = write(Notice::ResultsLeaving {
            job,
            until: 1_795_446_127,
        });
        assert_eq!(mail.subject, "Your results are archived in five minutes");
        let link = "https://gas.example.org/annotations/6f9619ff-8b86-4011-b42d-00c04fc964ff";
        assert_says(&mail, &["2026-11-23 15:02:07 UTC", link, "/mails/stop/"]);
    }

    #[test]
    fn a_purchase_and_a_cancellation_say_what_is_charged() {
        let bought = write(Notice::PremiumBegun);
        assert_eq!(bought.subject, "You have Premium");
        assert_says(&bought, &["every week", "https://gas.example.org/profile"]);
        let until = Some(1_795_446_127);
        let cancelled = write(Notice::PremiumCancelled { until });
        assert_eq!(cancelled.subject, "You have cancelled Premium");
        assert_says(&cancelled, &["nothing more is charged", "2026-11-23 15:02:07 UTC"]);
        assert_says(
            &write(Notice::PremiumCancelled { until: None }),
            &["the time that is paid for"],
        );
        assert_eq!((bought.unsubscribe_url, cancelled.unsubscribe_url), (None, None));
    }

    #[test]
    fn the_end_of_premium_says_how_long_results_can_be_downloaded() {
        let mail = write(Notice::PremiumEnded);
        assert_eq!(mail.subject, "Your Premium plan has ended");
        assert_says(
            &mail,
            &["2026-11-23 15:02:07 UTC", "https://gas.example.org/annotations"],
        );
    }
}
