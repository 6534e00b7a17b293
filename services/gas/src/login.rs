//! `gas login` and `gas logout`.

use std::io::{IsTerminal, stdin};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use domain::ApiToken;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::api::Api;
use crate::args::LoginArgs;
use crate::failure::Failure;
use crate::output::{Output, text};
use crate::settings::ConnectionSettings;

/// How much longer to pause if the service says that it was asked too soon (RFC 8628, 3.5).
const LONGER: Duration = Duration::from_secs(5);

/// Gets a token by the person's browser, or takes one that the person has, asks the service whether it is good, and keeps it.
pub async fn login(settings: &ConnectionSettings, args: &LoginArgs, out: Output) -> Result<(), Failure> {
    let token = match args.with_token {
        true => typed(settings)?,
        false => by_browser(settings, args).await?,
    };
    let account = Api::with(settings, token.reveal())?.get("/account").await?;
    let file = settings.keep(&token)?;
    let document = json!({ "username": account["username"], "token_file": file });
    out.answer(&document, |document| {
        format!(
            "You are {}. The token is in {}.",
            text(document, "username"),
            file.display()
        )
    });
    Ok(())
}

/// A token that the person has made in My account.
fn typed(settings: &ConnectionSettings) -> Result<ApiToken, Failure> {
    if stdin().is_terminal() {
        let url = settings.url.trim_end_matches('/');
        eprintln!("Make a token at {url}/profile/tokens, and paste it here:");
    }
    let mut typed = String::new();
    stdin().read_line(&mut typed)?;
    ApiToken::parse(&typed).map_err(Failure::BadToken)
}

/// OAuth's device authorization grant (RFC 8628): the person says yes on a page, this program waits.
async fn by_browser(settings: &ConnectionSettings, args: &LoginArgs) -> Result<ApiToken, Failure> {
    let api = Api::with(settings, "")?;
    let wanted = json!({ "machine": machine(args), "scopes": args.scope });
    let login = api.post("/device", &wanted, None).await?;
    eprintln!("Your code: {}", text(&login, "user_code"));
    eprintln!("Open {} and approve it there.", text(&login, "verification_uri"));
    // Where there is no browser, the person has one elsewhere.
    if !args.no_browser && open::that_detached(text(&login, "verification_uri_complete")).is_err() {
        eprintln!("No browser could be opened here; one on another machine will do.");
    }
    let token = wait(&api, &login).await?;
    ApiToken::parse(text(&token, "access_token")).map_err(Failure::BadToken)
}

/// Asks until the person has decided, or cannot any more.
async fn wait(api: &Api, login: &Value) -> Result<Value, Failure> {
    let seconds = |name: &str| login[name].as_u64().map(Duration::from_secs);
    let (Some(mut pause), Some(lasts)) = (seconds("interval"), seconds("expires_in")) else {
        return Err(Failure::Other(anyhow!("the service does not say how long it waits")));
    };
    let begun = Instant::now();
    let asked = json!({ "device_code": login["device_code"] });
    loop {
        sleep(pause).await;
        match api.post("/device/token", &asked, None).await {
            Err(Failure::Problem(problem)) if begun.elapsed() < lasts => match problem.code.as_str() {
                "authorization_pending" => {}
                "slow_down" => pause += LONGER,
                _ => return Err(Failure::Problem(problem)),
            },
            answer => return answer,
        }
    }
}

/// What the token is to be called: as is said, or as this machine.
fn machine(args: &LoginArgs) -> String {
    let name = args.name.clone().or_else(|| whoami::hostname().ok());
    let name = name.unwrap_or_default();
    let shown: String = name.trim().chars().take(60).collect();
    if shown.is_empty() { "gas".to_owned() } else { shown }
}

/// Ends the token, here and there.
pub async fn logout(settings: &ConnectionSettings, out: Output) -> Result<(), Failure> {
    // One that has ended already is as it was to be.
    match Api::new(settings)?.delete("/token").await {
        Ok(_) => {}
        Err(Failure::Problem(problem)) if problem.status == 401 => {}
        Err(failure) => return Err(failure),
    }
    settings.forget()?;
    out.answer(&json!({ "revoked": true }), |_| {
        "The token is revoked and forgotten.".into()
    });
    Ok(())
}
