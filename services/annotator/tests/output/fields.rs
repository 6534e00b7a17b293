//! The fields of CSQ in Parquet, of a reference whose genes have constraint.

use std::fs::{self, File};
use std::process::Command;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use domain::variants::{CONSEQUENCE_FIELDS, CONSEQUENCES};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;
use tempfile::TempDir;

/// Two genes: an exon each, 1-based 101 to 190 and 301 to 390, all of it coding.
const GENES: &str = "0\tNM_1.1\tchr1\t+\t100\t190\t100\t190\t1\t100,\t190,\t0\tONE\tcmpl\tcmpl\t0,\n\
                     0\tNM_2.1\tchr1\t+\t300\t390\t300\t390\t1\t300,\t390,\t0\tTWO\tcmpl\tcmpl\t0,\n";
/// The second says nothing of its losses of function.
const CONSTRAINT: &str = "gene\ttranscript\tpLI\toe_lof_upper\tmis_z\tgene_id\tchromosome\n\
                          ONE\tENST1\t1.25e-17\t0.5\t-1.5\tENSG1\t1\n\
                          TWO\tENST2\tNA\tNA\t2\tENSG2\t1\n";

/// A folder with the reference `small` and `in.vcf`.
fn small() -> TempDir {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("database")).unwrap();
    fs::write(path("database/chrom.sizes"), "chr1\t1000\n").unwrap();
    fs::write(path("database/refGene.txt"), GENES).unwrap();
    fs::write(path("chr1.fa"), format!(">chr1\n{}\n", "ACGT".repeat(250))).unwrap();
    fs::write(path("lof_metrics.by_gene.txt"), CONSTRAINT).unwrap();
    let records = "chr1\t105\t.\tA\tC\t.\t.\t.\nchr1\t305\t.\tA\tC\t.\t.\t.\nchr1\t305\t.\tA\tAC\t.\t.\t.\n";
    fs::write(
        path("in.vcf"),
        format!("##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{records}"),
    )
    .unwrap();
    annotator(
        &folder,
        "reference build small --assembly small --tables . --sequence chr1.fa --track constraint=lof_metrics.by_gene.txt",
    );
    folder
}

fn annotator(folder: &TempDir, arguments: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annotator"));
    command.args(arguments.split(' ')).args(["--reference-dir", "."]);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_field_of_csq_has_a_column_and_numbers_are_numbers() {
    let folder = small();
    annotator(
        &folder,
        "annotate in.vcf --reference small --fields everything --output out.vcf --output out.parquet",
    );
    let text = fs::read_to_string(folder.path().join("out.vcf")).unwrap();
    let (_, fields) = text.split_once("Format: ").unwrap();
    let fields = fields.split('"').next().unwrap().split('|').map(str::trim);
    // The rows themselves tell these.
    let told = ["Allele", "Existing_variation", "ALLELE_NUM"];
    for field in fields.filter(|field| !told.contains(field)) {
        assert!(CONSEQUENCE_FIELDS.iter().any(|own| own.csq == field), "{field}");
    }

    let open = || File::open(folder.path().join("out.parquet")).unwrap();
    let rows = ParquetRecordBatchReaderBuilder::try_new(open())
        .unwrap()
        .build()
        .unwrap();
    let rows = rows.map(Result::unwrap).next().unwrap();
    let entries = rows[CONSEQUENCES].as_list::<i32>();
    let numbers = |row: usize| {
        let entries = entries.value(row);
        let entries = entries.as_struct();
        let symbols = entries["symbol"].as_string::<i32>();
        ["pli", "loeuf", "missense_z"].map(|name| {
            let values = entries[name].as_primitive::<Float64Type>();
            let own = symbols
                .iter()
                .zip(values)
                .find(|(symbol, _)| *symbol == Some(["ONE", "TWO"][row.min(1)]));
            own.unwrap().1
        })
    };
    assert_eq!(numbers(0), [Some(1.25e-17), Some(0.5), Some(-1.5)]);
    assert_eq!([numbers(1), numbers(2)], [[None, None, Some(2.0)]; 2]);
    let offsets = entries.value(0).as_struct()["hgvs_offset"]
        .as_primitive::<Int32Type>()
        .null_count();
    assert_eq!(offsets, entries.value(0).len());

    let reader = SerializedFileReader::new(open()).unwrap();
    let group = reader.metadata().row_group(0);
    let bounds = |name: &str| {
        let column = group
            .columns()
            .iter()
            .find(|column| column.column_path().parts().last().unwrap() == name);
        let Some(Statistics::Double(bounds)) = column.unwrap().statistics() else {
            panic!("{name} has other bounds")
        };
        (bounds.min_opt().copied(), bounds.max_opt().copied())
    };
    assert_eq!(bounds("missense_z"), (Some(-1.5), Some(2.0)));
    assert_eq!(bounds("pli"), (Some(1.25e-17), Some(1.25e-17)));
}
