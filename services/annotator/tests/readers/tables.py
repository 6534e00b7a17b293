"""Has pyarrow, DuckDB and Polars open what the annotator writes as Parquet, TSV and JSON Lines, and compares with the VCF.

`run` does so for the samples. By itself, with pyarrow, duckdb and polars (tried with 26.0, 2.0 and 2.1), it says what each has
seen of one input, and the exit status is not 0 if a count differs:

    python3 services/annotator/tests/readers/tables.py ANNOTATOR INPUT [options of annotate …]
"""

import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import polars
import pyarrow.parquet


def main():
    annotator, source, *options = sys.argv[1:]
    told, seen = annotated(annotator, source, options)
    faults = {reader for reader, _, _ in differences(told, seen)}
    for name, counts in seen.items():
        print(f"{name:24} {'FAILED' if name in faults else 'ok'}  {counts}")
    print(f"{'the VCF':24}     {told}")
    return 1 if faults else 0


def annotated(annotator, source, options):
    """What the VCF tells of an input, and what each reader has seen of the other outputs of the same run."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        names = ["out.vcf.gz", "out.parquet", "out.tsv", "out.jsonl"]
        outputs = [word for name in names for word in ("--output", folder / name)]
        command = [annotator, "annotate", source, *outputs, "--log", folder / "log", *options]
        subprocess.run(list(map(str, command)), check=True, stderr=subprocess.DEVNULL)
        return of_vcf(folder / "out.vcf.gz"), readers(folder)


def differences(told, seen):
    """Reader, count and value of whatever is not what the VCF tells."""
    return [(reader, count, value) for reader, counts in seen.items() for count, value in counts.items() if value != told[count]]


def of_vcf(path):
    """Rows, entries of CSQ, rows of a gene, missense entries, the sum of positions."""
    told = dict.fromkeys(("records", "alleles", "entries", "missense", "positions"), 0)
    key = fields = None
    with gzip.open(path, "rt") as lines:
        for line in lines:
            if line.startswith("##INFO=<ID=") and "annotations from GAS" in line:
                key = line.split("ID=")[1].split(",")[0] + "="
                fields = line.split("Format: ")[1].split('"')[0].split("|")
            if line.startswith("#"):
                continue
            columns = line.rstrip("\n").split("\t")
            alleles = columns[4].count(",") + 1
            told["records"] += 1
            told["alleles"] += alleles
            told["positions"] += int(columns[1]) * alleles
            for field in columns[7].split(";"):
                if field.startswith(key):
                    entries = [entry.split("|") for entry in field.removeprefix(key).split(",")]
                    told["entries"] += len(entries)
                    told["missense"] += sum("missense_variant" in entry[fields.index("Consequence")] for entry in entries)
    return told


def readers(folder):
    file = folder / "out.parquet"
    table = pyarrow.parquet.read_table(file)
    consequences = table["consequences"].combine_chunks().flatten().field("consequence").to_pylist()
    seen = {"pyarrow": {
        "alleles": table.num_rows,
        "entries": len(consequences),
        "missense": sum("missense_variant" in (terms or "") for terms in consequences),
        "positions": sum(table["position"].to_pylist()),
    }}
    alleles, entries, missense, positions = duckdb.sql(f"""
        select count(*), sum(len(consequences)), sum(len(list_filter(consequences, lambda x: contains(x.consequence, 'missense_variant')))),
               sum(position) from '{file}'""").fetchall()[0]
    seen["DuckDB"] = {"alleles": alleles, "entries": entries, "missense": missense, "positions": positions}
    frame = polars.scan_parquet(file)
    each = frame.select("consequences").explode("consequences").drop_nulls().unnest("consequences").collect()
    seen["Polars"] = {
        "alleles": frame.select(polars.len()).collect().item(),
        "entries": each.height,
        "missense": each.filter(polars.col("consequence").str.contains("missense_variant")).height,
        "positions": frame.select(polars.col("position").sum()).collect().item(),
    }
    missense, told = duckdb.sql(f"""
        select count(*) filter (where contains(Consequence, 'missense_variant')), count(Consequence)
        from read_csv('{folder}/out.tsv', delim = '\t', quote = '', all_varchar = true)""").fetchall()[0]
    seen["DuckDB, TSV"] = {"missense": missense, "entries": told}
    records = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    seen["JSON Lines"] = {
        "records": len(records),
        "entries": sum(len(allele["consequences"]) for record in records for allele in record["alleles"]),
    }
    return seen


if __name__ == "__main__":
    sys.exit(main())
