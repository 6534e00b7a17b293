//! `gas plan` and `gas token`.

use domain::{size, with_commas};
use serde_json::Value;

use crate::api::Api;
use crate::failure::Failure;
use crate::output::{Output, text};

/// The plan, and what it takes.
pub async fn plan(api: &Api, out: Output) -> Result<(), Failure> {
    let account = api.get("/account").await?;
    out.answer(&account, |account| {
        let takes = &account["takes"];
        let number = |name: &str| takes[name].as_u64().unwrap_or(0);
        let results = match account["results_for_seconds"].as_u64() {
            Some(seconds) => format!("for {} minutes after a job has ended", seconds / 60),
            None => "at any time".into(),
        };
        format!(
            "{} ({}), plan {}\nA file may have {} ({} bytes), {} once it is unpacked, and {} records.\n\
             Results can be downloaded {results}.",
            text(account, "name"),
            text(account, "username"),
            text(account, "plan"),
            size(number("bytes")),
            with_commas(number("bytes")),
            size(number("unpacked_bytes")),
            with_commas(number("records")),
        )
    });
    Ok(())
}

/// The token that is used.
pub async fn token(api: &Api, out: Output) -> Result<(), Failure> {
    let account = api.get("/account").await?;
    out.answer(&account["token"], |token| {
        let scopes = token["scopes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let scopes: Vec<&str> = scopes.collect();
        format!(
            "“{}” may {}, and ends at {}.",
            text(token, "name"),
            scopes.join(", "),
            text(token, "expires_at"),
        )
    });
    Ok(())
}
