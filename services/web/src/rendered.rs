//! HTML that is rendered once, and kept by what it was rendered from.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

/// Bytes of HTML that are kept. Beyond them all is forgotten.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Parts of pages, each by all that it shows: what has ended does not change, people look at it more than once, and the same
/// words look the same to everybody. Nobody can be shown another's, or an older one.
pub struct Rendered<K>(Mutex<Kept<K>>);

struct Kept<K> {
    html: HashMap<K, Arc<str>>,
    bytes: usize,
}

impl<K: Eq + Hash> Rendered<K> {
    /// The HTML of `key`, which is all that `render` makes it of.
    pub fn html(&self, key: K, render: impl FnOnce(&K) -> Result<String>) -> Result<Arc<str>> {
        if let Some(html) = self.kept().html.get(&key) {
            return Ok(Arc::clone(html));
        }
        let html: Arc<str> = render(&key)?.into();
        self.kept().keep(key, Arc::clone(&html));
        Ok(html)
    }

    fn kept(&self) -> MutexGuard<'_, Kept<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K> Default for Rendered<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self {
            html: HashMap::new(),
            bytes: 0,
        }
    }
}

impl<K: Eq + Hash> Kept<K> {
    fn keep(&mut self, key: K, html: Arc<str>) {
        let bytes = html.len();
        if self.bytes + bytes > MOST_BYTES {
            *self = Self::default();
        }
        if self.html.insert(key, html).is_none() {
            self.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_rendered_is_not_rendered_again() {
        let rendered = Rendered::default();
        for (key, times) in [("a", 1), ("b", 1), ("a", 0)] {
            let mut made = 0;
            let html = rendered.html(key, |key| {
                made += 1;
                Ok(format!("<p>{key}</p>"))
            });
            assert_eq!((&*html.unwrap(), made), (&*format!("<p>{key}</p>"), times));
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut kept = Kept::default();
        for key in 0..100 {
            kept.keep(key, "x".repeat(MOST_BYTES / 10).into());
            assert!(kept.bytes <= MOST_BYTES && kept.html.contains_key(&key));
        }
        assert!(kept.html.len() <= 10);
    }
}
