#!/bin/sh
# The CSV files of one month, as {"files": [...]}. Inputs come as JSON on stdin.
set -eu
month=$(sed -n 's/.*"month": *"\([0-9]\{4\}-[0-9]\{2\}\)".*/\1/p')
[ -n "$month" ] || { echo "month must look like 2026-01" >&2; exit 1; }

files=
for file in "exports/$month"/*.csv; do
  [ -e "$file" ] && files="$files${files:+, }\"$file\""
done
echo "looked into exports/$month" >&2
echo "{\"files\": [$files]}"
