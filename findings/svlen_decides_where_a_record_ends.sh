#!/usr/bin/env bash
# A deletion is found, or not, by the version of htslib that asks, not by the file.
#
# One would guess: INFO/END says where a structural variant ends. The tools of one family (pysam, cyvcf2, bcftools, tabix) read
#   it alike, and an index that one of them made serves the others.
# What is so: since htslib 1.22 a record with a symbolic allele ends at the furthest of END and POS + |SVLEN|, whatever
#   ##fileformat says. htslib 1.21 and earlier know END alone: a <DEL> with SVLEN and no END is one base long. A .tbi holds
#   ends, so whoever made it decides part of the answer; the reader filters again by its own rule and decides the rest.
# Why it matters: a region query over the middle of a deletion returns it to one laboratory and not to the other, without a
#   word. Whoever writes such files writes END and SVLEN so that both say the same, and indexes by both.
# Versions: pysam 0.23.3 (htslib 1.21), pysam 0.24.0 (htslib 1.23.1), cyvcf2 0.35.0. Sources: samtools/htslib pull requests
#   1897 and 1942; VCF 4.5, <https://samtools.github.io/hts-specs/VCFv4.5.pdf>, on END and SVLEN.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

tab() { tr ' ' '\t'; }
{
  cat <<'VCF'
##fileformat=VCFv4.4
##contig=<ID=1,length=100000>
##ALT=<ID=DEL,Description="Deletion">
##INFO=<ID=SVLEN,Number=A,Type=Integer,Description="Length of structural variant">
##INFO=<ID=SVCLAIM,Number=A,Type=String,Description="Claim made by the structural variant call">
##INFO=<ID=END,Number=1,Type=Integer,Description="End position of the longest variant described in this record">
VCF
  tab <<'VCF'
#CHROM POS ID REF ALT QUAL FILTER INFO
1 1000 only_svlen A <DEL> . PASS SVLEN=5000;SVCLAIM=J
1 2000 only_end A <DEL> . PASS END=7000;SVCLAIM=J
1 3000 end_nearer A <DEL> . PASS SVLEN=5000;END=3100;SVCLAIM=J
1 4000 end_further A <DEL> . PASS SVLEN=10;END=9000;SVCLAIM=J
VCF
} >deletions.vcf

environment() { python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}"; }
environment old pysam==0.23.3
environment new pysam==0.24.0
environment other cyvcf2==0.35.0

cat >ends.py <<'PY'
import pysam
print(*(f"{record.id}={record.stop}" for record in pysam.VariantFile("deletions.vcf")))
PY
cat >index.py <<'PY'
import sys, pysam
pysam.tabix_compress("deletions.vcf", sys.argv[1], force=True)
pysam.tabix_index(sys.argv[1], preset="vcf", force=True)
PY
cat >find.py <<'PY'
import sys, pysam
print(*(record.id for record in pysam.VariantFile(sys.argv[1]).fetch("1", 5000, 5001)))
PY
cat >find_other.py <<'PY'
import sys, cyvcf2
print(*(record.ID for record in cyvcf2.VCF(sys.argv[1])("1:5001-5001")))
PY

changed=0
expect() { # WHAT WANTED SEEN
  printf '%-52s %s\n' "$1" "$3"
  [ "$2" = "$3" ] || { echo "  CHANGED: it was: $2"; changed=1; }
}
expect 'ends, htslib 1.21' 'only_svlen=1000 only_end=7000 end_nearer=3100 end_further=9000' "$(old/bin/python ends.py)"
expect 'ends, htslib 1.23' 'only_svlen=6000 only_end=7000 end_nearer=8000 end_further=9000' "$(new/bin/python ends.py)"
old/bin/python index.py by_old.vcf.gz
new/bin/python index.py by_new.vcf.gz
expect 'base 5001, index and reader 1.21' 'only_end end_further' "$(old/bin/python find.py by_old.vcf.gz)"
expect 'base 5001, index and reader 1.23' 'only_svlen only_end end_nearer end_further' "$(new/bin/python find.py by_new.vcf.gz)"
expect 'base 5001, index 1.23, reader cyvcf2 0.35' 'only_end end_further' "$(other/bin/python find_other.py by_new.vcf.gz)"
exit $changed
