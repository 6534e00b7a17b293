//! One request, as the operations read it.

use std::collections::BTreeMap;

use backends::vault::TreeHash;
use http::{HeaderMap, Method};

use super::payload::Payload;
use super::refusal::Refusal;

/// The one version of the API.
const API_VERSION: &str = "2012-06-01";
/// The longest description, in bytes.
const LONGEST_DESCRIPTION: usize = 1024;

/// A request that has been received.
pub struct Call {
    /// Its verb.
    pub method: Method,
    /// Its path as it came, percent-encoded.
    pub path: String,
    /// Its query as it came.
    pub raw_query: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub payload: Payload,
}

impl Call {
    /// A header that has to be there.
    pub fn header(&self, name: &str) -> Result<&str, Refusal> {
        self.optional_header(name).ok_or_else(|| Refusal::missing(name))
    }

    /// A header that may be there.
    pub fn optional_header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The parameters of the query.
    pub fn query(&self) -> BTreeMap<String, String> {
        let address = format!("http://glacier/?{}", self.raw_query);
        let address = reqwest::Url::parse(&address).ok();
        let pairs = address.as_ref().map(reqwest::Url::query_pairs);
        pairs
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect()
    }

    /// Refuses another version of the API, or none.
    pub fn check_version(&self) -> Result<(), Refusal> {
        match self.optional_header("x-amz-glacier-version") {
            None => Err(Refusal::missing("API version")),
            Some(API_VERSION) => Ok(()),
            Some(other) => Err(Refusal::invalid(format!("Invalid API version: {other}"))),
        }
    }

    /// Compares a body that becomes an archive, or a part of one, with both hashes that its headers say.
    pub fn check_hashes(&self) -> Result<(), Refusal> {
        let (linear, computed) = (self.header("x-amz-content-sha256")?, &self.payload.sha256);
        if !linear.eq_ignore_ascii_case(computed) {
            return Err(Refusal::invalid(format!(
                "The value passed in as x-amz-content-sha256 does not match the computed payload hash. \
                 Computed digest: {computed}, expected hash: {linear}"
            )));
        }
        self.check_tree_hash(self.payload.tree_hash)
    }

    /// Compares the tree hash of the headers with the one of what is there.
    pub fn check_tree_hash(&self, computed: TreeHash) -> Result<(), Refusal> {
        let said = self.header("x-amz-sha256-tree-hash")?;
        match said.parse::<TreeHash>() {
            Ok(hash) if hash == computed => Ok(()),
            Ok(hash) => Err(Refusal::invalid(format!(
                "Checksum mismatch: expected {hash} but calculated {computed}"
            ))),
            Err(_) => Err(Refusal::invalid(format!("Invalid x-amz-sha256-tree-hash: {said}"))),
        }
    }

    /// The description of an archive: at most 1,024 printable ASCII characters.
    pub fn archive_description(&self) -> Result<Option<String>, Refusal> {
        let Some(value) = self.headers.get("x-amz-archive-description") else {
            return Ok(None);
        };
        description(value.to_str().unwrap_or("\u{0}").trim_start())
    }
}

/// A description, if it is one that the API allows.
pub fn description(text: &str) -> Result<Option<String>, Refusal> {
    let printable = text.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    match printable && text.len() <= LONGEST_DESCRIPTION {
        true => Ok(Some(text.to_owned())),
        false => Err(Refusal::invalid(
            "Invalid description: at most 1,024 characters from 0x20 to 0x7E",
        )),
    }
}
