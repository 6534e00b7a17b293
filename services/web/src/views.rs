//! What templates show: plain fields, ready to print.

use domain::{JobStatus, Plan, Timestamp, User};
use serde::Serialize;

/// What every page has: the layout's fields and, beside them, the page's own.
#[derive(Serialize)]
pub struct Layout<'a, T: Serialize> {
    /// What the browser's tab says.
    pub title: &'a str,
    /// Who is signed in.
    pub user: Option<UserView>,
    /// The token that every form carries.
    pub csrf_token: String,
    /// The request's id.
    pub request_id: &'a str,
    /// Changes with every static file.
    pub asset_version: &'a str,
    /// Ours.
    pub version: &'a str,
    /// The page's path, without the query.
    pub path: &'a str,
    /// The page's own fields.
    #[serde(flatten)]
    pub body: T,
}

/// A person, as the header and the profile show them.
#[derive(Serialize)]
pub struct UserView {
    name: String,
    username: String,
    email: String,
    plan: &'static str,
    role: &'static str,
    may_administer: bool,
}

impl UserView {
    /// The fields of one person.
    #[must_use]
    pub fn of(user: &User) -> Self {
        Self {
            name: user.name.to_string(),
            username: user.username.to_string(),
            email: user.email.to_string(),
            plan: user.role.plan().name(),
            role: user.role.as_str(),
            may_administer: user.role.may_administer(),
        }
    }
}

/// An instant: for machines, and for people in UTC.
#[derive(Serialize)]
pub struct TimeView {
    rfc3339: String,
    utc: String,
}

impl From<Timestamp> for TimeView {
    fn from(instant: Timestamp) -> Self {
        Self {
            rfc3339: instant.to_rfc3339(),
            utc: format!("{} UTC", instant.to_utc_text()),
        }
    }
}

/// The word for a status.
#[must_use]
pub const fn status_word(status: JobStatus) -> &'static str {
    match status {
        JobStatus::Pending => "Pending",
        JobStatus::Running => "Running",
        JobStatus::Completed => "Completed",
        JobStatus::Failed => "Failed",
        JobStatus::Cancelled => "Cancelled",
    }
}

/// A plan's upload limit, in a round unit and in bytes.
#[must_use]
pub fn limit_text(plan: Plan) -> String {
    match plan {
        Plan::Free => "150 KB (153,600 bytes)".to_owned(),
        Plan::Premium => "5 GB (5,368,709,120 bytes)".to_owned(),
    }
}

/// A number with a comma between thousands.
#[must_use]
pub fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

/// An amount in a currency's hundredth: `$999.99`, `12.00 EUR`.
#[must_use]
pub fn money(cents: i64, currency: &str) -> String {
    let (units, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    let sign = if cents < 0 { "-" } else { "" };
    match currency {
        "usd" => format!("{sign}${}.{rest:02}", with_commas(units)),
        _ => format!("{sign}{}.{rest:02} {}", with_commas(units), currency.to_uppercase()),
    }
}

/// What Premium is advertised at: `$999.99`.
#[must_use]
pub fn premium_price() -> String {
    money(Plan::PREMIUM_CENTS_PER_WEEK.cast_signed(), "usd")
}

/// `1 record`, `350 records`.
#[must_use]
pub fn count(number: u64, singular: &str) -> String {
    match number {
        1 => format!("1 {singular}"),
        _ => format!("{} {singular}s", with_commas(number)),
    }
}

/// A stretch of time in the largest unit that says it exactly: `30 minutes`, `90 seconds`.
#[must_use]
pub fn stretch(duration: std::time::Duration) -> String {
    match duration.as_secs() {
        seconds if seconds >= 3600 && seconds.is_multiple_of(3600) => count(seconds / 3600, "hour"),
        seconds if seconds >= 60 && seconds.is_multiple_of(60) => count(seconds / 60, "minute"),
        seconds => count(seconds, "second"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn numbers_and_times_read_well() {
        assert_eq!(with_commas(0), "0");
        assert_eq!(with_commas(1_234_567), "1,234,567");
        assert_eq!(count(1, "record"), "1 record");
        assert_eq!(premium_price(), "$999.99");
        assert_eq!(money(-5_199_948, "usd"), "-$51,999.48");
        assert_eq!(money(1_205, "eur"), "12.05 EUR");
        assert_eq!(stretch(Duration::from_secs(1800)), "30 minutes");
        assert_eq!(stretch(Duration::from_secs(90)), "90 seconds");
    }

    #[test]
    fn the_limits_in_words_are_the_limits_in_bytes() {
        for plan in [Plan::Free, Plan::Premium] {
            assert!(limit_text(plan).contains(&with_commas(plan.upload_limit())));
        }
    }
}
