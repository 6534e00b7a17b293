//! The document names exactly the routes that there are.

use reqwest::Method;
use serde_json::Value;

use super::Program;
use crate::people::{Browser, Person};

#[tokio::test(flavor = "multi_thread")]
async fn each_method_is_taken_exactly_where_the_document_names_it() {
    let nobody = Program::with(None).await;
    let document: Value = nobody.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    for (path, operations) in paths {
        let at = path.replace("{id}", "00000000-0000-4000-8000-000000000000");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = nobody
                .ask(Method::from_bytes(method.as_bytes()).unwrap(), &at, None, &[])
                .await;
            let is_named = operations.get(method.to_lowercase()).is_some();
            assert_eq!(answer.status != 405, is_named, "{method} {path}: {}", answer.status);
            assert_ne!(answer.status, 404, "{method} {path}");
        }
    }
    let mut addresses: Vec<&str> = paths.keys().map(String::as_str).collect();
    addresses.sort_unstable();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().unwrap() {
            let is_open = path == "/api/v1/openapi.json" || path.starts_with("/api/v1/device");
            let security = &operation["security"][0];
            assert_eq!(security.get("token").is_none(), is_open, "{method} {path}: {security}");
            assert!(operation["responses"].get("default").is_some(), "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_the_api_is_for_everybody_and_names_every_route() {
    let (visitor, person) = (Browser::new().await, Person::new("reads-api").await);
    let document: Value = serde_json::from_str(&visitor.get("/api/v1/openapi.json").await.body).unwrap();
    for browser in [&visitor, &person.browser] {
        let page = browser.get("/api").await;
        assert_eq!(page.status, 200);
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(page.says(path), "{path}");
        }
        let anchors = page.attributes("main [id]", "id");
        for link in page.attributes("main a[href^='#']", "href") {
            assert!(anchors.contains(&link[1..].to_owned()), "{link} leads nowhere");
        }
    }
}
