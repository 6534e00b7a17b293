//! Forms that change an account are taken from our own pages only, and from whoever is signed in.

use crate::people::{Browser, Person};

/// What a visitor may send.
const VISITORS: [&str; 5] = [
    "/forgot",
    "/reset/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "/confirm/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "/confirm/resend",
    "/login/code",
];

/// What somebody who is signed in may send.
const PEOPLES: [&str; 15] = [
    "/device",
    "/device/decide",
    "/profile/name",
    "/profile/email",
    "/profile/email/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "/profile/password",
    "/profile/sessions/end",
    "/profile/sessions/end-all",
    "/profile/webhooks",
    "/profile/webhooks/00000000-0000-4000-8000-000000000000/test",
    "/profile/webhooks/00000000-0000-4000-8000-000000000000/again",
    "/profile/webhooks/00000000-0000-4000-8000-000000000000/resume",
    "/profile/webhooks/00000000-0000-4000-8000-000000000000/delete",
    "/profile/second-factor",
    "/profile/second-factor/remove",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_the_token_of_its_browser_is_refused() {
    let person = Person::new("forged").await;
    let visitor = Browser::new().await;
    visitor.get("/login").await;
    let other = Browser::new().await.get("/login").await.csrf_token();
    for path in VISITORS {
        for token in ["", &*other] {
            for browser in [&visitor, &person.browser] {
                let forged = browser.post(path, &[("csrf_token", token)]).await;
                assert_eq!(forged.status, 403, "{path}");
                assert!(forged.says("out of date"), "{path}");
            }
        }
    }
    for path in PEOPLES {
        for token in ["", &*other] {
            let forged = person.browser.post(path, &[("csrf_token", token)]).await;
            assert_eq!(forged.status, 403, "{path}");
            assert!(forged.says("out of date"), "{path}");
        }
        let nobody = visitor.submit("/login", path, &[]).await;
        assert_eq!((nobody.status.as_u16(), nobody.location()), (303, "/login"), "{path}");
    }
}
