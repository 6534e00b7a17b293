//! A program of somebody's that takes what webhooks are told: the address says how it answers.

use std::net::SocketAddr;
use std::sync::{Mutex, OnceLock};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use warp::Filter;
use warp::http::HeaderMap;
use warp::http::header::LOCATION;
use warp::hyper::body::Bytes;
use warp::reply::{Reply, Response};

/// One request.
#[derive(Clone, Debug)]
pub struct Received {
    /// For whom, of the tests.
    key: String,
    pub headers: HeaderMap,
    pub body: String,
}

static RECEIVED: Mutex<Vec<Received>> = Mutex::new(Vec::new());

/// The address that answers like this: `ok`, `gone`, `redirect`, or `fails`, and `fails-once`.
pub fn receiver(how: &str, key: &str) -> String {
    static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();
    let address = ADDRESS.get_or_init(|| {
        let (sender, receiver) = std::sync::mpsc::channel();
        // A thread of its own, because each test has a runtime of its own.
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send(listener.local_addr().unwrap()).unwrap();
                warp::serve(routes()).incoming(listener).run().await;
            });
        });
        receiver.recv().unwrap()
    });
    format!("http://{address}/{how}/{key}")
}

/// Every request of this key that has arrived.
pub fn received(key: &str) -> Vec<Received> {
    let all = RECEIVED.lock().unwrap();
    all.iter().filter(|received| received.key == key).cloned().collect()
}

fn routes() -> impl Filter<Extract = (Response,), Error = warp::Rejection> + Clone {
    warp::path!(String / String)
        .and(warp::post())
        .and(warp::header::headers_cloned())
        .and(warp::body::bytes())
        .map(|how: String, key: String, headers, body: Bytes| {
            let before = received(&key).len();
            let body = String::from_utf8(body.to_vec()).unwrap();
            let request = Received { key, headers, body };
            RECEIVED.lock().unwrap().push(request);
            answer(&how, before)
        })
}

fn answer(how: &str, before: usize) -> Response {
    let status = match how {
        "gone" => 410,
        "redirect" => 307,
        "fails" => 500,
        "fails-once" if before == 0 => 503,
        _ => 200,
    };
    let mut response = "A secret of the receiver's".into_response();
    *response.status_mut() = warp::http::StatusCode::from_u16(status).unwrap();
    if how == "redirect" {
        let elsewhere = receiver("ok", "elsewhere").parse().unwrap();
        response.headers_mut().insert(LOCATION, elsewhere);
    }
    response
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether the secret has signed it, by the specification's own words.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let signed = format!(
            "{}.{}.{}",
            self.header("webhook-id"),
            self.header("webhook-timestamp"),
            self.body
        );
        let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(signed);
        let expected = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        self.header("webhook-signature") == format!("v1,{expected}")
    }
}
