#!/usr/bin/env python3
"""How fast questions about a file of variants are answered, beside DuckDB on the same file in the same run.

    pip install duckdb==2.0.1
    python3 services/shared/variants/benches/peers.py FILE.parquet

FILE is what `annotator annotate --output FILE.parquet` writes; samples named child, mother and father add what is asked of families. Each
question is asked of both anew, from the footer on: how many match, and the first fifty of them with all columns but the entries. Prints
the median CPU seconds of --runs on one thread each, and their ratio; absolute times are those of this machine today. Fails if the two
find different numbers. Needs cargo.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
SEVERITY = "list_position(['HIGH', 'MODERATE', 'LOW', 'MODIFIER'], impact), file_row_number"
HET = "genotypes[{0}] in ('0/1', '1/0', '0|1', '1|0') and allele = 1"
LACKS = "genotypes[{0}] in ('0/0', '0|0', '0')"

# What is asked: a name, the pairs of ours, the condition and the order of SQL.
QUESTIONS = [
    ("first page", [], "true", None),
    ("gene", ["gene={gene}"], "list_contains(list_transform(consequences, lambda entry: entry.symbol), '{gene}')", None),
    ("region", ["region={chromosome}:{start}-{end}"], 'chromosome = \'{chromosome}\' and position <= {end} and "end" >= {start}', None),
    ("impact", ["impact=high", "impact=moderate"], "impact in ('HIGH', 'MODERATE')", None),
    ("text", ["q={id}"], "concat_ws(' ', list_aggregate(ids, 'string_agg', ' '), hgvs_c, hgvs_p, gene, gene_id, transcript, consequence, clinvar,"
     " clinvar_diseases) ilike '%{id}%'", None),
    ("known, PASS", ["known=yes", "filter=PASS"], "len(ids) > 0 and filter = 'PASS'", None),
    ("by severity", ["sort=severity"], "true", SEVERITY),
]
FAMILY = [
    ("heterozygous", ["genotype=child:het"], HET.format("{child}"), None),
    ("de novo", ["child=child", "mother=mother", "father=father", "model=denovo"],
     f"list_contains(str_split_regex(genotypes[{{child}}], '[/|]'), allele::varchar) and {LACKS.format('{mother}')} and {LACKS.format('{father}')}", None),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    try:
        import duckdb
    except ImportError:
        sys.exit("There is no peer: pip install duckdb")
    subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "variants", "--example", "table"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    table = target / "release/examples/table"
    values, questions = about(duckdb, args.file)
    print(f"{args.file.name}: {values['rows']:,} rows; CPU seconds, median of {args.runs}; DuckDB {duckdb.__version__}, one thread")
    wrong = 0
    for name, pairs, condition, order in questions:
        pairs = [pair.format(**values) for pair in pairs]
        ours, theirs = [], []
        for _ in range(args.runs):
            count, seconds = ask_ours(table, args.file, pairs)
            ours.append(seconds)
            other, seconds = ask_theirs(duckdb, args.file, condition.format(**values), order)
            theirs.append(seconds)
        same = "" if count == other else f"  DIFFERENT: DuckDB finds {other:,}"
        wrong += count != other
        ours, theirs = statistics.median(ours), statistics.median(theirs)
        print(f"{name:14} {count:>9,} match  ours {ours:6.3f}  DuckDB {theirs:6.3f}  {theirs / max(ours, 0.001):5.1f}x{same}")
    sys.exit(wrong > 0)


def about(duckdb, file):
    """Values that are there, and what can be asked."""
    connection = duckdb.connect()
    rows = connection.execute(f"select count(*) from '{file}'").fetchone()[0]
    named = f"from '{file}' where gene is not null and len(ids) > 0"
    middle = connection.execute(f"select count(*) // 2 {named}").fetchone()[0]
    place = connection.execute(f"select chromosome, position, ids[1], gene {named} limit 1 offset {middle}").fetchone()
    if not place:
        sys.exit("The file has no variant with a gene and an id")
    metadata = dict(connection.execute(f"select key, value from parquet_kv_metadata('{file}')").fetchall())
    samples = json.loads(metadata[b"gas.variants.samples"])
    chromosome, position, name, gene = place
    values = {"rows": rows, "chromosome": chromosome, "start": position - 5_000, "end": position + 5_000, "id": name, "gene": gene}
    family = {"child", "mother", "father"} <= set(samples)
    values |= {name: samples.index(name) + 1 for name in samples if family}
    return values, QUESTIONS + (FAMILY if family else [])


def ask_ours(table, file, pairs):
    before = cpu_of_children()
    out = subprocess.run([table, file, *pairs], check=True, capture_output=True, text=True).stdout
    seconds = cpu_of_children() - before
    count = next(line for line in out.splitlines() if " match, " in line)
    return int(count.split()[0]), seconds


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def ask_theirs(duckdb, file, condition, order):
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    start = time.process_time()
    source = f"read_parquet('{file}', file_row_number = true)"
    count = connection.execute(f"select count(*) from {source} where {condition}").fetchone()[0]
    ordered = f"order by {order}" if order else ""
    connection.execute(f"select * exclude (consequences) from {source} where {condition} {ordered} limit 50").fetchall()
    return count, time.process_time() - start


if __name__ == "__main__":
    main()
