//! What mails are about, which is how people choose among them.

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// How a job has ended.
    Job,
    /// Results that are about to be archived, or are back.
    Archive,
    /// What concerns the account, such as a payment.
    Account,
}

impl MailKind {
    /// Whether the pages tell it as well, so that one may live without the mail.
    #[must_use]
    pub const fn is_dispensable(self) -> bool {
        match self {
            Self::Job | Self::Archive => true,
            Self::Account => false,
        }
    }
}
