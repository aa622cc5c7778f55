#!/bin/bash
# Attacks a demo of Henkin on loopback with three tools of Debian, about ten minutes in all, and says what came of it.
# Installs sqlmap, slowhttptest and ffuf itself (as root, or through sudo). Exit code 1 when anything was found.
# Usage: scripts/attack.sh [folder for the tools' own reports]
set -euo pipefail
cd "$(dirname "$0")/.."

PORT=${PORT:-3999}
BASE=http://127.0.0.1:$PORT
SQLMAP_SECONDS=60 # for each address
SLOW_SECONDS=40   # for each kind of slowness
FFUF_SECONDS=55    # for each of two people
TOOLS="sqlmap slowhttptest ffuf"

command -v apt-get >/dev/null || { echo "This needs a machine with Debian's packages."; exit 2; }
missing=$(for tool in $TOOLS; do command -v "$tool" >/dev/null || echo "$tool"; done)
if [ -n "$missing" ]; then
  root=$([ "$(id -u)" = 0 ] || echo sudo)
  $root apt-get update -qq
  # shellcheck disable=SC2086 # each word is a package
  DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq $missing >/dev/null
fi

REPORTS=${1:-$(mktemp -d)}
mkdir -p "$REPORTS"
DATA=$(mktemp -d)
chmod 711 "$DATA" # PostgreSQL runs as another account when this runs as root.
export PATH="$PWD/node_modules/.bin:$PATH"

npm run --silent build
DATA_DIR=$DATA node --disable-warning=ExperimentalWarning dist/demo/main.js --holders 200 --port "$PORT" >"$REPORTS/demo.log" 2>&1 &
DEMO=$!
trap 'kill -TERM $DEMO 2>/dev/null || true; wait $DEMO 2>/dev/null || true; cp "$DATA/demo/server.log" "$REPORTS" 2>/dev/null || true; rm -rf "$DATA"' EXIT
echo "The demo is doing its job…"
for _ in $(seq 120); do
  grep -q '^CUSTOMER=' "$REPORTS/demo.log" && break
  kill -0 $DEMO || { tail -5 "$REPORTS/demo.log"; exit 2; }
  sleep 1
done
# The demo prints a line for each role, with a token of ten minutes; all that needs one comes first.
token() { awk -v role="# $1" '$0 == role { getline; match($0, /Bearer [^\x27]+/); print substr($0, RSTART + 7, RLENGTH - 7); exit }' "$REPORTS/demo.log"; }
AGENT=$(token support_agent) OFFICER=$(token claims_officer) AUDITOR=$(token auditor)
CUSTOMER_NO=$(grep -o 'holders/C[0-9]*' "$REPORTS/demo.log" | head -1 | cut -d/ -f2)
FOUND=0
found() { FOUND=1; echo "    FOUND: $*"; }
balanced() { curl -s -H "Authorization: Bearer $AUDITOR" "$BASE/v1/reconciliation" | grep -o '"balanced":[a-z]*' | head -1; }
totals() { curl -s -H "Authorization: Bearer $AUDITOR" "$BASE/v1/reconciliation" | grep -oE '"(count|[a-zA-Z]+Jpy|quantityXem)":"[^"]*"'; }
before=$(totals)

# 1. sqlmap: every kind of parameter that reaches a statement. `*` is the place that is tried.
inject() {
  local name=$1 log=$REPORTS/sqlmap-$1.log
  shift
  timeout $SQLMAP_SECONDS sqlmap --batch --flush-session --output-dir "$REPORTS/sqlmap" --dbms postgresql --level 5 --risk 3 -v 3 \
    --threads 4 --ignore-code 400,401,404,409,429 --disable-coloring --answers "follow=N" "$@" >"$log" 2>&1 || true
  # What it says when it holds a parameter for injectable, and not when it says that one is not.
  if grep -Eiq "is vulnerable|sqlmap identified the following injection|parameter '.*' is '.*' injectable" "$log"; then found "sqlmap: $name, see $log"; fi
echo "  $name: $(grep -c '\[PAYLOAD\]' "$log" || true) payloads, $(grep -c 'does not seem to be injectable' "$log" || true) places held for safe$(grep -q 'ending @' "$log" || echo ', cut off by the time')"
}
echo "1. sqlmap, $SQLMAP_SECONDS s for each address"
inject search -u "$BASE/v1/holders/search?q=sato*" -H "Authorization: Bearer $AGENT"
inject holder -u "$BASE/v1/holders/$CUSTOMER_NO*" -H "Authorization: Bearer $AGENT"
inject claims -u "$BASE/v1/claims?status=credited*&minAmountJpy=1*&customerNo=$CUSTOMER_NO*" -H "Authorization: Bearer $OFFICER"
inject transfers -u "$BASE/v1/ledger/transfers?limit=1*&cursor=1*&kind=credit*&referenceId=1*" -H "Authorization: Bearer $AUDITOR"
inject login -u "$BASE/v1/auth/login" -H 'Content-Type: application/json' --data '{"login":"admin*","password":"wrong horse*"}'

