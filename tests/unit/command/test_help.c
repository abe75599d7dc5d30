#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/source/source.h"
#include "hub/tool/table.h"
#include "tests/unit/base/run.h"
#include "tests/unit/command/bench.h"

const CommandEntry commands[] = { { "rejected", command_rejected, "a test" },
                                  { "help", command_help, "a test" },
                                  { 0 } };

static void bench_plain(Bench *bench)
{
        *bench = (Bench){ 0 };
        snprintf(bench->folder, sizeof(bench->folder), "/tmp/hub-bench-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(bench->folder));
}

/* The table that reads an option is the one that explains it. */
START_TEST(each_part_tells_what_it_may_hold)
{
        static const char *const parts[][2] = {
                { "kafka", "  brokers           host:port, several by commas (text, default 127.0.0.1:9092)" },
                { "root", "  state " },
                { "instances", "  zone " },
                { "mqtt", "  qos               1: at least once; 0: what comes while we are away is lost (integer "
                          "0..1, default 1)" },
                { "hotline", "  crs " },
                { "rejected", "usage: hub rejected list" },
        };
        CLEANUP(bench_close) Bench bench;

        bench_plain(&bench);
        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
                ck_assert_int_eq(BENCH_RUN(&bench, command_help, parts[i][0], NULL), EXIT_FINE);
                ck_assert_msg(strstr(bench.out.bytes, parts[i][1]) != NULL, "%s: %s", parts[i][0], bench.out.bytes);
        }
        for (size_t i = 0; adapters[i]; i++)
                ck_assert_int_eq(BENCH_RUN(&bench, command_help, adapters[i]->name, NULL), EXIT_FINE);
        for (size_t i = 0; sources[i]; i++)
                ck_assert_int_eq(BENCH_RUN(&bench, command_help, sources[i]->kind, NULL), EXIT_FINE);
}
END_TEST

START_TEST(an_unknown_part_gets_the_nearest_name)
{
        CLEANUP(bench_close) Bench bench;

        bench_plain(&bench);
        ck_assert_int_eq(BENCH_RUN(&bench, command_help, "htp_poll", NULL), EXIT_USAGE);
        ck_assert_str_eq(bench.err.bytes, "hub help: no part \"htp_poll\"; did you mean \"http_poll\"?\n");
        ck_assert_int_eq(BENCH_RUN(&bench, command_help, "--json-schema", "mqtt", NULL), EXIT_USAGE);
}
END_TEST

/* What an editor marks red is what hub check refuses: the same names, the same choices, the same bounds. */
START_TEST(the_schema_knows_every_option)
{
        CLEANUP(bench_close) Bench bench;
        CLEANUP(json_drop) json_t *schema = NULL;
        const json_t *rules, *instance;
        Error err = { 0 };

        bench_plain(&bench);
        ck_assert_int_eq(BENCH_RUN(&bench, command_help, "--json-schema", NULL), EXIT_FINE);
        schema = json_read_typed(bench.out.bytes, bench.out.size, &err);
        ck_assert_msg(schema != NULL, "%s", err.text);
        ck_assert_ptr_nonnull(json_at(schema, "properties.kafka.properties.brokers"));
        ck_assert_ptr_nonnull(json_at(schema, "properties.state"));
        instance = json_at(schema, "properties.instances.additionalProperties");
        ck_assert_int_eq(
                json_integer_value(json_at(instance, "properties.source.allOf.0.then.properties.qos.anyOf.0.maximum")),
                1);
        rules = json_at(instance, "allOf");
        for (size_t i = 0; adapters[i]; i++) {
                const json_t *rule = json_array_get(rules, i);
                Option option;

                ck_assert_str_eq(json_text(rule, "if.properties.adapter.const"), adapters[i]->name);
                for (size_t k = 0; option_at(adapters[i]->options, adapters[i]->options_size, k, &option); k++)
                        ck_assert_ptr_nonnull(
                                json_object_get(json_at(rule, "then.properties.options.properties"), option.name));
        }
}
END_TEST

RUN("help", each_part_tells_what_it_may_hold, an_unknown_part_gets_the_nearest_name, the_schema_knows_every_option)
