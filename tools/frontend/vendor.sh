#!/bin/sh
# Makes crates/ui/assets/vendor, crates/ui/fixtures and crates/ui/assets/vendor.lock from the
# locked npm packages. The outputs are committed, so that building Belisha needs no npm.
set -eu
cd "$(dirname "$0")"
ui=../../crates/ui
fonts=node_modules/@fontsource-variable/atkinson-hyperlegible-next

npm ci --ignore-scripts --no-audit --no-fund --silent
rm -rf "$ui/assets/vendor" "$ui/fixtures"
mkdir -p "$ui/assets/vendor" "$ui/fixtures"

# A cascade layer lets our own style sheets win without a contest of selectors.
{
  echo "@layer govuk {"
  npx sass --no-source-map --no-charset --style=compressed --load-path=node_modules --quiet-deps govuk.scss
  echo "}"
} > "$ui/assets/vendor/govuk.css"

cp "$fonts/files/atkinson-hyperlegible-next-latin-wght-normal.woff2" \
   "$fonts/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2" "$ui/assets/vendor/"
cp "$fonts/LICENSE" "$ui/assets/vendor/atkinson-hyperlegible-next-OFL.txt"

node fixtures.mjs node_modules/govuk-frontend/dist/govuk/components "$ui/fixtures"
node lock.mjs "$ui" > "$ui/assets/vendor.lock"
