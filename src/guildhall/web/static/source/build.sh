#!/usr/bin/env bash
# Builds ../govuk.css, ../console.css, ../desk.css and ../govuk.js. Needs Node; those who run or change Guildhall's Python do not.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cd "$build"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund govuk-frontend@6.6.0 sass@1.108.2 esbuild@0.28.2
cp "$here"/*.scss "$here"/govuk.entry.mjs .
for sheet in govuk console desk; do
  npx sass --load-path=node_modules --style=compressed --no-source-map $sheet.scss $sheet.css
done
npx esbuild govuk.entry.mjs --bundle --format=esm --minify --target=es2020 --legal-comments=none --log-level=error --outfile=govuk.js
cp govuk.css console.css desk.css govuk.js "$here/.."
