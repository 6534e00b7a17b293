#!/usr/bin/env bash
# A table of frequencies does not answer every record that asks it: of those at one place, one row answers one record.
#
# One would guess: `bcftools annotate -a TABLE -c INFO/AF` looks each allele of each record up. Split or joined, in whatever
#   order, a C>T that the table knows gets its frequency.
# What is so: rows of the table and records of the file are paired at each position, and a pair is used up. A record with two
#   alleles takes the values of one row, and is silent of the allele that has a row of its own. Two records that ask one row
#   of two alleles get one answer between them. Two records of the same allele, too. What gets nothing gets no warning. Records
#   of one position may come out in another order than they went in.
# Why it matters: whether a variant is "not in gnomAD" depends on how its neighbours at the place are written. Split both files
#   (`bcftools norm -m -any`), and drop or join records of the same allele, before frequencies are asked for; or look alleles up one by one.
# Version: bcftools 1.23.1 inside pysam 0.24.0. Source: bcftools' manual, `annotate` and `--pair-logic`,
#   <https://samtools.github.io/bcftools/bcftools.html#annotate>.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check pysam==0.24.0

cat >ask.py <<'PY'
import sys
import pysam, pysam.bcftools

HEAD = """##fileformat=VCFv4.2
##contig=<ID=1,length=100000>
##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency of each allele">
"""
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

def write(name, records):
    """A file of records at 1:100, each `REF>ALT` or `REF>ALT:INFO`."""
    with open(name, "w") as file:
        file.write(HEAD + COLUMNS)
        for record in records.split():
            alleles, _, info = record.partition(":")
            file.write("\t".join(["1", "100", ".", *alleles.split(">"), ".", ".", info or "."]) + "\n")
    pysam.tabix_compress(name, name + ".gz", force=True)
    pysam.tabix_index(name + ".gz", preset="vcf", force=True)

write("table.vcf", sys.argv[1])
write("file.vcf", sys.argv[2])
lines = pysam.bcftools.annotate("-a", "table.vcf.gz", "-c", "INFO/AF", "file.vcf.gz").splitlines()
fields = [line.split("\t") for line in lines if not line.startswith("#")]
print(*(f"{ref}>{alt}:{info}" for _, _, _, ref, alt, _, _, info in fields))
PY

changed=0
expect() { # WHAT TABLE FILE WANTED
  local seen
  seen=$(tools/bin/python ask.py "$2" "$3")
  printf '%-44s %-26s asks %-20s %s\n' "$1" "$2" "$3" "$seen"
  [ "$4" = "$seen" ] || { echo "  CHANGED: it was: $4"; changed=1; }
}
expect 'one of each' 'A>C:AF=0.1' 'A>C' 'A>C:AF=0.1'
expect 'one record, two rows' 'A>C:AF=0.1 A>G:AF=0.2' 'A>C,G' 'A>C,G:AF=0.1,.'
expect 'one record, one row, another order' 'A>C,G:AF=0.1,0.2' 'A>G,C' 'A>G,C:AF=0.2,0.1'
expect 'two records, two rows' 'A>C:AF=0.1 A>G:AF=0.2' 'A>G A>C' 'A>G:AF=0.2 A>C:AF=0.1'
expect 'two records, one row of both' 'A>C,G:AF=0.1,0.2' 'A>C A>G' 'A>C:AF=0.1 A>G:.'
expect 'the same record twice' 'A>C:AF=0.1' 'A>C A>C' 'A>C:AF=0.1 A>C:.'
expect 'a record without a row first' 'A>C:AF=0.1' 'A>T A>C' 'A>C:AF=0.1 A>T:.'
exit $changed
