#!/usr/bin/env bash
# The worst consequence that `bcftools +split-vep` selects is one that it does not know.
#
# One would guess: `--select worst` of bcftools +split-vep picks the most severe consequence by Ensembl's order, and a term that
#   is not in its scale ranks last, or is an error. And: a field of CSQ that holds numbers can be compared with a number.
# What is so: the scale has no splice_polypyrimidine_tract_variant, which VEP and others write since release 105. A term that no line of the
#   scale matches ranks above all others, transcript_ablation included, and nothing says so. A field whose type BCFtools does not
#   know by name (DISTANCE) is text; a filter that compares it with a number selects no record, prints a line to standard error
#   for each, and ends with 0. `--columns DISTANCE:Integer` makes it a number.
# Why it matters: a stop in one transcript is hidden by an intron of another, in the command that most people filter with.
#   `--severity FILE` gives another scale.
# Versions: BCFtools 1.16 (Debian 12). Sources: `bcftools +split-vep --severity -`;
#   <https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html>.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get download -qq bcftools=1.16-1 libhts3 libhtscodecs2 libgsl27 libgslcblas0 libdeflate0 2>/dev/null
for package in ./*.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$PWD/root" -name 'libhts.so.3')")
BCFTOOLS_PLUGINS=$(dirname "$(find "$PWD/root" -name 'split-vep.so')")
export LD_LIBRARY_PATH BCFTOOLS_PLUGINS
bcftools=root/usr/bin/bcftools

{
  cat <<'VCF'
##fileformat=VCFv4.2
##contig=<ID=1,length=100000>
##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequences. Format: Allele|Consequence|DISTANCE">
VCF
  tr ' ' '\t' <<'VCF'
#CHROM POS ID REF ALT QUAL FILTER INFO
1 1000 . A C . PASS CSQ=C|transcript_ablation|,C|splice_polypyrimidine_tract_variant|,C|stop_gained|
1 2000 . A C . PASS CSQ=C|stop_gained|,C|intron_variant|
1 3000 . A C . PASS CSQ=C|upstream_gene_variant|40
VCF
} >consequences.vcf

changed=0
expect() { # WHAT WANTED SEEN
  printf '%-44s %s\n' "$1" "$3"
  [ "$2" = "$3" ] || { echo "  CHANGED: it was: $2"; changed=1; }
}
worst() { "$bcftools" +split-vep consequences.vcf --select worst --format '%Consequence\n' "$@" | paste -sd ' '; }
near() { "$bcftools" +split-vep consequences.vcf --columns "$1" --include 'DISTANCE<50' --format '%POS\n' 2>/dev/null | paste -sd ' '; }

expect 'worst, by its own scale' 'splice_polypyrimidine_tract_variant stop_gained upstream_gene_variant' "$(worst)"
printf '%s\n' upstream_gene_variant intron_variant splice_polypyrimidine_tract_variant stop_gained transcript_ablation >scale
expect 'worst, by a scale that has all terms' 'transcript_ablation stop_gained upstream_gene_variant' "$(worst --severity scale)"
expect 'near, DISTANCE' '' "$(near DISTANCE)"
expect 'near, DISTANCE:Integer' '3000' "$(near DISTANCE:Integer)"
exit $changed
