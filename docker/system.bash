# A system in containers for tests: sourced by docker/test and docker/release, which have set COMPOSE_PROJECT_NAME and
# COMPOSE_FILE. Beside it another one may run. Its services are what ecs/services deploys (ecs/tests/composed.py).

export GAS_PORT=${GAS_PORT:-14433} GAS_AWS_PORT=${GAS_AWS_PORT:-14566} GAS_STRIPE_PORT=${GAS_STRIPE_PORT:-18420}
export GAS_MAILBOX_PORT=${GAS_MAILBOX_PORT:-18025} GAS_POSTGRES_PORT=${GAS_POSTGRES_PORT:-15432}
export GAS_GLACIER_PORT=${GAS_GLACIER_PORT:-14570} GAS_BILLING_PORT=${GAS_BILLING_PORT:-14434}
export GAS_BILLING_ADMIN_PORT=${GAS_BILLING_ADMIN_PORT:-19090}
# What takes minutes in production takes seconds here.
export GAS_LEASE=4s GAS_SWEEP_AFTER=2s GAS_SWEEP_INTERVAL=1s GAS_RECONCILE_INTERVAL=1s
export GAS_ARCHIVE_SWEEP_INTERVAL=1s GAS_ARCHIVE_LEASE=6s GAS_DELETION_LAST_LOOK=3s
export GAS_REGISTRATIONS_PER_HOUR=10000
# Tests fetch nothing: the container that would sees no server, says so, and leaves the system alone.
export GAS_REFERENCE_MIRROR=http://127.0.0.1:9

# For a trap at the end: keeps the last lines of every container's log if something failed, and takes the system down.
stop() {
  local ended=$?
  if [ $ended != 0 ]; then docker compose logs --no-color --tail 200 >"$logs" 2>&1; echo "The logs are in $logs" >&2; fi
  [ -n "${KEEP:-}" ] || docker compose down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1 || true
  exit $ended
}

up() { docker compose up --detach --no-build --wait --quiet-pull "$@" >/dev/null; }

# Stores first, because what services are told of them is asked of them; FILE is written, for COMPOSE_FILE.
provision() { # FILE
  docker compose run --rm --no-TTY provision >/dev/null
  ecs/tests/run composed write "$1"
}

key() { docker compose run --rm --no-deps --entrypoint cat keys "/keys/$1" 2>/dev/null; }

# Where the tests find it.
endpoints() { # FILE
  local references
  # A release looks at none.
  references=$(docker volume inspect --format '{{.Mountpoint}}' "${COMPOSE_PROJECT_NAME}_references" 2>/dev/null || true)
  (umask 077 && cat >"$1" <<JSON
{
  "web": "https://localhost:$GAS_PORT",
  "mailbox": "http://localhost:$GAS_MAILBOX_PORT/mailbox",
  "aws": "http://localhost:$GAS_AWS_PORT",
  "s3_public": "http://localhost:$GAS_AWS_PORT",
  "glacier": "http://localhost:$GAS_GLACIER_PORT",
  "stripe": "http://localhost:$GAS_STRIPE_PORT",
  "billing": "http://localhost:$GAS_BILLING_PORT",
  "postgres": "postgres://gas:$(key postgres_password)@localhost:$GAS_POSTGRES_PORT/gas",
  "references": "$references",
  "admin": { "billing": "http://localhost:$GAS_BILLING_ADMIN_PORT" },
  "pids": {},
  "aws_access_key_id": "gas-sandbox",
  "aws_secret_access_key": "$(key aws_secret_access_key)",
  "stripe_secret_key": "$(key stripe_secret_key)",
  "stripe_webhook_secret": "$(key stripe_webhook_secret)"
}
JSON
)
  export GAS_TEST_ENDPOINTS=$1
}
