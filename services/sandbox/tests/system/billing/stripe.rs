//! The Stripe emulator, as a browser, its owner and its webhooks reach it.

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::people::Person;
use crate::sandbox;

/// Stripe's test cards (<https://docs.stripe.com/testing>).
#[derive(Clone, Copy)]
pub enum Card {
    Good,
    DeclinedAtOnce,
    DeclinedWhenCharged,
    BankAsks,
}

impl Card {
    pub const fn number(self) -> &'static str {
        match self {
            Self::Good => "4242424242424242",
            Self::DeclinedAtOnce => "4000000000000002",
            Self::DeclinedWhenCharged => "4000000000000341",
            Self::BankAsks => "4000002760003184",
        }
    }
}

pub struct Stripe {
    client: Client,
    base: String,
    key: String,
}

impl Stripe {
    pub async fn reach() -> Self {
        let endpoints = sandbox().await.endpoints();
        Self::at(endpoints.stripe.as_ref().unwrap(), &endpoints.stripe_secret_key)
    }

    pub fn at(base: &str, key: &str) -> Self {
        Self {
            client: Client::new(),
            base: base.to_owned(),
            key: key.to_owned(),
        }
    }

    /// What Stripe.js does with a card: confirms it, and asks the bank if need be. The answer's status.
    pub async fn enter(&self, setup_secret: &str, card: Card) -> StatusCode {
        let (id, _) = setup_secret.split_once("_secret_").unwrap();
        let path = format!("/v1/setup_intents/{id}/confirm");
        let number = card.number();
        let card = json!({ "number": number, "exp_month": "12", "exp_year": "2040", "cvc": "123" });
        let data = json!({ "type": "card", "card": card, "billing_details": { "name": "Ada Lovelace" } });
        let confirm = json!({ "key": "pk_test_gas", "client_secret": setup_secret, "payment_method_data": data });
        let answer = self
            .client
            .post(self.address(&path))
            .json(&confirm)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let setup: Value = answer.json().await.unwrap();
        if setup["status"] == "requires_action" {
            let confirm = json!({ "key": "pk_test_gas", "client_secret": setup_secret });
            self.client
                .post(self.address(&path))
                .json(&confirm)
                .send()
                .await
                .unwrap();
        }
        status
    }

    /// The bank hears from the card's holder about a payment.
    pub async fn authenticate(&self, payment_secret: &str) {
        let (id, _) = payment_secret.split_once("_secret_").unwrap();
        let path = format!("/v1/payment_intents/{id}/_authenticate?success=true");
        let confirm = json!({ "key": "pk_test_gas", "client_secret": payment_secret });
        let answer = self
            .client
            .post(self.address(&path))
            .json(&confirm)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
    }

    pub async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Value {
        self.ask(Method::DELETE, path, None).await
    }

    /// Who a person is to Stripe.
    pub async fn customer(&self, person: &Person) -> Value {
        let found = self.get(&format!("/v1/customers?email={}", person.email)).await;
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{found:#}");
        found["data"][0].clone()
    }

    /// Every subscription that a person ever had.
    pub async fn subscriptions(&self, person: &Person) -> Vec<Value> {
        let customer = self.customer(person).await["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/subscriptions?status=all&limit=100&customer={customer}");
        self.get(&path).await["data"].as_array().unwrap().clone()
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.client.request(method, self.address(path)).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {body:#}");
        body
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// Delivers an event as Stripe does, signed at `time` (epoch seconds) with `secret`.
pub async fn deliver(body: &str, time: i64, secret: &str) -> StatusCode {
    try_deliver(body, time, secret).await.unwrap()
}

async fn try_deliver(body: &str, time: i64, secret: &str) -> reqwest::Result<StatusCode> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let signature = mac.chain_update(format!("{time}.{body}")).finalize().into_bytes();
    let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let billing = sandbox().await.endpoints().billing.as_ref().unwrap();
    let request = Client::new()
        .post(format!("{billing}/webhooks/stripe"))
        .body(body.to_owned());
    let request = request.header("stripe-signature", format!("t={time},v1={signature}"));
    Ok(request.send().await?.status())
}

/// The same, signed now with the sandbox's own secret.
pub async fn report(event: &Value) -> StatusCode {
    try_report(event).await.unwrap()
}

/// The same, to a service that may not be there just now.
pub async fn try_report(event: &Value) -> reqwest::Result<StatusCode> {
    let now = domain::Timestamp::now().epoch_seconds();
    let secret = &sandbox().await.endpoints().stripe_webhook_secret;
    try_deliver(&event.to_string(), now, secret).await
}

/// A recorded event of today's shape, about this customer, with an id of its own.
pub fn recorded(kind: &str, customer: &str) -> Value {
    let file = format!("../billing/tests/events/{kind}.json");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let mut event: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    event["id"] = format!("evt_{}", uuid::Uuid::new_v4().simple()).into();
    if event["data"]["object"].get("customer").is_some() {
        event["data"]["object"]["customer"] = customer.into();
    }
    event
}
