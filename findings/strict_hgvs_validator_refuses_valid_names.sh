#!/usr/bin/env bash
# A valid HGVS name is read by the parser of hgvs, and its strict validator does not take it.
#
# One would guess: what follows the nomenclature passes hgvs' IntrinsicValidator(strict=True), which compares a name only with itself.
# What is so: it stops with an AttributeError at every deletion of amino acids (p.Ser18del), because it asks for a property that only
#   edits of bases have. RefSeq's YP_ accessions of proteins, those of the mitochondrial genome, are no accessions of proteins to
#   it. A span within one intron whose ends are counted from either exon (c.130+649_131-3379) counts as invalid, where other
#   operations that it cannot do are told apart by HGVSUnsupportedOperationError.
# Why it matters: pipelines that drop what does not validate lose in-frame deletions and all proteins of the mitochondrion.
# Versions: hgvs 1.5.1. Sources: <https://hgvs-nomenclature.org/stable/recommendations/protein/deletion/>;
#   <https://www.ncbi.nlm.nih.gov/books/NBK21091/table/ch18.T.refseq_accession_numbers_and_mole/>.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check hgvs==1.5.1

cat >judge.py <<'PY'
import sys
import hgvs.parser, hgvs.validator

variant = hgvs.parser.Parser().parse_hgvs_variant(sys.argv[1])
assert str(variant) == sys.argv[1]
try:
    hgvs.validator.IntrinsicValidator(strict=True).validate(variant)
    print("valid")
except Exception as error:
    print(type(error).__name__)
PY

changed=0
expect() { # NAME WANTED
  seen=$(tools/bin/python judge.py "$1")
  printf '%-44s %s\n' "$1" "$seen"
  [ "$2" = "$seen" ] || { echo "  CHANGED: it was: $2"; changed=1; }
}
expect 'NP_000001.1:p.Ser18Phe' valid
expect 'NP_000001.1:p.Ser18del' AttributeError
expect 'NP_000001.1:p.Ser18_Lys20del' AttributeError
expect 'YP_003024026.1:p.Ala52Thr' HGVSInvalidVariantError
expect 'NM_000001.1:c.130+649_130+700del' valid
expect 'NM_000001.1:c.130+649_131-3379del' HGVSInvalidVariantError
exit $changed
