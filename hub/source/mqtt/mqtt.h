#pragma once

/*
 * A connection to an MQTT 3.1.1 broker over Eclipse Paho's MQTTAsync; the only file that includes it. It keeps itself up:
 * connects, subscribes on every connect (Paho's own reconnect does not), waits with jittered back-off after trouble.
 *
 * MQTTAsync sends PUBACK when the callback has returned, whatever it returned (Paho 1.3.12, MQTTProtocol_handlePublishes).
 * So `arrived` returns when the message is safe, and ends the process when it cannot be: the broker then delivers it again.
 * The callback runs under Paho's own lock: it must not wait for anything but the disk.
 */

#include "hub/base/error.h"
#include "hub/base/options.h"
#include "hub/source/spool/spool.h"

typedef struct {
        char *url;
        TextList topics;
        int64_t qos;
        char *client_id, *user, *password_file, *ca_file, *certificate_file, *key_file;
        int durability;
        int64_t spool_bytes;
} MqttOptions;

typedef struct {
        const MqttOptions *options;
        const char *client_id;
        const TextList *left; /* topics that the session may have and shall not; NULL: none */
        bool passing;         /* no session is kept: for checks and dry runs */
        /* qos: as it was published and subscribed, the lower of the two. False: enough for now, disconnect */
        bool (*arrived)(void *context, const SpoolMessage *message, int qos);
        bool (*ready)(void *context, Error *why); /* may it connect? asked again and again until it says yes */
        void *context;
} MqttSetup;

typedef struct {
        bool subscribed;   /* connected, and the broker granted every topic and let go of those that are left */
        bool trouble;      /* not subscribed, and `why` says why */
        uint64_t connects; /* granted ones so far */
        bool session;      /* the last connect found the session that the broker kept for us */
        int64_t since_ms;  /* monotonic: of the last message, or since it is subscribed */
        Error why;
} MqttState;

typedef struct Mqtt Mqtt;

Mqtt *mqtt_open(const MqttSetup *setup, Error *err); /* starts to connect; ERR_FATAL: options that Paho refuses */
void mqtt_state(Mqtt *mqtt, MqttState *state);
void mqtt_close(Mqtt *mqtt); /* after it no callback runs; the broker keeps the session */
