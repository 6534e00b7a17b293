//! What one chooses from a list: a word that forms and stores have, and a label for pages.

/// Makes the type: one line for each choice, in the order of the page; the first is the default.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident, $count:literal: $($(#[$doc:meta])* $variant:ident = $word:literal, $label:literal;)+) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All of them, in the order of the page; the first is the default.
            pub const ALL: [Self; $count] = [$(Self::$variant),+];

            /// Reads what a browser sent, or a store keeps; anything unknown is the default.
            #[must_use]
            pub fn from_untrusted(text: &str) -> Self {
                let mut all = Self::ALL.into_iter();
                all.find(|choice| choice.as_str() == text).unwrap_or_default()
            }

            /// The word that forms and stores have.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// What the page calls it.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $label,)+
                }
            }
        }
    };
}

pub(crate) use choice;
