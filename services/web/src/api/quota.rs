//! How often a token may come: counted for all replicas, and told on every answer
//! (<https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10>).

use backends::accounts::{Counted, Rate};
use http::header::{HeaderName, HeaderValue};
use uuid::Uuid;
use warp::reply::Response;

use crate::error::PageError;
use crate::limits::Limits;

/// How much more a token may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    rate: Rate,
    counted: Counted,
}

impl Quota {
    /// Counts a request of a token; nothing is known where counting takes long.
    pub async fn count(limits: &Limits, token: Uuid) -> Result<Option<Self>, PageError> {
        let rate = limits.requests();
        let Some(counted) = limits.counted("request", &token.to_string(), rate).await else {
            return Ok(None);
        };
        match counted.wait {
            Some(wait) => Err(PageError::TooOften(wait)),
            None => Ok(Some(Self { rate, counted })),
        }
    }

    /// Tells it on an answer.
    pub fn tell(&self, response: &mut Response) {
        let Self { rate, counted } = self;
        let policy = format!("\"token\";q={};w={}", rate.times, rate.period.as_secs());
        let whole_after = counted.whole_after.as_secs_f64().ceil();
        let left = format!("\"token\";r={};t={whole_after}", counted.left);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
    }
}
