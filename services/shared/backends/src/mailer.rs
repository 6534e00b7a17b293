//! E-mail through Amazon SES (API version 2).

use std::time::Duration;

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::Builder;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader};
use domain::EmailAddress;

use crate::calls::Calls;
use crate::settings::MailSettings;

/// How long SES has to answer. Without an answer a mail is sent again, so that it may come twice: rather late than that.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends e-mail from one address.
#[derive(Debug, Clone)]
pub struct Mailer {
    client: Client,
    from: String,
}

/// One e-mail, in plain text and in HTML.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The only recipient.
    pub to: EmailAddress,
    /// One line.
    pub subject: String,
    /// What mail readers without HTML show.
    pub text: String,
    /// What the others show.
    pub html: String,
    /// Where mails of this kind are stopped by one POST, for those that one may live without.
    pub unsubscribe_url: Option<String>,
}

impl Mailer {
    /// A mailer whose mails come from the sender of the settings.
    #[must_use]
    pub fn new(config: &SdkConfig, settings: &MailSettings) -> Self {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build();
        let config = Builder::from(config)
            .timeout_config(timeouts)
            .interceptor(Calls)
            .build();
        Self {
            client: Client::from_conf(config),
            from: settings.mail_from.clone(),
        }
    }

    /// Hands one mail to SES; `Ok` means accepted, not delivered.
    pub async fn send(&self, mail: &Mail) -> Result<()> {
        let body = Body::builder().text(utf8(&mail.text)?).html(utf8(&mail.html)?).build();
        let message = Message::builder().subject(utf8(&mail.subject)?).body(body);
        let message = message.set_headers(unsubscribe_headers(mail)?).build();
        let request = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(mail.to.as_str()).build())
            .content(EmailContent::builder().simple(message).build());
        request.send().await.context("hand an e-mail to SES")?;
        Ok(())
    }
}

/// What lets a mail program show a button that stops mails of this kind (RFC 2369, 3.2, and RFC 8058, 3.1).
fn unsubscribe_headers(mail: &Mail) -> Result<Option<Vec<MessageHeader>>> {
    let Some(url) = &mail.unsubscribe_url else {
        return Ok(None);
    };
    let header = |name: &str, value: &str| MessageHeader::builder().name(name).value(value).build();
    Ok(Some(vec![
        header("List-Unsubscribe", &format!("<{url}>"))?,
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?,
    ]))
}

fn utf8(text: &str) -> Result<Content> {
    Ok(Content::builder().data(text).charset("UTF-8").build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_one_may_live_without_says_where_one_click_stops_it() {
        let mut mail = Mail {
            to: EmailAddress::parse("ada@example.org").unwrap(),
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            unsubscribe_url: None,
        };
        assert_eq!(unsubscribe_headers(&mail).unwrap(), None);
        mail.unsubscribe_url = Some("https://gas.example.org/mails/stop/1".into());
        let headers = unsubscribe_headers(&mail).unwrap().unwrap();
        let headers: Vec<_> = headers.iter().map(|header| (header.name(), header.value())).collect();
        assert_eq!(
            headers,
            [
                ("List-Unsubscribe", "<https://gas.example.org/mails/stop/1>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ]
        );
    }
}
