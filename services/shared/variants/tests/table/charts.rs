//! What charts count is what their parts select.

use proptest::prelude::*;
use variants::{Bar, Charts, Filter, Query};

use crate::file::{matching, open, scan, written};
use crate::random;
use crate::random::SAMPLES;

fn bars(charts: &Charts) -> Vec<&Bar> {
    let lists = [
        &charts.consequences,
        &charts.impacts,
        &charts.chromosomes,
        &charts.frequencies,
        &charts.kinds,
        &charts.substitutions.twelve,
        &charts.lengths.insertions,
        &charts.lengths.deletions,
    ];
    lists.into_iter().flatten().collect()
}

/// A filter with these pairs in place of those of the same names.
fn with(filter: &Filter, pairs: &[(String, String)]) -> Filter {
    let mut all = filter.to_pairs();
    all.retain(|(name, _)| pairs.iter().all(|(own, _)| own != name));
    all.extend(pairs.iter().cloned());
    Filter::from_pairs(&all).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_part_of_a_chart_selects_as_many_as_it_counts(rows in random::table(), filter in random::narrow()) {
        let filter = Filter { inheritance: None, ..filter };
        let file = written(&rows, &SAMPLES, 40);
        let table = open(&file).unwrap();
        let query = Query { filter: filter.clone(), charts: true, ..Query::default() };
        let found = scan(&file, &table, &query).unwrap();
        let charts = found.charts.unwrap();
        for bar in bars(&charts).into_iter().filter(|bar| bar.count > 0 && !bar.pairs.is_empty()) {
            prop_assert_eq!(matching(&file, &with(&filter, &bar.pairs)).len() as u64, bar.count, "{:?}", bar);
        }
        for list in [&charts.consequences, &charts.impacts, &charts.chromosomes, &charts.frequencies, &charts.kinds] {
            prop_assert_eq!(list.iter().map(|bar| bar.count).sum::<u64>(), found.matched);
        }
        let six: u64 = charts.substitutions.six.iter().map(|bar| bar.count).sum();
        let substitutions = charts.substitutions.transitions + charts.substitutions.transversions;
        prop_assert_eq!(six, substitutions);
        let binned: u64 = charts.density.iter().flat_map(|own| &own.bins).map(|(_, count)| count).sum();
        prop_assert_eq!(binned, found.matched);
    }
}
