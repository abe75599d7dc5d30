#include "hub/serve/read/filters.h"

#include "hub/base/text.h"
#include "hub/base/time.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define OPEN "i.closed IS NULL"
/* As the index incident_words has it. */
#define TEXT  "lower((i.title || ' ' || coalesce(i.address, '')) COLLATE \"C\")"
#define PAIRS "(ops.pairs_of(" TEXT ") COLLATE \"C\")"

enum {
        NAME_MOST = 64,
        PLACE_MOST = 128,
        WORD_MOST = 64,
        WORDS_MOST = 8,
        DATE_SIZE = 8,
        CODE_SIZE = 8,
        NUMBER_SIZE = 17
};

static const char *const states[] = { "open",       "closed",   "received",  "filed",     "dispatched",
                                      "processing", "feedback", "verifying", "suspended", "void",
                                      "rejected",   "deleted",  NULL };
/* In the order of their ranks. */
static const char *const severities[] = { "info", "low", "medium", "high", "critical", NULL };

/* ---- lists ---- */

static bool list_add(Call *call, Statement *statement, const char *name, const char *expression,
                     const char *const *choices, size_t most)
{
        ArgumentList list;

        if (!argument_list(call, name, choices, most, &list))
                return false;
        if (list.size)
                statement_list(statement, expression, list.items, list.size);
        return true;
}

/* "open" and "closed" are groups: whatever is not settled, whatever is. */
static bool states_add(Call *call, Statement *statement)
{
        ArgumentList list, named = { 0 };
        bool is_open = false, is_closed = false;

        if (!argument_list(call, "state", states, NAME_MOST, &list))
                return false;
        for (size_t i = 0; i < list.size; i++) {
                if (text_same(list.items[i], "open"))
                        is_open = true;
                else if (text_same(list.items[i], "closed"))
                        is_closed = true;
                else
                        named.items[named.size++] = list.items[i];
        }
        if (!list.size || (is_open && is_closed))
                return true;
        if (!is_open && !is_closed) {
                statement_list(statement, "i.state", named.items, named.size);
                return true;
        }
        statement_add(statement, is_open ? " AND (i.closed IS NULL" : " AND (i.closed IS NOT NULL");
        if (named.size)
                statement_value(statement, " OR i.state = ANY (?::text[])",
                                statement_array(statement->arena, named.items, named.size));
        statement_add(statement, ")");
        return true;
}

/* By rank, as its index has it. */
static bool severities_add(Call *call, Statement *statement)
{
        const char *ranks[LIST_MOST];
        ArgumentList list;

        if (!argument_list(call, "severity", severities, NAME_MOST, &list))
                return false;
        for (size_t i = 0; i < list.size; i++) {
                int rank = 0;

                while (!text_same(severities[rank], list.items[i]))
                        rank++;
                ranks[i] = arena_format(call->arena, "%d", rank);
        }
        if (list.size == 1)
                statement_value(statement, " AND ops.severity_rank(i.severity) = ?::integer", ranks[0]);
        else if (list.size)
                statement_value(statement, " AND ops.severity_rank(i.severity) = ANY (?::integer[])",
                                statement_array(call->arena, ranks, list.size));
        return true;
}

/* That it is dear makes the plan begin with it where it is rare, and not with all incidents in their order. */
static bool platforms_add(Call *call, Statement *statement)
{
        ArgumentList list;

        if (!argument_list(call, "platform", NULL, NAME_MOST, &list))
                return false;
        if (list.size)
                statement_value(statement, " AND i.platforms && ?::text[] AND ops.is_dear(i.platforms)",
                                statement_array(statement->arena, list.items, list.size));
        return true;
}

void filter_zones(const Call *call, Statement *statement, const char *expression)
{
        size_t size = 0;

        if (!call->person || call->person->sees_all)
                return;
        while (call->person->zones && call->person->zones[size])
                size++;
        statement_list(statement, expression, call->person->zones, size);
}

/* ---- place and time ---- */

static char *degrees(Statement *statement, double west, double south, double east, double north)
{
        return arena_format(statement->arena, "SRID=4490;POLYGON((%.9f %.9f,%.9f %.9f,%.9f %.9f,%.9f %.9f,%.9f %.9f))",
                            west, south, east, south, east, north, west, north, west, south);
}

static bool box_add(Call *call, Statement *statement)
{
        ArgumentBox box;

        if (!argument_box(call, "bbox", &box))
                return false;
        if (box.is_given && box.west <= box.east) {
                statement_value(statement, " AND i.geom && ?::geometry",
                                degrees(statement, box.west, box.south, box.east, box.north));
        } else if (box.is_given) {
                statement_value(statement, " AND (i.geom && ?::geometry",
                                degrees(statement, box.west, box.south, 180, box.north));
                statement_value(statement, " OR i.geom && ?::geometry)",
                                degrees(statement, -180, box.south, box.east, box.north));
        }
        return true;
}

static bool span_add(Call *call, Statement *statement)
{
        ArgumentSpan span;

        if (!argument_span(call, "datetime", &span))
                return false;
        if (span.from != TIME_NONE)
                statement_time(statement, " AND i.opened >= ?::timestamptz", span.from);
        if (span.to != TIME_NONE)
                statement_time(statement, " AND i.opened <= ?::timestamptz", span.to);
        return true;
}

