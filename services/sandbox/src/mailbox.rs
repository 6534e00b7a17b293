//! The mailbox: every e-mail that the emulator's SES has taken, as a page and as JSON.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tera::{Context, Tera};
use tokio::net::TcpListener;
use warp::Filter;
use warp::reply::{self, Reply, Response};

/// One e-mail, as `mailbox.json` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The recipient.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

const STYLE: &str = include_str!("../templates/mailbox.css");
const TEMPLATES: [(&str, &str); 2] = [
    ("list.html", include_str!("../templates/list.html")),
    ("mail.html", include_str!("../templates/mail.html")),
];

/// Serves the mailbox of the emulator at `aws` until this process ends.
pub async fn serve(listen: SocketAddr, aws: String) -> Result<()> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("listen for the mailbox on {listen}"))?;
    let mut tera = Tera::default();
    tera.autoescape_on(vec![".html"]);
    tera.add_raw_templates(TEMPLATES)?;
    let (tera, source) = (std::sync::Arc::new(tera), format!("{aws}/_ministack/ses/messages"));
    let mails = warp::any().then(move || fetch(source.clone()));
    let list_tera = tera.clone();
    let home =
        warp::path::end().map(|| warp::redirect::found(warp::http::Uri::from_static("/mailbox")).into_response());
    let list = warp::path!("mailbox")
        .and(mails.clone())
        .map(move |mails| list(&list_tera, mails));
    let one = warp::path!("mailbox" / usize)
        .and(mails.clone())
        .map(move |number, mails| one(&tera, number, mails));
    let html = warp::path!("mailbox" / usize / "html").and(mails.clone()).map(html);
    let json = warp::path!("mailbox.json")
        .and(mails)
        .map(|mails: Result<Vec<Mail>>| match mails {
            Ok(mails) => reply::json(&mails).into_response(),
            Err(error) => failure(&error),
        });
    let style =
        warp::path!("mailbox.css").map(|| reply::with_header(STYLE, "content-type", "text/css").into_response());
    let pages = home
        .or(list)
        .unify()
        .or(one)
        .unify()
        .or(html)
        .unify()
        .or(json)
        .unify()
        .or(style)
        .unify();
    warp::serve(warp::get().and(pages)).incoming(listener).run().await;
    Ok(())
}

/// Every e-mail, newest first.
async fn fetch(source: String) -> Result<Vec<Mail>> {
    let answer: Value = reqwest::get(source)
        .await?
        .json()
        .await
        .context("read the emulator's messages")?;
    Ok(read(&answer))
}

fn read(answer: &Value) -> Vec<Mail> {
    let accounts = answer["messages"].as_object().into_iter().flatten();
    let mut sent: Vec<&Value> = accounts
        .flat_map(|(_, sent)| sent.as_array().into_iter().flatten())
        .collect();
    sent.sort_by(|a, b| time(b).total_cmp(&time(a)));
    sent.into_iter().map(mail).collect()
}

fn page(tera: &Tera, template: &str, context: &Context) -> Response {
    match tera.render(template, context) {
        Ok(html) => {
            let policy =
                "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'";
            reply::with_header(reply::html(html), "content-security-policy", policy).into_response()
        }
        Err(error) => failure(&error.into()),
    }
}

fn list(tera: &Tera, mails: Result<Vec<Mail>>) -> Response {
    match mails {
        Ok(mails) => {
            let count = mails.len();
            // Mails are numbered from the oldest, so that an address keeps its mail when more arrive.
            let rows: Vec<_> = mails.iter().enumerate().map(|(at, mail)| (count - at, mail)).collect();
            let mut context = Context::new();
            context.insert(
                "mails",
                &rows.iter().map(|(number, mail)| row(*number, mail)).collect::<Vec<_>>(),
            );
            page(tera, "list.html", &context)
        }
        Err(error) => failure(&error),
    }
}

fn row(number: usize, mail: &Mail) -> Value {
    serde_json::json!({ "number": number, "to": mail.to, "subject": mail.subject })
}

fn numbered(number: usize, mails: Result<Vec<Mail>>) -> Option<Mail> {
    let mails = mails.ok()?;
    let at = mails.len().checked_sub(number)?;
    mails.into_iter().nth(at)
}

fn one(tera: &Tera, number: usize, mails: Result<Vec<Mail>>) -> Response {
    let Some(mail) = numbered(number, mails) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut context = Context::new();
    context.insert("number", &number);
    context.insert("mail", &mail);
    page(tera, "mail.html", &context)
}

/// The HTML of a mail, for a frame: it runs no script and loads nothing.
fn html(number: usize, mails: Result<Vec<Mail>>) -> Response {
    let Some(mail) = numbered(number, mails) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox";
    // Pages refuse to be shown in a frame, so links open beside it.
    let html = format!("<base target=\"_blank\">{}", mail.html);
    reply::with_header(reply::html(html), "content-security-policy", policy).into_response()
}

fn failure(error: &anyhow::Error) -> Response {
    reply::with_status(format!("{error:#}\n"), StatusCode::BAD_GATEWAY).into_response()
}

fn time(message: &Value) -> f64 {
    message["Timestamp"].as_f64().unwrap_or(0.0)
}

fn mail(message: &Value) -> Mail {
    let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
    let recipients: Vec<&str> = message["To"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    Mail {
        to: recipients.join(", "),
        subject: text("Subject"),
        text: text("BodyText"),
        html: text("BodyHtml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn mails_of_every_account_come_newest_first() {
        let message = |subject: &str, at: f64| json!({ "To": ["a@b.org"], "Subject": subject, "BodyText": "t", "BodyHtml": "<p>h</p>", "Timestamp": at });
        let answer =
            json!({ "messages": { "1": [message("old", 1.0), message("new", 3.0)], "2": [message("middle", 2.0)] } });
        let mails = read(&answer);
        assert_eq!(
            mails.iter().map(|mail| &*mail.subject).collect::<Vec<_>>(),
            ["new", "middle", "old"]
        );
        assert_eq!(mails[0].to, "a@b.org");
        assert_eq!(numbered(1, Ok(mails.clone())).unwrap().subject, "old");
        assert_eq!(numbered(4, Ok(mails)), None);
    }
}
