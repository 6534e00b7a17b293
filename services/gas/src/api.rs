//! The API as this program uses it: asks with the token, waits where the service asks for patience, reads answers and problems.

use std::time::Duration;

use anyhow::Context;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::time::sleep;

use crate::failure::{Failure, Problem};
use crate::settings::ConnectionSettings;

/// How often something is asked again that passes by itself: waits of up to a minute each.
const MOST_TRIES: u32 = 30;
/// How long to wait where the service does not say; each wait is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The service, asked in the name of whoever has the token.
#[derive(Debug, Clone)]
pub struct Api {
    client: Client,
    url: String,
    token: String,
}

impl Api {
    /// The service that the settings name, by the token that they have.
    pub fn new(settings: &ConnectionSettings) -> Result<Self, Failure> {
        Self::with(settings, settings.token()?.reveal())
    }

    /// The same by another token; by an empty one nobody is named.
    pub fn with(settings: &ConnectionSettings, token: &str) -> Result<Self, Failure> {
        let mut client = Client::builder()
            .user_agent(concat!("gas/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(20))
            .read_timeout(Duration::from_secs(60))
            .redirect(Policy::none());
        if let Some(file) = &settings.ca {
            let pem = std::fs::read(file).with_context(|| format!("read {}", file.display()))?;
            let trusted = Certificate::from_pem_bundle(&pem);
            let trusted = trusted.with_context(|| format!("read the certificate of {}", file.display()))?;
            client = client.tls_certs_merge(trusted);
        }
        if settings.insecure {
            if !is_on_this_machine(&settings.url) {
                let why = "--insecure is for a service on this machine: anybody between could read the token.";
                return Err(Failure::Usage(why.into()));
            }
            client = client.tls_danger_accept_invalid_certs(true);
        }
        Ok(Self {
            client: client.build().context("make an HTTPS client")?,
            url: settings.url.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
        })
    }

    /// A client for addresses of the object store, which want no token.
    #[must_use]
    pub const fn plain(&self) -> &Client {
        &self.client
    }

    /// Asks for what is at a path below `/api/v1`.
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        read(self.patiently(|| self.request(Method::GET, path)).await?).await
    }

    /// Sends a document there, with an idempotency key if there is one.
    pub async fn post(&self, path: &str, sent: &Value, key: Option<&str>) -> Result<Value, Failure> {
        let request = || {
            let request = self.request(Method::POST, path).json(sent);
            match key {
                Some(key) => request.header("idempotency-key", key),
                None => request,
            }
        };
        read(self.patiently(request).await?).await
    }

    /// Sends a file there.
    pub async fn post_file(&self, path: &str, file: &[u8]) -> Result<Value, Failure> {
        let request = || {
            let request = self.request(Method::POST, path).body(file.to_vec());
            request.header(CONTENT_TYPE, "application/octet-stream")
        };
        read(self.patiently(request).await?).await
    }

    /// Changes what is there, as far as the document says.
    pub async fn patch(&self, path: &str, sent: &Value) -> Result<Value, Failure> {
        read(self.patiently(|| self.request(Method::PATCH, path).json(sent)).await?).await
    }

    /// Deletes what is there.
    pub async fn delete(&self, path: &str) -> Result<Value, Failure> {
        read(self.patiently(|| self.request(Method::DELETE, path)).await?).await
    }

    /// Asks for what comes piece by piece: events, or a file.
    pub async fn stream(&self, path: &str) -> Result<Response, Failure> {
        self.patiently(|| self.request(Method::GET, path)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = format!("{}/api/v1{path}", self.url);
        let request = self.client.request(method, address);
        match self.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        }
    }

    /// Sends a request, again where that may help: whatever is asked here may be asked twice.
    async fn patiently(&self, request: impl Fn() -> RequestBuilder) -> Result<Response, Failure> {
        let mut pause = FIRST_PAUSE;
        for tries in 1.. {
            let (failure, wanted) = match request().send().await {
                Ok(response) if response.status().is_success() || response.status() == StatusCode::SEE_OTHER => {
                    return Ok(response);
                }
                Ok(response) => {
                    let wanted = retry_after(response.headers());
                    let problem = problem(response).await;
                    if !problem.passes() {
                        return Err(Failure::Problem(problem));
                    }
                    (Failure::Problem(problem), wanted)
                }
                // Who cannot be reached at all is not waited for, so that a wrong address is told at once.
                Err(error) if error.is_connect() && tries > 3 => return Err(self.unreachable(&error)),
                Err(error) => (self.unreachable(&error), None),
            };
            if tries >= MOST_TRIES {
                return Err(failure);
            }
            sleep(wanted.unwrap_or(pause).min(LONGEST_PAUSE)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        unreachable!("the last try has returned")
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Failure::Unreachable(self.url.clone(), cause.to_string())
    }
}

async fn read(response: Response) -> Result<Value, Failure> {
    if response.status() == StatusCode::NO_CONTENT {
        return Ok(Value::Null);
    }
    Ok(response.json().await.context("read the answer")?)
}

/// What the service says is wrong, or what stands before it.
async fn problem(response: Response) -> Problem {
    let status = response.status().as_u16();
    response.json().await.unwrap_or_else(|_| Problem {
        status,
        code: "unknown".into(),
        detail: format!("The service answered with status {status}. Check the address."),
        request_id: String::new(),
    })
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn is_on_this_machine(url: &str) -> bool {
    let url = url.parse::<reqwest::Url>().ok();
    let host = url.as_ref().and_then(|url| url.host_str());
    matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_service_on_this_machine_may_have_any_certificate() {
        for near in ["https://localhost:4433", "https://127.0.0.1:1", "https://[::1]/"] {
            assert!(is_on_this_machine(near), "{near}");
        }
        for far in ["https://gas.example.org", "https://localhost.example.org", "nonsense"] {
            assert!(!is_on_this_machine(far), "{far}");
        }
    }
}
