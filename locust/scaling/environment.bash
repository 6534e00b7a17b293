# Sourced by locust/simulate and locust/rehearse: a virtual environment of pinned packages in target/scaling-venv, made once.
# GAS_SCALING_VENV chooses another place. Sets `python`.
venv=${GAS_SCALING_VENV:-${CARGO_TARGET_DIR:-target}/scaling-venv}
pins=locust/scaling/requirements.txt
if ! cmp -s "$pins" "$venv/requirements.txt"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: -r "$pins"
  cp "$pins" "$venv/requirements.txt"
fi
# shellcheck disable=SC2034 # Used by whoever sources this.
python=$(cd "$venv/bin" && pwd)/python
