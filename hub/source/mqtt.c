#include "hub/source/mqtt.h"

#include "hub/base/backoff.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/secret.h"

#include <MQTTAsync.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
        CONNECT_S = 10, /* TCP, TLS and CONNACK */
        KEEP_ALIVE_S = 30,
        ANSWER_MS = 30 * 1000, /* for what Paho does not time, as SUBACK */
        TURN_MS = 100,
        LEAVE_MS = 1000,
        BACKOFF_LEAST_MS = 500,
        BACKOFF_MOST_MS = 30 * 1000,
        REFUSED = 0x80, /* a topic, in SUBACK: MQTT 3.1.1 section 3.9.3 */
};

typedef enum { MQTT_OFF, MQTT_CONNECTING, MQTT_SUBSCRIBING, MQTT_ON, MQTT_LEAVING } Phase;

/*
 * Lock order: Paho's, then ours. Callbacks come with Paho's lock held, so nothing of Paho is called with ours held.
 */
struct Mqtt {
        MqttSetup setup;
        MQTTAsync client;
        pthread_t tender;
        bool tended;

        pthread_mutex_t lock;
        pthread_cond_t changed;
        Phase phase;
        int64_t phase_ms, next_ms; /* monotonic: since when; connect not before */
        bool stop;
        MqttState state;
        Backoff backoff;
        char tls[128]; /* the TLS library's last complaint */
};

/* ---- phases ---- */

/* With the lock; why NULL: what is known stands, as it does for the first reason of a connection that ends. */
static void down_set(Mqtt *mqtt, Phase phase, const char *why)
{
        if (why && mqtt->phase != MQTT_OFF && mqtt->phase != MQTT_LEAVING)
                error_set(&mqtt->state.why, ERR_RETRY, NULL, "mqtt %s: %s", mqtt->setup.options->url, why);
        if (phase == MQTT_OFF && mqtt->phase != MQTT_OFF)
                mqtt->next_ms = time_monotonic() + backoff_next(&mqtt->backoff);
        mqtt->phase = phase;
        mqtt->phase_ms = time_monotonic();
        mqtt->state.subscribed = false;
        mqtt->state.trouble = true;
        pthread_cond_signal(&mqtt->changed);
}

static void down(Mqtt *mqtt, const char *why)
{
        pthread_mutex_lock(&mqtt->lock);
        down_set(mqtt, MQTT_OFF, why);
        pthread_mutex_unlock(&mqtt->lock);
}

static void on_left(void *context, MQTTAsync_successData *data)
{
        (void)data;
        down(context, NULL);
}

static void on_leave_failed(void *context, MQTTAsync_failureData *data)
{
        (void)data;
        down(context, NULL);
}

static void leave(Mqtt *mqtt, const char *why)
{
        MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;

        pthread_mutex_lock(&mqtt->lock);
        down_set(mqtt, MQTT_LEAVING, why);
        pthread_mutex_unlock(&mqtt->lock);
        options.context = mqtt;
        options.onSuccess = on_left;
        options.onFailure = on_leave_failed;
        if (MQTTAsync_disconnect(mqtt->client, &options) != MQTTASYNC_SUCCESS)
                down(mqtt, NULL);
}

static void phase_set(Mqtt *mqtt, Phase phase)
{
        pthread_mutex_lock(&mqtt->lock);
        mqtt->phase = phase;
        mqtt->phase_ms = time_monotonic();
        pthread_mutex_unlock(&mqtt->lock);
}

/* ---- what Paho calls ---- */

static void message_hand(Mqtt *mqtt, const char *topic, const MQTTAsync_message *message)
{
        SpoolMessage arrived = {
                .topic = topic,
                .bytes = message->payloadlen > 0 ? message->payload : "",
                .size = message->payloadlen > 0 ? (size_t)message->payloadlen : 0,
                .retained = message->retained,
                .repeated = message->dup,
                .received_ms = time_now(),
        };
        bool enough = !mqtt->setup.arrived(mqtt->setup.context, &arrived), leaving;

        pthread_mutex_lock(&mqtt->lock);
        mqtt->state.since_ms = time_monotonic();
        leaving = mqtt->phase == MQTT_LEAVING;
        pthread_mutex_unlock(&mqtt->lock);
        if (enough && !leaving)
                leave(mqtt, "disconnected: the spool is full");
}

static int on_message(void *context, char *topic, int topic_size, MQTTAsync_message *message)
{
        CLEANUP(mem_drop) char *copy = topic_size ? mem_copy(topic, (size_t)topic_size) : text_copy(topic);

        message_hand(context, copy, message);
        MQTTAsync_freeMessage(&message);
        MQTTAsync_free(topic);
        return 1;
}

static void on_lost(void *context, char *cause)
{
        down(context, cause ? cause : "the connection was lost");
}

/* Paho closes a session's pending calls with failures of their own: those say nothing new. */
static void on_not_subscribed(void *context, MQTTAsync_failureData *data)
{
        if (data && data->code == REFUSED)
                leave(context, "the broker refuses the subscription: is the user allowed to read the topic?");
}

