#include "hub/source/source.h"

#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/mqtt/mqtt_check.h"
#include "hub/source/mqtt/mqtt_session.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT(member) offsetof(MqttOptions, member)

enum { QUIET_MS = 2000, CHECK_MS = 12 * 1000, CHECK_TURN_MS = 50, REST_MS = 60 * 1000 };
enum { DURABILITY_POWER, DURABILITY_PROCESS };

struct Source {
        char *client_id;
        MqttSession session;
        Spool *spool;
        Mqtt *mqtt;
        bool once, promises;        /* promises: no loss, as far as the publisher lets us */
        uint64_t connects;          /* looked at */
        _Atomic int64_t unpromised; /* messages that the publisher sent at most once */
        char position[32];          /* of the record that was read last */
};

static const char *const durabilities[] = { "power", "process", NULL };

static const Option table[] = {
        { "url", OPTION_TEXT, AT(url), .flags = OPTION_REQUIRED,
          .about = "broker: tcp://HOST:PORT or ssl://HOST:PORT" },
        { "topics", OPTION_LIST, AT(topics), .flags = OPTION_REQUIRED, .about = "topic filters, with + and #" },
        { "qos", OPTION_INTEGER, AT(qos), .value = "1", .least = 0, .most = 1,
          .about = "1: at least once; 0: what comes while we are away is lost" },
        { "client_id", OPTION_TEXT, AT(client_id), .about = "the broker's name for our session, default hub-INSTANCE" },
        { "user", OPTION_TEXT, AT(user), .about = "who we are" },
        { "password_file", OPTION_PATH, AT(password_file), .about = "its password, one line" },
        { "ca_file", OPTION_PATH, AT(ca_file), .about = "who signed the broker's certificate, default the system's" },
        { "certificate_file", OPTION_PATH, AT(certificate_file), .about = "our certificate, PEM" },
        { "key_file", OPTION_PATH, AT(key_file), .about = "its private key, PEM" },
        { "durability", OPTION_CHOICE, AT(durability), .choices = durabilities, .value = "power",
          .about = "what an acknowledged message survives: a power cut, or a kill only (faster)" },
        { "spool_bytes", OPTION_INTEGER, AT(spool_bytes), .value = "268435456", .least = SPOOL_LEAST,
          .most = INT64_C(32) << 30, .about = "of messages that wait on disk; then the broker has to keep them" },
};

/* ---- what the connection asks ---- */

/* What is longer than the spool takes is cut: no adapter can read it, so it is rejected, counted and seen. */
static SpoolMessage message_cut(const Source *source, const SpoolMessage *message)
{
        size_t most = spool_message_most(source->spool), topic = strlen(message->topic);
        SpoolMessage cut = *message;

        if (topic + message->size <= most)
                return cut;
        cut.size = topic < most ? most - topic : 0;
        log_error("a message longer than the spool takes was cut: raise spool_bytes",
                  LOG_NUMBER("bytes", (int64_t)message->size), LOG_NUMBER("kept", (int64_t)cut.size));
        return cut;
}

/* What is published with QoS 0 nobody sends again, and a broker need not keep it for us while we are away. Told once. */
static void promise_look(Source *source, const SpoolMessage *message, int qos)
{
        if (qos > 0 || !source->promises)
                return;
        if (source->unpromised++ == 0)
                log_warning("a message was published with QoS 0: such ones may be lost on their way to us",
                            LOG_TEXT("topic", message->topic));
}

/* Paho acknowledges whatever we return; the broker delivers again only what it has no PUBACK for: so we must not live on. */
static bool message_keep(void *context, const SpoolMessage *message, int qos)
{
        Source *source = context;
        SpoolMessage kept = message_cut(source, message);
        Error err = { 0 };

        promise_look(source, message, qos); /* before anybody can see the message */
        if (!spool_add(source->spool, &kept, &err)) {
                log_error("a message could not be kept: this process ends, so that the broker delivers it again",
                          LOG_TEXT("why", err.text));
                _exit(EXIT_FAILURE);
        }
        if (!spool_full(source->spool))
                return true;
        log_limited(LOG_WARNING, "the spool is full: disconnecting",
                    (LogKey[]){ LOG_NUMBER("waiting", spool_waiting(source->spool)), { 0 } });
        return false;
}

static bool spool_has_room(void *context, Error *why)
{
        Source *source = context;

        return spool_ready(source->spool, why);
}

/* ---- open ---- */

/* A broker that evicts nobody, and keeps nothing: for checks, trials and dry runs. */
static char *passing_id(void)
{
        uint8_t dice[6];
        char hex[2 * sizeof(dice) + 1];

        random_bytes(dice, sizeof(dice));
        return text_format("hub-passing-%s", hex_text(dice, sizeof(dice), hex));
}

static bool password_check(const MqttOptions *of, Error *err)
{
        CLEANUP(secret_free) Buffer password = { 0 };

        return !of->password_file || secret_read(&password, of->password_file, err) || error_add(err, "password_file");
}

static bool spool_start(Source *source, const SourceSetup *setup, Error *err)
{
        const MqttOptions *of = setup->options;
        SpoolSetup spool = { .folder = setup->folder,
                             .limit = of->spool_bytes,
                             .durable = of->durability == DURABILITY_POWER,
                             .rest_ms = REST_MS };

        source->spool = spool_open(&spool, err);
        return source->spool;
}

