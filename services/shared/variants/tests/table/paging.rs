//! Pages: in order, without gaps or repeats.

use proptest::prelude::*;
use variants::{Columns, Query, Sort};

use crate::file::{open, rows, scan, written};
use crate::random::SAMPLES;
use crate::{naive, random};

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_follow_each_other_without_gaps_or_repeats(
        all in random::table(), filter in random::narrow(), limit in 1usize..30, group in 10usize..150,
    ) {
        let file = written(&all, &SAMPLES, group);
        let table = open(&file).unwrap();
        for sort in Sort::ALL {
            let expected = naive::sorted(&all, &naive::matching(&all, &filter, &SAMPLES), sort);
            let mut shown = Vec::new();
            loop {
                let query = Query { filter: filter.clone(), sort, offset: shown.len() as u64, limit, charts: false };
                let found = scan(&file, &table, &query).unwrap();
                prop_assert_eq!(found.matched, expected.len() as u64);
                if found.page.is_empty() {
                    break;
                }
                shown.extend(found.page);
            }
            prop_assert_eq!(&shown, &expected, "{:?}", sort);
        }
    }

    #[test]
    fn rows_are_read_as_they_were_written(all in random::table(), picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..20)) {
        let file = written(&all, &SAMPLES, 25);
        let table = open(&file).unwrap();
        let picks: Vec<u64> = picks.iter().map(|pick| pick.index(all.len()) as u64).collect();
        let expected: Vec<_> = picks.iter().map(|row| all[*row as usize].clone()).collect();
        prop_assert_eq!(&rows(&file, &table, &picks, Columns::All).unwrap(), &expected);
        let shown = rows(&file, &table, &picks, Columns::Shown).unwrap();
        prop_assert!(shown.iter().zip(&expected).all(|(shown, all)| shown.gene == all.gene && shown.consequences.is_empty()));
    }
}
