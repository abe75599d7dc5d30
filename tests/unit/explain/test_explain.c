#include "hub/base/text.h"
#include "tests/unit/base/run.h"
#include "tests/unit/command/bench.h"

/* A camera opened the incident, a report of the hotline joined it, an operator put a third one there and took it away. */
static const char rows[] =
        "INSERT INTO dw_1.incident (incident, zone, number, epoch, version, state, severity, category, category_name, "
        "title, opened, updated, founding, reports, platforms, rules, candidate_until, kept_until, correlator) VALUES"
        " ('i-7k3', '350206', '20231205-7K3', 1, 2, 'processing', 'low', 'E0504', '店外经营', '占道',"
        " '2023-12-05T00:10:00Z', '2023-12-05T00:20:00Z', 'p09::c-1:1', 2, '{p01,p09}', 'r', 0, 0, '{}'),"
        " ('i-8aa', '350206', '20231204-8AA', 1, 1, 'closed', 'low', 'E0504', '店外经营', '烧烤摊',"
        " '2023-12-04T00:10:00Z', '2023-12-04T00:20:00Z', 'p09::c-0:1', 1, '{p09}', 'r', 0, 0, '{}');"
        "INSERT INTO dw_1.subject (zone, subject, incident, platform, channel, first_event, last_event, state, "
        "severity, category, title, occurred, active, correlator) VALUES"
        " ('350206', 'p09::c-1', 'i-7k3', 'p09', NULL, 'x', 'x', 'received', 'low', 'E0504', '占道',"
        " '2023-12-05T00:10:00Z', true, '{}'), ('350206', 'p01::1', 'i-7k3', 'p01', '电话', 'x', 'x', 'received',"
        " 'low', 'E0504', '烧烤店占道', '2023-12-05T00:15:00Z', true, '{}');"
        "INSERT INTO ops.command (id, zone, verb, by_whom, outcome, partition, \"offset\") VALUES"
        " ('cmd:1', '350206', 'merge', 'user:lin', 'done', 0, 14);"
        "INSERT INTO dw_1.link (zone, subject, incident, partition, \"offset\", event, linked_at, unlinked_at, "
        "linked_by, decision, score, against, reasons, refused, rules, doubtful) VALUES"
        " ('350206', 'p09::c-1', 'i-7k3', 0, 11, 'p09::c-1:1', '2023-12-05T00:10:00Z', NULL, 'rules', 'new', -610,"
        " 'p09::c-0:1', '[{\"feature\":\"prior\",\"value\":\"all\",\"points\":-610}]',"
        " '[{\"incident\":\"i-8aa\",\"score\":-610}]', 'abcdefabcdefab', true),"
        " ('350206', 'p01::1', 'i-7k3', 0, 12, 'p01::1:1', '2023-12-05T00:15:00Z', NULL, 'rules', 'join', 2550,"
        " 'p09::c-1:1', '[{\"feature\":\"distance\",\"value\":8.12,\"points\":3000},"
        "{\"feature\":\"text\",\"value\":452,\"points\":-450},{\"feature\":\"age\",\"value\":180,\"points\":0}]',"
        " '[]', 'abcdefabcdefab', false),"
        " ('350206', 'p12::x', 'i-7k3', 0, 14, 'p12::x:1', '2023-12-05T00:15:00Z', '2023-12-05T00:16:00Z', 'cmd:1',"
        " 'command', NULL, NULL, '[]', '[]', 'abcdefabcdefab', false)";

static const char english[] =
        "incident 20231205-7K3 (i-7k3): 占道\n"
        "  E0504 店外经营; in progress; low severity\n"
        "  2 reports of p01, p09, opened 2023-12-05 08:10:00\n"
        "\n"
        "report 1: p09 city brain, 2023-12-05 08:10:00: 占道\n"
        "  p09::c-1:1\n"
        "  opened it: the likeliest other one scored -0.610 against p09::c-0:1: too little, or it has no room\n"
        "      -0.610  before any evidence: most reports near by are of other problems\n"
        "      -0.610  in all\n"
        "  not taken: 20231204-8AA, score -0.610: 烧烤摊\n"
        "  linked 2023-12-05 08:10:00, by rules abcdefabcdef\n"
        "  doubtful: a later revision left the incident's place or kind\n"
        "\n"
        "report 2: p01 hotline, 电话, 2023-12-05 08:15:00: 烧烤店占道\n"
        "  p01::1:1\n"
        "  joined with a score of +2.550; nearest to p09::c-1:1\n"
        "      +3.000  8.12 m apart\n"
        "      -0.450  words alike by 45 %\n"
        "      +2.550  in all; 1 more features say nothing\n"
        "  linked 2023-12-05 08:15:00, by rules abcdefabcdef\n";

