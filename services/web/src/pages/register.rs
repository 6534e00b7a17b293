//! `GET|POST /register`: asks for an account. The answer is the same whether or not the address has one already;
//! only the mail differs, so that nobody learns who is registered.

use std::collections::BTreeMap;

use anyhow::Result as AnyResult;
use backends::accounts::{Registration, Token};
use bytes::Buf;
use domain::{EmailAddress, FullName, InvalidField, TERMS_VERSION, Username};
use futures_util::Stream;
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};
use serde::Serialize;
use serde_json::json;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::{App, Application};
use crate::error::PageError;
use crate::mail;
use crate::password::NewPassword;
use crate::visit::{Fields, Page, Visit, reading, see_other, visit};

#[derive(Serialize, Default)]
struct Form {
    username: String,
    name: String,
    email: String,
}

#[derive(Serialize, Default)]
struct Register {
    form: Form,
    errors: BTreeMap<&'static str, String>,
    /// In how many minutes to try again, where too many mails were asked for.
    minutes: Option<u64>,
}

/// What a valid form asks for.
struct Wish {
    username: Username,
    email: EmailAddress,
    name: FullName,
    password: NewPassword,
}

/// `GET|POST /register`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("register");
    let show = path
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response);
    let ask = path.and(warp::post()).and(visit(app.clone())).and(warp::body::stream());
    show.or(ask.then(register).map(Reply::into_response)).unify().boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    match visit.user().await? {
        Some(_) => see_other("/annotate"),
        None => form_page(&visit, Register::default(), StatusCode::OK),
    }
}

async fn register<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let fields = visit.form(body).await?;
    let wish = match parse(&fields).await? {
        Ok(wish) => wish,
        Err(errors) => {
            let body = Register::again(&fields, errors);
            return form_page(&visit, body, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    // Mails count, not mistakes: a class that registers makes some of these.
    if let Err(refused) = visit.app.limits.mail_from(visit.address()).await {
        return too_many_mails(&visit, &fields, refused);
    }
    let email = wish.email.to_string();
    answer_by_mail(&visit.app, wish).await?;
    sent_page(&visit, &email)
}

/// The form with what was typed, for later.
fn too_many_mails(visit: &Visit, fields: &Fields, refused: PageError) -> Result<Response, PageError> {
    let PageError::TooOften(wait) = refused else {
        return Err(refused);
    };
    let mut body = Register::again(fields, BTreeMap::new());
    body.minutes = Some(wait.as_secs() / 60 + 1);
    let mut response = form_page(visit, body, StatusCode::TOO_MANY_REQUESTS)?;
    let seconds = HeaderValue::from(wait.as_secs() + 1);
    response.headers_mut().insert(RETRY_AFTER, seconds);
    Ok(response)
}

impl Register {
    /// The form as it was sent, but the password.
    fn again(fields: &Fields, errors: BTreeMap<&'static str, String>) -> Self {
        let field = |name| fields.get(name).trim().to_owned();
        Self {
            form: Form {
                username: field("username"),
                name: field("name"),
                email: field("email"),
            },
            errors,
            minutes: None,
        }
    }
}

/// "Check your e-mail": the one answer that everybody gets.
pub fn sent_page(visit: &Visit, email: &str) -> Result<Response, PageError> {
    visit.render(
        None,
        Page::new(
            "pages/register_sent.html",
            "Check your e-mail",
            json!({ "email": email }),
        ),
    )
}

fn form_page(visit: &Visit, body: Register, status: StatusCode) -> Result<Response, PageError> {
    visit.render(
        None,
        Page::new("pages/register.html", "Register", body).with_status(status),
    )
}

async fn parse(fields: &Fields) -> AnyResult<Result<Wish, BTreeMap<&'static str, String>>> {
    let about = ["username", "email", "name"].map(|field| fields.get(field));
    let password = NewPassword::choose(fields.get("password"), &about).await?;
    let mut errors = BTreeMap::new();
    let mut note = |field, error: InvalidField| _ = errors.insert(field, error.to_string());
    let username = Username::choose(fields.get("username")).map_err(|e| note("username", e));
    let email = EmailAddress::parse(fields.get("email")).map_err(|e| note("email", e));
    let name = FullName::choose(fields.get("name")).map_err(|e| note("name", e));
    let password = password.map_err(|e| note("password", e));
    // The box says which terms: those in force, not those of a page that was open for weeks.
    if fields.get("terms") != TERMS_VERSION {
        errors.insert("terms", "Read the terms of use and accept them.".to_owned());
    }
    Ok(match (username, email, name, password) {
        (Ok(username), Ok(email), Ok(name), Ok(password)) if errors.is_empty() => Ok(Wish {
            username,
            email,
            name,
            password,
        }),
        _ => Err(errors),
    })
}

/// The password is hashed before the database is asked, so that the time taken tells nothing either.
async fn answer_by_mail(app: &Application, wish: Wish) -> AnyResult<()> {
    let Wish {
        username,
        email,
        name,
        password,
    } = wish;
    let password_hash = password.hash().await?;
    // An address that has got enough mails of this kind gets no more for now, whatever they would say.
    if !app.limits.mail_to(&email).await? {
        return Ok(());
    }
    let (email_taken, username_taken) = app.accounts.taken(&email, &username).await?;
    // Where mails came back from, only the question goes whether the address is right.
    if (email_taken || username_taken) && app.accounts.is_undeliverable(&email).await? {
        return Ok(());
    }
    if let Some((owner, _)) = app.accounts.credentials_of(&email).await? {
        // What a stranger has typed is none of the owner's mail.
        let context = json!({ "username": owner.username.as_str(), "login_url": format!("{}/login", app.public_url) });
        return mail::send(app, email, "exists", context).await;
    }
    if username_taken {
        let register_url = format!("{}/register", app.public_url);
        let context = json!({ "username": username.as_str(), "register_url": register_url });
        return mail::send(app, email, "taken", context).await;
    }
    let registration = Registration {
        username: username.clone(),
        email: email.clone(),
        name,
        password_hash,
    };
    let token = app.accounts.register(&registration).await?;
    send_link(app, email, &username, &token).await
}

/// Mails the link that makes the account. An address from which mails came back is asked every ten minutes at most.
pub async fn send_link(app: &Application, email: EmailAddress, username: &Username, token: &Token) -> AnyResult<()> {
    if !app.accounts.may_ask(&email).await? {
        return Ok(());
    }
    let context = json!({
        "username": username.as_str(),
        "confirm_url": format!("{}/confirm/{}", app.public_url, token.reveal()),
        "public_url": app.public_url,
        "hours": 24,
    });
    mail::send(app, email, "confirm", context).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::Templates;
    use crate::views::Layout;

    #[test]
    fn who_comes_too_late_keeps_what_was_typed_but_the_password() {
        let fields =
            Fields::parse(b"username=ada&name=Ada+Lovelace&email=ada%40example.org&password=five+quiet+herons");
        let mut body = Register::again(&fields, BTreeMap::new());
        body.minutes = Some(12);
        let layout = Layout {
            title: "Register",
            user: None,
            csrf_token: "token".into(),
            request_id: "1",
            path: "/register",
            announced: Vec::new(),
            body,
        };
        let templates =
            Templates::load(&json!({ "asset_version": "1", "version": "1", "terms_version": "1" })).unwrap();
        let html = templates.render("pages/register.html", &layout).unwrap();
        for words in [
            r#"value="ada""#,
            r#"value="Ada Lovelace""#,
            r#"value="ada@example.org""#,
            "12&nbsp;minutes",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
        assert!(!html.contains("herons"));
    }
}
