#!/usr/bin/env bash
# A file that only passes through htslib loses digits, and values that are small become zero.
#
# One would guess: who reads a VCF file and writes it as VCF again (a filter, a region, one key removed) leaves the other values
#   as they were written. The binary form has its own precision, text has that of its author.
# What is so: every value of a key that the header declares as Float, and QUAL, becomes a number of 32 bits when the record is
#   written again, and is written with six significant digits: 0.12345678 comes back as 0.123457, a QUAL of 12345678.9 as
#   1.23457e+07, a p-value of 1e-50 as 0. pysam's writer and bcftools do it for all records, cyvcf2's too; vcftools copies text.
# Why it matters: frequencies and scores that were compared as text, joined on or counted are other ones after a harmless step;
#   p-values of association studies, which go far below 1e-45, are lost for good. VCF 4.3 does say that a Float has 32 bits (section
#   1.3), so that a file with more is the author's risk: such values belong in keys of type String.
# Versions: pysam 0.24.0 (htslib and bcftools 1.23.1), cyvcf2 0.35.0.
# Source: <https://samtools.github.io/hts-specs/VCFv4.3.pdf>, section 1.3, Data types.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

{
  cat <<'VCF'
##fileformat=VCFv4.3
##contig=<ID=1,length=100000>
##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">
##INFO=<ID=P,Number=1,Type=Float,Description="P-value">
##INFO=<ID=N,Number=1,Type=Float,Description="How many, as a Float">
##INFO=<ID=T,Number=1,Type=String,Description="P-value as text">
##INFO=<ID=X,Number=0,Type=Flag,Description="To be removed">
VCF
  tr ' ' '\t' <<'VCF'
#CHROM POS ID REF ALT QUAL FILTER INFO
1 1000 . A C 12345678.9 PASS AF=0.12345678;P=1e-50;N=16777217;T=1e-50;X
VCF
} >values.vcf

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check pysam==0.24.0 cyvcf2==0.35.0

cat >pass.py <<'PY'
import sys
import cyvcf2, pysam, pysam.bcftools

def record(text):
    fields = next(line for line in text.splitlines() if not line.startswith("#")).split("\t")
    return f"QUAL={fields[5]};{fields[7].removesuffix(';X')}"

def by_pysam():
    reader = pysam.VariantFile("values.vcf")
    with pysam.VariantFile("again.vcf", "w", header=reader.header) as writer:
        for each in reader:
            writer.write(each)
    return open("again.vcf").read()

def by_cyvcf2():
    reader = cyvcf2.VCF("values.vcf")
    writer = cyvcf2.Writer("again.vcf", reader)
    for each in reader:
        writer.write_record(each)
    writer.close()
    return open("again.vcf").read()

ways = {
    "written": lambda: open("values.vcf").read(),
    "pysam": by_pysam,
    "cyvcf2": by_cyvcf2,
    "view": lambda: pysam.bcftools.view("values.vcf"),
    "annotate": lambda: pysam.bcftools.annotate("-x", "INFO/X", "values.vcf"),
}
print(record(ways[sys.argv[1]]()))
PY

changed=0
expect() { # WHAT WAY WANTED
  local seen
  seen=$(tools/bin/python pass.py "$2")
  printf '%-30s %s\n' "$1" "$seen"
  [ "$3" = "$seen" ] || { echo "  CHANGED: it was: $3"; changed=1; }
}
short='QUAL=1.23457e+07;AF=0.123457;P=0;N=1.67772e+07;T=1e-50'
expect 'as it is written' written 'QUAL=12345678.9;AF=0.12345678;P=1e-50;N=16777217;T=1e-50'
expect 'read and written by pysam' pysam "$short"
expect 'read and written by cyvcf2' cyvcf2 "$short"
expect 'bcftools view' view "$short"
expect 'bcftools annotate -x another' annotate "$short"
exit $changed
