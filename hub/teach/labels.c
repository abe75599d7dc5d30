#include "hub/teach/labels.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/event/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 2000 };

/* Undone ones hold no more; what merge, split and apart wrote is gone with them. */
static const char commands_sql[] = "CREATE TEMP TABLE said AS SELECT c.zone, c.id, c.verb, c.incident FROM ops.command "
                                   "c WHERE c.outcome = 'done' AND"
                                   " c.verb IN ('merge', 'split', 'apart', 'confirm') AND NOT EXISTS (SELECT FROM "
                                   "ops.command u WHERE u.zone = c.zone"
                                   " AND u.verb = 'undo' AND u.outcome = 'done' AND u.args::json ->> 'command' = c.id)";

static const char counts_sql[] =
        "SELECT count(*) FILTER (WHERE verb = 'merge'), count(*) FILTER (WHERE verb = 'split'),"
        " count(*) FILTER (WHERE verb = 'apart'), count(*) FILTER (WHERE verb = 'confirm') FROM "
        "said";

/* In the schema of the live generation. */
static const char labels_sql[] =
        "WITH pair AS (SELECT p.zone, p.one, p.other FROM pair_rule p JOIN said ON said.zone = p.zone AND"
        " said.id = p.command), named AS (SELECT zone, one AS subject FROM pair UNION SELECT zone, other FROM pair),"
        " touched AS (SELECT s.incident FROM named JOIN subject s USING (zone, subject) UNION"
        " SELECT coalesce(i.merged_into, i.incident) FROM said JOIN incident i ON i.incident = said.incident"
        " WHERE said.verb = 'confirm')"
        " SELECT s.subject, s.incident FROM subject s JOIN touched USING (incident) WHERE s.active";

static bool counts_load(Db *db, Labels *labels, Error *err)
{
        CLEANUP(db_result_drop) DbResult *counts = NULL;

        if (!db_run(db, commands_sql, err) || !db_query(db, &counts, counts_sql, NULL, 0, err))
                return error_add(err, "commands");
        *labels = (Labels){ .merges = db_integer(counts, 0, 0),
                            .splits = db_integer(counts, 0, 1),
                            .aparts = db_integer(counts, 0, 2),
                            .confirms = db_integer(counts, 0, 3) };
        return true;
}

static bool truth_load(Db *db, Map *truth, Labels *labels, Error *err)
{
        CLEANUP(db_result_drop) DbResult *live = NULL, *rows = NULL;
        CLEANUP(map_drop) Map *incidents = map_new();
        char schema[64];

        if (!db_query(db, &live, "SELECT ops.live_generation()", NULL, 0, err))
                return false;
        snprintf(schema, sizeof schema, "SET LOCAL search_path = dw_%d, public", (int)db_integer(live, 0, 0));
        if (!db_run(db, schema, err) || !db_query(db, &rows, labels_sql, NULL, 0, err))
                return error_add(err, "labels");
        for (size_t i = 0; i < db_rows(rows); i++) {
                if (!map_get_text(truth, db_text(rows, i, 0)))
                        map_put_text(truth, db_text(rows, i, 0), text_copy(db_text(rows, i, 1)));
                map_put_text(incidents, db_text(rows, i, 1), labels);
        }
        labels->reports = (int64_t)map_size(truth);
        labels->incidents = (int64_t)map_size(incidents);
        return labels->reports > 0 ||
               error_set(err, ERR_INPUT, NULL,
                         "no merge, split, apart or confirm holds: there is nothing to learn from (hub suggest "
                         "--most-telling 10 asks what teaches most)");
}

/* What operators said of belonging together is the truth, no part of what is decided. */
static bool is_label(const EventValue *value)
{
        static const char *const verbs[] = { "merge", "split", "apart", "undo" };

        for (size_t i = 0; value->kind == KIND_COMMAND && i < sizeof verbs / sizeof *verbs; i++)
                if (text_same(value->command.verb, verbs[i]))
                        return true;
        return false;
}

static bool page_take(const DbResult *rows, EventReader *reader, Lesson *lesson, size_t *room, Error *err)
{
        for (size_t i = 0; i < db_rows(rows); i++) {
                EventValue value;

                if (!event_read(reader, db_text(rows, i, 2), db_size(rows, i, 2), &value, err))
                        return error_add(err, "offset %s of partition %s", db_text(rows, i, 1), db_text(rows, i, 0));
                if (is_label(&value))
                        continue;
                if (lesson->size == *room) {
                        *room = *room ? *room * 2 : 1024;
                        lesson->lines = mem_resize(lesson->lines, *room * sizeof *lesson->lines);
                }
                lesson->lines[lesson->size++] = text_copy(db_text(rows, i, 2));
        }
        return true;
}

static bool log_load(Db *db, const char *topic, const char *since, Lesson *lesson, Error *err)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        char partition[24] = "-1", offset[24] = "-1", page[16];
        const char *const values[] = { topic, since, partition, offset, page };
        size_t room = 0, size = PAGE;

        snprintf(page, sizeof page, "%d", PAGE);
        while (size == PAGE) {
                CLEANUP(db_result_drop) DbResult *rows = NULL;

                if (!db_query(db, &rows,
                              "SELECT partition, \"offset\", text FROM ods.record WHERE topic = $1 AND verdict IN"
                              " ('stored', 'command', 'tick') AND received >= coalesce($2::timestamptz, (SELECT"
                              " max(received) - interval '92 days' FROM ods.record WHERE topic = $1 AND verdict = "
                              "'stored'))"
                              " AND (partition, \"offset\") > ($3::int, $4::bigint) ORDER BY partition, \"offset\""
                              " LIMIT $5::bigint",
                              values, 5, err))
                        return error_add(err, "reading the log");
                size = db_rows(rows);
                if (!page_take(rows, reader, lesson, &room, err))
                        return false;
                if (size > 0) {
                        snprintf(partition, sizeof partition, "%s", db_text(rows, size - 1, 0));
                        snprintf(offset, sizeof offset, "%s", db_text(rows, size - 1, 1));
                }
        }
        return true;
}

bool labels_load(Db *db, const char *topic, const char *since, Lesson *lesson, Map *truth, Labels *labels, Error *err)
{
        return counts_load(db, labels, err) && truth_load(db, truth, labels, err) &&
               log_load(db, topic, since, lesson, err);
}
