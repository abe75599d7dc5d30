#pragma once

/* Inside hub explain: its line of words, written in the languages that were ordered, and its second half, the links. */

#include "hub/config/config.h"
#include "hub/db/db.h"
#include "hub/wording/phrases.h"

typedef struct {
        const char *what, *config;
        Language language;
        bool all; /* also what added no points */
} ExplainOrder;

typedef struct {
        const ExplainOrder *order;
        const Config *config;
        Buffer line; /* not yet printed */
} Explain;

/* The English phrase; then the Chinese one and what stands for each "{}" of both, which end with NULL. */
void explain_say(Explain *explain, const char *english, const char *const *more);
void explain_line_end(Explain *explain); /* prints it, and a next one begins */

#define SAY(explain, english, ...) explain_say((explain), (english), (const char *const[]){ __VA_ARGS__, NULL })

/* Of explain_links_sql: $1 incident, $2 whether also links that have ended. */
extern const char explain_links_sql[];
void explain_link(Explain *explain, const DbResult *rows, size_t row);
