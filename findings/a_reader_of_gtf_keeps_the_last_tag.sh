#!/usr/bin/env bash
# pyranges keeps one `tag` of a transcript, the last: which transcripts are MANE Select then depends on the order of tags.
#
# One would guess: a reader of GTF gives all values of a key that occurs several times, as Ensembl and GENCODE write `tag`
#   (basic, CCDS, MANE_Select, Ensembl_canonical, cds_start_NF), or says that it does not.
# What is so: read_gtf puts them into one column of which each value replaces the one before. `tag == "MANE_Select"` finds a
#   transcript only where this tag happens to come last; `duplicate_attr=True` keeps them, joined by commas.
# Why it matters: a list of MANE or basic transcripts made so is short, or empty, without a word; Ensembl 115 writes
#   "Ensembl_canonical" last.
# Version: pyranges 0.1.4. Source: pyranges/readers.py, read_gtf ("or just keep last one", of duplicate_attr) and to_rows.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyranges==0.1.4 pandas==2.2.3 numpy==1.26.4 "setuptools<81"

row() {
    printf '1\thavana\ttranscript\t65419\t71585\t.\t+\t.\tgene_id "ENSG00000186092"; transcript_id "%s"; %s\n' "$1" "$2"
}
{
    row ENST00000641515 'tag "basic"; tag "MANE_Select"; tag "Ensembl_canonical";'
    row ENST00000335137 'tag "basic"; tag "CCDS";'
} >transcripts.gtf

cat >kept.py <<'PY'
import sys
import pyranges

kept = pyranges.read_gtf("transcripts.gtf").df
every = pyranges.read_gtf("transcripts.gtf", duplicate_attr=True).df
print("tags by default:", list(kept.tag))
print("tags with duplicate_attr:", list(every.tag))
select = kept[kept.tag == "MANE_Select"]
print("transcripts that are MANE Select by default:", len(select))
sys.exit(0 if list(kept.tag) == ["Ensembl_canonical", "CCDS"] and len(select) == 0 else 1)
PY
venv/bin/python -W ignore kept.py
