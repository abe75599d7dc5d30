#include "hub/base/memory.h"
#include "hub/source/mqtt/mqtt_check.h"
#include "tests/unit/base/run.h"

#include <string.h>

static MqttOptions fine(void)
{
        static char events[] = "frigate/events", all[] = "+/a/#", *topics[] = { events, all };

        return (MqttOptions){ .topics = { topics, 2 } };
}

static bool url_fits(const char *url)
{
        CLEANUP(mem_drop) char *copy = text_copy(url);
        MqttOptions options = fine();
        Error err = { 0 };

        options.url = copy;
        return mqtt_check(&options, &err);
}

START_TEST(an_address_is_scheme_host_and_port)
{
        static const char *const right[] = { "tcp://127.0.0.1:1883", "mqtt://broker:1", "ssl://broker.example:8883",
                                             "mqtts://[::1]:8883" };
        static const char *const wrong[] = { "127.0.0.1:1883",
                                             "tcp://broker",
                                             "tcp://:1883",
                                             "tcp://broker:0",
                                             "tcp://broker:65536",
                                             "tcp://broker:1883/x",
                                             "http://broker:1883",
                                             "",
                                             "tcp://lin:geheim@broker:1883",
                                             "tcp://broker:+1" };

        for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
                ck_assert_msg(url_fits(right[i]), "%s", right[i]);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
                ck_assert_msg(!url_fits(wrong[i]), "%s", wrong[i]);
}
END_TEST

static bool topic_fits(const char *topic)
{
        CLEANUP(mem_drop) char *copy = text_copy(topic);
        char url[] = "tcp://127.0.0.1:1883";
        char *topics[] = { copy };
        MqttOptions options = { .url = url, .topics = { topics, 1 } };
        Error err = { 0 };

        return mqtt_check(&options, &err);
}

/* A filter that the broker refuses would be found out only at night, by a camera that nobody hears. */
START_TEST(topic_filters_are_those_of_the_standard)
{
        static const char *const right[] = { "a", "#", "+", "a/+/b", "a/#", "/", "+/+" };
        static const char *const wrong[] = { "", "a#", "#/a", "a/b+", "+a", "a/#/b", "##" };

        for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
                ck_assert_msg(topic_fits(right[i]), "%s", right[i]);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
                ck_assert_msg(!topic_fits(wrong[i]), "%s", wrong[i]);
}
END_TEST

START_TEST(what_goes_together_goes_together)
{
        char tcp[] = "tcp://127.0.0.1:1883", tls[] = "ssl://127.0.0.1:8883", file[] = "file";
        MqttOptions options = fine();
        Error err = { 0 };

        options.url = tcp;
        options.password_file = file;
        ck_assert(!mqtt_check(&options, &err));
        options.user = file;
        ck_assert(mqtt_check(&options, &err));
        options.ca_file = file;
        ck_assert_msg(!mqtt_check(&options, &err), "a certificate without TLS protects nothing");
        options.url = tls;
        ck_assert(mqtt_check(&options, &err));
        options.certificate_file = file;
        ck_assert(!mqtt_check(&options, &err));
        options.key_file = file;
        ck_assert(mqtt_check(&options, &err));
        options.topics.size = 0;
        ck_assert(!mqtt_check(&options, &err));
}
END_TEST

static void id_is(const char *instance, const char *id)
{
        const MqttOptions options = { 0 };
        CLEANUP(mem_drop) char *got = mqtt_client_id(&options, instance);

        ck_assert_str_eq(got, id);
}

/* Brokers' access rules take + and # in a client id for patterns; two instances with one id evict each other for ever. */
START_TEST(client_ids_are_plain_and_differ)
{
        const MqttOptions options = { 0 };
        CLEANUP(mem_drop) char *one = mqtt_client_id(&options, "a.b"), *other = mqtt_client_id(&options, "a+b");
        char wild[] = "a/#", url[] = "tcp://127.0.0.1:1883";
        MqttOptions named = fine();
        Error err = { 0 };

        id_is("citybrain", "hub-citybrain");
        ck_assert_uint_eq(strcspn(one, ".+#/"), strlen(one));
        ck_assert_uint_eq(strcspn(other, ".+#/"), strlen(other));
        ck_assert_str_ne(one, other);
        named.url = url;
        named.client_id = wild;
        ck_assert(!mqtt_check(&named, &err));
}
END_TEST

RUN("mqtt_check", an_address_is_scheme_host_and_port, topic_filters_are_those_of_the_standard,
    what_goes_together_goes_together, client_ids_are_plain_and_differ)
