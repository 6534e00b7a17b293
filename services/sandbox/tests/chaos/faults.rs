//! What goes wrong: processes are killed, stores paused, messages repeated, clocks put wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use sandbox::Endpoints;
use tokio::time::{Instant, interval, timeout};

use crate::cast::Cast;
use crate::dice::Dice;
use crate::has_faketime;

/// From one fault to the next: more than a thousand in eight minutes, though some hit nobody. One that takes longer is made
/// up for, so that a slow machine has as many.
const PAUSE: Duration = Duration::from_millis(400);
const STORES: [&str; 4] = ["aws", "postgres", "glacier", "stripe"];
const SERVICES: [&str; 8] = [
    "web",
    "annotator",
    "annotator-2",
    "notifier",
    "notifier-2",
    "archiver",
    "archiver-2",
    "billing",
];

/// What has gone wrong so far.
pub struct Faults {
    dice: Dice,
    counts: BTreeMap<String, u32>,
    /// The processes that were killed.
    pub killed: BTreeSet<u32>,
    /// Until when stores are paused.
    paused: BTreeMap<&'static str, Instant>,
}

impl Faults {
    pub fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            counts: BTreeMap::new(),
            killed: BTreeSet::new(),
            paused: BTreeMap::new(),
        }
    }

    /// One fault after the other until then.
    pub async fn happen(&mut self, until: Instant, cast: &Cast) {
        let mut pauses = interval(PAUSE);
        while Instant::now() < until {
            pauses.tick().await;
            self.wake(false);
            match self.dice.below(100) {
                0..66 => self.kill(),
                66..74 => self.pause(),
                74..90 => self.repeat(cast).await,
                _ => self.put_a_clock_wrong(),
            }
        }
        // Whoever is still at something can end it now.
        self.wake(true);
    }

    /// Every clock is four minutes ahead from now on, so that what was put off by one that was wrong is due.
    pub fn calm_down(&self) {
        SERVICES.iter().for_each(|service| set_clock(service, "+240"));
    }

    fn kill(&mut self) {
        let Some(service) = self.dice.one_of(&SERVICES) else {
            return;
        };
        let Some(pid) = pid(service) else { return };
        // Between two lives there is nobody to kill.
        if is_service(pid) && send(pid, Signal::KILL) {
            self.killed.insert(pid);
            self.count(format!("{} killed", service.trim_end_matches("-2")));
        }
    }

    fn pause(&mut self) {
        let Some(store) = self.dice.one_of(&STORES).copied() else {
            return;
        };
        if self.paused.contains_key(store) {
            return;
        }
        let length = self.dice.between(Duration::from_millis(300), Duration::from_secs(4));
        if pid(store).is_some_and(|pid| send_to_all(pid, Signal::STOP)) {
            self.paused.insert(store, Instant::now() + length);
            self.count(format!("{store} paused"));
        }
    }

    async fn repeat(&mut self, cast: &Cast) {
        // Stores that are paused now answer when they are woken, which this must not wait for.
        let repeated = timeout(PAUSE, cast.repeat_a_message(&mut self.dice)).await;
        if matches!(repeated, Ok(Ok(()))) {
            self.count("messages repeated".to_owned());
        }
    }

    fn put_a_clock_wrong(&mut self) {
        if !has_faketime() {
            return self.kill();
        }
        let service = self.dice.one_of(&SERVICES).copied().unwrap_or("web");
        let clock = self.dice.one_of(&["-120", "+0", "+120"]).copied().unwrap_or("+0");
        set_clock(service, clock);
        self.count("clocks set".to_owned());
    }

    fn wake(&mut self, all: bool) {
        let now = Instant::now();
        self.paused.retain(|store, until| {
            let is_over = all || *until <= now;
            if is_over && let Some(pid) = pid(store) {
                send_to_all(pid, Signal::CONT);
            }
            !is_over
        });
    }

    fn count(&mut self, what: String) {
        *self.counts.entry(what).or_default() += 1;
    }
}

/// A store that stays paused would outlive a test that fails.
impl Drop for Faults {
    fn drop(&mut self) {
        self.wake(true);
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} faults", self.counts.values().sum::<u32>())?;
        self.counts
            .iter()
            .try_for_each(|(what, count)| write!(f, ", {count} {what}"))
    }
}

fn pid(process: &str) -> Option<u32> {
    let file = crate::started()?.endpoints_file();
    Endpoints::read(file).ok()?.pids.get(process).copied()
}

fn set_clock(service: &str, offset: &str) {
    if let (true, Some(sandbox)) = (has_faketime(), crate::started()) {
        std::fs::write(sandbox.data().join("clocks").join(service), offset).unwrap();
    }
}

/// A process id that means another process by now is left alone.
fn is_service(pid: u32) -> bool {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    line.windows(b"\0service\0".len())
        .any(|window| window == b"\0service\0")
}

/// PostgreSQL is a process for each connection, below the first.
fn send_to_all(pid: u32, signal: Signal) -> bool {
    let sent = send(pid, signal);
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
        send(child, signal);
    }
    sent
}

fn send(pid: u32, signal: Signal) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| kill_process(pid, signal).is_ok())
}
