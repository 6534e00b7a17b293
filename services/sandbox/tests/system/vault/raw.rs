//! Requests as nobody's SDK would send them, signed by hand.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use reqwest::{Method, Response};
use serde_json::Value;

use super::emulator::Vaults;
use crate::sandbox;

/// A request to be.
pub struct Raw<'a> {
    pub method: Method,
    /// Below the account: `/vaults/…`.
    pub path: &'a str,
    pub headers: Vec<(&'static str, String)>,
    pub body: &'a [u8],
    pub account: &'a str,
    pub secret: Option<&'a str>,
}

impl<'a> Raw<'a> {
    pub fn new(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            headers: vec![("x-amz-glacier-version", "2012-06-01".into())],
            body: b"",
            account: "-",
            secret: None,
        }
    }

    /// With one more header.
    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// With a body.
    pub fn body(self, body: &'a [u8]) -> Self {
        Self { body, ..self }
    }

    pub async fn send(self, vaults: &Vaults) -> Response {
        let endpoints = sandbox().await.endpoints();
        let secret = self.secret.unwrap_or(&endpoints.aws_secret_access_key);
        let credentials = Credentials::new(&endpoints.aws_access_key_id, secret, None, None, "test");
        let identity = credentials.into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("glacier")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let url = format!("{}/{}{}", vaults.url, self.account, self.path);
        let headers = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let signable = SignableRequest::new(self.method.as_str(), &url, headers, SignableBody::Bytes(self.body));
        let (signed, _) = sign(signable.unwrap(), &parameters).unwrap().into_parts();
        let mut request = reqwest::Client::new()
            .request(self.method, &url)
            .body(self.body.to_vec());
        for (name, value) in self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain(signed.headers())
        {
            request = request.header(name, value);
        }
        request.send().await.unwrap()
    }

    /// Sends it and expects it to be refused in the API's shape; gives the message.
    pub async fn refused(self, vaults: &Vaults, status: u16, code: &str) -> String {
        refused(self.send(vaults).await, status, code).await
    }
}

/// Expects a refusal in the API's shape; gives the message.
pub async fn refused(answer: Response, status: u16, code: &str) -> String {
    let found = answer.status().as_u16();
    assert!(answer.headers().contains_key("x-amzn-requestid"));
    let header = answer.headers().get("x-amzn-errorcode").cloned();
    let body: Value = answer.json().await.unwrap();
    assert_eq!((found, body["code"].as_str()), (status, Some(code)), "{body}");
    assert_eq!(header.unwrap(), code);
    let kind = if status < 500 { "Client" } else { "Server" };
    assert_eq!(body["type"], kind, "{body}");
    body["message"].as_str().unwrap().to_owned()
}
