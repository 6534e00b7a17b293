#!/usr/bin/env bash
# Two libraries that read VCF as a table say PASS, "not filtered" and several ALT in two ways, neither of which is the file's.
#
# One would guess: both are of Rust and give tables of Arrow, so that a table of one is that of the other: FILTER is PASS
#   where the file says so, a value that the file lacks is null, and several ALT are a list, or joined by the file's comma.
# What is so: oxbow has FILTER as a list of the filters that failed: PASS is an empty list, `.` is null, and the word PASS is
#   nowhere. polars-bio has it as text: PASS, and `.` is an empty text, as a missing ID is; a record has `C|G` for ALT `C,G`, and a
#   flag that is not there is false where oxbow says null. Both decode percent codes, which htslib does not.
# Why it matters: `filter = 'PASS'` finds all in one and nothing in the other, an empty list passes for "no filter was applied",
#   `alt.split(",")` keeps two alleles as one, and "is null" counts no record without an ID. Who writes tables of variants for others
#   says which of these it is.
# Versions: oxbow 0.8.2, polars-bio 0.36.2, polars 1.44.2. Source: VCF 4.3, section 1.6.1,
#   <https://samtools.github.io/hts-specs/VCFv4.3.pdf>, on FILTER and ALT.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

{
  cat <<'VCF'
##fileformat=VCFv4.3
##contig=<ID=1,length=100000>
##FILTER=<ID=q10,Description="Quality below 10">
##FILTER=<ID=s50,Description="Fewer than half of the samples">
##INFO=<ID=DB,Number=0,Type=Flag,Description="In dbSNP">
##INFO=<ID=NOTE,Number=1,Type=String,Description="A sentence">
VCF
  tr ' ' '\t' <<'VCF'
#CHROM POS ID REF ALT QUAL FILTER INFO
1 100 rs1 A C,G . PASS DB;NOTE=a%2Cb
1 200 . A C . q10;s50 NOTE=c
1 300 . A C . . NOTE=d
VCF
} >calls.vcf

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check oxbow==0.8.2 polars-bio==0.36.2 polars==1.44.2

cat >table.py <<'PY'
import sys

if sys.argv[1] == "oxbow":
    import oxbow
    table = oxbow.from_vcf("calls.vcf").pl().unnest("info")
else:
    import polars_bio
    table = polars_bio.read_vcf("calls.vcf")
print(*(row[sys.argv[2]] for row in table.to_dicts()), sep=" / ")
PY

changed=0
expect() { # LIBRARY COLUMN WANTED
  local seen
  seen=$(tools/bin/python table.py "$1" "$2" 2>/dev/null | tail -n 1)
  printf '%-11s %-7s %s\n' "$1" "$2" "$seen"
  [ "$3" = "$seen" ] || { echo "  CHANGED: it was: $3"; changed=1; }
}
printf '%-11s %-7s %s\n' 'the file' filter 'PASS / q10;s50 / .'
expect oxbow filter "[] / ['q10', 's50'] / None"
expect polars-bio filter 'PASS / q10;s50 / '
expect oxbow alt "['C', 'G'] / ['C'] / ['C']"
expect polars-bio alt 'C|G / C / C'
expect oxbow id "['rs1'] / [] / []"
expect polars-bio id 'rs1 /  / '
expect oxbow DB 'True / None / None'
expect polars-bio DB 'True / False / False'
expect oxbow NOTE 'a,b / c / d'
expect polars-bio NOTE 'a,b / c / d'
exit $changed
