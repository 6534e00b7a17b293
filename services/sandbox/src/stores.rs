//! What one sandbox stands on: PostgreSQL and the emulators, started together, stopped together.

use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;

use crate::glacier;
use crate::localstripe;
use crate::ministack;
use crate::plan::Plan;
use crate::process::Process;

/// How long the stores get to write down what they hold. The emulator of AWS waits 3 s for receives that are still open,
/// and only then writes.
const PATIENCE: Duration = Duration::from_millis(3900);

/// PostgreSQL, and the emulators of AWS, Glacier and Stripe.
#[derive(Default)]
pub struct Stores {
    postgres: Option<Process>,
    aws: Option<Process>,
    glacier: Option<Process>,
    stripe: Option<Process>,
}

impl Stores {
    /// Starts them all; what has started is kept even if another has not.
    pub async fn start(&mut self, plan: &Plan) -> Result<()> {
        let postgres = plan.postgres();
        let (postgres, aws, stripe) = tokio::join!(
            postgres.start(),
            ministack::start(&plan.folders, &plan.python, &plan.secrets, plan.aws_port),
            localstripe::start(&plan.folders, &plan.python, plan.stripe_port)
        );
        // All are kept before a failure is told, so that those that run are stopped.
        let (postgres, postgres_failure) = apart(postgres);
        let (aws, aws_failure) = apart(aws);
        let (stripe, stripe_failure) = apart(stripe);
        (self.postgres, self.aws, self.stripe) = (postgres, aws, stripe);
        let failure = postgres_failure.or(aws_failure).or(stripe_failure);
        failure.map_or(Ok(()), Err)?;
        // Retrievals of an earlier run may be due at once, and their ends are told by SNS.
        let glacier = glacier::start(plan).await?;
        self.glacier = Some(glacier);
        Ok(())
    }

    /// The processes that run, by what they are called in the file of addresses.
    pub fn pids(&self) -> impl Iterator<Item = (&'static str, u32)> {
        let processes = [
            ("postgres", &self.postgres),
            ("aws", &self.aws),
            ("glacier", &self.glacier),
            ("stripe", &self.stripe),
        ];
        processes
            .into_iter()
            .filter_map(|(name, process)| Some((name, process.as_ref()?.pid()?)))
    }

    /// Stops them all, giving them time to write down what they hold.
    pub async fn stop(self) {
        tokio::join!(
            // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave.
            stop(self.postgres, Signal::INT),
            stop(self.aws, Signal::TERM),
            stop(self.glacier, Signal::TERM),
            stop(self.stripe, Signal::TERM)
        );
    }
}

async fn stop(process: Option<Process>, signal: Signal) {
    if let Some(process) = process {
        process.stop(signal, PATIENCE).await;
    }
}

fn apart<T>(result: Result<T>) -> (Option<T>, Option<anyhow::Error>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(error)),
    }
}
