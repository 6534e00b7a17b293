//! One attempt: a POST to an address that is checked, of which only the status of the answer counts.
//!
//! People choose the address, so that it is called as a stranger's: no proxy, no redirect, no cookie, no connection that is used
//! again, ten seconds in all, and a few KB of the answer, which nobody sees.

use std::error::Error;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use backends::accounts::Attempted;
use domain::{Reach, Timestamp, WebhookProblem, WebhookSecret, WebhookUrl};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use reqwest::{Client, Response, redirect};
use tracing::warn;

use super::address::{Checked, Inside};
use super::message::Message;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long everything may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is taken: a receiver that is cut off too soon may think that it has failed.
const TAKEN_BYTES: usize = 4096;

/// Calls webhooks.
pub struct Caller {
    client: Client,
    reach: Reach,
}

impl Caller {
    /// A caller that goes this far.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(reach: Reach) -> Result<Self> {
        // Another part of the program may have chosen it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("GAS-Webhooks/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Checked(reach))
            .https_only(reach == Reach::Internet)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .build()
            .context("set up what calls webhooks")?;
        Ok(Self { client, reach })
    }

    /// Delivers a message to an address, or says why not.
    pub async fn call(&self, url: &str, message: &Message, secret: &WebhookSecret) -> Attempted {
        let begun = Instant::now();
        let (status, problem) = match self.post(url, message, secret).await {
            Ok(status) => (Some(status.as_u16()), problem_of(status)),
            Err(problem) => (None, Some(problem)),
        };
        Attempted {
            took: begun.elapsed(),
            status,
            problem,
        }
    }

    async fn post(&self, url: &str, message: &Message, secret: &WebhookSecret) -> Result<StatusCode, WebhookProblem> {
        // A number for a host is no name to look up; and the rule may have changed since the address was typed.
        let url = WebhookUrl::parse(url, self.reach).map_err(|_| WebhookProblem::Inside)?;
        let now = Timestamp::now();
        let signature = message.signature(now, secret).map_err(|error| {
            warn!("Could not sign a delivery: {error:#}");
            WebhookProblem::NoConnection
        })?;
        let request = self
            .client
            .post(url.url().clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", now.epoch_seconds())
            .header("webhook-signature", signature)
            .body(message.body.clone());
        let answer = request.send().await.map_err(|error| why(&error))?;
        let status = answer.status();
        take_some(answer).await;
        Ok(status)
    }
}

async fn take_some(mut answer: Response) {
    let mut taken = 0;
    while let Ok(Some(chunk)) = answer.chunk().await {
        taken += chunk.len();
        if taken > TAKEN_BYTES {
            return;
        }
    }
}

fn problem_of(status: StatusCode) -> Option<WebhookProblem> {
    match status {
        _ if status.is_success() => None,
        _ if status.is_redirection() => Some(WebhookProblem::Redirect),
        _ => Some(WebhookProblem::Status),
    }
}

fn why(error: &reqwest::Error) -> WebhookProblem {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<Inside>() {
            return WebhookProblem::Inside;
        }
        cause = inner.source();
    }
    match error {
        _ if error.is_timeout() => WebhookProblem::Timeout,
        _ if error.is_dns() => WebhookProblem::NoAddress,
        _ => WebhookProblem::NoConnection,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// Takes one request and answers with these words; gives the request.
    async fn receiver(answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = tokio::spawn(async move {
            let (mut stream, request) = taken(&listener).await;
            stream.write_all(answer.as_bytes()).await.unwrap();
            request
        });
        (port, served)
    }

    /// One connection, and the request that came by it.
    async fn taken(listener: &TcpListener) -> (TcpStream, String) {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"{}") {
            let mut piece = [0; 1024];
            let read = stream.read(&mut piece).await.unwrap();
            request.extend_from_slice(&piece[..read]);
        }
        (stream, String::from_utf8(request).unwrap())
    }

    async fn call(url: &str, reach: Reach) -> Attempted {
        let message = Message {
            id: "msg_1".into(),
            body: "{}".into(),
        };
        let secret = WebhookSecret::random();
        Caller::new(reach).unwrap().call(url, &message, &secret).await
    }

    #[tokio::test]
    async fn a_receiver_gets_the_message_with_the_headers_of_the_standard() {
        let (port, served) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
        let attempted = call(&format!("http://localhost:{port}/hook"), Reach::Anywhere).await;
        assert_eq!((attempted.status, attempted.problem), (Some(204), None));
        let request = served.await.unwrap();
        assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
        for header in ["webhook-id: msg_1", "webhook-timestamp: ", "webhook-signature: v1,"] {
            assert!(request.contains(header), "{header}: {request}");
        }
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let (elsewhere, served) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        let answer = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\n\r\n"
        );
        let (port, _) = receiver(answer.leak()).await;
        let attempted = call(&format!("http://127.0.0.1:{port}/"), Reach::Anywhere).await;
        let redirect = (Some(307), Some(WebhookProblem::Redirect));
        assert_eq!((attempted.status, attempted.problem), redirect);
        assert!(!served.is_finished());
        served.abort();
    }

    #[tokio::test]
    async fn nothing_inside_is_called_by_number_by_name_or_by_http() {
        let (port, served) = receiver("HTTP/1.1 200 OK\r\n\r\n").await;
        for url in [
            format!("https://127.0.0.1:{port}/"),
            format!("http://127.0.0.1:{port}/"),
            format!("https://localhost:{port}/"),
            "https://localhost/".to_owned(),
            "https://[::1]/".to_owned(),
        ] {
            let attempted = call(&url, Reach::Internet).await;
            let inside = (None, Some(WebhookProblem::Inside));
            assert_eq!((attempted.status, attempted.problem), inside, "{url}");
        }
        // Past the rules for what is typed, the resolver still refuses.
        let caller = Caller::new(Reach::Internet).unwrap();
        let error = caller.client.post("https://localhost/").send().await.unwrap_err();
        assert_eq!(why(&error), WebhookProblem::Inside, "{error:?}");
        assert!(!served.is_finished(), "nothing was connected to");
        served.abort();
    }

    #[tokio::test]
    async fn a_receiver_that_is_not_there_and_a_name_of_nobody_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let away = call(&format!("http://127.0.0.1:{port}/"), Reach::Anywhere).await;
        assert_eq!(away.problem, Some(WebhookProblem::NoConnection));
        let nobody = call("http://nobody.invalid/", Reach::Anywhere).await;
        assert_eq!(nobody.problem, Some(WebhookProblem::NoAddress));
    }

    #[tokio::test]
    async fn an_endless_answer_is_cut_off() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let endless = tokio::spawn(async move {
            let (mut stream, _) = taken(&listener).await;
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            stream.write_all(head).await.unwrap();
            while stream.write_all(b"400\r\n").await.is_ok() {
                let chunk = [b'x'; 0x400];
                if stream.write_all(&chunk).await.is_err() || stream.write_all(b"\r\n").await.is_err() {
                    break;
                }
            }
        });
        let attempted = call(&format!("http://127.0.0.1:{port}/"), Reach::Anywhere).await;
        assert_eq!((attempted.status, attempted.problem), (Some(200), None));
        endless.await.unwrap();
    }
}
