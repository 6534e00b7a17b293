//! Numbers as Parquet has them for levels and places in a dictionary: runs of one number, and numbers packed in groups of eight
//! (<https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE>).

/// So many numbers are packed at once.
const GROUP: usize = 8;

/// How many bits numbers up to this one take.
pub(super) fn width(most: u32) -> u8 {
    (u32::BITS - most.leading_zeros()) as u8
}

/// Appends numbers, each of so many bits.
pub(super) fn append(numbers: &[u32], width: u8, out: &mut Vec<u8>) {
    let (mut packed_from, mut at) = (0, 0);
    while at < numbers.len() {
        let number = numbers[at];
        let run = numbers[at..].iter().take_while(|other| **other == number).count();
        // Groups are whole where a run follows them.
        let missing = (GROUP - (at - packed_from) % GROUP) % GROUP;
        if run >= missing + GROUP {
            pack(&numbers[packed_from..at + missing], width, out);
            varint((run - missing) << 1, out);
            out.extend_from_slice(&number.to_le_bytes()[..usize::from(width.div_ceil(8))]);
            packed_from = at + run;
        }
        at += run;
    }
    pack(&numbers[packed_from..], width, out);
}

/// Appends numbers that are packed; what the last group lacks is 0.
fn pack(numbers: &[u32], width: u8, out: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    let groups = numbers.len().div_ceil(GROUP);
    varint(groups << 1 | 1, out);
    let end = out.len() + groups * usize::from(width);
    let (mut bits, mut count) = (0_u64, 0);
    for number in numbers {
        bits |= u64::from(*number) << count;
        count += u32::from(width);
        if count >= u32::BITS {
            out.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= u32::BITS;
            count -= u32::BITS;
        }
    }
    out.extend_from_slice(&bits.to_le_bytes());
    out.resize(end, 0);
}

fn varint(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appended(numbers: &[u32], width: u8) -> Vec<u8> {
        let mut out = Vec::new();
        append(numbers, width, &mut out);
        out
    }

    #[test]
    fn numbers_are_packed_as_the_format_says() {
        // The example of the format's description.
        let packed = [0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(appended(&[0, 1, 2, 3, 4, 5, 6, 7], 3), [&[3][..], &packed].concat());
        assert_eq!(appended(&[1, 0, 1], 1), [3, 0b101]);
        assert!(appended(&[], 3).is_empty());
    }

    #[test]
    fn a_number_that_repeats_is_written_once() {
        assert_eq!(appended(&[300; 100], 9), [200, 1, 44, 1]);
        assert_eq!(appended(&[0; 100], 0), [200, 1]);
        // Seven of ten sevens fill the group of the one before.
        assert_eq!(
            appended(&[[1].as_slice(), &[7; 15]].concat(), 3),
            [3, 0xf9, 0xff, 0xff, 16, 7]
        );
        assert_eq!(appended(&[[1].as_slice(), &[7; 14]].concat(), 3)[0], 5);
    }

    #[test]
    fn a_width_holds_the_largest_number() {
        assert_eq!([0, 1, 2, 3, 4, 255, 256].map(width), [0, 1, 2, 2, 3, 8, 9]);
    }
}
