//! Mails that pages send: what the templates below `mail/` say.

use anyhow::Result;
use backends::mailer::Mail;
use domain::EmailAddress;
use serde_json::Value;
use tracing::error;

use crate::app::Application;

/// Mails what the templates of this name say.
pub async fn send(app: &Application, to: EmailAddress, mail: &str, context: Value) -> Result<()> {
    let part = |part: &str| app.templates.render(&format!("mail/{mail}/{part}"), &context);
    let subject = part("subject.txt")?.trim().to_owned();
    app.mailer
        .send(&Mail {
            to,
            subject,
            text: part("body.txt")?,
            html: part("body.html")?,
            unsubscribe_url: None,
        })
        .await
}

/// Mails what has been done already. It is not undone because its owner could not be told, so that a failure goes to the
/// log alone.
pub async fn tell(app: &Application, to: EmailAddress, mail: &str, context: Value) {
    if let Err(failure) = send(app, to, mail, context).await {
        error!("Could not mail {mail}: {failure:#}");
    }
}