static void on_subscribed(void *context, MQTTAsync_successData *data)
{
        Mqtt *mqtt = context;
        size_t topics = mqtt->setup.options->topics.size;

        for (size_t i = 0; topics > 1 && data && i < topics; i++) {
                if (data->alt.qosList[i] == REFUSED) {
                        CLEANUP(mem_drop)
                        char *why = text_format("the broker refuses the subscription to \"%s\"",
                                                mqtt->setup.options->topics.items[i]);

                        leave(mqtt, why);
                        return;
                }
        }
        pthread_mutex_lock(&mqtt->lock);
        if (mqtt->phase == MQTT_SUBSCRIBING) {
                mqtt->phase = MQTT_ON;
                mqtt->state.subscribed = true;
                mqtt->state.trouble = false;
                mqtt->state.connects++;
                mqtt->state.since_ms = time_monotonic();
                backoff_reset(&mqtt->backoff);
        }
        pthread_mutex_unlock(&mqtt->lock);
}

static void on_connected(void *context, MQTTAsync_successData *data)
{
        MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
        Mqtt *mqtt = context;
        const TextList *topics = &mqtt->setup.options->topics;
        CLEANUP(mem_drop) int *qos = mem_new(topics->size * sizeof(int));

        for (size_t i = 0; i < topics->size; i++)
                qos[i] = (int)mqtt->setup.options->qos;
        pthread_mutex_lock(&mqtt->lock);
        mqtt->state.session = data && data->alt.connect.sessionPresent;
        pthread_mutex_unlock(&mqtt->lock);
        phase_set(mqtt, MQTT_SUBSCRIBING);
        options.context = mqtt;
        options.onSuccess = on_subscribed;
        options.onFailure = on_not_subscribed;
        if (MQTTAsync_subscribeMany(mqtt->client, (int)topics->size, topics->items, qos, &options) != MQTTASYNC_SUCCESS)
                leave(mqtt, "subscribing failed");
}

/* CONNACK's return codes: MQTT 3.1.1 section 3.2.2.3. */
static const char *refusal(int code)
{
        static const char *const texts[] = { NULL,
                                             "the broker speaks no MQTT 3.1.1 (code 1)",
                                             "the broker refuses the client id (code 2)",
                                             "the broker is not available (code 3)",
                                             "wrong user or password (code 4)",
                                             "wrong user or password, or not authorised (code 5)" };

        return code > 0 && code < (int)(sizeof(texts) / sizeof(texts[0])) ? texts[code] : NULL;
}

static bool is_tls(const char *url)
{
        return text_starts(url, "ssl://") || text_starts(url, "mqtts://");
}

static void on_not_connected(void *context, MQTTAsync_failureData *data)
{
        Mqtt *mqtt = context;
        const char *known = data ? refusal(data->code) : NULL;
        const char *tls = mqtt->tls[0] ? mqtt->tls : "or its certificate names another host";
        CLEANUP(mem_drop)
        char *why = text_format("no connection: refused, or no answer%s%s", is_tls(mqtt->setup.options->url) ? ", " : "",
                                is_tls(mqtt->setup.options->url) ? tls : "");

        down(mqtt, known ? known : why);
}

/* The reason of "THREAD:error:CODE:LIBRARY:FUNCTION:REASON:FILE:LINE", as ERR_print_errors_cb() writes it. */
static int on_tls_error(const char *text, size_t size, void *context)
{
        Mqtt *mqtt = context;
        const char *end = text + size;

        for (int i = 0; i < 5 && text; i++) {
                text = memchr(text, ':', (size_t)(end - text));
                text = text ? text + 1 : NULL;
        }
        size = text ? strcspn(text, ":\r\n") : 0;
        snprintf(mqtt->tls, sizeof(mqtt->tls), "%.*s", (int)size, text ? text : "");
        return 1;
}

/* ---- connect ---- */

static bool connect_start(Mqtt *mqtt, Error *err)
{
        const MqttOptions *of = mqtt->setup.options;
        MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
        MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
        CLEANUP(secret_free) Buffer password = { 0 };
        int code;

        if (of->password_file && !secret_read(&password, of->password_file, err))
                return error_add(err, "password_file");
        tls.trustStore = of->ca_file;
        tls.keyStore = of->certificate_file;
        tls.privateKey = of->key_file;
        tls.verify = 1;
        tls.ssl_error_cb = on_tls_error;
        tls.ssl_error_context = mqtt;
        options.MQTTVersion = MQTTVERSION_3_1_1;
        options.cleansession = mqtt->setup.passing;
        options.keepAliveInterval = KEEP_ALIVE_S;
        options.connectTimeout = CONNECT_S;
        options.username = of->user;
        options.password = password.bytes;
        options.ssl = is_tls(of->url) ? &tls : NULL;
        options.context = mqtt;
        options.onSuccess = on_connected;
        options.onFailure = on_not_connected;
        mqtt->tls[0] = '\0';
        code = MQTTAsync_connect(mqtt->client, &options);
        return code == MQTTASYNC_SUCCESS || error_set(err, ERR_RETRY, NULL, "connect: Paho says %d", code);
}

