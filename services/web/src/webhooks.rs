//! Webhooks, as their owner's pages and programs ask for them: the same rules for both. What is due is sent by the notifier,
//! which finds it in the database.

use anyhow::Result;
use backends::accounts::{MOST_WEBHOOKS, Webhook};
use domain::{InvalidField, User, WebhookEvent, WebhookId, WebhookSecret, WebhookUrl};
use serde_json::json;
use tracing::info;
use uuid::Uuid;

use crate::app::Application;
use crate::error::PageError;
use crate::mail;

/// A webhook that somebody wants.
pub struct Wanted {
    /// What is called.
    pub url: WebhookUrl,
    /// What it is told of: at least one.
    pub events: Vec<WebhookEvent>,
}

/// What is wrong with a webhook that somebody wants, in sentences.
#[derive(Default)]
pub struct Wrong {
    /// With the address.
    pub url: Option<InvalidField>,
    /// With the events.
    pub events: Option<InvalidField>,
}

/// Reads what somebody wants.
pub fn wanted<'a>(app: &Application, url: &str, events: impl Iterator<Item = &'a str>) -> Result<Wanted, Wrong> {
    let chosen = |name: &str| WebhookEvent::CHOICES.into_iter().find(|event| event.as_str() == name);
    let named: Vec<Option<WebhookEvent>> = events.map(chosen).collect();
    let mut events: Vec<WebhookEvent> = named.iter().copied().flatten().collect();
    events.sort_unstable();
    events.dedup();
    let wrong_events = match events.len() {
        _ if named.contains(&None) => Some(InvalidField("There are the events job.completed and job.failed.")),
        0 => Some(InvalidField("Choose what the webhook is told of.")),
        _ => None,
    };
    match (WebhookUrl::parse(url, app.webhooks_reach), wrong_events) {
        (Ok(url), None) => Ok(Wanted { url, events }),
        (url, events) => Err(Wrong { url: url.err(), events }),
    }
}

/// Makes a webhook, of which its owner is told by mail; its secret is told this once.
pub async fn make(app: &Application, user: &User, wanted: &Wanted) -> Result<(Webhook, WebhookSecret), PageError> {
    app.limits.webhook(user.id).await?;
    let made = app.accounts.make_webhook(user.id, &wanted.url, &wanted.events).await?;
    let (webhook, secret) = made.ok_or_else(|| {
        let why =
            format!("You have {MOST_WEBHOOKS} webhooks, as many as one may have. Delete one that you do not need.");
        PageError::Conflict("There are enough webhooks", why)
    })?;
    info!(user.id = %user.id, webhook.id = %webhook.id, "User {} made webhook {}", user.id, webhook.id);
    let context = json!({
        "username": user.username.as_str(),
        // The rest of an address may be a secret between its owner and the receiver.
        "host": wanted.url.url().host_str(),
        "webhook_url": format!("{}/profile/webhooks/{}", app.public_url, webhook.id),
        "public_url": app.public_url,
    });
    mail::tell(app, user.email.clone(), "webhook", context).await;
    Ok((webhook, secret))
}

/// Has a test sent; gives its id. `None` if the person has no such webhook.
pub async fn test(app: &Application, user: &User, webhook: WebhookId) -> Result<Option<Uuid>, PageError> {
    app.limits.webhook(user.id).await?;
    Ok(app.accounts.test_webhook(user.id, webhook).await?)
}

/// Has a delivery sent again; `false` if the person has no such delivery.
pub async fn send_again(app: &Application, user: &User, webhook: WebhookId, delivery: Uuid) -> Result<bool, PageError> {
    app.limits.webhook(user.id).await?;
    Ok(app.accounts.send_again(user.id, webhook, delivery).await?)
}
