//! What templates show: plain fields, ready to print.

use domain::{InputLimits, JobStatus, Plan, PlanLimits, TERMS_VERSION, Timestamp, User, size, with_commas};
use serde::Serialize;

use crate::assets;
use crate::pages::MaintenanceView;

/// What every page has of its own: the layout's fields and, beside them, the page's own.
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
    /// The page's path, without the query.
    pub path: &'a str,
    /// What is told to everybody ahead of time.
    pub announced: Vec<MaintenanceView>,
    /// The page's own fields.
    #[serde(flatten)]
    pub body: T,
}

/// What is the same on every page for as long as the process lives.
#[derive(Serialize)]
pub struct Everywhere {
    /// Changes with every static file.
    asset_version: &'static str,
    /// Ours.
    version: &'static str,
    /// How large an input each plan takes.
    limits: PlansView,
    /// The version of the terms in force.
    terms_version: &'static str,
}

impl Everywhere {
    /// The fields of a process with these limits.
    #[must_use]
    pub fn of(limits: PlanLimits) -> Self {
        Self {
            asset_version: &assets::VERSION,
            version: env!("CARGO_PKG_VERSION"),
            limits: limits.into(),
            terms_version: TERMS_VERSION,
        }
    }
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
            utc: instant.to_utc_text(),
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

/// A long word in the parts between which a line may end: each but the last ends with `_` or `-`.
pub type Breakable = Vec<String>;

/// The parts of a word.
#[must_use]
pub fn breakable(word: &str) -> Breakable {
    word.split_inclusive(['_', '-']).map(str::to_owned).collect()
}

/// Until when something may be done: the time of day, with the day unless that is today, and how long that is.
#[derive(Serialize, Clone, PartialEq, Eq, Hash, Debug)]
pub struct DeadlineView {
    rfc3339: String,
    /// In UTC, to the minute.
    utc: String,
    left: String,
}

impl DeadlineView {
    /// The view at an instant.
    #[must_use]
    pub fn of(until: Timestamp, now: Timestamp) -> Self {
        let (text, today) = (until.to_utc_text(), now.to_utc_text());
        // 2026-11-23 14:32:07
        let begin = if text.get(..10) == today.get(..10) { 11 } else { 0 };
        Self {
            rfc3339: until.to_rfc3339(),
            utc: text.get(begin..16).unwrap_or(&text).to_owned(),
            left: left(until.since(now).as_secs().div_ceil(60)),
        }
    }
}

/// `29 min left`, `23 h 5 min left`. app.js counts down in the same words.
fn left(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min left"),
        (hours, minutes) => format!("{} h {minutes} min left", with_commas(hours)),
    }
}

/// A size: in a round unit, and exactly.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct SizeView {
    text: String,
    exact: String,
}

impl SizeView {
    /// The size of so many bytes.
    #[must_use]
    pub fn of(bytes: u64) -> Self {
        Self {
            text: size(bytes),
            exact: count(bytes, "byte"),
        }
    }

    /// Both in one: `150 KB (153,600 bytes)`.
    #[must_use]
    pub fn in_full(bytes: u64) -> String {
        match Self::of(bytes) {
            Self { exact, .. } if bytes < 1024 => exact,
            Self { text, exact } => format!("{text} ({exact})"),
        }
    }
}

/// How large an input one plan takes.
#[derive(Serialize)]
pub struct LimitsView {
    /// In a round unit, and in full.
    size: String,
    full_size: String,
    unpacked: String,
    full_unpacked: String,
    records: String,
}

impl LimitsView {
    /// The limits in words.
    #[must_use]
    pub fn of(limits: InputLimits) -> Self {
        Self {
            size: size(limits.bytes),
            full_size: SizeView::in_full(limits.bytes),
            unpacked: size(limits.unpacked_bytes),
            full_unpacked: SizeView::in_full(limits.unpacked_bytes),
            records: with_commas(limits.records),
        }
    }
}

/// How large an input each plan takes.
#[derive(Serialize)]
struct PlansView {
    free: LimitsView,
    premium: LimitsView,
}

impl From<PlanLimits> for PlansView {
    fn from(limits: PlanLimits) -> Self {
        Self {
            free: LimitsView::of(limits.free),
            premium: LimitsView::of(limits.premium),
        }
    }
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
        assert_eq!(count(1, "record"), "1 record");
        assert_eq!(premium_price(), "$999.99");
        assert_eq!(money(-5_199_948, "usd"), "-$51,999.48");
        assert_eq!(money(1_205, "eur"), "12.05 EUR");
        assert_eq!(stretch(Duration::from_secs(1800)), "30 minutes");
        assert_eq!(stretch(Duration::from_secs(90)), "90 seconds");
    }

    #[test]
    fn a_deadline_says_how_long_it_is_and_the_day_unless_that_is_today() {
        let now = Timestamp::from_epoch_seconds(1_795_444_327); // 2026-11-23 14:32:07
        let of = |seconds| {
            let view = DeadlineView::of(now.plus(Duration::from_secs(seconds)), now);
            format!("{}, {}", view.utc, view.left)
        };
        assert_eq!(of(1741), "15:01, 30 min left");
        assert_eq!(of(1740), "15:01, 29 min left");
        assert_eq!(of(0), "14:32, 0 min left");
        assert_eq!(of(86_400), "2026-11-24 14:32, 24 h 0 min left");
    }

    #[test]
    fn long_words_may_end_a_line_after_an_underscore_or_a_hyphen() {
        assert_eq!(breakable("missense_variant"), ["missense_", "variant"]);
        assert_eq!(breakable("exome-2.vcf"), ["exome-", "2.vcf"]);
        assert_eq!(breakable("exome"), ["exome"]);
    }

    #[test]
    fn sizes_come_with_their_exact_bytes() {
        assert_eq!(SizeView::in_full(153_600), "150 KB (153,600 bytes)");
        assert_eq!(SizeView::in_full(5_368_709_120), "5 GB (5,368,709,120 bytes)");
        assert_eq!(SizeView::in_full(23), "23 bytes");
        let view = SizeView::of(1603);
        assert_eq!((view.text.as_str(), view.exact.as_str()), ("1.6 KB", "1,603 bytes"));
    }
}
