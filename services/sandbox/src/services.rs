//! The services as child processes: started, watched, started again when they die, stopped.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chassis::shutdown::Shutdown;
use clap::ValueEnum;
use futures_util::future::join_all;
use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use crate::process::{last_lines, send};
use crate::progress::say;

/// How long services get to finish what they are doing: here a job begins anew, and Ctrl-C is to take under 5 s in all.
const DRAIN: Duration = Duration::from_secs(1);
/// A service that has run this long was not failing at start.
const STABLE: Duration = Duration::from_secs(30);

/// The services that the sandbox runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServiceName {
    /// The pages.
    Web,
    /// Jobs into results.
    Annotator,
    /// Results into e-mails.
    Notifier,
    /// Results into the vault and back.
    Archiver,
    /// Stripe's webhooks into plans.
    Billing,
}

impl ServiceName {
    /// The service's name, as on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Annotator => "annotator",
            Self::Notifier => "notifier",
            Self::Archiver => "archiver",
            Self::Billing => "billing",
        }
    }
}

/// One service to run: its variables and where its health answers.
#[derive(Clone)]
pub struct ServicePlan {
    /// Which service.
    pub name: ServiceName,
    /// Its settings.
    pub variables: Vec<(String, String)>,
    /// `http://127.0.0.1:port`.
    pub admin: String,
    /// Its log.
    pub log: PathBuf,
}

/// The running services.
pub struct Services {
    admin: BTreeMap<String, String>,
    pids: Pids,
    stop: Shutdown,
    supervisors: Vec<tokio::task::JoinHandle<()>>,
}

/// Which process each service is right now; whoever holds the receiver is told of changes.
#[derive(Clone)]
struct Pids {
    now: Arc<Mutex<BTreeMap<String, u32>>>,
    changed: watch::Sender<()>,
}

impl Services {
    /// Starts every service and keeps it running.
    pub fn start(plans: Vec<ServicePlan>) -> Result<Self> {
        let binary = std::env::current_exe().context("find this program")?;
        let stop = Shutdown::default();
        let pids = Pids {
            now: Arc::default(),
            changed: watch::Sender::new(()),
        };
        let supervise = |plan| {
            let supervisor = Supervisor {
                binary: binary.clone(),
                plan,
                pids: pids.clone(),
                stopped: stop.clone(),
            };
            tokio::spawn(supervisor.run())
        };
        let admin = plans
            .iter()
            .map(|plan| (plan.name.as_str().to_owned(), plan.admin.clone()))
            .collect();
        let supervisors = plans.into_iter().map(supervise).collect();
        Ok(Self {
            admin,
            pids,
            stop,
            supervisors,
        })
    }

    /// Health and metrics of each service.
    #[must_use]
    pub fn admin(&self) -> &BTreeMap<String, String> {
        &self.admin
    }

    /// The process of each service.
    #[must_use]
    pub fn pids(&self) -> BTreeMap<String, u32> {
        self.pids.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until a service is another process than before.
    pub async fn changed(&self) {
        let mut changes = self.pids.changed.subscribe();
        let _ = changes.changed().await;
    }

    /// Stops them all, politely for a while.
    pub async fn stop(self) {
        self.stop.request();
        join_all(self.supervisors).await;
    }
}

/// Waits until every service says that it is healthy.
pub async fn healthy(plans: &[ServicePlan], patience: Duration) -> Result<()> {
    let deadline = Instant::now() + patience;
    for plan in plans {
        let url = format!("{}/healthz", plan.admin);
        while !reqwest::get(&url)
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            if Instant::now() > deadline {
                bail!(
                    "the service {} does not get ready; its log ends with{}",
                    plan.name.as_str(),
                    last_lines(&plan.log)
                );
            }
            sleep(Duration::from_millis(30)).await;
        }
    }
    Ok(())
}

struct Supervisor {
    binary: PathBuf,
    plan: ServicePlan,
    pids: Pids,
    stopped: Shutdown,
}

impl Supervisor {
    async fn run(self) {
        let name = self.plan.name.as_str();
        let mut pause = Duration::from_millis(250);
        let Ok(log) = File::create(&self.plan.log) else {
            return say(name, "its log cannot be written");
        };
        loop {
            let begun = Instant::now();
            match self.start(&log) {
                Ok(child) => {
                    if self.watch(child).await {
                        return;
                    }
                }
                Err(error) => say(name, &format!("could not be started: {error:#}")),
            }
            pause = if begun.elapsed() > STABLE {
                Duration::from_millis(250)
            } else {
                (pause * 2).min(Duration::from_secs(10))
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = self.stopped.requested() => return,
            }
        }
    }

    fn start(&self, log: &File) -> Result<Child> {
        let mut command = Command::new(&self.binary);
        command
            .args(["service", self.plan.name.as_str()])
            .envs(self.plan.variables.iter().cloned());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let mut child = command.spawn()?;
        for output in [child.stdout.take().map(boxed), child.stderr.take().map(boxed)]
            .into_iter()
            .flatten()
        {
            tokio::spawn(keep(output, log.try_clone()?, self.plan.name.as_str()));
        }
        if let Some(pid) = child.id() {
            self.pids
                .now
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(self.plan.name.as_str().to_owned(), pid);
            let _ = self.pids.changed.send(());
        }
        Ok(child)
    }

    /// Waits for the end of the process; `true` if it was wanted.
    async fn watch(&self, mut child: Child) -> bool {
        let name = self.plan.name.as_str();
        let ended = tokio::select! {
            ended = child.wait() => ended,
            () = self.stopped.requested() => {
                if let Some(pid) = child.id() {
                    send(pid, Signal::TERM);
                }
                if timeout(DRAIN, child.wait()).await.is_err() {
                    let _ = child.kill().await;
                }
                return true;
            }
        };
        let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
        say(
            name,
            &format!(
                "has died ({how}); starting it again. Its log: {}",
                self.plan.log.display()
            ),
        );
        false
    }
}

fn boxed(output: impl AsyncRead + Send + Unpin + 'static) -> Box<dyn AsyncRead + Send + Unpin> {
    Box::new(output)
}

/// Keeps every line in the log and shows what should not be missed.
async fn keep(output: Box<dyn AsyncRead + Send + Unpin>, mut log: File, name: &'static str) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let _ = writeln!(log, "{line}");
        if [" WARN ", " ERROR ", "error:", "panicked"]
            .iter()
            .any(|mark| line.contains(mark))
        {
            say(name, &line);
        }
    }
}
