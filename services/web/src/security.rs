//! The headers by which every answer tells browsers what they may do with it, made once.
//!
//! What they are for: OWASP's secure headers project, <https://owasp.org/www-project-secure-headers/>.

use anyhow::{Context, Result};
use http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue};
use warp::reply::Response;

use crate::stripe_js::{NOBODY, Sources, StripeJs, TakesCard};

/// The same for every answer.
const ALWAYS: [(&str, &str); 7] = [
    ("strict-transport-security", "max-age=31536000"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
];

/// The headers of every answer.
pub struct SecurityHeaders {
    /// What pages may load and where their forms go.
    policy: HeaderValue,
    /// The same for the page that takes a card, and lets Stripe in.
    policy_with_card: HeaderValue,
}

impl SecurityHeaders {
    /// The headers for pages whose uploads go to `storage`.
    pub fn new(storage: &str, stripe: &StripeJs) -> Result<Self> {
        Ok(Self {
            policy: policy(storage, NOBODY)?,
            policy_with_card: policy(storage, stripe.sources())?,
        })
    }

    /// Puts them on an answer.
    pub fn secure(&self, response: &mut Response) {
        let policy = match response.extensions().get::<TakesCard>() {
            Some(TakesCard) => &self.policy_with_card,
            None => &self.policy,
        };
        let headers: &mut HeaderMap = response.headers_mut();
        // Cookies and the request's id come on top; headers that grow are hashed anew.
        headers.reserve(ALWAYS.len() + 5);
        headers.insert("content-security-policy", policy.clone());
        for (name, value) in ALWAYS {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        // Pages show what only their owner may see; static files say otherwise themselves.
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
}

fn policy(storage: &str, Sources { script, frame, connect }: Sources<'_>) -> Result<HeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'self'{script}; style-src 'self'; img-src 'self' data:; \
         connect-src 'self' {storage}{connect}; frame-src{frame}; form-action 'self' {storage}; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::from_str(&policy).context("write the content security policy")
}
