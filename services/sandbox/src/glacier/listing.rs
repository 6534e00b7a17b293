//! A page of a list: `limit` items from `marker` on.

use serde_json::Value;

use super::call::Call;
use super::refusal::Refusal;

/// One page, and the marker of the next.
pub struct Page {
    pub items: Vec<Value>,
    pub marker: Option<String>,
}

/// Cuts the page that the query asks for out of items that are ordered by their keys; `most` is the API's limit.
pub fn page(call: &Call, items: impl Iterator<Item = (String, Value)>, most: usize) -> Result<Page, Refusal> {
    let query = call.query();
    let limit = match query.get("limit") {
        None => most,
        Some(text) => match text.parse() {
            Ok(limit) if (1..=most).contains(&limit) => limit,
            _ => return Err(Refusal::invalid(format!("Invalid limit: {text}, not from 1 to {most}"))),
        },
    };
    let from = query.get("marker").map_or("", String::as_str);
    let mut rest = items.skip_while(|(key, _)| key.as_str() < from);
    let items = rest.by_ref().take(limit).map(|(_, item)| item).collect();
    let marker = rest.next().map(|(key, _)| key);
    Ok(Page { items, marker })
}
