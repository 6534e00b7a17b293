//! Tokens: made with the password, shown once, and ended by everything that should end them.

use backends::accounts::{Actor, Intervened, Intervention};
use domain::{ApiToken, EmailAddress, TokenName, Username};
use std::time::Duration;

use super::{Program, make_token};
use crate::people::{Browser, PASSWORD, Person};
use crate::reach::reach;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_made_with_the_password_shown_once_told_by_mail_and_revoked() {
    let (person, stranger) = (Person::new("tokens").await, Person::new("stranger").await);
    let path = "/profile/tokens";
    for (fields, words) in [
        (vec![("name", ""), ("read", "yes")], "Give the token a name"),
        (vec![("name", "x")], "Choose what the token may do"),
        (
            vec![("name", "x"), ("read", "yes"), ("password", "wrong")],
            "This is not your password",
        ),
    ] {
        let refused = person.browser.submit(path, path, &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.says(words), "{words}");
    }
    let token = make_token(&person, &["read"]).await;
    assert!(ApiToken::parse(&token).is_ok());
    let mail = person.mails("has a new access token").await.remove(0);
    assert!(
        mail.text.contains("Name: a test") && mail.text.contains("See jobs and download"),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains(&token) && !mail.html.contains(&token));

    let list = person.get(path).await;
    assert!(!list.body.contains(&token), "it is shown once");
    assert!(list.says(&token[token.len() - 4..]) && list.says("never"));
    let program = Program::with(Some(token.clone())).await;
    let account = program.get("/account").await;
    assert_eq!(account.status, 200, "{}", account.body);
    assert_eq!(account.json()["username"], *person.username);
    assert_eq!(account.json()["token"]["scopes"], serde_json::json!(["read"]));
    let list = person.get(path).await;
    assert!(!list.says("never"), "it was used just now");
    let export = person.get("/profile/export").await;
    assert!(export.body.contains("\"a test\"") && !export.body.contains(&token));

    let id = list.attributes("#tokens input[name=token]", "value").remove(0);
    let revoke = async |by: &Person| {
        by.browser
            .submit(path, "/profile/tokens/revoke", &[("token", &id)])
            .await
    };
    assert_eq!(revoke(&stranger).await.status, 303);
    assert_eq!(
        program.get("/account").await.status,
        200,
        "it is not the stranger's to revoke"
    );
    assert_eq!(revoke(&person).await.location(), "/profile/tokens?notice=revoked");
    assert!(program.get("/account").await.is_problem(401, "token_invalid"));
    assert_eq!(
        person.mails("access token of your GAS account was revoked").await.len(),
        1
    );
    assert!(stranger.mails("access token").await.is_empty());
    let visitor = Browser::new().await.get(path).await;
    assert_eq!(visitor.location(), "/login?redirect_url=%2Fprofile%2Ftokens");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_revokes_itself() {
    let person = Person::new("logs-out").await;
    let (kept, gone) = (
        Program::scoped(&person, &["read"]).await,
        Program::scoped(&person, &["submit"]).await,
    );
    let revoked = gone.delete("/token").await;
    assert_eq!((revoked.status.as_u16(), &*revoked.body), (204, ""));
    assert!(gone.delete("/token").await.is_problem(401, "token_invalid"));
    assert_eq!(kept.get("/account").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_end_with_a_reset_password_a_suspension_a_deletion_and_by_themselves() {
    let reach = reach().await;
    let accounts = &reach.accounts;
    for what in ["reset", "suspend", "end sessions", "leave", "expire", "change"] {
        let person = Person::new("ends").await;
        let program = Program::scoped(&person, &["read"]).await;
        assert_eq!(program.get("/account").await.status, 200, "{what}");
        let user = reach.user(&person.username).await;
        let intervene = async |intervention| {
            let username = Username::parse(&person.username).unwrap();
            let done = accounts.intervene(&Actor::CommandLine, &username, intervention).await;
            assert!(matches!(done, Ok(Intervened::Done(_))), "{done:?}");
        };
        match what {
            "reset" => {
                let email = EmailAddress::parse(&person.email).unwrap();
                let (link, _) = accounts.begin_reset(&email).await.unwrap().unwrap();
                accounts.reset_password(&link, "$argon2id$").await.unwrap().unwrap();
            }
            "suspend" => intervene(Intervention::Suspend).await,
            "end sessions" => intervene(Intervention::EndSessions).await,
            "leave" => {
                accounts.leave(user.id, None).await.unwrap();
            }
            "expire" => {
                let sql = format!("UPDATE api_tokens SET expires_at = now() WHERE user_id = '{}'", user.id);
                reach.sql(&sql).await;
                assert!(person.get("/profile/tokens").await.says("has ended"));
            }
            // Whoever knows the password and only chooses another keeps programs going.
            _ => {
                let fields = [("current", PASSWORD), ("password", "seven quiet herons at dusk")];
                let path = "/profile/password";
                assert_eq!(person.browser.submit(path, path, &fields).await.status, 303);
                assert_eq!(program.get("/account").await.status, 200, "{what}");
                continue;
            }
        }
        assert!(program.get("/account").await.is_problem(401, "token_invalid"), "{what}");
        if what == "suspend" {
            intervene(Intervention::Resume).await;
            assert!(
                program.get("/account").await.is_problem(401, "token_invalid"),
                "it does not come back"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_more_than_twenty_tokens() {
    let person = Person::new("collects").await;
    let reach = reach().await;
    let user = reach.user(&person.username).await;
    let name = TokenName::choose("one of many").unwrap();
    let make = async || {
        reach
            .accounts
            .make_api_token(user.id, &name, &[], Duration::from_secs(60))
            .await
    };
    for _ in 0..20 {
        assert!(make().await.unwrap().is_some());
    }
    assert!(make().await.unwrap().is_none());
    assert!(person.get("/profile/tokens").await.says("as many as one may have"));
    let fields = [("name", "x"), ("read", "yes"), ("password", PASSWORD)];
    let path = "/profile/tokens";
    let token = person.get("/profile").await.csrf_token();
    let refused = person
        .browser
        .post(path, &[&fields[..], &[("csrf_token", &token)]].concat())
        .await;
    assert_eq!(refused.status, 409);
}
