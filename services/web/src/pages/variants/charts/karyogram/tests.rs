use super::*;
use crate::pages::variants::asked::Asked;

fn charts(chromosomes: &[(&str, &[(i64, u64)])]) -> Charts {
    let bar = |(name, bins): &(&str, &[(i64, u64)])| Bar {
        name: (*name).to_owned(),
        count: bins.iter().map(|(_, count)| count).sum(),
        pairs: vec![("region".to_owned(), (*name).to_owned())],
    };
    let density = |(name, bins): &(&str, &[(i64, u64)])| Density {
        chromosome: (*name).to_owned(),
        bin: 100_000,
        bins: bins.to_vec(),
    };
    Charts {
        chromosomes: chromosomes.iter().map(bar).collect(),
        density: chromosomes.iter().map(density).collect(),
        ..Charts::default()
    }
}

fn drawn(charts: &Charts) -> KaryogramView {
    let asked = Asked::default();
    let links = Links {
        asked: &asked,
        base: "/v",
    };
    KaryogramView::of(charts, "hg19", &links).unwrap()
}

#[test]
fn chromosomes_come_in_their_order_and_lead_to_their_variants() {
    let view = drawn(&charts(&[
        ("chrX", &[(1, 4)]),
        ("chr10", &[(2_000_001, 16)]),
        ("chr2", &[(1, 1)]),
    ]));
    let names: Vec<_> = view.chromosomes.iter().map(|one| (&*one.name, one.length)).collect();
    assert_eq!(
        names,
        [("chr2", 243.199_373), ("chr10", 135.534_747), ("chrX", 155.270_56)]
    );
    assert_eq!(view.chromosomes[0].url.as_deref(), Some("/v?region=chr2"));
    let stretch = &view.chromosomes[1].stretches[0];
    assert_eq!(stretch.url.as_deref(), Some("/v?region=chr10%3A2000001-3000000"));
    assert_eq!(
        (stretch.from, &*stretch.tall, &*stretch.hint),
        (2.0, "16.0", "chr10:2,000,001-3,000,000, 16 variants")
    );
    assert_eq!(view.chromosomes[0].stretches[0].tall, "4.0");
}

#[test]
fn many_stretches_are_one_path_so_that_the_page_stays_small() {
    let bins: Vec<(i64, u64)> = (0..301).map(|bin| (bin * 1_000_000 + 1, 1)).collect();
    let view = drawn(&charts(&[("chr1", &bins)]));
    assert!(view.chromosomes[0].stretches.is_empty());
    assert!(
        view.chromosomes[0].path.starts_with("M0 16h1v-16.0h-1zM1 16"),
        "{}",
        view.chromosomes[0].path
    );
    assert!(
        view.about.ends_with("Chromosomes and their bands are links."),
        "{}",
        view.about
    );
    assert_eq!(
        view.chromosomes[0].length, 301.0,
        "a chromosome is never shorter than its variants are far"
    );
}
#[test]
fn bins_are_drawn_as_stretches_that_end_with_their_chromosome() {
    let view = drawn(&charts(&[("chr21", &[(100_001, 1), (900_001, 2), (48_100_001, 3)])]));
    let stretches = &view.chromosomes[0].stretches;
    let shown: Vec<_> = stretches.iter().map(|own| (own.from, own.length, &*own.hint)).collect();
    assert_eq!(
        shown,
        [
            (0.0, 1.0, "chr21:1-1,000,000, 3 variants"),
            (48.0, 0.13, "chr21:48,000,001-49,000,000, 3 variants")
        ]
    );
}

#[test]
fn bands_are_counted_behind_the_drawing_where_they_are_few() {
    let few = drawn(&charts(&[("21", &[(1, 1), (40_000_001, 16)]), ("MT", &[(1, 1)])]));
    let counts: Vec<_> = few.counts.iter().map(|own| (&*own.name, &*own.number)).collect();
    assert_eq!(counts, [("21", "17"), ("21p13", "1"), ("21q22.2", "16"), ("MT", "1")]);
    let genome = genome();
    let many = drawn(&charts(
        &genome.iter().map(|(name, bins)| (&**name, &**bins)).collect::<Vec<_>>(),
    ));
    assert_eq!(many.counts.len(), 24);
}

#[test]
fn bands_of_a_genome_take_little_of_the_page_and_are_no_links_where_the_filter_is_long() {
    let genome = genome();
    let chromosomes: Vec<_> = genome.iter().map(|(name, bins)| (&**name, &**bins)).collect();
    let addresses = |asked: &Asked| {
        let links = Links { asked, base: "/v" };
        let view = KaryogramView::of(&charts(&chromosomes), "hg38", &links).unwrap();
        view.chromosomes.iter().map(|one| one.bands.addresses()).sum::<usize>()
    };
    let short = addresses(&Asked::default());
    assert!((30_000..50_000).contains(&short), "{short}");
    let genes = (
        "gene".to_owned(),
        "BRCA1 BRCA2 TP53 MSH2 MLH1 PMS2 APC MUTYH".to_owned(),
    );
    assert_eq!(addresses(&Asked::of(&[genes]).unwrap()), 0);
}

#[test]
fn chromosomes_of_other_assemblies_have_no_bands() {
    let asked = Asked::default();
    let links = Links {
        asked: &asked,
        base: "/v",
    };
    let view = KaryogramView::of(&charts(&[("chr1", &[(1, 1)])]), "", &links).unwrap();
    assert!(view.chromosomes[0].bands.is_empty() && !view.about.contains("bands"));
    assert_eq!((view.height, view.tall, view.width), (24, 16.0, 1.0));
}

/// Variants in every band of every chromosome.
fn genome() -> Vec<(String, Vec<(i64, u64)>)> {
    let names = (1..=22)
        .map(|at| at.to_string())
        .chain(["X".to_owned(), "Y".to_owned()]);
    let bins: Vec<(i64, u64)> = (0..2_500).map(|bin| (bin * 100_000 + 1, 1)).collect();
    names.map(|name| (format!("chr{name}"), bins.clone())).collect()
}