# 2. ffuf: hostile values in every place of every described address, and words that servers often answer.
echo "2. ffuf, at most $FFUF_SECONDS s"
node - "$REPORTS/addresses.txt" <<'JS'
const { readFileSync, writeFileSync } = require('node:fs');
const VALUES = ['..%2f..%2f..%2fetc%2fpasswd', '%00', '%0d%0aSet-Cookie:%20a=b', "'%20OR%20'1'='1", '%22;DROP%20TABLE%20claim;--', '$%7Bjndi:ldap://127.0.0.1/a%7D',
  '%7B%7B7*7%7D%7D', '__proto__', 'constructor', '-1', '0', 'NaN', '1e400', '99999999999999999999', '9223372036854775808', '%F0%9F%92%B4', '%ED%A0%80', '%FF', 'a'.repeat(2000), '%E2%80%AE'];
const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8'));
const lines = new Set();
for (const [path, methods] of Object.entries(paths)) {
  const asked = (methods.get?.parameters ?? []).filter((p) => p.in === 'query').map((p) => p.name);
  for (const value of VALUES) {
    lines.add(path.slice(1).replaceAll(/\{\w+\}/g, value));
    for (const name of asked) lines.add(`${path.slice(1).replaceAll(/\{\w+\}/g, '1')}?${name}=${value}`);
  }
}
for (const word of ['.env', '.git/config', '.git/HEAD', 'package.json', 'dist/main.js', 'admin', 'debug', 'phpinfo.php', 'server-status', 'actuator/env', 'metrics', 'v1/../metrics', 'v1/%2e%2e/package.json'])
  lines.add(word);
for (const word of readFileSync('/usr/share/sqlmap/data/txt/common-columns.txt', 'utf8').split('\n'))
  if (/^[\w-]+$/.test(word)) lines.add(`v1/${word}`);
writeFileSync(process.argv[2], [...lines].join('\n'));
JS
brute() {
  local who=$1 bearer=$2 results=$REPORTS/ffuf-$1.json
  ffuf -s -w "$REPORTS/addresses.txt" -u "$BASE/FUZZ" -H "Authorization: Bearer $bearer" -mc all -t 20 -maxtime $FFUF_SECONDS -of json -o "$results" >/dev/null 2>&1 || true
  node - "$results" "$who" <<'JS' || found "answers of 500 and above to $who"
const [, , file, who] = process.argv;
const { results } = JSON.parse(require('node:fs').readFileSync(file, 'utf8'));
const counts = {};
for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
console.log(`  ${who}: ${results.length} requests, ${Object.entries(counts).map(([status, n]) => `${n} answered ${status}`).join(', ')}`);
const bad = results.filter(({ status }) => status >= 500);
for (const { status, url } of bad.slice(0, 5)) console.log(`    ${status} ${url}`);
process.exitCode = bad.length === 0 ? 0 : 1;
JS
}
brute auditor "$AUDITOR"
brute officer "$OFFICER"

after=$(totals)
[ "$(balanced)" = '"balanced":true' ] || found "the books do not agree"
[ "$before" = "$after" ] || found "a total changed"
echo "  books after sqlmap and ffuf: $(balanced), totals $([ "$before" = "$after" ] && echo unchanged || echo CHANGED)"

# 3. slowhttptest: 500 connections that dawdle; somebody else asks meanwhile and must be answered.
echo "3. slowhttptest, $SLOW_SECONDS s for each kind"
slow() {
  local name=$1
  shift
  slowhttptest -c 500 -r 250 -l $SLOW_SECONDS -i 5 -p 3 -g -o "$REPORTS/slow-$name" "$@" >"$REPORTS/slow-$name.log" 2>&1 || true
  # Columns: second, closed, pending, connected, available (0 when the other one was not answered).
  awk -F, -v name="$name" -v how="$(sed 's/\x1b\[[0-9;]*m//g' "$REPORTS/slow-$name.log" | sed -n 's/^Exit status: *//p')" 'NR > 1 { if ($5 == 0) dead++; seconds = $1 }
    END { printf "  %s: others unanswered in %d of %d s; ended with: %s\n", name, dead, seconds, how }' "$REPORTS/slow-$name.csv"
  awk -F, 'NR > 1 && $5 == 0 { bad = 1 } END { exit bad }' "$REPORTS/slow-$name.csv" || found "others went unanswered during $name"
}
slow heads -H -u "$BASE/health/live"
slow bodies -B -u "$BASE/v1/auth/login" -f application/json -s 8192
slow reads -X -u "$BASE/v1/public/progress" -n 5 -z 32 -w 10 -y 20 -k 3

[ "$(curl -s -o /dev/null -w '%{http_code}' "$BASE/health/ready")" = 200 ] || found "the server is not ready"
# The watch speaks up when sign-ins fail as often as they do here; any other error is one.
LOG=$DATA/demo/server.log
alerts=$(grep '"msg":"the watch raises an alert"' "$LOG" | grep -o '"kind":"[a-z_]*"' | cut -d'"' -f4 | sort -u | tr '\n' ' ')
errors=$(grep '"level":50' "$LOG" | grep -vc '"msg":"the watch raises an alert"' || true)
[ "$errors" = 0 ] || found "$errors errors in the server's log"
echo "Server: ready, alerts of its watch: ${alerts:-none}, $errors errors in its log. The reports: $REPORTS"
[ "$FOUND" = 0 ] && echo "Nothing was found." || { echo "Something was found."; exit 1; }
