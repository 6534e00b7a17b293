//! `GET /admin/audit`: what whoever runs the service did, newest first.

use backends::accounts::{Action, Actor, AuditRecord};
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::administrator;
use crate::app::App;
use crate::error::PageError;
use crate::views::{TimeView, count};
use crate::visit::{Page, Visit, reading, visit};

/// Records on one page.
const PAGE_SIZE: i64 = 50;

#[derive(Serialize)]
struct Audit {
    records: Vec<Row>,
    next_url: Option<String>,
    first_url: Option<&'static str>,
}

#[derive(Serialize)]
struct Row {
    at: TimeView,
    actor: String,
    sentence: String,
}

/// `GET /admin/audit`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("admin" / "audit")
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let query = visit.query();
    let before: Option<i64> = match query.get("before") {
        "" => None,
        id => Some(
            id.parse()
                .map_err(|_| PageError::BadRequest("There is no such page of the audit.".into()))?,
        ),
    };
    // One more than is shown says whether there are more.
    let mut records = visit.app.accounts.audit(PAGE_SIZE + 1, before).await?;
    let has_more = records.len() > PAGE_SIZE as usize;
    records.truncate(PAGE_SIZE as usize);
    let last = records.last().filter(|_| has_more);
    let body = Audit {
        next_url: last.map(|last| format!("/admin/audit?before={}", last.id)),
        first_url: before.map(|_| "/admin/audit"),
        records: records.iter().map(Row::of).collect(),
    };
    visit.render(Some(&user), Page::new("pages/admin/audit.html", "Audit", body))
}

/// What an action has led to, for the page that follows it.
#[must_use]
pub fn notice(action: &Action) -> String {
    match action {
        Action::ChangeRole { username, from, to } => {
            format!("{username} is {} now, and was {}.", to.as_str(), from.as_str())
        }
        Action::Redrive { queue } => format!("The dead letters of {queue} are being sent back."),
        Action::Redriven { queue, letters: 0 } => format!("No dead letter of {queue} could be received just now."),
        Action::Redriven { queue, letters } => {
            format!("{} went back to {queue}.", count(*letters, "dead letter"))
        }
        Action::RetryJob { job } => format!("Job {job} waits for an annotator again."),
        Action::Suspend { username } => format!("{username} is logged out and cannot log in."),
        Action::Resume { username } => format!("{username} can log in again."),
        Action::EndSessions { username } => format!("{username} is logged out everywhere."),
        Action::RemoveSecondFactor { username } => format!("{username} logs in with the password alone."),
        Action::EraseAccount { username } => format!("The account {username} is being deleted with everything in it."),
        Action::Announce { words } => format!("Everybody is told: {words}"),
        Action::WithdrawMaintenance { words } => format!("Nobody is told any more: {words}"),
    }
}

/// What was done, after the name of who did it.
fn sentence(action: &Action) -> String {
    match action {
        Action::ChangeRole { username, from, to } => {
            format!(
                "changed the role of {username} from {} to {}",
                from.as_str(),
                to.as_str()
            )
        }
        Action::Redrive { queue } => format!("asked for the dead letters of {queue} to be delivered again"),
        Action::Redriven { queue, letters } => format!("sent {} back to {queue}", count(*letters, "dead letter")),
        Action::RetryJob { job } => format!("asked for job {job} to be annotated again"),
        Action::Suspend { username } => format!("suspended {username}"),
        Action::Resume { username } => format!("let {username} log in again"),
        Action::EndSessions { username } => format!("logged {username} out everywhere"),
        Action::RemoveSecondFactor { username } => format!("removed the second factor of {username}"),
        Action::EraseAccount { username } => format!("asked for the account {username} to be deleted"),
        Action::Announce { words } => format!("announced: {words}"),
        Action::WithdrawMaintenance { words } => format!("withdrew what was announced: {words}"),
    }
}

impl Row {
    fn of(record: &AuditRecord) -> Self {
        Self {
            at: record.at.into(),
            actor: match &record.actor {
                Actor::Person { username, .. } => username.to_string(),
                Actor::CommandLine => "command line".to_owned(),
            },
            sentence: sentence(&record.action),
        }
    }
}
