//! Places that each person has for something that lasts, so that nobody takes all of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::UserId;

/// So many places for each person.
pub struct Places {
    each: usize,
    taken: Arc<Taken>,
}

/// Who has taken how many.
type Taken = Mutex<HashMap<UserId, usize>>;

/// A place of one person, free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    taken: Arc<Taken>,
    person: UserId,
}

impl Places {
    /// `each` places for every person.
    #[must_use]
    pub fn new(each: usize) -> Self {
        Self {
            each,
            taken: Arc::default(),
        }
    }

    /// A place of this person's, if one is free.
    pub fn take(&self, person: UserId) -> Option<Place> {
        let mut people = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = people.entry(person).or_default();
        if *taken >= self.each {
            return None;
        }
        *taken += 1;
        let taken = Arc::clone(&self.taken);
        Some(Place { taken, person })
    }

    /// Whether everybody's places are free.
    #[cfg(test)]
    pub fn are_all_free(&self) -> bool {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut people = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(taken) = people.get_mut(&self.person) else {
            return;
        };
        *taken -= 1;
        if *taken == 0 {
            people.remove(&self.person);
        }
    }
}
