//! Signature version 4: who has sent a request, and whether it came as it was sent.
//!
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/amazon-glacier-signing-requests.html>

use std::time::{Duration, SystemTime};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use sha2::{Digest, Sha256};
use time::PrimitiveDateTime;
use time::macros::format_description;

use super::call::Call;
use super::payload::hex;
use super::refusal::Refusal;

/// How far the sender's clock may be off.
const CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);

/// What an `Authorization` header says.
struct Authorization<'a> {
    access_key_id: &'a str,
    /// `date/region/glacier/aws4_request`.
    scope: &'a str,
    region: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// Checks that the holder of the key has signed this very request, lately.
pub fn check(call: &Call, access_key_id: &str, secret: &str, now: SystemTime) -> Result<(), Refusal> {
    let header = call.optional_header("authorization").ok_or_else(Refusal::unsigned)?;
    let authorization = read(header).ok_or_else(|| Refusal::signature("The Authorization header is not complete"))?;
    if authorization.access_key_id != access_key_id {
        return Err(Refusal::stranger());
    }
    let signed = call.header("x-amz-date")?;
    let at = instant(signed).ok_or_else(|| Refusal::invalid(format!("Invalid x-amz-date: {signed}")))?;
    if !authorization.scope.starts_with(&signed[..8]) || now.max(at) > now.min(at) + CLOCK_SKEW {
        return Err(Refusal::signature(format!("Signature expired: {signed}")));
    }
    let request = hex(&Sha256::digest(canonical_request(call, authorization.signed_headers)));
    let text = format!("AWS4-HMAC-SHA256\n{signed}\n{}\n{request}", authorization.scope);
    let key = generate_signing_key(secret, at, authorization.region, "glacier");
    match calculate_signature(key, text.as_bytes()) == authorization.signature {
        true => Ok(()),
        false => Err(Refusal::signature(
            "The request signature we calculated does not match the signature you provided.",
        )),
    }
}

fn read(header: &str) -> Option<Authorization<'_>> {
    let fields = header.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let field = |name: &str| {
        fields
            .split(',')
            .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
    };
    let (access_key_id, scope) = field("Credential")?.split_once('/')?;
    let [_, region, "glacier", "aws4_request"] = scope.split('/').collect::<Vec<_>>()[..] else {
        return None;
    };
    let signed_headers = field("SignedHeaders")?;
    // Who could leave out the host could send the request elsewhere.
    signed_headers.split(';').find(|name| *name == "host")?;
    Some(Authorization {
        access_key_id,
        scope,
        region,
        signed_headers,
        signature: field("Signature")?,
    })
}

fn instant(text: &str) -> Option<SystemTime> {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    Some(PrimitiveDateTime::parse(text, format).ok()?.assume_utc().into())
}

/// Every service but S3 encodes the path once more than it is sent.
fn canonical_request(call: &Call, signed_headers: &str) -> String {
    let mut query: Vec<&str> = call.raw_query.split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let header = |name| {
        call.optional_header(name)
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
    };
    let headers: String = signed_headers
        .split(';')
        .map(|name| format!("{name}:{}\n", header(name).join(" ")))
        .collect();
    format!(
        "{}\n{}\n{}\n{headers}\n{signed_headers}\n{}",
        call.method,
        call.path.replace('%', "%25"),
        query.join("&"),
        call.payload.sha256
    )
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};

    use super::*;
    use crate::glacier::payload::Payload;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /// The example of the API's documentation.
    async fn example(signature: &str) -> Call {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20120525/us-east-1/glacier/aws4_request, \
             SignedHeaders=host;x-amz-date;x-amz-glacier-version, Signature={signature}"
        );
        let headers = [
            ("host", "glacier.us-east-1.amazonaws.com"),
            ("x-amz-date", "20120525T002453Z"),
            ("x-amz-glacier-version", "2012-06-01"),
            ("authorization", &authorization),
        ];
        let headers = headers.map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap()));
        let body = futures_util::stream::empty::<Result<&[u8], warp::Error>>();
        Call {
            method: Method::PUT,
            path: "/-/vaults/examplevault".to_owned(),
            raw_query: String::new(),
            headers: HeaderMap::from_iter(headers),
            payload: Payload::receive(&std::env::temp_dir(), body).await.unwrap(),
        }
    }

    const SIGNATURE: &str = "3ce5b2f2fffac9262b4da9256f8d086b4aaf42eba5f111c21681a65a127b7c2a";

    fn checked(call: &Call, key: &str, at: &str) -> Result<(), Refusal> {
        check(call, key, SECRET, instant(at).unwrap())
    }

    #[tokio::test]
    async fn the_documented_example_is_accepted_within_a_quarter_of_an_hour() {
        let call = example(SIGNATURE).await;
        checked(&call, "AKIAIOSFODNN7EXAMPLE", "20120525T003953Z").unwrap();
        checked(&call, "AKIAIOSFODNN7EXAMPLE", "20120525T003954Z").unwrap_err();
    }

    #[tokio::test]
    async fn a_changed_request_another_key_and_no_signature_are_refused() {
        let now = "20120525T002453Z";
        let mut call = example(SIGNATURE).await;
        checked(&call, "AKIAANOTHER", now).unwrap_err();
        call.path = "/-/vaults/another".to_owned();
        checked(&call, "AKIAIOSFODNN7EXAMPLE", now).unwrap_err();
        let forged = example(&"0".repeat(64)).await;
        checked(&forged, "AKIAIOSFODNN7EXAMPLE", now).unwrap_err();
        let mut unsigned = example(SIGNATURE).await;
        unsigned.headers.remove("authorization");
        checked(&unsigned, "AKIAIOSFODNN7EXAMPLE", now).unwrap_err();
    }
}
