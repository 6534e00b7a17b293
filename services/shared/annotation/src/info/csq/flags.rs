//! FLAGS of CSQ.

use reference::bundle::{BROKEN, END_INCOMPLETE, GENOME_DIFFERS, OWN_SEQUENCE, REPEATED, START_INCOMPLETE};

/// FLAGS of CSQ: VEP's for incomplete coding sequences, and ours for transcripts that are not to be trusted. One that is not the
/// genome, `differs_from_genome`, is to be trusted where its own sequence is known.
pub(super) fn flags(flags: u32) -> &'static str {
    match (
        flags & BROKEN != 0,
        flags & START_INCOMPLETE != 0,
        flags & END_INCOMPLETE != 0,
        flags & REPEATED != 0,
        flags & (GENOME_DIFFERS | OWN_SEQUENCE) == GENOME_DIFFERS,
    ) {
        (true, .., true) => "cds_frames_broken&differs_from_genome",
        (true, ..) => "cds_frames_broken",
        (_, true, true, _, true) => "cds_start_NF&cds_end_NF&differs_from_genome",
        (_, true, true, ..) => "cds_start_NF&cds_end_NF",
        (_, true, .., true) => "cds_start_NF&differs_from_genome",
        (_, true, ..) => "cds_start_NF",
        (_, _, true, _, true) => "cds_end_NF&differs_from_genome",
        (_, _, true, ..) => "cds_end_NF",
        (.., true, true) => "mapped_more_than_once&differs_from_genome",
        (.., true, _) => "mapped_more_than_once",
        (.., true) => "differs_from_genome",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_tell_that_a_transcript_is_not_the_genome_beside_what_else_is_wrong() {
        for (set, expected) in [
            (0, ""),
            (GENOME_DIFFERS, "differs_from_genome"),
            (
                GENOME_DIFFERS | BROKEN | START_INCOMPLETE,
                "cds_frames_broken&differs_from_genome",
            ),
            (GENOME_DIFFERS | START_INCOMPLETE, "cds_start_NF&differs_from_genome"),
            (GENOME_DIFFERS | REPEATED, "mapped_more_than_once&differs_from_genome"),
            (START_INCOMPLETE | END_INCOMPLETE | REPEATED, "cds_start_NF&cds_end_NF"),
            (REPEATED, "mapped_more_than_once"),
            (GENOME_DIFFERS | OWN_SEQUENCE, ""),
        ] {
            assert_eq!(flags(set), expected);
        }
    }
}
