//! `web grant USER ROLE`: gives a role where no super user can do it yet, for whoever can run programs beside the
//! database. The sandbox does the same to a running `cargo dev`.

use anyhow::{Context, Result, bail};
use backends::accounts::{Accounts, Actor, RoleChange};
use backends::aws::SdkConfig;
use backends::settings::{AwsSettings, DatabaseSettings};
use backends::topic::Topic;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::events::PlanChanged;
use domain::{Role, Username};

/// Who gets which role.
#[derive(Debug, Clone, Args)]
pub struct Grant {
    /// Username of the person
    #[arg(value_name = "USER", value_parser = Username::parse)]
    pub username: Username,
    /// What the person may do from now on
    #[arg(value_parser = roles())]
    pub role: Role,
}

/// Settings of `web grant`.
#[derive(Debug, Clone, Args)]
pub struct GrantSettings {
    /// Who gets which role.
    #[command(flatten)]
    pub grant: Grant,
    /// SNS topic on which changes of plan are told: a name or an ARN
    #[arg(long, env = "GAS_PLAN_CHANGES_TOPIC", default_value = "plan_changes")]
    pub plan_changes_topic: String,
    /// Where PostgreSQL is.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AwsSettings,
}

/// Gives the role with settings from the command line, and says what has changed.
pub async fn grant(settings: &GrantSettings) -> Result<String> {
    let accounts = Accounts::connect(&settings.database)?;
    accounts.check_schema().await?;
    let aws = backends::aws::connect(&settings.aws).await;
    settings.grant.give(&accounts, &aws, &settings.plan_changes_topic).await
}

impl Grant {
    /// Gives the role, tells of a changed plan, and says what has changed.
    pub async fn give(&self, accounts: &Accounts, aws: &SdkConfig, plan_changes: &str) -> Result<String> {
        let (username, role) = (&self.username, self.role.as_str());
        let change = accounts.change_role(&Actor::CommandLine, username, self.role).await?;
        let said = match &change {
            RoleChange::Changed { from, .. } => format!("{username} is {role} now, and was {}.", from.as_str()),
            RoleChange::Same(_) => format!("{username} is {role} already."),
            RoleChange::Unknown => {
                bail!("there is no account {username}; it must be registered, and confirmed by the link in the mail")
            }
            RoleChange::LastSuperUser => {
                bail!("{username} is the last super_user; make somebody else super_user first")
            }
            RoleChange::NotAllowed => bail!("the command line may not give roles"),
        };
        if let Some(user) = change.whose_plan_changed(self.role) {
            let told = async {
                Topic::connect(aws, plan_changes)
                    .await?
                    .publish(&PlanChanged::new(user))
                    .await
            };
            told.await
                .with_context(|| format!("{said} The archiver does not know yet: run this again"))?;
        }
        Ok(said)
    }
}

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str)).try_map(|role| role.parse::<Role>())
}
