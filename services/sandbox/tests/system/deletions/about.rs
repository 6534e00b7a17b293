//! What everybody may read of data and terms, and who has accepted which.

use domain::TERMS_VERSION;

use crate::people::{Browser, PASSWORD, Person};
use crate::reach::reach;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_what_is_kept_and_on_which_terms() {
    let visitor = Browser::new().await;
    for (page, words) in [
        ("/data", "What stays is a record that something was deleted"),
        ("/terms", "For research, not for diagnosis"),
    ] {
        let answer = visitor.get(page).await;
        assert_eq!(answer.status, 200, "{page}");
        assert!(answer.says(words), "{page}: {}", answer.body);
    }
    assert!(visitor.get("/terms").await.says(TERMS_VERSION));
    let links = visitor.get("/").await.attributes("footer a", "href");
    assert_eq!(links, ["/status", "/data", "/terms", "/api"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_registers_without_the_terms_in_force_and_who_does_has_their_version() {
    let browser = Browser::new().await;
    let fields = [
        ("username", "no-terms"),
        ("name", "Ada Lovelace"),
        ("email", "no-terms@example.org"),
        ("password", PASSWORD),
    ];
    for terms in ["", "2020-01-01"] {
        let fields = [&fields[..], &[("terms", terms)]].concat();
        let refused = browser.submit("/register", "/register", &fields).await;
        assert_eq!(refused.status, 422, "{terms:?}");
        assert!(refused.says("Read the terms of use and accept them."));
    }
    let person = Person::new("accepts").await;
    let reach = reach().await;
    let user = reach.user(&person.username).await;
    let exported = reach.accounts.exported(user.id).await.unwrap().unwrap();
    assert_eq!(exported["terms"], TERMS_VERSION);
    assert!(exported["terms_accepted_at"].is_string(), "{exported:#}");
}
