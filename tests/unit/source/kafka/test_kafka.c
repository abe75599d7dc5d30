#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/yaml.h"
#include "hub/source/kafka/kafka_options.h"
#include "hub/source/source.h"
#include "tests/unit/base/run.h"
#include "tests/unit/kafka/mock.h"

#include <string.h>

typedef struct {
        Mock mock;
        KafkaSourceOptions options;
        SourceSetup setup;
        Source *source;
        SourceRecord record;
        Error err;
        char *checkpoint;
} World;

static void source_start(World *world)
{
        world->setup.checkpoint = world->checkpoint;
        world->source = source_kafka.open(&world->setup, &world->err);
        ck_assert_msg(world->source != NULL, "%s", world->err.text);
}

/* As the runner does: the position goes into the checkpoint, and the next start begins with it. */
static void source_stop(World *world)
{
        const char *position = source_kafka.position(world->source);

        if (position) {
                free(world->checkpoint);
                world->checkpoint = text_copy(position);
        }
        source_kafka.close(world->source);
        world->source = NULL;
}

static void options_fill(World *world, const char *const *settings)
{
        CLEANUP(mem_drop) char *brokers = text_format("brokers=%s", world->mock.options.brokers);
        const char *given[16] = { brokers, "topic=cases" };
        size_t size = 2;

        while (settings && *settings)
                given[size++] = *settings++;
        ck_assert_msg(options_set(source_kafka.options, source_kafka.options_size, given, size, ".", &world->options,
                                  &world->err),
                      "%s", world->err.text);
        ck_assert_msg(source_kafka.check(&world->options, &world->err), "%s", world->err.text);
}

static void world_open(World *world, int partitions, const char *const *settings)
{
        memset(world, 0, sizeof(*world));
        mock_open(&world->mock, "cases", partitions);
        options_fill(world, settings);
        world->setup = (SourceSetup){ .instance = "grid", .folder = "/tmp", .options = &world->options, .once = true };
}

static void world_close(World *world)
{
        if (world->source)
                source_kafka.close(world->source);
        options_free(source_kafka.options, source_kafka.options_size, &world->options);
        free(world->checkpoint);
        mock_close(&world->mock);
}

static void report_need(void *context, void *opaque, bool delivered, const char *error)
{
        (void)context;
        (void)opaque;
        ck_assert_msg(delivered, "%s", error);
}

/* value NULL: a tombstone. */
static void put(const World *world, int32_t partition, const char *key, const char *value, size_t size)
{
        static const KafkaHeader headers[] = { { "content-type", "application/json", 16 }, { "ce_type", "case", 4 } };
        KafkaMessage message = { .topic = "cases",
                                 .partition = partition,
                                 .key = key,
                                 .key_size = key ? strlen(key) : 0,
                                 .value = value,
                                 .value_size = size,
                                 .headers = headers,
                                 .headers_size = 2 };
        Error err = { 0 };
        KafkaProducer *producer = kafka_producer_open(&world->mock.options, report_need, NULL, &err);

        ck_assert_int_eq(kafka_produce(producer, &message, NULL, &err), KAFKA_TAKEN);
        ck_assert(kafka_producer_flush(producer, 30000));
        kafka_producer_close(producer);
}

static void fill(const World *world, int32_t partition, int count)
{
        for (int i = 0; i < count; i++) {
                char value[16];

                put(world, partition, "k", value, (size_t)snprintf(value, sizeof(value), "%d/%d", (int)partition, i));
        }
}

static SourceResult next(World *world)
{
        SourceResult result = SOURCE_IDLE;

        for (int i = 0; i < 600 && result == SOURCE_IDLE; i++)
                result = source_kafka.read(world->source, 50, &world->record, &world->err);
        return result;
}

static void next_is(World *world, const char *position, const char *text)
{
        ck_assert_int_eq(next(world), SOURCE_RECORD);
        ck_assert_msg(!world->record.refusal.kind, "%s", world->record.refusal.text);
        ck_assert_str_eq(world->record.record.position, position);
        ck_assert_str_eq(world->record.record.bytes, text);
}

