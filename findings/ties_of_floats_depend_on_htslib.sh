#!/usr/bin/env bash
# The same BCF file is other text by another htslib: where a number lies in the middle between two of six digits, versions differ.
#
# One would guess: BCF holds a number of 32 bits, text has six digits of it, as C's `%g` prints them; whoever prints the file gets the
#   same lines, today and years ago.
# What is so: htslib does not ask C but has its own printing of numbers from 0.0001 to 999999. Up to 1.18 it adds half of the last digit
#   and cuts, so that 68011.25 is 68011.3; from 1.21 at the latest it rounds ties to the even digit, as C does, so that it is
#   68011.2. Numbers of fewer digits are the same in both. -0.0001 is 9.9999997e-05 as a float, and 0.0001 in both: what decides about
#   the exponent is what is left after rounding.
# Why it matters: checksums of text made of an archive of BCF change when bcftools is upgraded, without one changed record. A reader of
#   BCF that is compared with bcftools needs to know with which; so does one that prints by `%.6g` and wonders about old reference output.
# Versions: pysam 0.22.1 (htslib 1.18) and 0.24.0 (htslib 1.23.1). Source: htslib's kstring.c, `kputd`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >print.py <<'PY'
import sys
import pysam, pysam.bcftools

print(pysam.bcftools.view("--no-header", "--no-version", sys.argv[1], catch_stdout=True).split("\t")[7])
PY
{
  printf '##fileformat=VCFv4.2\n##contig=<ID=1>\n##INFO=<ID=X,Number=.,Type=Float,Description="x">\n'
  printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'
  printf '1\t1\t.\tA\tC\t.\t.\tX=68011.25,68011.75,-68011.25,1000.125,0.5,0.1,-0.0001\n'
} >ties.vcf

for version in 0.22.1 0.24.0; do
  python3 -m venv "$version"
  "$version/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: "pysam==$version"
done
0.24.0/bin/python -c 'import pysam.bcftools as b; b.view("--no-version", "-Ob", "-o", "ties.bcf", "ties.vcf", catch_stdout=False)'

expect() {
  printed=$("$1/bin/python" print.py ties.bcf)
  printf 'pysam %s prints %s\n' "$1" "$printed"
  [ "$printed" = "$2" ] || { printf 'but %s was expected: this has changed\n' "$2" >&2; exit 1; }
}
expect 0.22.1 'X=68011.3,68011.8,-68011.3,1000.13,0.5,0.1,-0.0001'
expect 0.24.0 'X=68011.2,68011.8,-68011.2,1000.12,0.5,0.1,-0.0001'
