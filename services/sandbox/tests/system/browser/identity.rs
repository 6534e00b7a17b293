//! The pages by which people keep an account: a forgotten password, a name, an address, sessions, codes.

use serde_json::json;

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::api::Program;
use crate::eventually;
use crate::mail_reports::link;
use crate::people::{PASSWORD, Person, mails_to};

const ANOTHER: &str = "seven quiet herons at dusk";

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_gets_back_into_an_account_and_changes_it() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let person = Person::new("keeps").await;
    replace_the_password(&visitor, &person).await;
    change_the_name(&visitor).await;
    change_the_address(&visitor).await;
    change_the_password(&visitor).await;
    visitor.press("a[href='/profile/sessions']").await;
    visitor.reads("This browser").await;
    visitor.looks_at("sessions").await;
    make_a_token(&visitor).await;
    log_a_program_in(&visitor).await;
    set_up_codes(&visitor, &person).await;
    visitor.open("/profile/sessions").await;
    visitor.press("#end-all").await;
    visitor.reads("here and everywhere else").await;
    visitor.looks_at("login-signed-out-everywhere").await;
    visitor.leave().await;
}

async fn replace_the_password(visitor: &Visitor, person: &Person) {
    visitor.open("/login").await;
    visitor.press("a[href='/forgot']").await;
    visitor.reads("Forgotten your password?").await;
    visitor.looks_at("forgot").await;
    visitor.fill(&[("email", &person.email)]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("is on its way there").await;
    visitor.looks_at("forgot-sent").await;
    let mailed = || async { person.mails("Choose a new password").await.pop() };
    let mail = eventually("the mail with the link", mailed).await;
    visitor.open(&link(&mail, "/reset/")).await;
    visitor.reads("It is for the account").await;
    visitor.fill(&[("password", "password123456")]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("guessed too soon").await;
    visitor.looks_at("reset-common").await;
    visitor.fill(&[("password", PASSWORD)]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Your password is changed").await;
    visitor.looks_at("login-password-changed").await;
    visitor.open(&link(&mail, "/reset/")).await;
    visitor.reads("This link does not work").await;
    visitor.looks_at("reset-used").await;
    visitor.opens_as("/profile", &person.email).await;
    visitor.reads("My account").await;
}

async fn change_the_name(visitor: &Visitor) {
    visitor.press("a[href='/profile/name']").await;
    visitor.reads("Change your name").await;
    visitor.looks_at("name").await;
    visitor.fill(&[("name", "Grace at example.com")]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("not the address of a website").await;
    visitor.fill(&[("name", "Grace Hopper")]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Your name is changed").await;
    visitor.looks_at("profile-name-changed").await;
}

async fn change_the_address(visitor: &Visitor) {
    let email = format!("new-{}@example.org", uuid::Uuid::new_v4().simple());
    visitor.press("a[href='/profile/email']").await;
    visitor.reads("Change your e-mail address").await;
    visitor.looks_at("email").await;
    visitor
        .fill(&[("email", &email), ("password", "not the password")])
        .await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("This is not your password").await;
    visitor.looks_at("email-wrong").await;
    visitor.fill(&[("password", PASSWORD)]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Check your e-mail").await;
    visitor.looks_at("email-sent").await;
    let mailed = || async { mails_to(&email).await.pop() };
    let mail = eventually("the mail with the link", mailed).await;
    visitor.open(&link(&mail, "/profile/email/")).await;
    visitor.reads("Confirm your e-mail address").await;
    visitor.looks_at("email-confirm").await;
    visitor.press("#confirm").await;
    visitor.reads("Your e-mail address is changed").await;
    visitor.reads(&email).await;
}

async fn change_the_password(visitor: &Visitor) {
    visitor.press("a[href='/profile/password']").await;
    visitor.reads("You stay logged in here").await;
    visitor.looks_at("password").await;
    visitor.fill(&[("current", PASSWORD), ("password", ANOTHER)]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Your password is changed").await;
}

/// The one time that it is shown, and the list, and what programs do with it.
async fn make_a_token(visitor: &Visitor) {
    visitor.open("/profile").await;
    visitor.press("a[href='/profile/tokens']").await;
    visitor.reads("With a token your programs use the API").await;
    visitor.looks_at("tokens-none").await;
    visitor
        .fill(&[("name", "sequencer 2"), ("password", "not the password")])
        .await;
    visitor.press("#make").await;
    visitor.reads("This is not your password").await;
    visitor.looks_at("tokens-wrong").await;
    visitor.fill(&[("password", ANOTHER)]).await;
    visitor.press("#make").await;
    visitor.reads("it is shown this one time").await;
    visitor.looks_at("token").await;
    visitor.press("main a.button").await;
    visitor.reads("The newest comes first").await;
    visitor.looks_at("tokens").await;
    visitor.press("#tokens button").await;
    visitor.reads("The token is revoked").await;
    visitor.open("/api").await;
    visitor.reads("What you do on these pages").await;
    visitor.looks_at("api").await;
}

async fn log_a_program_in(visitor: &Visitor) {
    let program = Program::with(None).await;
    let wanted = json!({ "machine": "sequencer 2", "scopes": ["read", "submit", "delete"] });
    let login = program.post("/device", &wanted, &[]).await.json();
    let code = login["user_code"].as_str().unwrap();
    visitor.open(&format!("/device?code={code}")).await;
    visitor.reads("Log a program in").await;
    visitor.looks_at("device").await;
    visitor.press("#continue").await;
    visitor.reads("Is this your program?").await;
    assert_eq!(
        visitor.texts("#user-code").await,
        [login["user_code"].as_str().unwrap()]
    );
    visitor.looks_at("device-compare").await;
    visitor.fill(&[("password", "not the password")]).await;
    visitor.press("#approve").await;
    visitor.reads("This is not your password").await;
    visitor.looks_at("device-wrong").await;
    visitor.fill(&[("password", ANOTHER)]).await;
    visitor.press("#approve").await;
    visitor.reads("The program is logged in").await;
    visitor.looks_at("device-approved").await;
    let device = json!({ "device_code": login["device_code"] });
    let given = program.post("/device/token", &device, &[]).await;
    assert_eq!(given.status, 200, "{}", given.body);
}

/// The app is the test's own: it types the secret and shows a code.
async fn set_up_codes(visitor: &Visitor, person: &Person) {
    visitor.open("/profile/second-factor").await;
    visitor.reads("Point the app at this picture").await;
    visitor.looks_at("second-factor").await;
    let revealed = visitor.texts("#secret").await.remove(0);
    let secret = web::totp::TotpSecret::from_untrusted(&revealed).unwrap();
    let code = secret.code(web::totp::step_at(domain::Timestamp::now())).unwrap();
    visitor.fill(&[("code", &code), ("password", ANOTHER)]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Keep these recovery codes").await;
    visitor.looks_at("recovery-codes").await;
    visitor.press("main a.button").await;
    visitor.reads("My account").await;
    visitor.open("/profile/second-factor").await;
    visitor.reads("You have 10 recovery codes left").await;
    visitor.looks_at("second-factor-kept").await;
    visitor.press("main a[href='/profile']").await;
    visitor.reads(&person.username).await;
}
