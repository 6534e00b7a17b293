//! Every refusal is a page: with its status, a sentence, an id, and the headers of every page.

use reqwest::Method;

use crate::people::{Answer, Browser, PASSWORD, Person};

async fn ask(browser: &Browser, method: Method, path: &str) -> Answer {
    let request = browser.client.request(method, browser.address(path));
    Answer::of(request.send().await.unwrap()).await
}

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
    let long = "x".repeat(40_000);
    refused(&browser.post("/login", &[("username", &long)]).await, 413, "32 KB");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_a_route_does_not_take_is_answered_with_those_that_it_takes() {
    const SHOWS: &str = "GET, HEAD";
    const SHOWS_AND_TAKES: &str = "GET, HEAD, POST";
    let browser = Browser::new().await;
    let id = "00000000-0000-4000-8000-000000000000";
    let (job, stop) = (format!("/annotations/{id}"), format!("/mails/stop/{id}"));
    let [events, input, plain, delete] = ["events", "input", "plain", "delete"].map(|name| format!("{job}/{name}"));
    let routes = [
        ("/", SHOWS),
        ("/healthz", SHOWS),
        ("/static/app.css", SHOWS),
        ("/api", SHOWS),
        ("/data", SHOWS),
        ("/terms", SHOWS),
        ("/register", SHOWS_AND_TAKES),
        ("/confirm/resend", SHOWS_AND_TAKES),
        ("/confirm/token", SHOWS_AND_TAKES),
        ("/login", SHOWS_AND_TAKES),
        ("/login/code", SHOWS_AND_TAKES),
        ("/logout", "POST"),
        ("/forgot", SHOWS_AND_TAKES),
        ("/reset/token", SHOWS_AND_TAKES),
        ("/annotate", SHOWS),
        ("/annotate/job", "GET"),
        ("/annotations", SHOWS),
        ("/deletions/00000000-0000-4000-8000-000000000000", SHOWS),
        (&*job, SHOWS),
        (&*events, "GET"),
        (&*input, SHOWS),
        (&*plain, SHOWS),
        (&*delete, "POST"),
        ("/mails", "POST"),
        ("/mails/confirm", "POST"),
        ("/mails/confirm/token", SHOWS_AND_TAKES),
        (&*stop, SHOWS_AND_TAKES),
        ("/profile", SHOWS),
        ("/profile/delete", SHOWS_AND_TAKES),
        ("/profile/export", "GET"),
        ("/profile/name", SHOWS_AND_TAKES),
        ("/profile/password", SHOWS_AND_TAKES),
        ("/profile/email", SHOWS_AND_TAKES),
        ("/profile/email/token", SHOWS_AND_TAKES),
        ("/profile/sessions", SHOWS),
        ("/profile/sessions/end", "POST"),
        ("/profile/sessions/end-all", "POST"),
        ("/device", SHOWS_AND_TAKES),
        ("/device/decide", "POST"),
        ("/profile/tokens", SHOWS_AND_TAKES),
        ("/profile/tokens/revoke", "POST"),
        ("/profile/webhooks", SHOWS_AND_TAKES),
        ("/profile/webhooks/some", SHOWS),
        ("/profile/webhooks/some/pause", "POST"),
        ("/profile/second-factor", SHOWS_AND_TAKES),
        ("/profile/second-factor/remove", "POST"),
        ("/subscribe", SHOWS_AND_TAKES),
        ("/unsubscribe", "POST"),
        ("/admin", SHOWS),
        ("/admin/redrive", "POST"),
        ("/admin/users", SHOWS),
        ("/admin/users/intervene", "POST"),
        ("/admin/users/erase", "POST"),
        ("/admin/person/somebody", SHOWS),
        ("/admin/users/role", "POST"),
        ("/admin/jobs", SHOWS),
        ("/admin/jobs/retry", "POST"),
        ("/admin/audit", SHOWS),
    ];
    for (path, allowed) in routes {
        let refused = ask(&browser, Method::DELETE, path).await;
        assert_eq!(
            (refused.status.as_u16(), refused.header("allow")),
            (405, allowed),
            "{path}"
        );
        for method in [Method::GET, Method::HEAD, Method::POST] {
            let is_taken = ask(&browser, method.clone(), path).await.status != 405;
            let is_allowed = allowed.split(", ").any(|one| one == method.as_str());
            assert_eq!(is_taken, is_allowed, "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn head_is_answered_as_get_without_the_body() {
    let person = Person::new("head").await;
    for path in ["/", "/static/app.css", "/annotations", "/no-such-page"] {
        let (get, head) = (person.get(path).await, ask(&person.browser, Method::HEAD, path).await);
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        for name in ["content-type", "cache-control", "content-security-policy"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
        let length: usize = head.header("content-length").parse().unwrap();
        assert_eq!(length, get.body.len(), "{path}");
    }
    let asked = ask(&Browser::new().await, Method::HEAD, "/annotations").await;
    assert_eq!(
        (asked.status.as_u16(), asked.location()),
        (303, "/login?redirect_url=%2Fannotations")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers() {
    let browser = Browser::new().await;
    for path in [
        "/",
        "/login",
        "/register",
        "/data",
        "/terms",
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
