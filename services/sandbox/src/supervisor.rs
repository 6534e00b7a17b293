//! The supervisor of one replica of a service: started, watched, started again when it dies, stopped.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use chassis::shutdown::Shutdown;
use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::process::send;
use crate::progress::say;
use crate::services::ServicePlan;

/// How long services get to finish what they are doing: here a job begins anew, and Ctrl-C is to take under 5 s in all.
const DRAIN: Duration = Duration::from_secs(1);
/// The pause before a service that has ended is started again; it grows while the service fails at start.
const RESTART_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A service that has run this long was not failing at start.
const STABLE: Duration = Duration::from_secs(30);

/// Which process each service is right now; whoever holds a receiver is told of changes.
#[derive(Clone)]
pub struct Pids {
    now: Arc<Mutex<BTreeMap<String, u32>>>,
    changed: watch::Sender<()>,
}

impl Default for Pids {
    fn default() -> Self {
        Self {
            now: Arc::default(),
            changed: watch::Sender::new(()),
        }
    }
}

impl Pids {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, u32> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until one of them is another than before.
    pub async fn changed(&self) {
        let mut changes = self.changed.subscribe();
        let _ = changes.changed().await;
    }

    fn set(&self, replica: &str, pid: u32) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.insert(replica.to_owned(), pid);
        let _ = self.changed.send(());
    }
}

/// How a process has ended.
enum End {
    /// We stopped it.
    Wanted,
    /// Somebody killed it.
    Killed,
    /// By itself.
    Failed,
}

/// A process and the tasks that keep what it says.
struct Running {
    child: Child,
    output: JoinSet<()>,
}

/// Starts one replica of a service, and starts it again when it dies.
pub struct Supervisor {
    /// This program, which is every service.
    pub binary: PathBuf,
    /// What to run.
    pub plan: ServicePlan,
    /// Where is said which process it is.
    pub pids: Pids,
    /// Until when.
    pub stopped: Shutdown,
}

impl Supervisor {
    /// Until it is stopped.
    pub async fn run(self) {
        let name = &*self.plan.replica;
        let mut pause = RESTART_PAUSE;
        let Ok(log) = File::create(&self.plan.log) else {
            return say(name, "its log cannot be written");
        };
        loop {
            let begun = Instant::now();
            match self.start(&log) {
                Ok(child) => match self.watch(child).await {
                    End::Wanted => return,
                    // Whoever is killed from outside was not failing.
                    End::Killed => pause = RESTART_PAUSE,
                    End::Failed if begun.elapsed() > STABLE => pause = RESTART_PAUSE,
                    End::Failed => pause = (pause * 2).min(LONGEST_PAUSE),
                },
                Err(error) => {
                    say(name, &format!("could not be started: {error:#}"));
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            tokio::select! {
                () = sleep(pause) => {}
                () = self.stopped.requested() => return,
            }
        }
    }

    fn start(&self, log: &File) -> Result<Running> {
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
        if let Some(pid) = child.id() {
            writeln!(&*log, "-- process {pid}")?;
        }
        let mut outputs = JoinSet::new();
        for output in [child.stdout.take().map(boxed), child.stderr.take().map(boxed)]
            .into_iter()
            .flatten()
        {
            outputs.spawn(keep(output, log.try_clone()?, self.plan.replica.clone()));
        }
        if let Some(pid) = child.id() {
            self.pids.set(&self.plan.replica, pid);
        }
        Ok(Running { child, output: outputs })
    }

    /// Waits for the end of the process, and for what it has still said.
    async fn watch(&self, running: Running) -> End {
        let (name, Running { mut child, output }) = (&*self.plan.replica, running);
        let ended = tokio::select! {
            ended = child.wait() => ended,
            () = self.stopped.requested() => {
                if let Some(pid) = child.id() {
                    send(pid, Signal::TERM);
                }
                if timeout(DRAIN, child.wait()).await.is_err() {
                    let _ = child.kill().await;
                }
                output.join_all().await;
                return End::Wanted;
            }
        };
        output.join_all().await;
        let was_killed = ended.as_ref().is_ok_and(|status| status.signal().is_some());
        let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
        say(
            name,
            &format!(
                "has died ({how}); starting it again. Its log: {}",
                self.plan.log.display()
            ),
        );
        if was_killed { End::Killed } else { End::Failed }
    }
}

fn boxed(output: impl AsyncRead + Send + Unpin + 'static) -> Box<dyn AsyncRead + Send + Unpin> {
    Box::new(output)
}

/// Keeps every line in the log and shows what should not be missed.
async fn keep(output: Box<dyn AsyncRead + Send + Unpin>, mut log: File, name: String) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let _ = writeln!(log, "{line}");
        if [" WARN ", " ERROR ", "error:", "panicked"]
            .iter()
            .any(|mark| line.contains(mark))
        {
            say(&name, &line);
        }
    }
}