static void connect_try(Mqtt *mqtt)
{
        Error err = { 0 };

        if (!mqtt->setup.ready(mqtt->setup.context, &err)) {
                pthread_mutex_lock(&mqtt->lock);
                mqtt->state.trouble = true;
                mqtt->state.why = err;
                mqtt->next_ms = time_monotonic() + TURN_MS;
                pthread_mutex_unlock(&mqtt->lock);
                return;
        }
        phase_set(mqtt, MQTT_CONNECTING);
        if (!connect_start(mqtt, &err))
                down(mqtt, err.text);
}

/* ---- the thread that keeps it up ---- */

static void turn_wait(Mqtt *mqtt)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TURN_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&mqtt->changed, &mqtt->lock, &until);
}

static void *tend(void *context)
{
        Mqtt *mqtt = context;

        pthread_mutex_lock(&mqtt->lock);
        while (!mqtt->stop) {
                int64_t now = time_monotonic();
                bool due = mqtt->phase == MQTT_OFF && now >= mqtt->next_ms;
                bool late = mqtt->phase != MQTT_OFF && mqtt->phase != MQTT_ON && now - mqtt->phase_ms > ANSWER_MS;

                if (!due && !late) {
                        turn_wait(mqtt);
                        continue;
                }
                pthread_mutex_unlock(&mqtt->lock);
                if (due)
                        connect_try(mqtt);
                else
                        leave(mqtt, "the broker does not answer");
                pthread_mutex_lock(&mqtt->lock);
        }
        pthread_mutex_unlock(&mqtt->lock);
        return NULL;
}

/* ---- open and close ---- */

static void lock_open(Mqtt *mqtt)
{
        pthread_condattr_t clock;

        pthread_mutex_init(&mqtt->lock, NULL);
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&mqtt->changed, &clock);
        pthread_condattr_destroy(&clock);
}

static bool client_open(Mqtt *mqtt, Error *err)
{
        const MqttSetup *setup = &mqtt->setup;
        int code = MQTTAsync_create(&mqtt->client, setup->options->url, setup->client_id, MQTTCLIENT_PERSISTENCE_NONE,
                                    NULL);

        if (code == MQTTASYNC_SUCCESS)
                code = MQTTAsync_setCallbacks(mqtt->client, mqtt, on_lost, on_message, NULL);
        return code == MQTTASYNC_SUCCESS ||
               error_set(err, ERR_FATAL, NULL, "mqtt %s: Paho refuses it (%d)", setup->options->url, code);
}

Mqtt *mqtt_open(const MqttSetup *setup, Error *err)
{
        Mqtt *mqtt = mem_new(sizeof(Mqtt));

        mqtt->setup = *setup;
        mqtt->backoff = (Backoff){ .least_ms = BACKOFF_LEAST_MS, .most_ms = BACKOFF_MOST_MS };
        lock_open(mqtt);
        if (client_open(mqtt, err)) {
                mqtt->tended = pthread_create(&mqtt->tender, NULL, tend, mqtt) == 0;
                if (mqtt->tended)
                        return mqtt;
                error_set(err, ERR_RETRY, NULL, "no thread for mqtt %s", setup->options->url);
        }
        mqtt_close(mqtt);
        return NULL;
}

void mqtt_state(Mqtt *mqtt, MqttState *state)
{
        pthread_mutex_lock(&mqtt->lock);
        *state = mqtt->state;
        pthread_mutex_unlock(&mqtt->lock);
}

/* A DISCONNECT that gets through spares the broker a half-open connection. */
static void client_leave(Mqtt *mqtt)
{
        int64_t until = time_monotonic() + LEAVE_MS;

        if (!MQTTAsync_isConnected(mqtt->client))
                return;
        leave(mqtt, "closed");
        pthread_mutex_lock(&mqtt->lock);
        while (mqtt->phase == MQTT_LEAVING && time_monotonic() < until)
                turn_wait(mqtt);
        pthread_mutex_unlock(&mqtt->lock);
}

void mqtt_close(Mqtt *mqtt)
{
        if (!mqtt)
                return;
        if (mqtt->tended) {
                pthread_mutex_lock(&mqtt->lock);
                mqtt->stop = true;
                pthread_cond_signal(&mqtt->changed);
                pthread_mutex_unlock(&mqtt->lock);
                pthread_join(mqtt->tender, NULL);
                client_leave(mqtt);
        }
        if (mqtt->client)
                MQTTAsync_destroy(&mqtt->client);
        pthread_cond_destroy(&mqtt->changed);
        pthread_mutex_destroy(&mqtt->lock);
        free(mqtt);
}
