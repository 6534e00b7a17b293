//! Who passes the limits while PostgreSQL does not answer, and what is counted together.

use super::*;
use backends::settings::DatabaseSettings;
use clap::Parser;
use tokio::net::TcpListener;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    limits: LimitSettings,
}

/// Limits that are counted by whatever is at this port.
fn limits(port: u16) -> Limits {
    let url = format!("postgres://gas:gas@127.0.0.1:{port}/gas");
    let accounts = Accounts::connect(&DatabaseSettings::at(url)).unwrap();
    Limits::new(&Cli::parse_from(["web"]).limits, accounts)
}

#[tokio::test]
async fn who_is_known_passes_when_the_database_does_not_answer() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let limits = limits(silent.local_addr().unwrap().port());
    assert!(limits.submission(UserId::random()).await.is_ok());
    let attempt = Attempt {
        account: UserId::random().to_string(),
        from: [192, 0, 2, 7].into(),
        known_browser: Some(Token::random()),
    };
    assert!(limits.sign_in(&attempt).await.is_ok());
}

#[tokio::test]
async fn who_is_not_known_does_not_pass_without_the_database() {
    let port = {
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
        gone.local_addr().unwrap().port()
    };
    let limits = limits(port);
    assert!(limits.mail_from([192, 0, 2, 7].into()).await.is_err());
    let attempt = Attempt {
        account: "ada".into(),
        from: [192, 0, 2, 7].into(),
        known_browser: None,
    };
    assert!(limits.sign_in(&attempt).await.is_err());
}

#[test]
fn what_is_counted_apart_has_a_key_of_its_own() {
    let rate = per(1, MINUTE);
    let key = |kind, whose: &[&str]| counter(kind, whose, rate).key;
    assert_eq!(key("account", &["ada"]), key("account", &["ada"]));
    assert_ne!(key("account", &["ada"]), key("account", &["grace"]));
    assert_ne!(key("account", &["ada", "b"]), key("account", &["adab"]));
    assert_ne!(key("mails to", &["ada"]), key("mails from", &["ada"]));
}

#[test]
fn a_whole_ipv6_network_is_one_client() {
    let parse = |text: &str| text.parse::<IpAddr>().unwrap();
    assert_eq!(
        network(parse("2001:db8:1:2::9")),
        network(parse("2001:db8:1:2:ffff::1"))
    );
    assert_ne!(network(parse("2001:db8:1:2::9")), network(parse("2001:db8:1:3::9")));
    assert_eq!(network(parse("::ffff:192.0.2.7")), parse("192.0.2.7"));
}
