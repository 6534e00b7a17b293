//! How an action stands in the table of the audit.

use anyhow::{Context, Result, bail};
use domain::Username;

use super::Action;

/// The columns `action`, `subject` and `detail`.
pub(super) fn columns(action: &Action) -> (&'static str, String, String) {
    match action {
        Action::ChangeRole { username, from, to } => {
            let detail = format!("{} {}", from.as_str(), to.as_str());
            ("change_role", username.to_string(), detail)
        }
        Action::Redrive { queue } => ("redrive", queue.clone(), String::new()),
        Action::Redriven { queue, letters } => ("redriven", queue.clone(), letters.to_string()),
        Action::RetryJob { job } => ("retry_job", job.to_string(), String::new()),
        Action::Suspend { username } => ("suspend", username.to_string(), String::new()),
        Action::Resume { username } => ("resume", username.to_string(), String::new()),
        Action::EndSessions { username } => ("end_sessions", username.to_string(), String::new()),
        Action::RemoveSecondFactor { username } => ("remove_second_factor", username.to_string(), String::new()),
        Action::EraseAccount { username } => ("erase_account", username.to_string(), String::new()),
        Action::Announce { words } => ("announce", String::new(), words.clone()),
        Action::WithdrawMaintenance { words } => ("withdraw_maintenance", String::new(), words.clone()),
    }
}

/// The action that these columns tell of.
pub(super) fn action(action: &str, subject: &str, detail: &str) -> Result<Action> {
    Ok(match action {
        "change_role" => {
            let (from, to) = detail.split_once(' ').context("a change of role names two roles")?;
            Action::ChangeRole {
                username: Username::parse(subject)?,
                from: from.parse()?,
                to: to.parse()?,
            }
        }
        "redrive" => Action::Redrive {
            queue: subject.to_owned(),
        },
        "redriven" => Action::Redriven {
            queue: subject.to_owned(),
            letters: detail.parse()?,
        },
        "retry_job" => Action::RetryJob { job: subject.parse()? },
        "suspend" => Action::Suspend {
            username: Username::parse(subject)?,
        },
        "resume" => Action::Resume {
            username: Username::parse(subject)?,
        },
        "end_sessions" => Action::EndSessions {
            username: Username::parse(subject)?,
        },
        "remove_second_factor" => Action::RemoveSecondFactor {
            username: Username::parse(subject)?,
        },
        "erase_account" => Action::EraseAccount {
            username: Username::parse(subject)?,
        },
        "announce" => Action::Announce {
            words: detail.to_owned(),
        },
        "withdraw_maintenance" => Action::WithdrawMaintenance {
            words: detail.to_owned(),
        },
        unknown => bail!("the audit has an action {unknown}"),
    })
}

#[cfg(test)]
mod tests {
    use domain::{JobId, Role};

    use super::*;

    #[test]
    fn every_action_reads_back_from_its_columns() {
        for done in [
            Action::ChangeRole {
                username: Username::parse("ada").unwrap(),
                from: Role::FreeUser,
                to: Role::AdminUser,
            },
            Action::Redrive {
                queue: "job_requests".into(),
            },
            Action::Redriven {
                queue: "job_requests".into(),
                letters: 3,
            },
            Action::RetryJob { job: JobId::random() },
            Action::Suspend {
                username: Username::parse("ada").unwrap(),
            },
            Action::Resume {
                username: Username::parse("ada").unwrap(),
            },
            Action::EndSessions {
                username: Username::parse("ada").unwrap(),
            },
            Action::RemoveSecondFactor {
                username: Username::parse("ada").unwrap(),
            },
            Action::EraseAccount {
                username: Username::parse("ada").unwrap(),
            },
            Action::Announce {
                words: "No annotation.".into(),
            },
            Action::WithdrawMaintenance {
                words: "No annotation.".into(),
            },
        ] {
            let (name, subject, detail) = columns(&done);
            assert_eq!(action(name, &subject, &detail).unwrap(), done);
        }
        assert!(action("change_role", "ada", "free_user").is_err());
    }
}
