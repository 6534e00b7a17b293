//! Programs that log in by their person's browser (RFC 8628): once, for who has begun it, and for nobody else.

use backends::accounts::{Actor, Intervened, Intervention};
use domain::{ApiToken, Username};
use serde_json::{Value, json};

use super::Program;
use crate::people::{Answer, PASSWORD, Person};
use crate::reach::reach;

/// A login that waits, and the program that waits for it.
struct Login {
    program: Program,
    device: Value,
    code: String,
}

impl Login {
    async fn begin(machine: &str, scopes: &[&str]) -> Self {
        let program = Program::with(None).await;
        let wanted = json!({ "machine": machine, "scopes": scopes });
        let begun = program.post("/device", &wanted, &[]).await;
        assert_eq!(begun.status, 200, "{}", begun.body);
        let login = begun.json();
        let code = login["user_code"].as_str().unwrap().to_owned();
        let complete = login["verification_uri_complete"].as_str().unwrap();
        assert!(complete.ends_with(&format!("/device?code={code}")), "{complete}");
        assert_eq!((&login["expires_in"], &login["interval"]), (&json!(600), &json!(5)));
        Self {
            program,
            device: json!({ "device_code": login["device_code"] }),
            code,
        }
    }

    async fn poll(&self) -> Answer {
        self.program.post("/device/token", &self.device, &[]).await
    }

    async fn look(&self, by: &Person) -> Answer {
        by.browser.submit("/device", "/device", &[("code", &self.code)]).await
    }

