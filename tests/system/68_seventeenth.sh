#!/bin/bash
# The seventeenth platform, of another city: an adapter in adapters/, and data in the site's own folder (platforms, categories, rules, zones, registries, a
# gazetteer). Nothing else in C changes, and the whole way from a file to an incident works by it.
set -euo pipefail
# shellcheck source=../lib/services.sh
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
# shellcheck source=lib/tree.sh
. "$(dirname "$0")/lib/tree.sh"
SITE=$TEST/site
export HUB_CONFIG=$SITE/hub.yaml

authored() {
        "$HUB" new works --source file --platform p17 --tree "$TREE" && cp "$HERE/seventeenth/works.c" "$TREE/adapters/"
}

# All that is not of the new platform is as it was.
untouched() {
        diff -r "$HUB_CLONE/hub" "$TREE/hub" && diff <(cd "$HUB_CLONE/adapters" && sha256sum -- *.[ch]) <(cd "$TREE/adapters" && sha256sum -- *.[ch] | grep -v ' works\.c$')
}

# Its rules are the shipped ones with its own categories: a permit allows what is dug up.
sited() {
        cp -r "$HERE/seventeenth" "$SITE" && mkdir "$SITE/inbox"
        sed -e '/^words:/d' -e '/^  [EP][0-9]/d' "$HUB_CLONE/schemas/rules.yaml" >"$SITE/rules.yaml"
        echo '  dig: { registry: permit }' >>"$SITE/rules.yaml"
        { config_head; cat <<END; } >"$HUB_CONFIG"
platforms: platforms.yaml
categories: categories.yaml
gazetteer: roads.csv
correlate: { rules: rules.yaml }
instances:
  works:
    adapter: works
    zone: "410105"
    source: { kind: file, folder: inbox, match: ["*.json"], every: 100ms, complete: rename }
    options: { posts: posts.csv }
END
        sed -i "s,folder: inbox,folder: \"$SITE/inbox\"," "$HUB_CONFIG"
}

translated() {
        hub translate works --config "$HUB_CONFIG" --instance works "$SITE/input.json" >"$TEST/events" && /usr/bin/python3 - "$TEST/events" <<'END'
import json, sys
permit, one, two, words = map(json.loads, open(sys.argv[1], encoding="utf-8"))
assert permit["kind"] == "registry" and permit["category"]["code"] == "permit" and permit["position"]["lon"] == 113.6871, permit
assert (one["zone"], one["platform"], one["category"]["code"], one["severity"]) == ("410105", "p17", "dig", "medium"), one
assert one["position"]["lat"] == 34.77 and "out_of_district" not in one.get("quality", []) and two["position"]["lat"] == 34.79, one
assert words["position"] == {"lon": 113.67, "lat": 34.783, "accuracy_m": 1500, "method": "gazetteer"}, words
END
}

severity_is() {
        sql_is "SELECT severity FROM dw.incident WHERE zone = '410105' AND founding LIKE 'p17::$1:%'" "$2"
}

tree_copy
check "hub new, and the author's own dialect" authored
check "it builds without a warning" tree_build
check "no C outside of adapters/ changed, and none of the others" untouched
HUB=$TREE/build/hub/hub
sited
check "hub check takes the site" hub check
check "its events are of its platform, categories, zone and registries" translated
check "its rules know what a permit allows" grep -q '"subject":"p17::D-1".*"value":"in_force"' <(hub decide --rules "$SITE/rules.yaml" <"$TEST/events")
service_up kafka postgres
hub_ready
process_up works run works
process_up correlate correlate
cp "$SITE/input.json" "$SITE/inbox/input.part" && mv "$SITE/inbox/input.part" "$SITE/inbox/input.json"
wait_for 60 "all in the warehouse" sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND platform = 'p17' AND partition = 3" 4
check "what has a permit is less grave" severity_is D-1 low
check "and what has none is not" severity_is D-2 medium
check "hub explain calls the platform by its name" grep -q 'p17 市政占道施工 / road works' <(hub explain p17::D-1)
process_down works
process_down correlate
check "the ledger balances" hub audit --wait 30s
