//! The stores of one sandbox: PostgreSQL, the AWS and the Glacier emulator, started together, stopped together.

use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;

use crate::glacier;
use crate::ministack;
use crate::plan::Plan;
use crate::process::Process;

/// How long the stores get to write down what they hold. The emulator waits 3 s for receives that are still open, and
/// only then writes.
const PATIENCE: Duration = Duration::from_millis(3900);

/// PostgreSQL, the AWS and the Glacier emulator.
#[derive(Default)]
pub struct Stores {
    postgres: Option<Process>,
    aws: Option<Process>,
    glacier: Option<Process>,
}

impl Stores {
    /// Starts them all; what has started is kept even if another has not.
    pub async fn start(&mut self, plan: &Plan) -> Result<()> {
        let postgres = plan.postgres();
        let (postgres, aws) = tokio::join!(
            postgres.start(),
            ministack::start(&plan.folders, &plan.python, &plan.secrets, plan.aws_port)
        );
        // Both are kept before either's failure is told, so that the one that runs is stopped.
        let (postgres, postgres_failure) = apart(postgres);
        let (aws, aws_failure) = apart(aws);
        (self.postgres, self.aws) = (postgres, aws);
        postgres_failure.or(aws_failure).map_or(Ok(()), Err)?;
        // Retrievals of an earlier run may be due at once, and their ends are told by SNS.
        let glacier = glacier::start(plan).await?;
        self.glacier = Some(glacier);
        Ok(())
    }

    /// The processes that run.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        [&self.postgres, &self.aws, &self.glacier]
            .into_iter()
            .flatten()
            .filter_map(Process::pid)
            .collect()
    }

    /// Stops them all, giving them time to write down what they hold.
    pub async fn stop(self) {
        // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave.
        let postgres = async {
            if let Some(postgres) = self.postgres {
                postgres.stop(Signal::INT, PATIENCE).await;
            }
        };
        let aws = async {
            if let Some(aws) = self.aws {
                aws.stop(Signal::TERM, PATIENCE).await;
            }
        };
        let glacier = async {
            if let Some(glacier) = self.glacier {
                glacier.stop(Signal::TERM, PATIENCE).await;
            }
        };
        tokio::join!(postgres, aws, glacier);
    }
}

fn apart<T>(result: Result<T>) -> (Option<T>, Option<anyhow::Error>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(error)),
    }
}