    async fn decide(&self, by: &Person, decision: &str, password: &str) -> Answer {
        let fields = [("code", &*self.code), ("decision", decision), ("password", password)];
        by.browser.submit("/device", "/device/decide", &fields).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_one_token_once_its_person_has_approved_with_the_password() {
    let person = Person::new("device").await;
    let login = Login::begin("sequencer 2", &["read", "submit"]).await;
    assert!(login.poll().await.is_problem(400, "authorization_pending"));
    assert!(login.poll().await.is_problem(400, "slow_down"), "it has asked too soon");

    let page = person.get(&format!("/device?code={}", login.code.to_lowercase())).await;
    assert_eq!(
        page.attributes("#code", "value"),
        [&*login.code],
        "the address brings the code"
    );
    let shown = login.look(&person).await;
    assert_eq!(shown.texts("#user-code"), [&*login.code]);
    let about = shown.texts("#login").remove(0);
    for words in ["sequencer 2", "as this browser does", "Submit jobs", "90 days"] {
        assert!(about.contains(words), "{words}: {about}");
    }
    assert!(!about.contains("Delete"), "{about}");
    let wrong = login.decide(&person, "approve", "wrong").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.says("This is not your password"));
    assert!(login.poll().await.is_problem(400, "slow_down"), "nothing is approved");
    assert!(
        login
            .decide(&person, "approve", PASSWORD)
            .await
            .says("The program is logged in")
    );

    let given = login.poll().await;
    assert_eq!(given.status, 200, "{}", given.body);
    let given = given.json();
    assert_eq!(
        (&given["token_type"], &given["scope"]),
        (&json!("Bearer"), &json!("read submit"))
    );
    assert_eq!(
        (&given["name"], &given["expires_in"]),
        (&json!("sequencer 2"), &json!(7_776_000))
    );
    let token = given["access_token"].as_str().unwrap();
    assert!(ApiToken::parse(token).is_ok());
    assert!(login.poll().await.is_problem(400, "expired_token"), "it is given once");
    let account = Program::with(Some(token.to_owned())).await.get("/account").await.json();
    assert_eq!(account["username"], *person.username);
    assert_eq!(account["token"]["scopes"], json!(["read", "submit"]));
    let list = person.get("/profile/tokens").await;
    assert!(list.says("sequencer 2") && list.says(&token[token.len() - 4..]));
    assert_eq!(person.mails("has a new access token").await.len(), 1);
    assert_eq!(login.look(&person).await.status, 422, "its code is of no use any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_denied_brings_nothing() {
    let person = Person::new("denies").await;
    let login = Login::begin("unknown", &["read"]).await;
    assert_eq!(login.look(&person).await.status, 200);
    assert!(login.decide(&person, "deny", "").await.says("The login is denied"));
    assert!(login.poll().await.is_problem(400, "access_denied"));
    assert_eq!(login.decide(&person, "approve", PASSWORD).await.status, 422);
    assert!(login.poll().await.is_problem(400, "access_denied"));
    assert!(person.mails("access token").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_types_a_code_first_decides_and_nobody_else() {
    let (person, other) = (Person::new("first").await, Person::new("second").await);
    let login = Login::begin("laptop", &["read"]).await;
    assert_eq!(login.look(&person).await.status, 200);
    let refused = login.look(&other).await;
    assert_eq!(refused.status, 422);
    assert!(refused.says("No login waits with this code") && !refused.says("laptop"));
    for decision in ["approve", "deny"] {
        assert_eq!(login.decide(&other, decision, PASSWORD).await.status, 422);
    }
    assert_eq!(login.decide(&person, "approve", PASSWORD).await.status, 200);
    assert_eq!(login.look(&other).await.status, 422);
    let token = login.poll().await.json()["access_token"].as_str().unwrap().to_owned();
    let account = Program::with(Some(token)).await.get("/account").await.json();
    assert_eq!(account["username"], *person.username);
    // A program that knows no login's own code gets nobody's token, whatever it has seen on a screen.
    for guessed in [login.code.as_str(), "", &"A".repeat(43)] {
        let asked = login
            .program
            .post("/device/token", &json!({ "device_code": guessed }), &[])
            .await;
        assert!(asked.is_problem(400, "expired_token"), "{guessed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_that_ask_at_once_with_one_code_get_one_token() {
    let person = Person::new("twice").await;
    let login = Login::begin("race", &["read"]).await;
    login.decide(&person, "approve", PASSWORD).await;
    let answers = futures_util::future::join_all((0..8).map(|_| login.poll())).await;
    let given = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(given, 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.status == 200 || answer.is_problem(400, "expired_token"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_ends_by_itself_and_with_the_account_that_approved_it() {
    let reach = reach().await;
    for what in ["expire", "suspend", "leave"] {
        let person = Person::new("over").await;
        let login = Login::begin(what, &["read"]).await;
        assert_eq!(login.decide(&person, "approve", PASSWORD).await.status, 200, "{what}");
        let user = reach.user(&person.username).await;
        match what {
            "expire" => {
                let sql = format!(
                    "UPDATE device_logins SET expires_at = now() WHERE user_id = '{}'",
                    user.id
                );
                reach.sql(&sql).await;
            }
            "suspend" => {
                let username = Username::parse(&person.username).unwrap();
                let done = reach
                    .accounts
                    .intervene(&Actor::CommandLine, &username, Intervention::Suspend)
                    .await;
                assert!(matches!(done, Ok(Intervened::Done(_))), "{done:?}");
            }
            _ => {
                reach.accounts.leave(user.id, None).await.unwrap();
            }
        }
        assert!(login.poll().await.is_problem(400, "expired_token"), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_makes_no_sense_does_not_begin() {
    let program = Program::with(None).await;
    let begin = async |wanted: Value| program.post("/device", &wanted, &[]).await;
    for machine in ["", "a\u{202e}b", &"x".repeat(61)] {
        let refused = begin(json!({ "machine": machine, "scopes": ["read"] })).await;
        assert!(refused.is_problem(422, "bad_value"), "{machine:?}");
    }
    for wrong in [
        json!({ "machine": "x", "scopes": [] }),
        json!({ "machine": "x", "scopes": ["admin"] }),
        json!({ "machine": "x" }),
    ] {
        assert!(begin(wrong.clone()).await.is_problem(400, "bad_json"), "{wrong}");
    }
}
