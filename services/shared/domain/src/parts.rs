//! Uploads in parts: how a file is cut, and which parts make it whole. Browsers, programs and the service all cut it the same way,
//! so that whoever goes on with an upload finds the parts of the file where they have to be.

/// A file of more bytes than these goes in parts where the plan has that.
pub const IN_PARTS_ABOVE: u64 = 16 * MIB;

const MIB: u64 = 1024 * 1024;
/// What every part but the last has: large enough that what is asked around it costs little, small enough that what is lost
/// with a broken connection does, too. S3 wants at least 5 MiB.
const USUAL: u64 = 16 * MIB;
/// The most parts that S3 takes (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
pub const MOST_PARTS: u32 = 10_000;

/// How many bytes every part but the last has, for files of at most `largest` bytes.
#[must_use]
pub const fn part_bytes(largest: u64) -> u64 {
    let least = largest.div_ceil(MOST_PARTS as u64).next_multiple_of(MIB);
    if least > USUAL { least } else { USUAL }
}

/// Whether a part with this number, from 1, may have so many bytes, if a file has at most `largest`: then no parts that may be
/// uploaded are more than the plan takes, whatever anybody says of the file.
#[must_use]
pub const fn may_be_part(number: u32, bytes: u64, largest: u64) -> bool {
    if number < 1 || number > MOST_PARTS {
        return false;
    }
    let part = part_bytes(largest);
    bytes >= 1 && bytes <= part && (number as u64 - 1) * part + bytes <= largest
}

/// The parts of a file of `bytes` bytes: numbers, from 1, and how many bytes each has.
pub fn parts_of(bytes: u64, part: u64) -> impl Iterator<Item = (u32, u64)> {
    let starts = (0..bytes).step_by(usize::try_from(part).unwrap_or(usize::MAX));
    (1..).zip(starts.map(move |start| part.min(bytes - start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1024 * MIB;

    #[test]
    fn the_largest_file_fits_into_the_parts_that_s3_takes() {
        assert_eq!(part_bytes(5 * GIB), 16 * MIB);
        for largest in [1, 5 * GIB, 160 * GIB, 5 * 1024 * GIB] {
            let part = part_bytes(largest);
            assert!(
                largest.div_ceil(part) <= 10_000 && part.is_multiple_of(MIB) && part >= 5 * MIB,
                "{largest}"
            );
        }
    }

    #[test]
    fn parts_are_the_whole_file_and_nothing_else() {
        let of = |bytes| parts_of(bytes, 10).collect::<Vec<_>>();
        assert_eq!(of(25), [(1, 10), (2, 10), (3, 5)]);
        assert_eq!((of(20), of(1), of(0)), (vec![(1, 10), (2, 10)], vec![(1, 1)], vec![]));
    }

    #[test]
    fn no_part_reaches_beyond_what_the_plan_takes() {
        let largest = 40 * MIB;
        assert!(may_be_part(1, 16 * MIB, largest) && may_be_part(1, 1, largest) && may_be_part(3, 8 * MIB, largest));
        for (number, bytes) in [
            (0, 1),
            (1, 0),
            (1, 16 * MIB + 1),
            (3, 8 * MIB + 1),
            (4, 1),
            (10_001, 1),
            (u32::MAX, 1),
        ] {
            assert!(!may_be_part(number, bytes, largest), "{number} {bytes}");
        }
    }
}
