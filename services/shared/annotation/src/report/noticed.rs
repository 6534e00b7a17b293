//! Records of a kind: how many there are, and where the first stands.

/// How many records were noticed for one reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Noticed {
    pub(crate) records: u64,
    /// The line of the first; 0 if there is none.
    pub(crate) first_line: u64,
}

impl Noticed {
    /// One more, if it is one.
    pub(crate) fn add(&mut self, is_one: bool, line: u64) {
        if is_one {
            self.merge(Self {
                records: 1,
                first_line: line,
            });
        }
    }

    /// These and others.
    pub(super) fn merge(&mut self, other: Self) {
        self.first_line = match (self.records, other.records) {
            (0, _) => other.first_line,
            (_, 0) => self.first_line,
            _ => self.first_line.min(other.first_line),
        };
        self.records += other.records;
    }
}
