//! One request of one browser: who it is from, and the ways to answer it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use anyhow::Context;
use backends::accounts::{Origin, Token};
use bytes::Buf;
use chassis::request::{PeerAddr, RequestId};
use domain::User;
use futures_util::Stream;
use http::header::{AsHeaderName, HeaderMap, HeaderValue, LOCATION, SET_COOKIE, USER_AGENT};
use http::{Method, StatusCode};
use serde::Serialize;
use warp::path::FullPath;
use warp::reply::{Reply, Response};
use warp::{Filter, Rejection};

use crate::app::App;
use crate::body::read;
use crate::browser_name;
use crate::error::PageError;
use crate::pages::MaintenanceView;
use crate::session::{self, KNOWN, SESSION, SIGN_IN, VISITOR};
use crate::views::{Layout, UserView};

/// One request of one browser.
#[derive(Clone)]
pub struct Visit {
    /// What every page has at hand.
    pub app: App,
    /// The request's id, in the log and on error pages.
    pub request_id: String,
    /// The request's method.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
    query: String,
    headers: HeaderMap,
    peer: IpAddr,
}

/// The fields of a form or a query; a field that is not there is empty.
pub struct Fields(HashMap<String, String>);

/// Takes GET, and HEAD, which asks for the same without its body. For what a request changes nothing by: programs that check
/// links ask with HEAD.
pub fn reading() -> impl Filter<Extract = (), Error = Rejection> + Copy {
    warp::get().or(warp::head()).unify()
}

/// Makes a [`Visit`] of every request.
pub fn visit(app: App) -> impl Filter<Extract = (Visit,), Error = Infallible> + Clone {
    let query = warp::query::raw().or_else(|_| async { Ok::<_, Infallible>((String::new(),)) });
    warp::method()
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(warp::ext::optional::<PeerAddr>())
        .and(warp::ext::optional::<RequestId>())
        .map(
            move |method, path: FullPath, query, headers, peer: Option<PeerAddr>, id: Option<RequestId>| Visit {
                app: app.clone(),
                request_id: id.map(|id| id.to_string()).unwrap_or_default(),
                method,
                path: path.as_str().to_owned(),
                query,
                headers,
                peer: peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip()),
            },
        )
}

impl Visit {
    /// Who is signed in, if anybody is.
    pub async fn user(&self) -> Result<Option<User>, PageError> {
        let Some(token) = self.session_token() else {
            return Ok(None);
        };
        Ok(self.app.accounts.session(&token).await?)
    }

    /// Who is signed in; others are sent to sign in and come back.
    pub async fn signed_in(&self) -> Result<User, PageError> {
        self.user().await?.ok_or(PageError::SignInNeeded)
    }

    /// The token of the session cookie, valid or not.
    #[must_use]
    pub fn session_token(&self) -> Option<Token> {
        session::cookie(&self.headers, SESSION)
    }

    /// The token by which the browser is known, if it has one, whoever has signed in with it.
    #[must_use]
    pub fn browser_token(&self) -> Option<Token> {
        session::cookie(&self.headers, KNOWN)
    }

    /// The token of a sign-in that waits for a code.
    #[must_use]
    pub fn sign_in_token(&self) -> Option<Token> {
        session::cookie(&self.headers, SIGN_IN)
    }