START_TEST(an_operator_reads_why)
{
        static const char *const chinese[] = { "案件 20231205-7K3（i-7k3）: 占道\n",
                                               "处理中; 较轻\n",
                                               "新立：最接近的另一案件得 -0.610",
                                               "+3.000  相距 8.12 米\n",
                                               "+0.000  两者相隔 3 小时\n",
                                               "由 user:lin 人工操作 merge 归入（cmd:1）\n",
                                               "已于 2023-12-05 08:16:00 由人工移出\n" };
        static const char *const names[] = { "20231205-7k3", "i-7k3", "p01::1", "p01::1:9" };
        CLEANUP(bench_close) Bench bench;

        bench_fill(&bench, rows);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "--lang", "en", names[i], NULL), EXIT_FINE);
                ck_assert_str_eq(bench.out.bytes, english);
        }
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "--all", "--lang", "zh", "i-7k3", NULL), EXIT_FINE);
        for (size_t i = 0; i < sizeof chinese / sizeof *chinese; i++)
                ck_assert_msg(strstr(bench.out.bytes, chinese[i]) != NULL, "%s in %s", chinese[i], bench.out.bytes);
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "i-7k3", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "+3.000  相距 8.12 米 / 8.12 m apart\n"));
}
END_TEST

/* Rows of an earlier hub stand as JSON, newer ones in short: who reads the view sees no difference. */
START_TEST(what_is_stored_in_short_reads_the_same)
{
        static const char shortened[] =
                "UPDATE dw_1.link SET reasons = NULL, refused = NULL, reasons_text = 'distance=8.12:3000;text=452:-450;"
                "age=180:0', refused_text = '' WHERE score = 2550;"
                "UPDATE dw_1.link SET reasons = NULL, refused = NULL, reasons_text = 'prior=all:-610', refused_text = "
                "'i-8aa:-610' WHERE score = -610;"
                "UPDATE dw_1.link SET reasons = NULL, refused = NULL, reasons_text = '', refused_text = '' WHERE score "
                "IS NULL";
        CLEANUP(bench_close) Bench bench;
        CLEANUP(db_drop) Db *db = NULL;

        bench_fill(&bench, rows);
        db = bench_database(&bench);
        database_run(db, "CREATE TABLE told AS SELECT * FROM dw.link");
        database_run(db, shortened);
        database_run(db, "DO $$ BEGIN ASSERT (SELECT count(*) FROM told JOIN dw.link USING (zone, subject, reasons, "
                         "refused)) = 3; END $$");
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "--lang", "en", "i-7k3", NULL), EXIT_FINE);
        ck_assert_str_eq(bench.out.bytes, english);
}
END_TEST

START_TEST(points_that_do_not_add_up_are_said)
{
        CLEANUP(bench_close) Bench bench;
        CLEANUP(db_drop) Db *db = NULL;

        bench_fill(&bench, rows);
        db = bench_database(&bench);
        database_run(db, "UPDATE dw_1.link SET score = 2551 WHERE score = 2550");
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "--lang", "en", "i-7k3", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "+2.550  in all, which is NOT the score that is stored\n"));
}
END_TEST

/* What registries and warnings say stands at the incident, and at each report what was known when it came: without points. */
START_TEST(what_a_permit_changed_is_said)
{
        CLEANUP(bench_close) Bench bench;
        CLEANUP(db_drop) Db *db = NULL;

        bench_fill(&bench, rows);
        db = bench_database(&bench);
        database_run(db,
                     "UPDATE dw_1.incident SET context = '[{\"feature\":\"registry\",\"value\":\"lapsed\",\"subject\":"
                     "\"p15::118\"},{\"feature\":\"warning\",\"value\":\"in_force\"}]' WHERE incident = 'i-7k3'");
        database_run(db, "UPDATE dw_1.link SET reasons = reasons || '[{\"feature\":\"registry\",\"value\":\"in_force\","
                         "\"points\":0}]'::jsonb WHERE score = 2550");
        database_run(
                db,
                "UPDATE dw_1.link SET score = NULL, against = NULL, reasons = '[{\"feature\":\"registry\",\"value\":"
                "\"place\",\"points\":0}]' WHERE score = -610");
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "--lang", "en", "i-7k3", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes,
                                     "opened 2023-12-05 08:10:00\n"
                                     "  a permit or licence there has run out: a step graver (p15::118)\n"
                                     "  a weather warning is in force: a step graver\n\n"));
        ck_assert_ptr_nonnull(strstr(bench.out.bytes,
                                     "enough to be compared\n"
                                     "              it has no position of its own: that of the registry\n"
                                     "  not taken"));
        ck_assert_ptr_nonnull(strstr(bench.out.bytes,
                                     "by 45 %\n"
                                     "              a permit or licence is in force there: a step less grave\n"
                                     "      +2.550  in all; 1 more features say nothing\n"));
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "--lang", "zh", "i-7k3", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "  该处的许可或登记已到期：升一级 (p15::118)\n"));
}
END_TEST

START_TEST(what_is_not_known_is_exit_3)
{
        CLEANUP(bench_close) Bench bench;

        bench_fill(&bench, rows);
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "i-none", NULL), EXIT_NOTHING);
        ck_assert_str_eq(bench.err.bytes, "hub explain: no incident, case or event \"i-none\" is known\n");
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "' OR true --", NULL), EXIT_NOTHING);
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, "--lang", "fr", "i-7k3", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&bench, command_explain, NULL), EXIT_USAGE);
}
END_TEST

RUN("explain", an_operator_reads_why, what_is_stored_in_short_reads_the_same, points_that_do_not_add_up_are_said,
    what_a_permit_changed_is_said, what_is_not_known_is_exit_3)
