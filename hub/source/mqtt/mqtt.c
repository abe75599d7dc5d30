#include "hub/source/mqtt/mqtt.h"

#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/mqtt/mqtt_phase.h"
#include "hub/source/mqtt/mqtt_words.h"

#include <MQTTAsync.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_S = 10 /* TCP, TLS and CONNACK */, KEEP_ALIVE_S = 30, LEAVE_MS = 1000 };
enum { REFUSED = 0x80 }; /* a topic, in SUBACK: MQTT 3.1.1 section 3.9.3 */

/* Callbacks come with Paho's lock held, and take that of the phases: so nothing of Paho is called with the latter held. */
struct Mqtt {
        MqttSetup setup;
        MQTTAsync client;
        MqttPhases phases;
        pthread_t tender;
        bool tended;
        char tls[128]; /* the TLS library's last complaint */
};

/* ---- leaving ---- */

static void down(Mqtt *mqtt, const char *why)
{
        phase_down(&mqtt->phases, MQTT_OFF, why);
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

        phase_down(&mqtt->phases, MQTT_LEAVING, why);
        options.context = mqtt;
        options.onSuccess = on_left;
        options.onFailure = on_leave_failed;
        if (MQTTAsync_disconnect(mqtt->client, &options) != MQTTASYNC_SUCCESS)
                down(mqtt, NULL);
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
        bool more = mqtt->setup.arrived(mqtt->setup.context, &arrived, message->qos);

        if (phase_message(&mqtt->phases) && !more)
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

static void on_unsubscribed(void *context, MQTTAsync_successData *data)
{
        Mqtt *mqtt = context;

        (void)data;
        phase_on(&mqtt->phases);
}

static void on_not_unsubscribed(void *context, MQTTAsync_failureData *data)
{
        (void)data;
        leave(context, "unsubscribing failed");
}

/* After the wanted ones are granted: where two overlap, nothing falls between them. */
static void left_unsubscribe(Mqtt *mqtt)
{
        MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
        const TextList *left = mqtt->setup.left;

        if (!left || left->size == 0) {
                phase_on(&mqtt->phases);
                return;
        }
        options.context = mqtt;
        options.onSuccess = on_unsubscribed;
        options.onFailure = on_not_unsubscribed;
        if (MQTTAsync_unsubscribeMany(mqtt->client, (int)left->size, left->items, &options) != MQTTASYNC_SUCCESS)
                leave(mqtt, "unsubscribing failed");
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
        left_unsubscribe(mqtt);
}

static void on_connected(void *context, MQTTAsync_successData *data)
{
        MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
        Mqtt *mqtt = context;
        const TextList *topics = &mqtt->setup.options->topics;
        CLEANUP(mem_drop) int *qos = mem_new(topics->size * sizeof(int));

        for (size_t i = 0; i < topics->size; i++)
                qos[i] = (int)mqtt->setup.options->qos;
        phase_session(&mqtt->phases, data && data->alt.connect.sessionPresent);
        phase_set(&mqtt->phases, MQTT_SUBSCRIBING);
        options.context = mqtt;
        options.onSuccess = on_subscribed;
        options.onFailure = on_not_subscribed;
        if (MQTTAsync_subscribeMany(mqtt->client, (int)topics->size, topics->items, qos, &options) != MQTTASYNC_SUCCESS)
                leave(mqtt, "subscribing failed");
}

static bool is_tls(const char *url)
{
        return text_starts(url, "ssl://") || text_starts(url, "mqtts://");
}

static void on_not_connected(void *context, MQTTAsync_failureData *data)
{
        Mqtt *mqtt = context;
        const char *known = data ? mqtt_refusal(data->code) : NULL;
        const char *tls = mqtt->tls[0] ? mqtt->tls : "or its certificate names another host";
        CLEANUP(mem_drop)
        char *why =
                text_format("no connection: refused, or no answer%s%s", is_tls(mqtt->setup.options->url) ? ", " : "",
                            is_tls(mqtt->setup.options->url) ? tls : "");

        down(mqtt, known ? known : why);
}

static int on_tls_error(const char *text, size_t size, void *context)
{
        Mqtt *mqtt = context;

        mqtt_tls_reason(text, size, mqtt->tls, sizeof(mqtt->tls));
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
                phase_hold(&mqtt->phases, &err);
                return;
        }
        phase_set(&mqtt->phases, MQTT_CONNECTING);
        if (!connect_start(mqtt, &err))
                down(mqtt, err.text);
}

/* ---- the thread that keeps it up ---- */

static void *tend(void *context)
{
        Mqtt *mqtt = context;
        MqttTurn turn;

        while ((turn = phase_turn(&mqtt->phases)) != TURN_STOP) {
                if (turn == TURN_CONNECT)
                        connect_try(mqtt);
                else
                        leave(mqtt, "the broker does not answer");
        }
        return NULL;
}

/* ---- open and close ---- */

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
        phase_open(&mqtt->phases, setup->options->url);
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
        phase_state(&mqtt->phases, state);
}

void mqtt_close(Mqtt *mqtt)
{
        if (!mqtt)
                return;
        if (mqtt->tended) {
                phase_stop(&mqtt->phases);
                pthread_join(mqtt->tender, NULL);
        }
        if (mqtt->client && MQTTAsync_isConnected(mqtt->client)) {
                leave(mqtt, "closed");
                phase_left(&mqtt->phases,
                           LEAVE_MS); /* a DISCONNECT that gets through spares the broker a dead connection */
        }
        if (mqtt->client)
                MQTTAsync_destroy(&mqtt->client);
        phase_close(&mqtt->phases);
        free(mqtt);
}
