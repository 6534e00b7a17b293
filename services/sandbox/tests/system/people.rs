//! People as the web sees them: a browser with cookies, forms and a mailbox.

use backends::accounts::{Actor, RoleChange};
use domain::{Role, TERMS_VERSION, Timestamp, Username};
use reqwest::{Client, Response, StatusCode, redirect};
use scraper::{ElementRef, Html, Selector};
use serde::Deserialize;
use web::totp::{self, TotpSecret};

use crate::reach::reach;
use crate::{eventually, sandbox};

pub const PASSWORD: &str = "correct horse battery staple";

/// A browser: keeps cookies, follows no redirect by itself.
#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub base: String,
}

/// What a browser was answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

/// Somebody with a confirmed account, signed in.
pub struct Person {
    pub browser: Browser,
    pub username: String,
    pub email: String,
}

/// One e-mail of the sandbox's mailbox.
#[derive(Deserialize, Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Browser {
    pub async fn new() -> Self {
        Self::at(&sandbox().await.endpoints().web)
    }

    /// A browser for the pages at `base`.
    pub fn at(base: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .tls_danger_accept_invalid_certs(true)
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            base: base.to_owned(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.client.get(self.address(path)).send().await.unwrap()).await
    }

    /// Posts a form with the CSRF token of the page it is on.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.get(page).await.csrf_token();
        let mut fields = fields.to_vec();
        fields.push(("csrf_token", &token));
        self.post(action, &fields).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.client.post(self.address(path)).form(fields).send().await.unwrap()).await
    }

    pub async fn sign_in(&self, username: &str, password: &str) -> Answer {
        self.submit(
            "/login",
            "/login",
            &[("username", username), ("password", password), ("redirect_url", "")],
        )
        .await
    }

    pub fn address(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        }
    }
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self {
            status,
            headers,
            body: response.text().await.unwrap(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// The text of every element that the selector finds, white space folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = self.html();
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector).map(text).collect()
    }

    /// The attribute of every element that the selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = self.html();
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector)
            .filter_map(|element| element.value().attr(name).map(str::to_owned))
            .collect::<Vec<_>>()
    }

    pub fn csrf_token(&self) -> String {
        let found = self.attributes("input[name=csrf_token]", "value");
        found
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no form on this page ({}): {}", self.status, self.body))
    }

    pub fn says(&self, words: &str) -> bool {
        self.texts("body").join(" ").contains(words)
    }
}

fn text(element: ElementRef<'_>) -> String {
    element
        .text()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

impl Person {
    /// Registers, confirms by the link in the mail and signs in, all through the pages.
    pub async fn new(name: &str) -> Self {
        let browser = Browser::new().await;
        let unique = uuid::Uuid::new_v4().simple().to_string();
        let username = format!("{name}-{}", &unique[..8]);
        let email = format!("{username}@example.org");
        register(&browser, &username, &email).await;
        let link = confirmation_link(&email).await;
        let confirmed = browser.submit(&link, &link, &[("password", PASSWORD)]).await;
        assert_eq!(confirmed.status, 200, "{}", confirmed.body);
        let signed_in = browser.sign_in(&username, PASSWORD).await;
        assert_eq!(signed_in.status, 303, "{}", signed_in.body);
        Self {
            browser,
            username,
            email,
        }
    }

    /// The same, with Premium.
    pub async fn premium(name: &str) -> Self {
        Self::with_role(name, Role::PremiumUser).await
    }

    /// The same, with a role that the command line gives.
    pub async fn with_role(name: &str, role: Role) -> Self {
        let person = Self::new(name).await;
        person.becomes(role).await;
        person
    }

    pub async fn becomes(&self, role: Role) {
        let username = Username::parse(&self.username).unwrap();
        let accounts = reach().await.accounts;
        let change = accounts.change_role(&Actor::CommandLine, &username, role).await;
        assert!(
            matches!(change, Ok(RoleChange::Changed { .. } | RoleChange::Same(_))),
            "{change:?}"
        );
        if role.may_administer() {
            self.sets_up_second_factor().await;
        }
    }

    /// Logs in with codes from now on, set up through the page; gives the recovery codes.
    pub async fn sets_up_second_factor(&self) -> Vec<String> {
        let page = self.get("/profile/second-factor").await;
        let revealed = page.attributes("input[name=secret]", "value").remove(0);
        let secret = TotpSecret::from_untrusted(&revealed).unwrap();
        let code = secret.code(totp::step_at(Timestamp::now())).unwrap();
        let fields = [("secret", &*revealed), ("code", &code), ("password", PASSWORD)];
        let path = "/profile/second-factor";
        let kept = self.browser.submit(path, path, &fields).await;
        assert_eq!(kept.status, 200, "{}", kept.body);
        kept.texts("#recovery-codes code")
    }

    /// A code that has not been used, of somebody in the sandbox's database.
    pub async fn code(&self) -> String {
        let reach = reach().await;
        let user = reach.user(&self.username).await;
        let factor = reach.accounts.second_factor(user.id).await.unwrap().unwrap();
        let step = totp::step_at(Timestamp::now()).max(factor.last_step + 1);
        TotpSecret::from_bytes(&factor.secret).code(step).unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.browser.get(path).await
    }

    /// Mails to this person whose subject has the words, newest first.
    pub async fn mails(&self, words: &str) -> Vec<Mail> {
        mails_to(&self.email)
            .await
            .into_iter()
            .filter(|mail| mail.subject.contains(words))
            .collect()
    }
}

pub async fn register(browser: &Browser, username: &str, email: &str) -> Answer {
    let fields = [
        ("username", username),
        ("name", "Ada Lovelace"),
        ("email", email),
        ("password", PASSWORD),
        ("terms", TERMS_VERSION),
    ];
    browser.submit("/register", "/register", &fields).await
}

pub async fn mails_to(email: &str) -> Vec<Mail> {
    let address = format!(
        "{}/mailbox.json",
        sandbox().await.endpoints().mailbox.trim_end_matches("/mailbox")
    );
    let mails: Vec<Mail> = reqwest::get(address).await.unwrap().json().await.unwrap();
    mails.into_iter().filter(|mail| mail.to == email).collect()
}

/// The path of the newest confirmation link that was mailed to the address.
pub async fn confirmation_link(email: &str) -> String {
    let mail = eventually("the confirmation mail", || async {
        mails_to(email).await.into_iter().next()
    })
    .await;
    let start = mail
        .text
        .find("/confirm/")
        .unwrap_or_else(|| panic!("no link in {}", mail.text));
    mail.text[start..].split_whitespace().next().unwrap().to_owned()
}
