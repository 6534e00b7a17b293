//! Which of many spans overlap one: an implicit augmented interval tree over sorted rows.
//!
//! The rows of a chromosome, sorted by start, are read as a binary tree without pointers; one more column holds the
//! greatest end below each node. Idea: H. Li's cgranges, <https://github.com/lh3/cgranges>.

use std::ops::Range;

use super::U32s;

/// Subtrees of up to 2^4 rows are read row by row.
const SCANNED_LEVEL: usize = 3;

/// The spans of one track.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Intervals<'b> {
    pub(crate) starts: U32s<'b>,
    pub(crate) ends: U32s<'b>,
    /// Of each node of the tree, the greatest end in its subtree.
    pub(crate) max_ends: U32s<'b>,
}

/// The height of the tree over so many rows.
fn height(rows: usize) -> usize {
    rows.max(1).ilog2() as usize
}

/// The column of greatest ends for the rows of one chromosome.
pub(crate) fn max_ends(ends: &[u32]) -> Vec<u32> {
    let rows = ends.len();
    let mut max = ends.to_vec();
    if rows == 0 {
        return max;
    }
    // The last node of each level may lie beyond the rows; its greatest end is kept here.
    let mut last_at = (rows - 1) & !1;
    let mut last = max[last_at];
    for level in 1..=height(rows) {
        let half = 1 << (level - 1);
        for node in ((half << 1) - 1..rows).step_by(half << 2) {
            let right = if node + half < rows { max[node + half] } else { last };
            max[node] = max[node].max(max[node - half]).max(right);
        }
        last_at = if (last_at >> level) & 1 == 1 {
            last_at - half
        } else {
            last_at + half
        };
        if last_at < rows {
            last = last.max(max[last_at]);
        }
    }
    max
}

impl Intervals<'_> {
    /// Calls `found` with each of `rows` (of one chromosome) that overlaps `span`, by start.
    pub(crate) fn overlapping(&self, rows: Range<usize>, span: Range<u32>, mut found: impl FnMut(usize)) {
        let (first, count) = (rows.start, rows.len());
        if count == 0 {
            return;
        }
        let start = |row: usize| self.starts.get(first + row);
        let end = |row: usize| self.ends.get(first + row);
        // A node, its level, and whether its left subtree was seen: for each level one, and one more.
        let mut stack = [(0_u32, 0_u8, false); 34];
        stack[0] = ((1 << height(count)) - 1, height(count) as u8, false);
        let mut depth = 1;
        while depth > 0 {
            depth -= 1;
            let (at, level, left_done) = stack[depth];
            let (node, half) = (at as usize, (1_usize << level) >> 1);
            if usize::from(level) <= SCANNED_LEVEL {
                let begin = node >> level << level;
                for row in begin..(begin + (2 << level) - 1).min(count) {
                    if start(row) >= span.end {
                        break;
                    }
                    if end(row) > span.start {
                        found(first + row);
                    }
                }
            } else if !left_done {
                let left = node - half;
                stack[depth] = (at, level, true);
                depth += 1;
                if left >= count || self.max_ends.get(first + left) > span.start {
                    stack[depth] = (left as u32, level - 1, false);
                    depth += 1;
                }
            } else if node < count && start(node) < span.end {
                if end(node) > span.start {
                    found(first + node);
                }
                stack[depth] = ((node + half) as u32, level - 1, false);
                depth += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    proptest! {
        #[test]
        fn every_overlapping_row_is_found_in_order(
            spans in prop::collection::vec((0_u32..500, 1_u32..80), 0..200), start in 0_u32..600, length in 1_u32..60,
        ) {
            let mut spans: Vec<_> = spans.into_iter().map(|(start, length)| (start, start + length)).collect();
            spans.sort_unstable();
            let (starts, ends): (Vec<_>, Vec<_>) = spans.iter().copied().unzip();
            let (starts, max, ends) = (bytes(&starts), bytes(&max_ends(&ends)), bytes(&ends));
            let intervals = Intervals { starts: U32s::new(&starts), ends: U32s::new(&ends), max_ends: U32s::new(&max) };
            let mut found = Vec::new();
            intervals.overlapping(0..spans.len(), start..start + length, |row| found.push(row));
            let expected: Vec<_> = (0..spans.len()).filter(|row| spans[*row].0 < start + length && spans[*row].1 > start).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
