#include "hub/base/time.h"
#include "tests/unit/source/mqtt/world.h"

#include <pthread.h>

/* A retained message shows that the broker has our subscription: it comes when it is granted. */
static void subscribed(World *world)
{
        publish(&world->broker, "frigate/available", "-r -m online");
        record(world, "online");
        acknowledge(world);
}

START_TEST(what_is_published_comes_with_its_topic)
{
        static const char *const settings[] = { NULL };
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        subscribed(&world);
        publish(&world.broker, "frigate/events", "-m '{\"a\":1}'");
        publish(&world.broker, "other", "-n");
        record(&world, "{\"a\":1}");
        ck_assert_str_eq(world.read.record.channel, "frigate/events");
        ck_assert_ptr_nonnull(world.read.record.position);
        ck_assert_int_ge(world.read.record.received_ms, time_now() - 60000);
        record(&world, "");
        ck_assert_str_eq(world.read.record.channel, "other");
        ck_assert_uint_eq(world.read.record.size, 0);
        acknowledge(&world);
        world_close(&world);
}
END_TEST

/* Opens the source in a process of its own, which tells of each record it read, acknowledges none, and is killed at `records`. */
static void killed_at(World *world, int records)
{
        int told[2];
        char byte;
        pid_t child;

        ck_assert_int_eq(pipe(told), 0);
        child = fork();
        if (child == 0) {
                source_start(world, false);
                for (;;)
                        if (turn(world) == SOURCE_RECORD && write(told[1], "+", 1) != 1)
                                _exit(1);
        }
        close(told[1]);
        for (int i = 0; i < records; i++)
                ck_assert_msg(read(told[0], &byte, 1) == 1, "the child ended early");
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        close(told[0]);
}

/* The promise: the broker has its PUBACK and forgets, Kafka has nothing yet, the process dies. */
START_TEST(a_kill_before_the_acknowledgement_loses_nothing)
{
        static const char *const settings[] = { NULL };
        World world;

        world_open(&world, settings);
        publish(&world.broker, "frigate/available", "-r -m online");
        killed_at(&world, 1);
        publish(&world.broker, "frigate/events", "-m one");
        publish(&world.broker, "frigate/events", "-m two");
        killed_at(&world, 4); /* online (spool), online (retained again), one, two: in whatever order */
        broker_kill(&world.broker);
        source_start(&world, false);
        for (int ones = 0, twos = 0; !ones || !twos;) {
                SourceResult result = turn(&world);

                for (int i = 0; result != SOURCE_RECORD && i < TURNS; i++)
                        result = turn(&world);
                ck_assert_msg(result == SOURCE_RECORD, "lost: %s%s", ones ? "" : "one ", twos ? "" : "two");
                ones += !strcmp(world.read.record.bytes, "one");
                twos += !strcmp(world.read.record.bytes, "two");
        }
        broker_start(&world.broker);
        world_close(&world);
}
END_TEST

/* Unacknowledged ones come again, acknowledged ones do not. */
START_TEST(a_restart_goes_on_where_it_was)
{
        static const char *const settings[] = { NULL };
        char position[64];
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        subscribed(&world);
        publish(&world.broker, "frigate/events", "-m one");
        publish(&world.broker, "frigate/events", "-m two");
        record(&world, "one");
        acknowledge(&world);
        record(&world, "two");
        snprintf(position, sizeof(position), "%s", world.read.record.position);
        source_stop(&world);
        publish(&world.broker, "frigate/events", "-m three");
        source_start(&world, false);
        record(&world, "two");
        ck_assert_str_eq(world.read.record.position, position);
        world_close(&world);
}
END_TEST

/* A broker that was made anew knows neither session nor subscription. */
START_TEST(a_new_broker_is_subscribed_again)
{
        static const char *const settings[] = { NULL };
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        subscribed(&world);
        broker_kill(&world.broker);
        away(&world, "mqtt tcp://127.0.0.1:");
        broker_start(&world.broker);
        publish(&world.broker, "frigate/available", "-r -m again");
        record(&world, "again");
        world_close(&world);
}
END_TEST

