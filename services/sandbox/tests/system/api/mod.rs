//! The API, by tokens.

mod access;
mod device;
mod handling;
mod journey;
pub mod parts;
mod problems;
mod routes;
mod tokens;
mod variants;

use domain::JobId;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, redirect};
use serde_json::{Value, json};

use crate::eventually;
use crate::people::{Answer, PASSWORD, Person};
use crate::sandbox;

/// A program with a token. It keeps no cookies and follows no redirect.
#[derive(Clone)]
pub struct Program {
    client: Client,
    base: String,
    token: Option<String>,
}

/// Makes a token on the page, with these scopes.
pub async fn make_token(person: &Person, scopes: &[&str]) -> String {
    let mut fields = vec![("name", "a test"), ("lasts", "7"), ("password", PASSWORD)];
    fields.extend(scopes.iter().map(|scope| (*scope, "yes")));
    let path = "/profile/tokens";
    let made = person.browser.submit(path, path, &fields).await;
    assert_eq!(made.status, 200, "{}", made.body);
    made.texts("#token").remove(0)
}

impl Program {
    pub async fn with(token: Option<String>) -> Self {
        let client = Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            base: sandbox().await.endpoints().web.clone(),
            token,
        }
    }

    /// A program of this person's that may do everything.
    pub async fn of(person: &Person) -> Self {
        Self::scoped(person, &["read", "submit", "webhooks", "delete"]).await
    }

    pub async fn scoped(person: &Person, scopes: &[&str]) -> Self {
        Self::with(Some(make_token(person, scopes).await)).await
    }

    pub async fn ask(&self, method: Method, path: &str, sent: Option<&Value>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(sent) = sent {
            request = request.json(sent);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, &format!("/api/v1{path}"), None, &[]).await
    }

    pub async fn post(&self, path: &str, sent: &Value, headers: &[(&str, &str)]) -> Answer {
        self.ask(Method::POST, &format!("/api/v1{path}"), Some(sent), headers)
            .await
    }

    /// Sends a file, as this media type.
    pub async fn post_file(&self, path: &str, media_type: &str, file: String) -> Answer {
        let request = self.client.post(format!("{}/api/v1{path}", self.base));
        let request = request.bearer_auth(self.token.as_deref().unwrap_or_default());
        let request = request.header("content-type", media_type).body(file);
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, &format!("/api/v1{path}"), None, &[]).await
    }

    /// The first step: a form, or that the file was submitted before.
    pub async fn prepare(&self, name: &str, key: &str) -> Answer {
        self.post("/uploads", &json!({ "file_name": name }), &[("idempotency-key", key)])
            .await
    }

    /// Sends a file with the form of a prepared upload.
    pub async fn upload(&self, prepared: &Value, content: impl Into<Vec<u8>>) {
        let fields = prepared["form"]["fields"].as_object().unwrap();
        let form = fields.iter().fold(Form::new(), |form, (name, value)| {
            form.text(name.clone(), value.as_str().unwrap().to_owned())
        });
        let form = form.part("file", Part::bytes(content.into()).file_name("of-no-meaning"));
        let address = prepared["form"]["url"].as_str().unwrap();
        let stored = self.client.post(address).multipart(form).send().await.unwrap();
        assert_eq!(stored.status(), 201, "{}", stored.text().await.unwrap());
    }

    /// Both steps.
    pub async fn submit(&self, name: &str, content: &str) -> JobId {
        let prepared = self.prepare(name, &uuid::Uuid::new_v4().to_string()).await;
        assert_eq!(prepared.status, 201, "{}", prepared.body);
        let prepared = prepared.json();
        self.upload(&prepared, content).await;
        let submitted = self.post("/jobs", &json!({ "upload": prepared["id"] }), &[]).await;
        assert_eq!(submitted.status, 201, "{}", submitted.body);
        submitted.json()["id"].as_str().unwrap().parse().unwrap()
    }

    /// The job, once it has ended.
    pub async fn ended(&self, id: JobId) -> Value {
        eventually("the job to end", || async {
            let job = self.get(&format!("/jobs/{id}")).await.json();
            job["ended_at"].is_string().then_some(job)
        })
        .await
    }

    /// What the address gives that an answer names.
    pub async fn download(&self, answer: &Answer) -> Vec<u8> {
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert_eq!(answer.json()["url"], answer.location());
        let file = self.client.get(answer.location()).send().await.unwrap();
        assert_eq!(file.status(), 200);
        file.bytes().await.unwrap().to_vec()
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Whether it is a problem of this status and code, told as every problem is.
    pub fn is_problem(&self, status: u16, code: &str) -> bool {
        let problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(
            problem["type"]
                .as_str()
                .unwrap()
                .ends_with(&format!("/api#{}", problem["code"].as_str().unwrap()))
        );
        assert!(
            problem["detail"].as_str().is_some_and(|detail| detail.ends_with('.')),
            "{}",
            self.body
        );
        assert_eq!(self.header("cache-control"), "no-store");
        assert!(self.headers.get("set-cookie").is_none());
        self.status == status && problem["code"] == code
    }
}
