//! Mails that came back, and mails that nobody wanted: their addresses are left alone until they are confirmed again.

use anyhow::Result;
use backends::accounts::Accounts;
use chassis::metrics;
use chassis::worker::{DeliveryInfo, Handler};
use domain::{EmailAddress, MailTrouble};
use serde::Deserialize;
use tracing::{info, warn};

/// Reads `mail_events`, which SES fills through the topic of the same name.
pub struct MailReports(pub Accounts);

/// What SES publishes about a mail, as far as we need it
/// (<https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>).
#[derive(Debug, Default, Deserialize)]
pub struct MailReport {
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    feedback_id: String,
    bounce_type: String,
    bounced_recipients: Vec<Recipient>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    feedback_id: String,
    complaint_feedback_type: Option<String>,
    complained_recipients: Vec<Recipient>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

impl Handler for MailReports {
    type Event = MailReport;

    /// When its events are first sent to a topic, SES says so there in a sentence that is no JSON.
    fn read(text: &str) -> serde_json::Result<MailReport> {
        match text.trim_start().starts_with('{') {
            true => serde_json::from_str(text),
            false => Ok(MailReport::default()),
        }
    }

    async fn handle(&self, report: MailReport, _delivery: &DeliveryInfo) -> Result<()> {
        let Some((id, trouble, recipients)) = report.trouble() else {
            return Ok(()); // A full mailbox, an out-of-office reply, "this is not spam": the next mail may arrive.
        };
        let emails: Vec<EmailAddress> = recipients.iter().filter_map(Recipient::address).collect();
        if self.0.mark_undeliverable(id, trouble, &emails).await? {
            metrics::mail(trouble.as_str());
            info!("{} addresses of report {id} have {}", emails.len(), trouble.as_str());
        }
        Ok(())
    }
}

impl MailReport {
    /// The report's id, and what is wrong with which addresses, if it is for good.
    fn trouble(&self) -> Option<(&str, MailTrouble, &[Recipient])> {
        let bounce = self.bounce.as_ref().filter(|bounce| bounce.bounce_type == "Permanent");
        if let Some(bounce) = bounce {
            return Some((&bounce.feedback_id, MailTrouble::Bounced, &bounce.bounced_recipients));
        }
        let unwanted = |complaint: &&Complaint| complaint.complaint_feedback_type.as_deref() != Some("not-spam");
        let complaint = self.complaint.as_ref().filter(unwanted)?;
        Some((
            &complaint.feedback_id,
            MailTrouble::Complained,
            &complaint.complained_recipients,
        ))
    }
}

impl Recipient {
    /// The address alone: some mail servers report it as `Name <address>`.
    fn address(&self) -> Option<EmailAddress> {
        let whole = self.email_address.trim();
        let alone = whole
            .rsplit_once('<')
            .map_or(whole, |(_, rest)| rest.trim_end_matches('>'));
        let address = EmailAddress::parse(alone);
        if address.is_err() {
            warn!("A report names a recipient whose address we cannot read");
        }
        address.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, MailTrouble, Vec<String>)> {
        let report = MailReports::read(text).unwrap();
        report.trouble().map(|(id, trouble, recipients)| {
            let addresses = recipients.iter().filter_map(Recipient::address);
            (
                id.to_owned(),
                trouble,
                addresses.map(|address| address.to_string()).collect(),
            )
        })
    }

    fn bounce(kind: &str) -> String {
        format!(
            r#"{{"eventType": "Bounce", "bounce": {{"feedbackId": "0100-1", "bounceType": "{kind}", "bounceSubType": "General",
                "bouncedRecipients": [{{"emailAddress": "Ada <ada@example.org>", "action": "failed", "status": "5.1.1"}}],
                "timestamp": "2026-11-27T17:00:00.000Z"}}, "mail": {{"messageId": "1", "destination": ["ada@example.org"]}}}}"#
        )
    }

    fn complaint(kind: &str) -> String {
        format!(
            r#"{{"eventType": "Complaint", "complaint": {{"feedbackId": "0100-2", {kind}
                "complainedRecipients": [{{"emailAddress": "ada@example.org"}}]}}}}"#
        )
    }

    #[test]
    fn a_hard_bounce_and_a_complaint_name_their_addresses() {
        let ada = vec!["ada@example.org".to_owned()];
        assert_eq!(
            read(&bounce("Permanent")),
            Some(("0100-1".into(), MailTrouble::Bounced, ada.clone()))
        );
        assert_eq!(
            read(&complaint(r#""complaintFeedbackType": "abuse","#)),
            Some(("0100-2".into(), MailTrouble::Complained, ada.clone()))
        );
        assert_eq!(
            read(&complaint("")),
            Some(("0100-2".into(), MailTrouble::Complained, ada))
        );
    }

    #[test]
    fn what_may_pass_by_itself_marks_nobody() {
        for text in [
            bounce("Transient"),
            bounce("Undetermined"),
            complaint(r#""complaintFeedbackType": "not-spam","#),
            r#"{"eventType": "Reject", "reject": {"reason": "Bad content"}}"#.to_owned(),
            "Successfully validated SNS topic for Amazon SES event publishing.".to_owned(),
        ] {
            assert_eq!(read(&text), None, "{text}");
        }
        assert!(MailReports::read("{").is_err());
    }
}
