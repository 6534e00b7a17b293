//! What a name that somebody chooses may not be: ours, an address, or other than it looks.

/// Names by which people would take somebody for whoever runs the service, without the characters between their parts. Those
/// of mailboxes are from RFC 2142.
const RESERVED: [&str; 44] = [
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "adminuser",
    "annotator",
    "anonymous",
    "api",
    "archiver",
    "billing",
    "contact",
    "everybody",
    "everyone",
    "gas",
    "genomicsannotationservice",
    "guest",
    "help",
    "helpdesk",
    "hostmaster",
    "info",
    "localhost",
    "mail",
    "mailerdaemon",
    "moderator",
    "nobody",
    "noreply",
    "notifier",
    "official",
    "operator",
    "payments",
    "postmaster",
    "root",
    "security",
    "service",
    "staff",
    "stripe",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "team",
    "webmaster",
    "www",
];

/// Ends of host names that are often met in mails nobody has asked for; `ada.lovelace` is a name, `win-prizes.com` is not.
const TOP_LEVEL_DOMAINS: [&str; 20] = [
    "app", "biz", "cn", "co", "com", "de", "dev", "edu", "eu", "fr", "gov", "info", "io", "link", "net", "online",
    "org", "ru", "shop", "top",
];

/// Whether a username is one of ours, however it is spelled.
pub(crate) fn is_reserved(username: &str) -> bool {
    let letters = username.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    RESERVED.contains(&plain.as_str())
}

/// Whether a mail program might make a link of a username.
pub(crate) fn names_a_host(username: &str) -> bool {
    let username = username.to_ascii_lowercase();
    let end = username.rsplit_once('.').map(|(_, end)| end);
    username.starts_with("www.") || end.is_some_and(|end| TOP_LEVEL_DOMAINS.contains(&end))
}

/// Whether a person's name holds an address: of a mailbox, of a page, or of a host with two labels that are no initials.
pub(crate) fn is_address(name: &str) -> bool {
    let name = name.to_lowercase();
    ["@", "://", "www."].iter().any(|mark| name.contains(mark)) || name.split_whitespace().any(is_host)
}

fn is_host(word: &str) -> bool {
    let labels: Vec<&str> = word
        .split('.')
        .map(|label| label.trim_matches(['(', ')', ',']))
        .collect();
    let is_label = |label: &&str| label.chars().count() > 1 && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    labels.windows(2).any(|pair| pair.iter().all(is_label))
}

/// Characters that are not seen, but for those that join letters (U+200C, U+200D), and those that turn the direction of
/// writing round: Unicode Standard Annex #9, 2.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use crate::{FullName, Username};

    #[test]
    fn nobody_registers_with_a_name_of_ours_or_of_a_website() {
        for ours in ["admin", "Ad-Min", "super_user", "no.reply", "GAS", "Post.Master"] {
            assert!(Username::parse(ours).is_ok(), "an account that has it keeps it: {ours}");
            assert!(Username::choose(ours).is_err(), "{ours}");
        }
        for host in ["www.example", "win-prizes.com", "Example.ORG"] {
            assert!(Username::choose(host).is_err(), "{host}");
        }
        for good in ["ada", "ada.lovelace", "administrates", "admin-1815", "o.com-nor"] {
            assert!(Username::choose(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_name_is_no_address_and_looks_like_what_it_is() {
        for good in [
            "Ada Lovelace",
            "J.R.R. Tolkien",
            "Dr. Ada King-Noel",
            "Sammy Davis Jr.",
            "Nguy\u{1ec5}n V\u{103}n A",
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
        ] {
            assert!(FullName::choose(good).is_ok(), "{good:?}");
        }
        for bad in [
            "win at example.com",
            "https://example",
            "www.example",
            "ada@example",
            "Click (prizes.example)",
            "Ada\u{202e}ecalevoL",
            "Ada\u{200b}Lovelace",
            "Ada\u{2066}Lovelace",
            "",
        ] {
            assert!(FullName::choose(bad).is_err(), "{bad:?}");
        }
        assert!(
            FullName::parse("win at example.com").is_ok(),
            "an account that has it keeps it"
        );
    }
}
