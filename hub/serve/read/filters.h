#pragma once

/* Which incidents are meant: the filters of the list, which facets have too. */

#include "hub/serve/read/arguments.h"
#include "hub/serve/read/statement.h"

/* Their names, for a route's list of arguments. */
#define FILTER_ARGUMENTS                                                                                               \
        "bbox", "datetime", "state", "severity", "category", "platform", "zone", "subdistrict", "grid", "overdue",     \
                "suggested", "merged", "q"

/* Adds "FROM dw.incident i WHERE ..." with what the arguments say and the zones that the person sees. False: a problem. */
bool filters_add(Call *call, Statement *statement);

/* The zones of who asks, AND expression is one of them; nothing for who sees all. */
void filter_zones(const Call *call, Statement *statement, const char *expression);