START_TEST(a_wrong_password_is_one_line)
{
        static const char *const settings[] = { "user=hub", NULL };
        CLEANUP(mem_drop) char *password = NULL;
        World world = { 0 };
        CLEANUP(mem_drop) char *access = text_format("password_file %s/users", test_folder(world.folder));

        text_write(world.folder, "users", "");
        text_write(world.folder, "password", "geheim\n");
        broker_open(&world.broker, world.folder, access);
        password = text_format("password_file=%s/password", world.folder);
        options_of(&world, (const char *const[]){ settings[0], password, NULL });
        source_start(&world, false);
        away(&world, "wrong user or password");
        ck_assert(!source_mqtt.connect_check(&world.options, &world.err));
        ck_assert_ptr_nonnull(strstr(world.err.text, "wrong user or password"));
        ck_assert_ptr_null(strchr(world.err.text, '\n'));
        world_close(&world);
}
END_TEST

/* Mosquitto grants every subscription and then sends nothing; others say so, and only in SUBACK. */
static void *refuse(void *context)
{
        static const char connack[] = { 0x20, 2, 0, 0 };
        const int *listening = context;
        int connection = accept(*listening, NULL, NULL);
        unsigned char bytes[512];

        if (read(connection, bytes, sizeof(bytes)) > 0 && write(connection, connack, sizeof(connack)) > 0 &&
            read(connection, bytes, sizeof(bytes)) > 4) {
                unsigned char suback[] = { 0x90, 4, bytes[2], bytes[3], 1, 0x80 };

                while (write(connection, suback, sizeof(suback)) > 0 && read(connection, bytes, sizeof(bytes)) > 0)
                        continue;
        }
        close(connection);
        return NULL;
}

START_TEST(topics_that_are_not_allowed_are_said)
{
        static const char *const settings[] = { NULL };
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int listening = socket(AF_INET, SOCK_STREAM, 0);
        World world = { 0 };
        pthread_t thread;

        test_folder(world.folder);
        world.broker.port = port_free();
        address.sin_port = htons((uint16_t)world.broker.port);
        ck_assert_int_eq(bind(listening, (const struct sockaddr *)&address, sizeof(address)), 0);
        ck_assert_int_eq(listen(listening, 4), 0);
        ck_assert_int_eq(pthread_create(&thread, NULL, refuse, &listening), 0);
        options_of(&world, settings);
        source_start(&world, false);
        away(&world, "refuses the subscription to \"other\"");
        pthread_join(thread, NULL);
        close(listening);
        source_stop(&world);
        options_free(source_mqtt.options, source_mqtt.options_size, &world.options);
        test_folder_remove(world.folder);
}
END_TEST

/* A broker with a certificate of its own for localhost, in the folder. */
static void tls_open(World *world)
{
        CLEANUP(mem_drop)
        char *command =
                text_format("cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                            "-days 2 -subj /CN=broker -addext subjectAltName=DNS:localhost -keyout key.pem "
                            "-out cert.pem 2>/dev/null",
                            test_folder(world->folder));
        CLEANUP(mem_drop)
        char *access = text_format("allow_anonymous true\ncertfile %s/cert.pem\nkeyfile %s/key.pem", world->folder,
                                   world->folder);

        ck_assert_int_eq(system(command), 0);
        broker_open(&world->broker, world->folder, access);
}