/* A loss of theirs, in its place, with a number that a person can use. */
static void alarm_is(World *world, const char *position, const char *text)
{
        ck_assert_int_eq(next(world), SOURCE_RECORD);
        ck_assert_int_eq(world->record.refusal.kind, ERR_INPUT);
        ck_assert_str_eq(world->record.record.position, position);
        ck_assert_msg(strstr(world->record.refusal.text, text) != NULL, "%s", world->record.refusal.text);
        ck_assert_uint_eq(world->record.record.size, 0);
}

static void acknowledge(World *world)
{
        ck_assert(source_kafka.acknowledge(world->source, world->record.token, &world->err));
}

static const char *header_of(const Record *record, const char *name)
{
        const RecordHeader *header = record->headers;

        while (header->name && strcmp(header->name, name) != 0)
                header++;
        return header->value;
}

START_TEST(a_record_comes_with_all_that_its_owner_gave_it)
{
        CLEANUP(world_close) World world;

        world_open(&world, 1, NULL);
        put(&world, 0, "HLWG1", "{\"a\":1}tail", 7);
        put(&world, 0, "HLWG1", NULL, 0);
        put(&world, 0, NULL, "x", 1);
        put(&world, 0, "\xff\xfe", "y", 1);
        source_start(&world);
        next_is(&world, "cases/0/0", "{\"a\":1}");
        ck_assert_str_eq(world.record.record.channel, "cases");
        ck_assert_str_eq(world.record.record.key, "HLWG1");
        ck_assert_str_eq(world.record.record.content_type, "application/json");
        ck_assert_str_eq(header_of(&world.record.record, "ce_type"), "case");
        ck_assert_ptr_null(header_of(&world.record.record, "absent"));
        ck_assert_int_gt(world.record.record.received_ms, 0);
        next_is(&world, "cases/0/1", "");
        ck_assert_uint_eq(world.record.record.size, 0);
        ck_assert_str_eq(world.record.record.key, "HLWG1");
        next_is(&world, "cases/0/2", "x");
        ck_assert_ptr_null(world.record.record.key);
        next_is(&world, "cases/0/3", "y");
        ck_assert_ptr_null(world.record.record.key);
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

START_TEST(what_is_acknowledged_is_not_read_again_and_the_rest_is)
{
        CLEANUP(world_close) World world;

        world_open(&world, 1, NULL);
        fill(&world, 0, 4);
        source_start(&world);
        next_is(&world, "cases/0/0", "0/0");
        next_is(&world, "cases/0/1", "0/1");
        acknowledge(&world);
        next_is(&world, "cases/0/2", "0/2");
        source_stop(&world);
        source_start(&world);
        next_is(&world, "cases/0/2", "0/2");
        next_is(&world, "cases/0/3", "0/3");
        acknowledge(&world);
        source_stop(&world);
        source_start(&world);
        ck_assert_int_eq(next(&world), SOURCE_END);
        ck_assert_int_eq(source_kafka.lag(world.source), 0);
}
END_TEST

START_TEST(all_partitions_or_those_that_are_listed)
{
        static const char *const settings[] = { "partitions=2", NULL };
        CLEANUP(world_close) World world;
        int seen[3] = { 0 };

        world_open(&world, 3, NULL);
        for (int32_t i = 0; i < 3; i++)
                fill(&world, i, 2);
        source_start(&world);
        for (int i = 0; i < 6; i++) {
                ck_assert_int_eq(next(&world), SOURCE_RECORD);
                seen[world.record.record.bytes[0] - '0']++;
        }
        for (int i = 0; i < 3; i++)
                ck_assert_int_eq(seen[i], 2);
        source_stop(&world);
        mem_drop(&world.checkpoint);
        options_free(source_kafka.options, source_kafka.options_size, &world.options);
        options_fill(&world, settings);
        source_start(&world);
        next_is(&world, "cases/2/0", "2/0");
        next_is(&world, "cases/2/1", "2/1");
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

/* The end is a position too: what came between two starts must not be skipped by asking for the end once more. */
START_TEST(the_end_is_kept_as_a_position)
{
        static const char *const settings[] = { "start=end", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, 1, settings);
        fill(&world, 0, 3);
        source_start(&world);
        ck_assert_int_eq(next(&world), SOURCE_END);
        source_stop(&world);
        put(&world, 0, "k", "new", 3);
        source_start(&world);
        next_is(&world, "cases/0/3", "new");
}
END_TEST

START_TEST(a_topic_shorter_than_we_know_it_was_made_anew)
{
        CLEANUP(world_close) World world;

        world_open(&world, 1, NULL);
        fill(&world, 0, 2);
        world.checkpoint = text_copy("cases 0:500=0000000000000001");
        source_start(&world);
        alarm_is(&world, "cases/0/500", "we were at 500 and it ends at 2");
        ck_assert_str_eq(source_kafka.position(world.source), "cases 0:500=0000000000000001");
        acknowledge(&world);
        ck_assert_str_eq(source_kafka.position(world.source), "cases 0:0");
        next_is(&world, "cases/0/0", "0/0");
        next_is(&world, "cases/0/1", "0/1");
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

/* It has grown past our offset by now: only the record before it tells. */
START_TEST(a_topic_with_another_record_at_our_place_was_made_anew)
{
        CLEANUP(world_close) World world;

        world_open(&world, 1, NULL);
        fill(&world, 0, 5);
        world.checkpoint = text_copy("cases 0:3=0000000000000001");
        source_start(&world);
        alarm_is(&world, "cases/0/3", "another record stands at 2");
        for (int i = 0; i < 5; i++) {
                char position[32], text[32];

                snprintf(position, sizeof(position), "cases/0/%d", i);
                snprintf(text, sizeof(text), "0/%d", i);
                next_is(&world, position, text);
        }
        ck_assert_int_eq(next(&world), SOURCE_END);
}
END_TEST

/* The mock keeps 5 MB a partition. */
START_TEST(retention_that_passed_us_is_counted)
{
        enum { LARGE = 900 * 1000 };
        CLEANUP(world_close) World world;
        CLEANUP(mem_drop) char *large = mem_new(LARGE);
        KafkaConsumer *consumer;
        char text[64], position[32];
        int64_t low = 0, high = 0;

        world_open(&world, 1, NULL);
        for (int i = 0; i < LARGE; i++)
                large[i] = (char)rand(); /* what can be compressed would not fill it */
        for (int i = 0; i < 12; i++)
                put(&world, 0, "k", large, LARGE);
        consumer = kafka_consumer_open(&world.mock.options, "test", &world.err);
        ck_assert(kafka_consumer_watermarks(consumer, "cases", 0, &low, &high, &world.err));
        kafka_consumer_close(consumer);
        ck_assert_int_gt(low, 3);
        world.checkpoint = text_copy("cases 0:2");
        source_start(&world);
        snprintf(text, sizeof(text), "%d offsets are lost", (int)low - 2);
        snprintf(position, sizeof(position), "cases/0/%d", (int)low);
        alarm_is(&world, "cases/0/2", text);
        ck_assert_int_eq(next(&world), SOURCE_RECORD);
        ck_assert_str_eq(world.record.record.position, position);
}
END_TEST

START_TEST(a_topic_that_is_gone_is_told_and_waited_for)
{
        CLEANUP(world_close) World world;
        SourceResult result = SOURCE_AWAY;

        world_open(&world, 1, NULL);
        fill(&world, 0, 1);
        world.checkpoint = text_copy("cases 0:1");
        rd_kafka_mock_topic_set_error(world.mock.cluster, "cases", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
        source_start(&world);
        ck_assert_int_eq(next(&world), SOURCE_AWAY);
        ck_assert_int_eq(world.err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(world.err.text, "topic cases does not exist"));
        for (int i = 0; i < 600 && result == SOURCE_AWAY; i++)
                result = source_kafka.read(world.source, 50, &world.record, &world.err);
        ck_assert_int_eq(result, SOURCE_RECORD);
        ck_assert_str_eq(world.record.record.position, "cases");
        ck_assert_ptr_nonnull(
                strstr(world.record.refusal.text, "the topic is gone, with all that it held after cases 0:1"));
        acknowledge(&world);
        rd_kafka_mock_topic_set_error(world.mock.cluster, "cases", RD_KAFKA_RESP_ERR_NO_ERROR);
        put(&world, 0, "k", "back", 4);
        result = SOURCE_AWAY;
        for (int i = 0; i < 600 && (result == SOURCE_AWAY || result == SOURCE_IDLE); i++)
                result = source_kafka.read(world.source, 50, &world.record, &world.err);
        ck_assert_int_eq(result, SOURCE_RECORD);
        ck_assert_str_eq(world.record.record.bytes, "back");
}
END_TEST

/* The mock never answers a second joining: that a group's next member begins there is shown on real Kafka. */
START_TEST(a_group_keeps_our_positions)
{
        static const char *const settings[] = { "group=hub-huli", NULL };
        CLEANUP(world_close) World world;
        KafkaPosition position = { .topic = "cases" };
        KafkaConsumer *member;

        world_open(&world, 1, settings);
        fill(&world, 0, 4);
        source_start(&world);
        next_is(&world, "cases/0/0", "0/0");
        next_is(&world, "cases/0/1", "0/1");
        acknowledge(&world);
        next_is(&world, "cases/0/2", "0/2");
        ck_assert_ptr_null(source_kafka.position(world.source));
        source_stop(&world);
        member = kafka_consumer_open(&world.mock.options, "hub-huli", &world.err);
        ck_assert_msg(kafka_consumer_committed(member, &position, 1, &world.err), "%s", world.err.text);
        ck_assert_int_eq(position.offset, 2);
        kafka_consumer_close(member);
}
END_TEST

START_TEST(a_dry_run_joins_no_group)
{
        static const char *const settings[] = { "group=hub-huli", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, 1, settings);
        world.setup.folder = NULL;
        fill(&world, 0, 1);
        for (int i = 0; i < 2; i++) {
                source_start(&world);
                next_is(&world, "cases/0/0", "0/0");
                acknowledge(&world);
                ck_assert_int_eq(next(&world), SOURCE_END);
                source_stop(&world);
        }
}
END_TEST

START_TEST(the_check_asks_for_topic_and_partitions)
{
        static const char *const settings[] = { "partitions=0,3", NULL };
        CLEANUP(world_close) World world;

        world_open(&world, 4, settings);
        ck_assert_msg(source_kafka.connect_check(&world.options, &world.err), "%s", world.err.text);
        free(world.options.partitions.items[1]);
        world.options.partitions.items[1] = text_copy("4");
        ck_assert(!source_kafka.connect_check(&world.options, &world.err));
        ck_assert_ptr_nonnull(strstr(world.err.text, "has 4 partitions, no number 4"));
        rd_kafka_mock_topic_set_error(world.mock.cluster, "cases", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
        ck_assert(!source_kafka.connect_check(&world.options, &world.err));
        ck_assert_ptr_nonnull(strstr(world.err.text, "does not exist"));
}
END_TEST

typedef struct {
        const char *setting, *text;
} Wrong;

START_TEST(what_the_table_cannot_say)
{
        static const Wrong wrongs[] = {
                { "topic=a b", "no name of a topic" },
                { "topic=..", "no name of a topic" },
                { "partitions=x", "no number" },
                { "partitions=-1", "no number" },
                { "group=", "empty" },
                { "key_file=/k", "go together" },
                { "security=sasl_ssl", "needs user and" },
        };

        for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
                const char *given[] = { "brokers=b:1", "topic=t", wrongs[i].setting };
                KafkaSourceOptions of = { 0 };
                bool replaces = text_starts(wrongs[i].setting, "topic=");
                Error err = { 0 };

                if (replaces)
                        given[1] = wrongs[i].setting;
                ck_assert_msg(options_set(source_kafka.options, source_kafka.options_size, given, replaces ? 2 : 3, ".",
                                          &of, &err),
                              "%s", err.text);
                ck_assert_msg(!source_kafka.check(&of, &err), "%s", wrongs[i].setting);
                ck_assert_msg(strstr(err.text, wrongs[i].text) != NULL, "%s", err.text);
                options_free(source_kafka.options, source_kafka.options_size, &of);
        }
}
END_TEST

RUN("kafka", a_record_comes_with_all_that_its_owner_gave_it, what_is_acknowledged_is_not_read_again_and_the_rest_is,
    all_partitions_or_those_that_are_listed, the_end_is_kept_as_a_position,
    a_topic_shorter_than_we_know_it_was_made_anew, a_topic_with_another_record_at_our_place_was_made_anew,
    retention_that_passed_us_is_counted, a_topic_that_is_gone_is_told_and_waited_for, a_group_keeps_our_positions,
    a_dry_run_joins_no_group, the_check_asks_for_topic_and_partitions, what_the_table_cannot_say)
