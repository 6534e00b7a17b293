//! What programs send: short JSON, soon.

use bytes::Buf;
use futures_util::Stream;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use super::ApiError;
use crate::body::read;
use crate::visit::Visit;

/// Reads what was sent as JSON of this form.
pub async fn sent<T: DeserializeOwned, B: Buf>(
    visit: &Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<T, ApiError> {
    let media_type = visit.header(CONTENT_TYPE).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(ApiError::MediaType);
    }
    let body = read(body).await?;
    serde_json::from_slice(&body).map_err(|error| ApiError::Json(format!("It cannot be read: {error}.")))
}
