#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"
#include "tests/unit/command/bench.h"

/* A case of the hotline with two revisions, the second of which came again, joined to an incident of a camera. */
static const char rows[] =
        "INSERT INTO dw_1.incident (incident, zone, number, epoch, version, state, severity, category, title, opened, "
        "updated, founding,"
        " reports, platforms, rules, candidate_until, kept_until, correlator) VALUES ('i-7k3', '350206', "
        "'20231205-7K3', 1, 2, "
        "'processing', 'low',"
        " 'E0504', '占道', '2023-12-05T00:10:00Z', '2023-12-05T00:20:00Z', 'p09::c-1:1', 2, '{p01,p09}', 'r', 0, 0, "
        "'{}');"
        "INSERT INTO dw_1.subject (zone, subject, incident, platform, channel, first_event, last_event, state, outcome,"
        " severity, category, title, occurred, updated, active, correlator) VALUES ('350206', 'p01::20231205-1', "
        "'i-7k3', 'p01', '电话',"
        " 'p01::20231205-1:1', 'p01::20231205-1:2', 'closed', 'done', 'low', 'E0504', '烧烤店占道', "
        "'2023-12-05T00:10:00Z', '2023-12-05T00:20:00Z', true, '{}'),"
        " ('350206', 'p01::a%3Ab', 'i-7k3', 'p01', NULL, 'x', 'x', 'received', NULL, 'low', 'E0504', 'with a colon', "
        "'2023-12-05T00:10:00Z', NULL, true, '{}');"
        "INSERT INTO dw_1.link (zone, subject, incident, partition, \"offset\", event, linked_at, linked_by, decision, "
        "score, against,"
        " reasons, refused, rules) VALUES ('350206', 'p01::20231205-1', 'i-7k3', 0, 12, 'p01::20231205-1:1', "
        "'2023-12-05T00:10:00Z',"
        " 'rules', 'join', 6120, 'p09::c-1:1', '[]', '[]', 'r');"
        "INSERT INTO ods.record (topic, partition, \"offset\", id, subject, kind, zone, instance, received, verdict) "
        "VALUES"
        " ('hub.events.v1', 0, 12, 'p01::20231205-1:1', 'p01::20231205-1', 'report', '350206', 'line', "
        "'2023-12-05T00:11:00Z', 'stored'),"
        " ('hub.events.v1', 0, 19, 'p01::20231205-1:2', 'p01::20231205-1', 'report', '350206', 'line', "
        "'2023-12-05T00:21:00Z', 'stored'),"
        " ('hub.events.v1', 0, 30, 'p01::20231205-1:2', 'p01::20231205-1', 'report', '350206', 'line', "
        "'2023-12-05T00:25:00Z', 'duplicate'),"
        " ('hub.events.v1', 0, 31, 'p01::20231205-1:3', NULL, NULL, NULL, NULL, '2023-12-05T00:30:00Z', 'rejected');"
        "INSERT INTO ops.rejected (topic, partition, \"offset\", stage, reason, text, received) VALUES"
        " ('hub.events.v1', 0, 31, 'correlator', 'bad_value', 'zone: is none of partition 0', '2023-12-05T00:30:00Z')";

START_TEST(a_number_tells_its_whole_way)
{
        static const char *const words[] = { "case p01::20231205-1\n",
                                             "p01 hotline, by 电话, zone 350206 Huli",
                                             "closed, done, since 2023-12-05 08:20:00",
                                             "20231205-7K3 (i-7k3), processing, 2 reports of p01, p09",
                                             "joined it with a score of 6120, against p09::c-1:1",
                                             "hub.events.v1/0/12: stored",
                                             "hub.events.v1/0/30: came again, changed nothing",
                                             "hub.events.v1/0/31: REJECTED by the correlator: bad_value: zone: " };
        static const char *const numbers[] = { "20231205-1", "p01::20231205-1", "p01::20231205-1:2" };
        CLEANUP(bench_close) Bench bench;

        bench_fill(&bench, rows);
        for (size_t i = 0; i < 3; i++) {
                ck_assert_int_eq(BENCH_RUN(&bench, command_find, numbers[i], NULL), EXIT_FINE);
                for (size_t word = 0; word < sizeof(words) / sizeof(words[0]); word++)
                        ck_assert_msg(strstr(bench.out.bytes, words[word]) != NULL, "%s in %s", words[word],
                                      bench.out.bytes);
        }
        ck_assert_int_eq(BENCH_RUN(&bench, command_find, "a:b", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "case p01::a%3Ab\n"));
}
END_TEST

START_TEST(an_unknown_number_is_exit_3)
{
        CLEANUP(bench_close) Bench bench;

        bench_fill(&bench, rows);
        ck_assert_int_eq(BENCH_RUN(&bench, command_find, "20231205", NULL), EXIT_NOTHING); /* part of one is none */
        ck_assert_str_eq(bench.out.bytes, "");
        ck_assert_ptr_nonnull(strstr(bench.err.bytes, "nothing is known of \"20231205\""));
        ck_assert_int_eq(BENCH_RUN(&bench, command_find, "' OR true --", NULL), EXIT_NOTHING);
        ck_assert_int_eq(BENCH_RUN(&bench, command_find, NULL), EXIT_USAGE);
}
END_TEST

/* An analyst's afternoon hangs on it: a scan of a year's log takes minutes. */
START_TEST(the_log_is_searched_by_an_index)
{
        CLEANUP(bench_close) Bench bench;
        CLEANUP(db_drop) Db *db = NULL;
        CLEANUP(db_result_drop) DbResult *plan = NULL;
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };

        bench_fill(&bench, rows);
        db = bench_database(&bench);
        database_run(db, "SET enable_seqscan = off");
        ck_assert(db_query(db, &plan, "EXPLAIN SELECT FROM ods.record WHERE split_part(id, ':', 3) IN ('a', 'b', 'c')",
                           NULL, 0, &err));
        for (size_t i = 0; i < db_rows(plan); i++)
                buffer_text(&text, db_text(plan, i, 0));
        ck_assert_ptr_nonnull(strstr(text.bytes, "split_part"));
        ck_assert_ptr_null(strstr(text.bytes, "Seq Scan"));
        db_result_drop(&plan);
        ck_assert(db_query(db, &plan, "EXPLAIN SELECT FROM dw.subject WHERE split_part(subject, ':', 3) IN ('a', 'b')",
                           NULL, 0, &err));
        ck_assert_ptr_nonnull(strstr(db_text(plan, 0, 0), "subject"));
        ck_assert_ptr_null(strstr(db_text(plan, 0, 0), "Seq Scan"));
}
END_TEST

RUN("find", a_number_tells_its_whole_way, an_unknown_number_is_exit_3, the_log_is_searched_by_an_index)
