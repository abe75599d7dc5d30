#include "hub/kafka/settings.h"

#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"

#include <stdio.h>
#include <string.h>

#define FIGURES_MS "2000"

enum { PASSWORD_MOST = 4096, TEXT_ROOM = 400 };

static const char *const securities[] = { "plaintext", "ssl", "sasl_plaintext", "sasl_ssl", NULL };

const Option kafka_options[] = {
        { "brokers", OPTION_TEXT, offsetof(KafkaOptions, brokers), .value = "127.0.0.1:9092",
          .about = "host:port, several by commas" },
        { "security", OPTION_CHOICE, offsetof(KafkaOptions, security), .value = "plaintext", .choices = securities,
          .about = "how to talk to them" },
        { "ca_file", OPTION_PATH, offsetof(KafkaOptions, ca_file),
          .about = "certificates that the brokers' must lead to" },
        { "certificate_file", OPTION_PATH, offsetof(KafkaOptions, certificate_file),
          .about = "our certificate, for mutual TLS" },
        { "key_file", OPTION_PATH, offsetof(KafkaOptions, key_file), .about = "its key" },
        { "mechanism", OPTION_TEXT, offsetof(KafkaOptions, mechanism), .value = "SCRAM-SHA-512",
          .about = "SASL mechanism" },
        { "user", OPTION_TEXT, offsetof(KafkaOptions, user), .about = "SASL user" },
        { "password_file", OPTION_PATH, offsetof(KafkaOptions, password_file), .about = "its password, one line" },
        { "replication", OPTION_INTEGER, offsetof(KafkaOptions, replication), .value = "1", .least = 1, .most = 9,
          .about = "copies of each partition, for hub topics: 3 in production" },
        { "topic_prefix", OPTION_TEXT, offsetof(KafkaOptions, topic_prefix), .value = "hub",
          .about = "topics are PREFIX.events.v1 ..." },
};
const size_t kafka_options_size = sizeof(kafka_options) / sizeof(kafka_options[0]);

static void conf_drop(rd_kafka_conf_t **conf)
{
        if (*conf)
                rd_kafka_conf_destroy(*conf);
}

static void secret_drop(Buffer *secret)
{
        if (secret->bytes)
                explicit_bzero(secret->bytes, secret->room);
        buffer_free(secret);
}

static bool setting_put(rd_kafka_conf_t *conf, const char *name, const char *value, Error *err)
{
        char text[TEXT_ROOM];

        if (!value || rd_kafka_conf_set(conf, name, value, text, sizeof(text)) == RD_KAFKA_CONF_OK)
                return true;
        return error_set(err, ERR_FATAL, NULL, "kafka: %s", text);
}

/* librdkafka's text names the value that it refuses: with a password that must not happen. */
static bool password_put(rd_kafka_conf_t *conf, const char *path, Error *err)
{
        CLEANUP(secret_drop) Buffer password = { 0 };
        char text[TEXT_ROOM];

        if (!path)
                return true;
        if (!file_read(&password, path, PASSWORD_MOST, err))
                return error_add(err, "kafka.password_file");
        password.bytes[strcspn(password.bytes, "\r\n")] = '\0';
        if (rd_kafka_conf_set(conf, "sasl.password", password.bytes, text, sizeof(text)) != RD_KAFKA_CONF_OK)
                return error_set(err, ERR_FATAL, NULL, "kafka.password_file: %s: librdkafka refuses this password",
                                 path);
        return true;
}

static bool sasl_put(rd_kafka_conf_t *conf, const KafkaOptions *options, Error *err)
{
        if (strncmp(securities[options->security], "sasl", 4) != 0)
                return true;
        return setting_put(conf, "sasl.mechanism", options->mechanism, err) &&
               setting_put(conf, "sasl.username", options->user, err) &&
               password_put(conf, options->password_file, err);
}

static bool shared_put(rd_kafka_conf_t *conf, const KafkaOptions *options, Error *err)
{
        return setting_put(conf, "bootstrap.servers", options->brokers, err) &&
               setting_put(conf, "client.id", "hub", err) &&
               setting_put(conf, "security.protocol", securities[options->security], err) &&
               setting_put(conf, "ssl.ca.location", options->ca_file, err) &&
               setting_put(conf, "ssl.certificate.location", options->certificate_file, err) &&
               setting_put(conf, "ssl.key.location", options->key_file, err) &&
               setting_put(conf, "socket.keepalive.enable", "true", err) &&
               setting_put(conf, "reconnect.backoff.max.ms", "2000", err) && sasl_put(conf, options, err);
}

/* It mends itself and says so often: nothing here is worse than a warning. */
static void line_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
        enum { SYSLOG_ERROR = 3, SYSLOG_WARNING = 4 };
        const LogKey keys[] = { LOG_TEXT("detail", text), { 0 } };
        char message[64];

        (void)client;
        snprintf(message, sizeof(message), "kafka client: %s", facility);
        if (level <= SYSLOG_WARNING && strcmp(facility, "CONFWARN") != 0)
                log_limited(level <= SYSLOG_ERROR ? LOG_WARNING : LOG_INFO, message, keys);
        else
                log_limited(LOG_DEBUG, message, keys);
}

/* States of brokers stand in capitals, those of topics and groups do not: no tree of a JSON that grows with each topic. */
bool settings_reached(const char *json)
{
        return strstr(json, "\"state\":\"UP\"") != NULL;
}

rd_kafka_t *settings_client(rd_kafka_type_t type, const KafkaOptions *options, const KafkaSetting *settings,
                            size_t size, const KafkaCallbacks *callbacks, Error *err)
{
        CLEANUP(conf_drop) rd_kafka_conf_t *conf = rd_kafka_conf_new();
        char text[TEXT_ROOM];
        rd_kafka_t *client;

        if (!shared_put(conf, options, err))
                return NULL;
        for (size_t i = 0; i < size; i++)
                if (!setting_put(conf, settings[i].name, settings[i].value, err))
                        return NULL;
        rd_kafka_conf_set_log_cb(conf, line_log);
        rd_kafka_conf_set_opaque(conf, callbacks->opaque);
        if (callbacks->report)
                rd_kafka_conf_set_dr_msg_cb(conf, callbacks->report);
        if (callbacks->trouble)
                rd_kafka_conf_set_error_cb(conf, callbacks->trouble);
        if (callbacks->rebalance)
                rd_kafka_conf_set_rebalance_cb(conf, callbacks->rebalance);
        if (callbacks->figures) {
                rd_kafka_conf_set_stats_cb(conf, callbacks->figures);
                if (!setting_put(conf, "statistics.interval.ms", FIGURES_MS, err))
                        return NULL;
        }
        client = rd_kafka_new(type, conf, text, sizeof(text));
        if (!client) {
                error_set(err, ERR_FATAL, NULL, "kafka: %s", text);
                return NULL;
        }
        conf = NULL; /* the client's now */
        return client;
}
