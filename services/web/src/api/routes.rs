//! The addresses of the API: what metrics call each, and which methods it takes.

const READS: &str = "GET, HEAD";
const READS_AND_TAKES: &str = "GET, HEAD, POST";
const READS_AND_DELETES: &str = "GET, HEAD, DELETE";
const READS_CHANGES_AND_DELETES: &str = "GET, HEAD, PATCH, DELETE";
const FOLLOWS: &str = "GET";
const TAKES: &str = "POST";
const DELETES: &str = "DELETE";

/// Label and methods of what is below `/api`, for the parts of the path after that.
pub fn route(segments: &[&str]) -> Option<(&'static str, &'static str)> {
    Some(match segments {
        ["v1", "openapi.json"] => ("/api/v1/openapi.json", READS),
        ["v1", "account"] => ("/api/v1/account", READS),
        ["v1", "token"] => ("/api/v1/token", DELETES),
        ["v1", "device"] => ("/api/v1/device", TAKES),
        ["v1", "device", "token"] => ("/api/v1/device/token", TAKES),
        ["v1", "references"] => ("/api/v1/references", READS),
        ["v1", "uploads"] => ("/api/v1/uploads", TAKES),
        ["v1", "uploads", _] => ("/api/v1/uploads/{id}", READS_AND_DELETES),
        ["v1", "uploads", _, "parts"] => ("/api/v1/uploads/{id}/parts", TAKES),
        ["v1", "uploads", _, "complete"] => ("/api/v1/uploads/{id}/complete", TAKES),
        ["v1", "jobs"] => ("/api/v1/jobs", READS_AND_TAKES),
        ["v1", "jobs", _] => ("/api/v1/jobs/{id}", READS_CHANGES_AND_DELETES),
        ["v1", "jobs", _, "events"] => ("/api/v1/jobs/{id}/events", FOLLOWS),
        ["v1", "jobs", _, "input"] => ("/api/v1/jobs/{id}/input", READS),
        ["v1", "jobs", _, "results"] => ("/api/v1/jobs/{id}/results", READS),
        ["v1", "jobs", _, "index"] => ("/api/v1/jobs/{id}/index", READS),
        ["v1", "jobs", _, "plain"] => ("/api/v1/jobs/{id}/plain", READS),
        ["v1", "jobs", _, "log"] => ("/api/v1/jobs/{id}/log", READS),
        ["v1", "jobs", _, "variants"] => ("/api/v1/jobs/{id}/variants", READS),
        ["v1", "jobs", _, "regions"] => ("/api/v1/jobs/{id}/regions", TAKES),
        ["v1", "jobs", _, "cancel"] => ("/api/v1/jobs/{id}/cancel", TAKES),
        ["v1", "jobs", _, "rerun"] => ("/api/v1/jobs/{id}/rerun", TAKES),
        ["v1", "webhooks"] => ("/api/v1/webhooks", READS_AND_TAKES),
        ["v1", "webhooks", _] => ("/api/v1/webhooks/{id}", READS_AND_DELETES),
        ["v1", "webhooks", _, "test"] => ("/api/v1/webhooks/{id}/test", TAKES),
        ["v1", "webhooks", _, "pause"] => ("/api/v1/webhooks/{id}/pause", TAKES),
        ["v1", "webhooks", _, "resume"] => ("/api/v1/webhooks/{id}/resume", TAKES),
        ["v1", "webhooks", _, "deliveries"] => ("/api/v1/webhooks/{id}/deliveries", READS),
        ["v1", "webhooks", _, "deliveries", _, "again"] => ("/api/v1/webhooks/{id}/deliveries/{delivery}/again", TAKES),
        ["v1", "deletions", _] => ("/api/v1/deletions/{id}", READS),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api::document;

    #[test]
    fn the_document_names_every_method_of_every_address() {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        assert!(paths.len() >= 14, "{}", paths.len());
        for (path, operations) in paths {
            let segments: Vec<&str> = path.split('/').skip(2).collect();
            let (label, methods) = route(&segments).unwrap_or_else(|| panic!("{path} is no route"));
            assert_eq!(label, path);
            let named = operations
                .as_object()
                .unwrap()
                .keys()
                .map(|method| method.to_uppercase());
            let named: BTreeSet<String> = named.collect();
            // HEAD comes with GET.
            let taken = methods
                .split(", ")
                .filter(|method| *method != "HEAD")
                .map(str::to_owned);
            assert_eq!(named, taken.collect(), "{path}");
        }
    }
}
