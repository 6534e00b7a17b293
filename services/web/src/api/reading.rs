//! What programs send: short JSON, soon.

use bytes::Buf;
use futures_util::Stream;
use http::header::CONTENT_TYPE;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Number;

use super::ApiError;
use crate::body::read;
use crate::visit::Visit;

/// Reads what was sent as JSON of this form.
pub async fn sent<T: DeserializeOwned, B: Buf>(
    visit: &Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<T, ApiError> {
    if !is_sent_as(visit, "application/json") {
        return Err(ApiError::MediaType);
    }
    let body = read(body).await?;
    serde_json::from_slice(&body).map_err(|error| ApiError::Json(format!("It cannot be read: {error}.")))
}

/// Whether what is sent is said to be of this media type.
pub fn is_sent_as(visit: &Visit, wanted: &str) -> bool {
    let said = visit.header(CONTENT_TYPE).unwrap_or_default();
    let media_type = said.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case(wanted)
}

/// A number of JSON without a fraction, however it is written: JSON Schema takes `2.0` for an integer.
pub fn whole_number<'de, D: Deserializer<'de>>(read: D) -> Result<Option<u64>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(read)? else {
        return Ok(None);
    };
    let written_as_a_fraction = || number.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = number.as_u64().or_else(|| Some(written_as_a_fraction()? as u64));
    whole.map(Some).ok_or_else(|| D::Error::custom("it is a whole number"))
}
