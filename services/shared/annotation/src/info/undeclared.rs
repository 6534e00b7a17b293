//! Keys of ours that a record has already, though its header does not declare them.

/// What a record has under names of ours.
pub(crate) struct Undeclared {
    /// A CSQ, which was replaced.
    pub(crate) replaces: bool,
    /// Another key, of which ours was left out.
    pub(crate) leaves_out: bool,
}

/// Appends a record's own INFO without a key.
pub(super) fn append_without(own: &[u8], name: &[u8], out: &mut Vec<u8>) {
    let is_other = |field: &&[u8]| field.split(|byte| *byte == b'=').next() != Some(name);
    for field in own.split(|byte| *byte == b';').filter(is_other) {
        out.extend_from_slice(field);
        out.push(b';');
    }
}
