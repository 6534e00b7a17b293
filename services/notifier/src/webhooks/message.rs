//! What a delivery says, and its signature, as Standard Webhooks has them
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use anyhow::{Result, anyhow};
use backends::accounts::TakenDelivery;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::{Job, Timestamp, WebhookSecret};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::json;
use sha2::Sha256;
use uuid::Uuid;

/// One message: its id, which is the same for every attempt, and its body.
pub struct Message {
    /// What a receiver tells duplicates by.
    pub id: String,
    /// JSON.
    pub body: String,
}

/// The body.
#[derive(Serialize)]
struct Body<D> {
    r#type: &'static str,
    /// When it happened.
    timestamp: String,
    data: D,
}

/// A job, in the words of the API; nothing but what the API says of it.
#[derive(Serialize)]
struct JobData<'a> {
    id: String,
    status: &'static str,
    file_name: &'a str,
    name: &'a str,
    submitted_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    error: Option<&'a str>,
    /// The job's page.
    page: String,
    /// The job in the API; the others below it.
    url: String,
}

impl Message {
    /// Tells of a job, as it is now.
    pub fn of(taken: &TakenDelivery, job: &Job, public_url: &str) -> Result<Self> {
        let data = JobData {
            id: job.id.to_string(),
            status: job.status.as_str(),
            file_name: job.input_file_name.as_str(),
            name: job.name.as_str(),
            submitted_at: job.submit_time.to_rfc3339(),
            started_at: job.start_time.map(Timestamp::to_rfc3339),
            ended_at: job.complete_time.map(Timestamp::to_rfc3339),
            error: job.error.as_deref(),
            page: format!("{public_url}/annotations/{}", job.id),
            url: format!("{public_url}/api/v1/jobs/{}", job.id),
        };
        Self::new(taken, job.complete_time.unwrap_or(taken.created_at), data)
    }

    /// Tells of nothing but itself.
    pub fn test(taken: &TakenDelivery) -> Result<Self> {
        let data = json!({ "webhook": taken.webhook.to_string() });
        Self::new(taken, taken.created_at, data)
    }

    fn new(taken: &TakenDelivery, happened: Timestamp, data: impl Serialize) -> Result<Self> {
        let body = Body {
            r#type: taken.event.as_str(),
            timestamp: happened.to_rfc3339(),
            data,
        };
        Ok(Self {
            id: message_id(taken.id),
            body: serde_json::to_string(&body)?,
        })
    }

    /// The header `webhook-signature` of an attempt at this time.
    pub fn signature(&self, at: Timestamp, secret: &WebhookSecret) -> Result<String> {
        let key = Hmac::<Sha256>::new_from_slice(secret.bytes());
        let mac = key.map_err(|_| anyhow!("the secret of a webhook is no usable key"))?;
        let signed = format!("{}.{}.{}", self.id, at.epoch_seconds(), self.body);
        let signature = mac.chain_update(signed).finalize().into_bytes();
        Ok(format!("v1,{}", BASE64_STANDARD.encode(signature)))
    }
}

fn message_id(delivery: Uuid) -> String {
    format!("msg_{}", delivery.simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own test suite
    /// (<https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/python/tests/test_webhooks.py>).
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let message = Message {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".into(),
            body: r#"{"test": 2432232314}"#.into(),
        };
        let key = BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = WebhookSecret::from_bytes(key);
        let at = Timestamp::from_epoch_seconds(1_614_265_330);
        assert_eq!(
            message.signature(at, &secret).unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
