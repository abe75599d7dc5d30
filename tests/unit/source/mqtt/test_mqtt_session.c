/* What a broker's session keeps beyond what we want now, and what it does not keep at all. */

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "tests/unit/source/mqtt/world.h"

#include <fcntl.h>

static char *session_text(const World *world)
{
        CLEANUP(mem_drop) char *path = text_format("%s/spool/session", world->folder);
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };

        ck_assert_msg(file_read(&text, path, 4096, &err), "%s", err.text);
        return text_copy(text.bytes);
}

/* Returns once the broker has just the topics of now, as the file says. */
static void settled(World *world, const char *topics)
{
        CLEANUP(mem_drop) char *wanted = text_format("\"known\":true,\"topics\":[%s]", topics);
        bool there = false;

        for (int i = 0; !there && i < TURNS; i++) {
                const SourceResult result = turn(world);
                CLEANUP(mem_drop) char *text = session_text(world);

                ck_assert_int_ne(result, SOURCE_RECORD);
                there = strstr(text, wanted);
        }
        ck_assert_msg(there, "not settled: %s", wanted);
}

static void topics_set(World *world, const char *url, const char *topics)
{
        CLEANUP(mem_drop) char *setting = text_format("topics=%s", topics);

        options_free(source_mqtt.options, source_mqtt.options_size, &world->options);
        if (url)
                options_of(world, (const char *const[]){ setting, url, NULL });
        else
                options_of(world, (const char *const[]){ setting, NULL });
}

static void other_is_gone(World *world)
{
        publish(&world->broker, "other", "-m unwanted");
        publish(&world->broker, "frigate/events", "-m wanted");
        record(world, "wanted");
        acknowledge(world);
}

START_TEST(topics_taken_out_are_unsubscribed)
{
        static const char *const settings[] = { NULL };
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        settled(&world, "\"frigate/#\",\"other\"");
        source_stop(&world);
        topics_set(&world, NULL, "frigate/#");
        source_start(&world, false);
        settled(&world, "\"frigate/#\"");
        other_is_gone(&world);
        world_close(&world);
}
END_TEST

/* A start in between that never reached the broker forgets nothing; nor one that ran under another name of ours. */
START_TEST(topics_are_remembered_until_the_broker_let_go)
{
        static const char *const settings[] = { NULL };
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        settled(&world, "\"frigate/#\",\"other\"");
        source_stop(&world);
        CLEANUP(mem_drop) char *nobody = text_format("url=tcp://127.0.0.1:%d", port_free());
        topics_set(&world, nobody, "frigate/#");
        source_start(&world, false);
        away(&world, "refused, or no answer");
        source_stop(&world);
        topics_set(&world, NULL, "frigate/#");
        source_start(&world, false);
        settled(&world, "\"frigate/#\"");
        other_is_gone(&world);
        world_close(&world);
}
END_TEST

/* Two filters overlap, the wider one goes: nothing is lost on the way. */
START_TEST(a_narrower_topic_takes_over_from_a_wider_one)
{
        static const char *const settings[] = { NULL };
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        settled(&world, "\"frigate/#\",\"other\"");
        source_stop(&world);
        publish(&world.broker, "frigate/events", "-m meanwhile");
        topics_set(&world, NULL, "frigate/events");
        source_start(&world, false);
        record(&world, "meanwhile");
        acknowledge(&world);
        settled(&world, "\"frigate/events\"");
        publish(&world.broker, "frigate/stats", "-m unwanted");
        publish(&world.broker, "frigate/events", "-m wanted");
        record(&world, "wanted");
        world_close(&world);
}
END_TEST

/* The marks of before are empty files. */
START_TEST(a_session_of_before_is_known)
{
        CLEANUP(mem_drop) char *error = NULL;
        static const char *const settings[] = { NULL };
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        source_stop(&world);
        text_write(world.folder, "spool/session", "");
        source_start(&world, false);
        error = session_text(&world);
        ck_assert_str_eq(error,
                         "{\"client_id\":\"hub-citybrain\",\"known\":true,\"topics\":[\"frigate/#\",\"other\"]}\n");
        world_close(&world);
}
END_TEST

static int64_t unpromised(World *world)
{
        SourceSpool spool = { 0 };

        source_mqtt.spool(world->source, &spool);
        return spool.unpromised;
}

static size_t count(const char *text, const char *part)
{
        size_t found = 0;

        for (const char *at = text; (at = strstr(at, part)); at++)
                found++;
        return found;
}

/* Whoever publishes with QoS 0 sends it once, arrive or not: an operator must know that, though not at each message. */
START_TEST(a_publication_without_promise_is_told_once)
{
        static const char *const settings[] = { NULL };
        CLEANUP(buffer_free) Buffer said = { 0 };
        World world;
        Error err = { 0 };

        world_open(&world, settings);
        CLEANUP(mem_drop) char *path = text_format("%s/log", world.folder);
        const int stderr_before = dup(STDERR_FILENO), file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        dup2(file, STDERR_FILENO);
        source_start(&world, false);
        settled(&world, "\"frigate/#\",\"other\"");
        publish(&world.broker, "frigate/events", "-m one");
        record(&world, "one");
        ck_assert_int_eq(unpromised(&world), 0);
        publish(&world.broker, "frigate/events", "-q 0 -m two");
        record(&world, "two");
        publish(&world.broker, "other", "-q 0 -m three");
        record(&world, "three");
        ck_assert_int_eq(unpromised(&world), 2);
        dup2(stderr_before, STDERR_FILENO);
        close(stderr_before);
        close(file);
        ck_assert_msg(file_read(&said, path, 65536, &err), "%s", err.text);
        ck_assert_uint_eq(count(said.bytes, "QoS 0"), 1);
        ck_assert_ptr_nonnull(strstr(said.bytes, "\"topic\":\"frigate/events\""));
        world_close(&world);
}
END_TEST

/* Who asks for QoS 0 himself knows. */
START_TEST(where_nothing_is_promised_nothing_is_told)
{
        static const char *const settings[] = { "qos=0", NULL };
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        settled(&world, "\"frigate/#\",\"other\"");
        publish(&world.broker, "frigate/events", "-m one");
        record(&world, "one");
        ck_assert_int_eq(unpromised(&world), 0);
        world_close(&world);
}
END_TEST

RUN("mqtt session", topics_taken_out_are_unsubscribed, topics_are_remembered_until_the_broker_let_go,
    a_narrower_topic_takes_over_from_a_wider_one, a_session_of_before_is_known,
    a_publication_without_promise_is_told_once, where_nothing_is_promised_nothing_is_told)