/* ---- flags ---- */

static bool flags_add(Call *call, Statement *statement)
{
        bool is_given, overdue, suggested, merged;

        if (!argument_flag(call, "overdue", &is_given, &overdue))
                return false;
        if (is_given)
                statement_time(statement,
                               overdue ? " AND " OPEN " AND i.deadline < ?::timestamptz"
                                       : " AND NOT (" OPEN " AND coalesce(i.deadline, 'infinity') < ?::timestamptz)",
                               time_now());
        if (!argument_flag(call, "suggested", &is_given, &suggested))
                return false;
        if (is_given)
                statement_add(statement,
                              suggested
                                      ? " AND EXISTS (SELECT FROM dw.suggestion s WHERE s.incident = i.incident)"
                                      : " AND NOT EXISTS (SELECT FROM dw.suggestion s WHERE s.incident = i.incident)");
        if (!argument_flag(call, "merged", &is_given, &merged))
                return false;
        if (!merged)
                statement_add(statement, " AND i.merged_into IS NULL");
        return true;
}

/* ---- words ---- */

static size_t code_size(const char *text)
{
        return strspn(text, "0123456789abcdefghjkmnpqrstvwxyz");
}

/* The number of an incident ends in the first characters of its id: the key's own index finds it. */
static void code_add(Statement *statement, const char *begin, const char *code, const char *end)
{
        statement_value(statement, begin, arena_format(statement->arena, "i-%.*s", CODE_SIZE, code));
        statement_value(statement, " AND i.incident < ?)", arena_format(statement->arena, "i-%.*s~", CODE_SIZE, code));
        statement_add(statement, end);
}

static void text_add(Statement *statement, const char *word)
{
        const char *pairs[WORD_MOST], *at = word, *end = word + strlen(word);
        size_t size = 0;

        statement_value(statement, "(position(? in " TEXT ") > 0", word);
        while (at < end) {
                const char *next = at, *behind;

                text_next(&next, end);
                if (next == end)
                        break;
                behind = next;
                text_next(&behind, end);
                pairs[size++] = arena_copy(statement->arena, at, (size_t)(behind - at));
                at = next;
        }
        if (size)
                statement_value(statement, " AND " PAIRS " @> ?::text[]",
                                statement_array(statement->arena, pairs, size));
        statement_add(statement, ")");
}

static void word_add(Statement *statement, char *word)
{
        for (char *at = word; *at; at++)
                *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
        if (strlen(word) == NUMBER_SIZE && strspn(word, "0123456789") == DATE_SIZE && word[DATE_SIZE] == '-' &&
            code_size(word + DATE_SIZE + 1) == CODE_SIZE) {
                code_add(statement, " AND (i.incident >= ?", word + DATE_SIZE + 1, "");
        } else if (strlen(word) == CODE_SIZE && code_size(word) == CODE_SIZE) {
                code_add(statement, " AND ((i.incident >= ?", word, " OR ");
                text_add(statement, word);
                statement_add(statement, ")");
        } else {
                statement_add(statement, " AND ");
                text_add(statement, word);
        }
}

static const char *blanks_skip(const char *text, const char *end, bool are_blank)
{
        for (const char *next = text; text < end; text = next)
                if (text_is_blank(text_next(&next, end)) != are_blank)
                        break;
        return text;
}

/* The next of the words, parted by blanks of any script; NULL: there are no more. */
static char *word_next(Arena *arena, const char **text, const char *end)
{
        const char *begin = blanks_skip(*text, end, true);

        *text = blanks_skip(begin, end, false);
        return *text > begin ? arena_copy(arena, begin, (size_t)(*text - begin)) : NULL;
}

static bool words_add(Call *call, Statement *statement)
{
        const char *text = call_argument(call, "q"), *end = text ? text + strlen(text) : NULL;
        size_t words = 0;
        char *word;

        while (text && (word = word_next(call->arena, &text, end))) {
                if (text_points(word) > WORD_MOST)
                        return call_wrong(call, "q", "a word has at most %d characters", WORD_MOST);
                if (++words > WORDS_MOST)
                        return call_wrong(call, "q", "at most %d words", WORDS_MOST);
                word_add(statement, word);
        }
        return true;
}

bool filters_add(Call *call, Statement *statement)
{
        statement_add(statement, " FROM dw.incident i WHERE i.version > 0");
        filter_zones(call, statement, "i.zone");
        return states_add(call, statement) && severities_add(call, statement) &&
               list_add(call, statement, "category", "i.category", NULL, NAME_MOST) && platforms_add(call, statement) &&
               list_add(call, statement, "zone", "i.zone", NULL, NAME_MOST) &&
               list_add(call, statement, "subdistrict", "i.subdistrict", NULL, PLACE_MOST) &&
               list_add(call, statement, "grid", "i.grid", NULL, PLACE_MOST) && box_add(call, statement) &&
               span_add(call, statement) && flags_add(call, statement) && words_add(call, statement);
}