    /// Where the request comes from: the peer, or what the outermost trusted proxy saw.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        let forwarded = self
            .headers
            .get_all("x-forwarded-for")
            .into_iter()
            .filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
        let trusted = hops
            .len()
            .checked_sub(self.app.trusted_proxies)
            .filter(|_| self.app.trusted_proxies > 0);
        trusted.and_then(|at| hops[at].parse().ok()).unwrap_or(self.peer)
    }

    /// Which browser asks, and from where, for the list of a person's sessions.
    #[must_use]
    pub fn origin(&self) -> Origin {
        let agent = self.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        Origin {
            browser: browser_name::of(agent.unwrap_or_default()),
            address: self.address().to_canonical().to_string(),
        }
    }

    /// A header's value, if it is there; empty if it is no text.
    #[must_use]
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap_or_default())
    }

    /// The fields of the query.
    #[must_use]
    pub fn query(&self) -> Fields {
        Fields::parse(self.query.as_bytes())
    }

    /// The fields of the query, each as often as it comes.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// Path and query, to come back to after signing in.
    #[must_use]
    pub fn path_and_query(&self) -> String {
        match self.query.as_str() {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }

    /// Reads a form and checks its CSRF token.
    pub async fn form<B: Buf>(
        &self,
        body: impl Stream<Item = Result<B, warp::Error>> + Send,
    ) -> Result<Fields, PageError> {
        let fields = Fields::parse(&read(body).await?);
        self.check_csrf(fields.get("csrf_token"))?;
        Ok(fields)
    }

    /// Checks the CSRF token of a form that was read in another way.
    pub fn check_csrf(&self, token: &str) -> Result<(), PageError> {
        let cookie = self.session_token().or_else(|| session::cookie(&self.headers, VISITOR));
        match cookie.is_some_and(|cookie| self.app.csrf.verify(&cookie, token)) {
            true => Ok(()),
            false => Err(PageError::StaleForm),
        }
    }

    /// Renders a page with the layout that every page has around it.
    pub fn render(&self, user: Option<&User>, page: Page<impl Serialize>) -> Result<Response, PageError> {
        let carried = self.session_token().or_else(|| session::cookie(&self.headers, VISITOR));
        let (cookie, is_new) = carried.map_or_else(|| (Token::random(), true), |token| (token, false));
        let status = page.status;
        let html = self.html(user, page, self.app.csrf.token(&cookie))?;
        let mut response = warp::reply::html(html).into_response();
        *response.status_mut() = status;
        if is_new {
            let cookie = session::give(VISITOR, &cookie).context("make the visitor cookie")?;
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }

    /// Renders a page that has no form, nor anything else of the browser.
    pub fn render_without_form(&self, page: Page<impl Serialize>) -> Result<String, PageError> {
        self.html(None, page, String::new())
    }

    /// The page of the status tells of all; the page that whoever has no session sees is kept, and tells of none.
    fn announced(&self) -> Vec<MaintenanceView> {
        match self.path.as_str() {
            "/" | "/status" => Vec::new(),
            _ => self
                .app
                .announcements
                .told()
                .into_iter()
                .map(MaintenanceView::of)
                .collect(),
        }
    }

    fn html(&self, user: Option<&User>, page: Page<impl Serialize>, csrf_token: String) -> Result<String, PageError> {
        let layout = Layout {
            title: page.title,
            user: user.map(UserView::of),
            csrf_token,
            request_id: &self.request_id,
            path: &self.path,
            announced: self.announced(),
            body: page.body,
        };
        Ok(self.app.templates.render(page.template, &layout)?)
    }
}

/// A page to render: its template, its title, what only it shows.
pub struct Page<T> {
    /// Path of the template below `templates/`.
    pub template: &'static str,
    /// What the browser's tab says.
    pub title: &'static str,
    /// The answer's status.
    pub status: StatusCode,
    /// The fields that the template expects beside the layout's.
    pub body: T,
}

impl<T: Serialize> Page<T> {
    /// A page with status 200.
    pub fn new(template: &'static str, title: &'static str, body: T) -> Self {
        Self {
            template,
            title,
            status: StatusCode::OK,
            body,
        }
    }

    /// The same page with another status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl Fields {
    /// Reads `application/x-www-form-urlencoded`; of a field that comes twice, the last counts.
    #[must_use]
    pub fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// Whether the field is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The field's value, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// Sends the browser to another address with GET (303).
pub fn see_other(location: &str) -> Result<Response, PageError> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location =
        HeaderValue::from_str(location).map_err(|_| PageError::BadRequest("The address is malformed.".into()))?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}
