#include "hub/source/kafka/kafka_options.h"

#include "hub/base/text.h"

#include <stddef.h>
#include <string.h>

#define AT(member) offsetof(KafkaSourceOptions, member)

enum { TOPIC_MOST = 249, PARTITION_MOST = 100000, CHECK_MS = 10 * 1000 };

static const char *const securities[] = { "plaintext", "ssl", "sasl_plaintext", "sasl_ssl", NULL };
static const char *const starts[] = { "first", "end", NULL };

const Option kafka_source_options[KAFKA_SOURCE_OPTIONS] = {
        { "brokers", OPTION_TEXT, AT(kafka.brokers), .flags = OPTION_REQUIRED,
          .about = "of the topic's owner: host:port, several by commas" },
        { "topic", OPTION_TEXT, AT(topic), .flags = OPTION_REQUIRED, .about = "somebody else's topic" },
        { "partitions", OPTION_LIST, AT(partitions), .about = "only these, by number; default all, also new ones" },
        { "group", OPTION_TEXT, AT(group),
          .about = "share the topic with others of this consumer group, which keeps our positions; default: we keep "
                   "them" },
        { "start", OPTION_CHOICE, AT(start), .choices = starts, .value = "first",
          .about = "where to begin without a position: the first record that is kept, or what comes from now on" },
        { "look", OPTION_DURATION, AT(look_ms), .value = "60s", .least = 100, .most = INT64_C(86400000),
          .about = "how often new partitions are looked for" },
        { "security", OPTION_CHOICE, AT(kafka.security), .value = "plaintext", .choices = securities,
          .about = "how to talk to the brokers" },
        { "ca_file", OPTION_PATH, AT(kafka.ca_file), .about = "certificates that the brokers' must lead to" },
        { "certificate_file", OPTION_PATH, AT(kafka.certificate_file), .about = "our certificate, for mutual TLS" },
        { "key_file", OPTION_PATH, AT(kafka.key_file), .about = "its key" },
        { "mechanism", OPTION_TEXT, AT(kafka.mechanism), .value = "SCRAM-SHA-512", .about = "SASL mechanism" },
        { "user", OPTION_TEXT, AT(kafka.user), .about = "SASL user" },
        { "password_file", OPTION_PATH, AT(kafka.password_file), .about = "its password, one line" },
};

/* Kafka's own rule: up to 249 of A-Z a-z 0-9 . _ -, and neither "." nor "..". */
static bool is_topic(const char *name)
{
        static const char bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
        size_t size = strspn(name, bytes);

        return size && size <= TOPIC_MOST && !name[size] && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool partition_read(const char *text, int64_t *partition)
{
        return text_read_integer(text, partition) && *partition >= 0 && *partition < PARTITION_MOST;
}

bool kafka_source_check(const void *options, Error *err)
{
        const KafkaSourceOptions *of = options;
        int64_t partition;

        if (!is_topic(of->topic))
                return error_set(err, ERR_FATAL, NULL, "topic: \"%.250s\" is no name of a topic", of->topic);
        if (of->group && !of->group[0])
                return error_set(err, ERR_FATAL, NULL, "group: an empty name");
        if (of->group && of->partitions.size)
                return error_set(err, ERR_FATAL, NULL, "partitions and group exclude each other: a group shares all");
        for (size_t i = 0; i < of->partitions.size; i++)
                if (!partition_read(of->partitions.items[i], &partition))
                        return error_set(err, ERR_FATAL, NULL, "partitions: \"%.80s\" is no number of a partition",
                                         of->partitions.items[i]);
        if (!of->kafka.certificate_file != !of->kafka.key_file)
                return error_set(err, ERR_FATAL, NULL, "certificate_file and key_file go together");
        if (strncmp(securities[of->kafka.security], "sasl", 4) == 0 && (!of->kafka.user || !of->kafka.password_file))
                return error_set(err, ERR_FATAL, NULL, "security: %s needs user and password_file",
                                 securities[of->kafka.security]);
        return true;
}

int32_t kafka_partition(const KafkaSourceOptions *options, size_t index)
{
        int64_t partition = 0;

        (void)partition_read(options->partitions.items[index], &partition);
        return (int32_t)partition;
}

bool kafka_source_connect_check(const void *options, Error *err)
{
        const KafkaSourceOptions *of = options;
        int32_t partitions;

        if (!kafka_topic_partitions(&of->kafka, of->topic, CHECK_MS, &partitions, err))
                return false;
        if (!partitions)
                return error_set(err, ERR_RETRY, NULL, "kafka %s: topic %s does not exist", of->kafka.brokers,
                                 of->topic);
        for (size_t i = 0; i < of->partitions.size; i++)
                if (kafka_partition(of, i) >= partitions)
                        return error_set(err, ERR_RETRY, NULL, "kafka %s: topic %s has %d partitions, no number %d",
                                         of->kafka.brokers, of->topic, (int)partitions, (int)kafka_partition(of, i));
        return true;
}
