//! A trio whose outcomes are known beforehand.

use variants::{Filter, GenotypeIs, Inheritance, Model, Variant};

use crate::file::{matching, written};

const TRIO: [&str; 3] = ["child", "mother", "father"];

fn variant(chromosome: &str, gene: &str, allele: u32, genotypes: [&str; 3]) -> Variant {
    Variant {
        chromosome: chromosome.to_owned(),
        position: 10,
        end: 10,
        reference: "A".to_owned(),
        alternate: Some("G".to_owned()),
        allele,
        gene: Some(gene.to_owned()),
        genotypes: Some(genotypes.map(str::to_owned).to_vec()),
        ..Variant::default()
    }
}

fn inherited(rows: &[Variant], model: Model) -> Vec<u64> {
    let [child, mother, father] = TRIO.map(str::to_owned);
    let filter = Filter {
        inheritance: Some(Inheritance {
            child,
            mother,
            father,
            model,
        }),
        ..Filter::default()
    };
    matching(&written(rows, &TRIO, 3), &filter)
}

#[test]
fn de_novo_is_what_both_parents_are_known_not_to_carry() {
    let rows = [
        variant("1", "A", 1, ["0/1", "0/0", "0/0"]),
        variant("1", "A", 1, ["0/1", "0/1", "0/0"]),
        variant("1", "A", 1, ["0/1", "./.", "0/0"]),
        variant("1", "A", 1, ["1|0", "0|0", "0|0"]),
        // The parents have another allele of the record, not this one.
        variant("1", "A", 2, ["0/2", "0/1", "1/1"]),
        variant("1", "A", 1, ["0/2", "0/0", "0/0"]),
        variant("X", "A", 1, ["1", "0/0", "0"]),
        variant("1", "A", 1, ["./1", "0/0", "0/."]),
    ];
    assert_eq!(inherited(&rows, Model::DeNovo), [0, 3, 4, 6]);
}

#[test]
fn recessive_is_twice_in_the_child_and_once_in_each_parent() {
    let rows = [
        variant("1", "A", 1, ["1/1", "0/1", "1|0"]),
        variant("1", "A", 1, ["1/1", "0/1", "1/1"]),
        variant("1", "A", 1, ["0/1", "0/1", "0/1"]),
        variant("1", "A", 1, ["1/1", "0/1", "0/0"]),
        variant("1", "A", 2, ["2/2", "1/2", "0/2"]),
    ];
    assert_eq!(inherited(&rows, Model::Recessive), [0, 4]);
}

#[test]
fn compound_heterozygous_needs_one_variant_of_a_gene_from_each_parent() {
    let mut rows = vec![
        variant("1", "BOTH", 1, ["0/1", "0/1", "0/0"]),
        variant("1", "MOTHERS", 1, ["0/1", "0/1", "0/0"]),
        variant("1", "MOTHERS", 1, ["0/1", "1/1", "0/0"]),
        variant("1", "SHARED", 1, ["0/1", "0/1", "0/1"]),
        // In another row group than its partner.
        variant("1", "BOTH", 1, ["1|0", "0|0", "1|1"]),
        variant("1", "SHARED", 1, ["0/1", "0/0", "0/1"]),
        variant("1", "BOTH", 1, ["1/1", "0/1", "0/1"]),
        variant("1", "UNKNOWN", 1, ["0/1", "0/1", "./."]),
        variant("1", "UNKNOWN", 1, ["0/1", "./.", "0/1"]),
    ];
    assert_eq!(inherited(&rows, Model::CompoundHeterozygous), [0, 4]);
    rows[4].gene = None;
    assert_eq!(inherited(&rows, Model::CompoundHeterozygous), [] as [u64; 0]);
}

#[test]
fn both_variants_of_a_compound_match_all_else_of_the_filter() {
    let mut rows = vec![
        variant("1", "A", 1, ["0/1", "0/1", "0/0"]),
        variant("1", "A", 1, ["0/1", "0/0", "0/1"]),
    ];
    rows[0].filter = Some("PASS".to_owned());
    let [child, mother, father] = TRIO.map(str::to_owned);
    let filter = Filter {
        inheritance: Some(Inheritance {
            child,
            mother,
            father,
            model: Model::CompoundHeterozygous,
        }),
        filter: Some(variants::FilterIs::Pass),
        ..Filter::default()
    };
    assert_eq!(matching(&written(&rows, &TRIO, 3), &filter), [] as [u64; 0]);
    rows[1].filter = Some("PASS".to_owned());
    assert_eq!(matching(&written(&rows, &TRIO, 3), &filter), [0, 1]);
}

#[test]
fn x_linked_is_a_son_with_the_allele_of_his_mother() {
    let rows = [
        variant("chrX", "A", 1, ["1", "0/1", "0"]),
        variant("X", "A", 1, ["1/1", "0/1", "0/0"]),
        variant("chrX", "A", 1, ["1", "1/1", "0"]),
        variant("chrX", "A", 1, ["1", "0/1", "1"]),
        variant("chr1", "A", 1, ["1/1", "0/1", "0/0"]),
    ];
    assert_eq!(inherited(&rows, Model::XLinked), [0, 1]);
}

#[test]
fn genotypes_are_told_of_the_rows_own_allele() {
    let rows = [
        variant("1", "A", 1, ["1/2", "0/0", "."]),
        variant("1", "A", 2, ["1/2", "0", "./."]),
        variant("1", "A", 1, ["2/2", "0/2", "./1"]),
        Variant {
            genotypes: None,
            ..variant("1", "A", 1, ["", "", ""])
        },
    ];
    let of = |sample: &str, is| {
        let filter = Filter {
            genotypes: vec![(sample.to_owned(), is)],
            ..Filter::default()
        };
        matching(&written(&rows, &TRIO, 3), &filter)
    };
    assert_eq!(of("child", GenotypeIs::Het), [0, 1]);
    assert_eq!(of("child", GenotypeIs::HomAlt), [] as [u64; 0]);
    assert_eq!(of("mother", GenotypeIs::HomRef), [0, 1]);
    assert_eq!(of("father", GenotypeIs::Carries), [2]);
    assert_eq!(of("father", GenotypeIs::Het), [] as [u64; 0]);
    assert_eq!(of("father", GenotypeIs::Missing), [0, 1, 3]);
}
