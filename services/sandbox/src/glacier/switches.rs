//! Switches by which a test makes the vault behave badly: for everything, or for the archives and jobs of one
//! description, which for GAS is the id of an annotation job.
//!
//! `PUT /_emulator/switches` and `PUT /_emulator/switches/<description>` set them, `GET` reads them. They are forgotten
//! when the emulator stops.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Expedited retrievals are refused with `InsufficientCapacityException`.
    pub insufficient_capacity: bool,
    /// Ends of jobs are not told.
    pub lost_notifications: bool,
    /// Retrieval jobs end as `Failed`.
    pub failed_jobs: bool,
    /// So many of the next requests are answered with 500. Only for everything.
    pub failures: u32,
}

/// The switches by description; those for everything have none.
#[derive(Default)]
pub struct Panel(Mutex<BTreeMap<Option<String>, Switches>>);

impl Panel {
    /// Sets the switches, for everything or for one description.
    pub fn set(&self, description: Option<&str>, switches: Switches) {
        self.lock().insert(description.map(str::to_owned), switches);
    }

    /// The switches that hold for this description.
    pub fn of(&self, description: Option<&str>) -> Switches {
        let panel = self.lock();
        let get = |of: Option<&str>| panel.get(&of.map(str::to_owned)).copied().unwrap_or_default();
        let (all, one) = (get(None), get(description));
        Switches {
            insufficient_capacity: all.insufficient_capacity || one.insufficient_capacity,
            lost_notifications: all.lost_notifications || one.lost_notifications,
            failed_jobs: all.failed_jobs || one.failed_jobs,
            failures: all.failures,
        }
    }

    /// Whether this request is to fail; counts down.
    pub fn fails_now(&self) -> bool {
        match self.lock().get_mut(&None) {
            Some(switches) if switches.failures > 0 => {
                switches.failures -= 1;
                true
            }
            _ => false,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Option<String>, Switches>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_holds_for_everything_or_for_one_description() {
        let panel = Panel::default();
        let lost = Switches {
            lost_notifications: true,
            ..Switches::default()
        };
        panel.set(Some("one"), lost);
        assert!(panel.of(Some("one")).lost_notifications);
        assert!(!panel.of(Some("two")).lost_notifications);
        panel.set(None, lost);
        assert!(panel.of(Some("two")).lost_notifications);
    }

    #[test]
    fn failures_count_down() {
        let panel = Panel::default();
        panel.set(
            None,
            Switches {
                failures: 2,
                ..Switches::default()
            },
        );
        assert_eq!([(); 3].map(|()| panel.fails_now()), [true, true, false]);
    }
}