static void source_close(Source *source)
{
        mqtt_close(source->mqtt);
        spool_close(source->spool);
        mqtt_session_close(&source->session);
        free(source->client_id);
        free(source);
}

static Source *source_open(const SourceSetup *setup, Error *err)
{
        const MqttOptions *of = setup->options;
        Source *source = mem_new(sizeof(Source));
        MqttSetup mqtt = { .options = of,
                           .passing = !setup->folder || setup->trial,
                           .arrived = message_keep,
                           .ready = spool_has_room,
                           .context = source };

        source->once = setup->once;
        source->promises = of->qos > 0;
        source->client_id = mqtt.passing ? passing_id() : mqtt_client_id(of, setup->instance);
        mqtt.client_id = source->client_id;
        mqtt.left = &source->session.left;
        if (password_check(of, err) && spool_start(source, setup, err)) {
                mqtt_session_open(&source->session, setup->trial ? NULL : setup->folder, source->client_id,
                                  &of->topics);
                source->mqtt = mqtt_open(&mqtt, err);
        }
        if (source->mqtt)
                return source;
        source_close(source);
        return NULL;
}

/* ---- read ---- */

/* Each connect once: a session that is gone took with it what the broker got while we were away. */
static void session_look(Source *source, const MqttState *state)
{
        MqttSession *session = &source->session;

        if (!session->path || state->connects == source->connects)
                return;
        source->connects = state->connects;
        if (session->known && !state->session)
                log_error("the broker has forgotten our session: what it got while we were away is lost",
                          LOG_TEXT("client_id", source->client_id));
        mqtt_session_settled(session);
}

static SourceResult nothing_read(Source *source, Error *err)
{
        MqttState state;

        mqtt_state(source->mqtt, &state);
        session_look(source, &state);
        if (state.trouble) {
                *err = state.why;
                return SOURCE_AWAY;
        }
        if (source->once && state.subscribed && time_monotonic() - state.since_ms >= QUIET_MS &&
            !spool_waiting(source->spool))
                return SOURCE_END;
        return SOURCE_IDLE;
}

static SourceResult source_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        SpoolRecord read;

        if (!spool_read(source->spool, wait_ms, &read, err))
                return SOURCE_BROKEN;
        if (!read.token)
                return nothing_read(source, err);
        *record = (SourceRecord){
                .record = { .bytes = read.message.bytes,
                            .size = read.message.size,
                            .channel = read.message.topic,
                            .received_ms = read.message.received_ms },
                .token = read.token,
        };
        snprintf(source->position, sizeof(source->position), "%s", read.position);
        record->record.position = source->position;
        return SOURCE_RECORD;
}

static bool source_acknowledge(Source *source, uint64_t token, Error *err)
{
        (void)err;
        spool_acknowledge(source->spool, token);
        return true;
}

static int64_t source_lag(Source *source)
{
        return spool_waiting(source->spool);
}

static void source_spool(Source *source, SourceSpool *spool)
{
        spool->messages = spool_waiting(source->spool);
        spool_filling(source->spool, &spool->bytes, &spool->limit);
        spool->unpromised = source->unpromised;
}

/* ---- check ---- */

static bool message_drop(void *context, const SpoolMessage *message, int qos)
{
        (void)context;
        (void)message;
        (void)qos;
        return true;
}

static bool always_ready(void *context, Error *why)
{
        (void)context;
        (void)why;
        return true;
}

static bool source_connect_check(const void *options, Error *err)
{
        CLEANUP(mem_drop) char *id = passing_id();
        MqttSetup setup = {
                .options = options, .client_id = id, .passing = true, .arrived = message_drop, .ready = always_ready
        };
        int64_t until = time_monotonic() + CHECK_MS;
        MqttState state = { 0 };
        Mqtt *mqtt = password_check(options, err) ? mqtt_open(&setup, err) : NULL;

        if (!mqtt)
                return false;
        while (!state.subscribed && !state.trouble && time_monotonic() < until) {
                usleep(CHECK_TURN_MS * 1000);
                mqtt_state(mqtt, &state);
        }
        mqtt_close(mqtt);
        if (state.trouble)
                *err = state.why;
        return state.subscribed ||
               (!state.trouble && error_set(err, ERR_RETRY, NULL, "mqtt %s: no answer", setup.options->url));
}

const SourceKind source_mqtt = {
        .kind = "mqtt",
        .about = "messages of an MQTT 3.1.1 broker, kept on disk until they are delivered",
        .promise = "nothing that the broker delivered is lost (QoS 1): it is on our disk before it is acknowledged; "
                   "what comes "
                   "again has the same event ids",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(MqttOptions),
        .check = mqtt_check,
        .open = source_open,
        .read = source_read,
        .acknowledge = source_acknowledge,
        .lag = source_lag,
        .spool = source_spool,
        .when_paused =
                "the session stays: messages go into the spool until spool_bytes are full, then the broker queues "
                "them, as many as its max_queued_messages and max_queued_bytes allow; a stopped process takes "
                "none into the spool, the broker queues them all",
        .connect_check = source_connect_check,
        .close = source_close,
};
