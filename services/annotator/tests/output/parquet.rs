//! Parquet: what its rows tell, and what readers need to skip rows.

use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use domain::variants;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};
use tempfile::TempDir;

use super::formats::annotated;
use super::{names, run};

fn rows(folder: &TempDir, name: &str) -> RecordBatch {
    let file = File::open(folder.path().join(name)).unwrap();
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let rows = reader.next().unwrap().unwrap();
    assert!(reader.next().is_none());
    rows
}

fn texts<'r>(rows: &'r RecordBatch, column: &str) -> Vec<Option<&'r str>> {
    rows.column_by_name(column).unwrap().as_string::<i32>().iter().collect()
}

/// The texts of a list.
fn list(rows: &RecordBatch, column: &str, row: usize) -> Option<Vec<String>> {
    let lists = rows.column_by_name(column).unwrap().as_list::<i32>();
    let texts = (!lists.is_null(row)).then(|| lists.value(row))?;
    Some(
        texts
            .as_string::<i32>()
            .iter()
            .map(|text| text.unwrap().to_owned())
            .collect(),
    )
}

#[test]
fn a_row_is_an_allele_or_a_record_without_one() {
    let folder = annotated(&["--output", "out.parquet"]);
    let rows = rows(&folder, "out.parquet");
    let positions = rows[variants::POSITION].as_primitive::<Int64Type>().values().to_vec();
    assert_eq!(positions, [73, 263, 263, 263, 750, 3243]);
    assert_eq!(
        rows[variants::END].as_primitive::<Int64Type>().values().to_vec(),
        positions
    );
    assert_eq!(
        texts(&rows, variants::ALTERNATE),
        [Some("G"), Some("G"), Some("T"), Some("*"), None, Some("G")]
    );
    assert_eq!(
        rows[variants::ALLELE].as_primitive::<Int32Type>().values().to_vec(),
        [1, 1, 2, 3, 0, 1]
    );
    let qualities: Vec<_> = rows[variants::QUALITY].as_primitive::<Float64Type>().iter().collect();
    assert_eq!(qualities[..2], [Some(3.5), None]);
    assert_eq!(texts(&rows, variants::FILTER)[..2], [Some("PASS"), Some("q10;s50")]);
    assert_eq!(list(&rows, variants::IDS, 0).unwrap(), ["rs1", "rs2"]);
    assert_eq!(list(&rows, variants::GENOTYPES, 1).unwrap(), ["1/2", "."]);
    assert_eq!(
        (texts(&rows, variants::GENE)[5], texts(&rows, variants::IMPACT)[5]),
        (Some("MT-TL1"), Some("MODIFIER"))
    );
    // The impact is what an entry says, not what its term would have.
    let consequences = rows[variants::CONSEQUENCES].as_list::<i32>();
    for (row, impact) in texts(&rows, variants::IMPACT).into_iter().enumerate() {
        let entries = consequences.value(row);
        let own: Vec<_> = entries.as_struct()["impact"].as_string::<i32>().iter().collect();
        assert!(own.contains(&impact) || own.is_empty() && impact.is_none(), "{own:?}");
    }
    let most = rows[variants::MAX_FREQUENCY].as_primitive::<Float64Type>();
    assert!(most.value(0) > 0.5 && most.is_null(4), "{most:?}");
    let entries = rows[variants::CONSEQUENCES].as_list::<i32>().value(5);
    let picked: Vec<_> = entries.as_struct()["picked"].as_boolean().iter().collect();
    assert_eq!(picked.iter().filter(|picked| **picked == Some(true)).count(), 1);
    let columns: Vec<_> = entries
        .as_struct()
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(columns, variants::CONSEQUENCE_FIELDS.map(|field| field.name));
}

#[test]
fn genotypes_are_those_of_few_samples() {
    let folder = TempDir::new().unwrap();
    for (samples, shows) in [(variants::MOST_SAMPLES, true), (variants::MOST_SAMPLES + 1, false)] {
        let names = (0..samples).map(|number| format!("\ts{number}")).collect::<String>();
        let genotypes = "\t0/1".repeat(samples);
        let file = format!(
            "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT{names}\nMT\t73\t.\tA\tG\t.\t.\t.\tGT{genotypes}\n"
        );
        std::fs::write(folder.path().join("samples.vcf"), file).unwrap();
        run(&folder, &["samples.vcf", "--output", "out.parquet"]);
        let found = list(&rows(&folder, "out.parquet"), variants::GENOTYPES, 0);
        assert_eq!(found.map(|genotypes| genotypes.len()), shows.then_some(samples));
    }
}

#[test]
fn readers_learn_from_row_groups_what_is_not_in_them() {
    let folder = annotated(&["--threads", "2", "--output", "out.parquet", "--output", "again.parquet"]);
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert!(read("out.parquet") == read("again.parquet"));
    let reader = SerializedFileReader::new(File::open(folder.path().join("out.parquet")).unwrap()).unwrap();
    let metadata = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let value = |wanted: &str| {
        metadata
            .iter()
            .find(|pair| pair.key == wanted)
            .unwrap()
            .value
            .clone()
            .unwrap()
    };
    assert_eq!(value(variants::VERSION_KEY), variants::VERSION);
    assert_eq!(value(variants::SAMPLES_KEY), r#"["one","two \"2\""]"#);
    let group = reader.metadata().row_group(0);
    for column in group.columns() {
        let path = column.column_path().parts();
        let blooms = variants::BLOOMED.contains(&path[0].as_str());
        assert_eq!(column.bloom_filter_offset().is_some(), blooms, "{path:?}");
        assert!(column.statistics().is_some(), "{path:?}");
    }
}

#[test]
fn row_groups_are_the_same_for_any_number_of_threads() {
    let folder = TempDir::new().unwrap();
    let rest = 21;
    let record = "MT\t3243\trs1\tA\tG\t.\t.\tDP=3\n";
    let file = format!(
        "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{}",
        record.repeat(variants::ROW_GROUP_ROWS + rest)
    );
    std::fs::write(folder.path().join("many.vcf"), file).unwrap();
    let written = ["1", "2", "4"].map(|threads| {
        run(&folder, &["many.vcf", "--threads", threads, "--output", "out.parquet"]);
        std::fs::read(folder.path().join("out.parquet")).unwrap()
    });
    assert!(written[0] == written[1] && written[0] == written[2]);
    let reader = SerializedFileReader::new(File::open(folder.path().join("out.parquet")).unwrap()).unwrap();
    let rows: Vec<i64> = reader
        .metadata()
        .row_groups()
        .iter()
        .map(|group| group.num_rows())
        .collect();
    assert_eq!(rows, [variants::ROW_GROUP_ROWS, rest].map(|rows| rows as i64));
}

#[test]
fn parquet_is_not_packed_again() {
    let folder = TempDir::new().unwrap();
    let refused = super::annotator(&folder, &["in.vcf", "--output", "out.parquet.gz"])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&refused.stderr),
        "error: Parquet is compressed by itself; name the output .parquet, without .gz\n"
    );
    assert_eq!(names(folder.path()), ["in.vcf"]);
}
