//! Every refusal is a page: with its status, a sentence, an id, and the headers of every page.

use crate::people::{Browser, PASSWORD, Person};

#[tokio::test(flavor = "multi_thread")]
async fn every_error_is_a_friendly_page() {
    let browser = Browser::new().await;
    let person = Person::new("errors").await;
    let refused = |answer: &crate::people::Answer, status: u16, words: &str| {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert!(answer.says(words), "{words}: {}", answer.body);
        assert!(
            answer.says(answer.header("x-request-id")),
            "the page shows the request's id"
        );
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    };
    refused(&browser.get("/no-such-page").await, 404, "There is no such page");
    refused(&browser.get("/static/none.css").await, 404, "There is no such page");
    refused(&browser.get("/logout").await, 405, "method");
    refused(&browser.post("/annotations", &[]).await, 405, "method");
    refused(
        &person.get("/annotations?after=nonsense").await,
        400,
        "no such page of jobs",
    );
    refused(
        &person.get("/annotate/job?bucket=elsewhere&key=x&etag=y").await,
        400,
        "upload",
    );
    refused(
        &person.get("/annotations/not-a-job").await,
        403,
        "Not authorized to view this job",
    );
    refused(
        &browser.post("/login", &[("username", "ada")]).await,
        403,
        "out of date",
    );
    let long = "x".repeat(20_000);
    refused(&browser.post("/login", &[("username", &long)]).await, 413, "16 KB");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers() {
    let browser = Browser::new().await;
    for path in [
        "/",
        "/login",
        "/register",
        "/no-such-page",
        "/static/app.css",
        "/annotations",
    ] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            answer.header("strict-transport-security").starts_with("max-age="),
            "{path}"
        );
        assert!(
            !answer.body.contains("<script>") && !answer.body.contains(" style="),
            "{path} has inline script or style"
        );
    }
    assert_eq!(browser.get("/login").await.header("cache-control"), "no-store");
    let cookie = Browser::new().await.get("/login").await.header("set-cookie").to_owned();
    for part in ["__Host-visitor=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_changes_nothing() {
    let person = Person::new("forger").await;
    assert_eq!(person.browser.post("/logout", &[]).await.status, 403);
    assert_eq!(person.get("/profile").await.status, 200, "still signed in");
    let other = Browser::new().await.get("/login").await.csrf_token();
    let forged = person.browser.post("/logout", &[("csrf_token", &other)]).await;
    assert_eq!(forged.status, 403);
    let fields = [("username", "x"), ("password", PASSWORD), ("csrf_token", "")];
    assert_eq!(Browser::new().await.post("/login", &fields).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_sends_no_request_is_cut_off() {
    use tokio::io::AsyncReadExt;
    let web = reqwest::Url::parse(&crate::sandbox().await.endpoints().web).unwrap();
    let mut idle = tokio::net::TcpStream::connect(("127.0.0.1", web.port().unwrap()))
        .await
        .unwrap();
    let cut_off = tokio::time::timeout(std::time::Duration::from_secs(15), idle.read(&mut [0; 16])).await;
    assert!(matches!(cut_off, Ok(Ok(0) | Err(_))), "{cut_off:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_speak_http_2() {
    let browser = Browser::new().await;
    let answer = browser.client.get(browser.address("/healthz")).send().await.unwrap();
    assert_eq!(
        (answer.version(), answer.status().as_u16()),
        (reqwest::Version::HTTP_2, 200)
    );
}