/* Who we talk to is proved, or we do not talk. */
START_TEST(tls_takes_only_a_broker_with_the_right_certificate)
{
        static const char *const said[] = { "", "certificate verify failed", "names another host" };
        World world = { 0 };
        CLEANUP(mem_drop) char *url = NULL;
        CLEANUP(mem_drop) char *other = NULL;
        CLEANUP(mem_drop) char *authority = NULL;

        tls_open(&world);
        url = text_format("url=ssl://localhost:%d", world.broker.port);
        other = text_format("url=ssl://127.0.0.1:%d", world.broker.port);
        authority = text_format("ca_file=%s/cert.pem", world.folder);
        for (int i = 0; i < 3; i++) {
                const char *const right[] = { url, authority, NULL }, *const unknown[] = { url, NULL },
                                  *const misnamed[] = { other, authority, NULL };

                options_of(&world, i == 0 ? right : i == 1 ? unknown : misnamed);
                ck_assert_msg(source_mqtt.connect_check(&world.options, &world.err) == (i == 0), "%d: %s", i,
                              world.err.text);
                ck_assert_ptr_nonnull(strstr(i == 0 ? "" : world.err.text, said[i]));
                options_free(source_mqtt.options, source_mqtt.options_size, &world.options);
        }
        ck_assert_ptr_nonnull(strstr(world.err.text, "mqtt ssl://127.0.0.1:"));
        options_of(&world, (const char *const[]){ url, authority, NULL });
        world_close(&world);
}
END_TEST

START_TEST(nobody_there_is_said)
{
        static const char *const settings[] = { NULL };
        World world;

        world_open(&world, settings);
        ck_assert_msg(source_mqtt.connect_check(&world.options, &world.err), "%s", world.err.text);
        broker_kill(&world.broker);
        source_start(&world, false);
        away(&world, "refused, or no answer");
        ck_assert(!source_mqtt.connect_check(&world.options, &world.err));
        ck_assert_ptr_nonnull(strstr(world.err.text, "mqtt tcp://127.0.0.1:"));
        broker_start(&world.broker);
        world_close(&world);
}
END_TEST

/* Kafka is away for long: the rest stays with the broker, and none is lost when it is back. */
START_TEST(a_full_spool_leaves_the_rest_to_the_broker)
{
        enum { MESSAGES = 300, BYTES = 30000, LIMIT = 1048576 };
        static const char *const settings[] = { "spool_bytes=1048576", NULL };
        CLEANUP(mem_drop) char *command = NULL;
        int64_t held;
        World world;

        world_open(&world, settings);
        source_start(&world, false);
        subscribed(&world);
        command = text_format("bash -c \"for i in \\$(seq %d); do printf '%%0%dd\\n' \\$i; done | "
                              "mosquitto_pub -h 127.0.0.1 -p %d -q 1 -t frigate/events -l\"",
                              MESSAGES, BYTES, world.broker.port);
        ck_assert_int_eq(system(command), 0);
        do {
                held = source_mqtt.lag(world.source);
                poll(NULL, 0, 500);
        } while (held != source_mqtt.lag(world.source) || held * BYTES < LIMIT - BYTES);
        ck_assert_int_lt(held, MESSAGES);
        for (int i = 1; i <= MESSAGES; i++) {
                SourceResult result = turn(&world);

                for (int j = 0; result != SOURCE_RECORD && j < TURNS; j++)
                        result = turn(&world);
                ck_assert_msg(result == SOURCE_RECORD, "message %d did not come: %s", i, world.err.text);
                ck_assert_uint_eq(world.read.record.size, BYTES);
                i = atoi(world.read.record.bytes) < i ? i - 1 : i;
                ck_assert_int_le(atoi(world.read.record.bytes), i);
                acknowledge(&world);
        }
        world_close(&world);
}
END_TEST

START_TEST(once_ends_when_nothing_more_comes)
{
        static const char *const settings[] = { NULL };
        SourceResult result = SOURCE_IDLE;
        World world;

        world_open(&world, settings);
        publish(&world.broker, "frigate/available", "-r -m online");
        source_start(&world, true);
        record(&world, "online");
        for (int i = 0; result == SOURCE_IDLE && i < TURNS; i++)
                result = turn(&world);
        ck_assert_int_eq(result, SOURCE_END);
        world_close(&world);
}
END_TEST

RUN("mqtt", what_is_published_comes_with_its_topic, a_kill_before_the_acknowledgement_loses_nothing,
    a_restart_goes_on_where_it_was, a_new_broker_is_subscribed_again, a_wrong_password_is_one_line,
    topics_that_are_not_allowed_are_said, tls_takes_only_a_broker_with_the_right_certificate, nobody_there_is_said,
    a_full_spool_leaves_the_rest_to_the_broker, once_ends_when_nothing_more_comes)
