#pragma once

/*
 * Every adapter. A new one is a line of list.def, nothing else: ADAPTER(parks) is adapters/parks.c, ADAPTER(parks, trees) that and
 * adapters/parks_trees.c. Branches that each add one merge clean (.gitattributes).
 */

#include "hub/adapter.h"

#define ADAPTER_NAMED(name, ...) extern const Adapter name;
#define ADAPTER(...)             ADAPTER_NAMED(__VA_ARGS__, )
#include "adapters/list.def"
#undef ADAPTER
#undef ADAPTER_NAMED
