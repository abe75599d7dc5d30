#pragma once

/*
 * Inside of mqtt: which phase the connection is in, since when, and what is told of it. Paho's threads, ours and the
 * source's look at it: everything here locks, and calls nothing else with the lock held.
 */

#include "hub/base/backoff.h"
#include "hub/source/mqtt/mqtt.h"

#include <pthread.h>

typedef enum { MQTT_OFF, MQTT_CONNECTING, MQTT_SUBSCRIBING, MQTT_ON, MQTT_LEAVING } MqttPhase;

typedef enum {
        TURN_STOP,    /* the connection is being closed */
        TURN_CONNECT, /* it is off, and the back-off is over */
        TURN_LEAVE,   /* the broker did not answer in time */
} MqttTurn;

typedef struct {
        const char *url; /* borrowed */
        pthread_mutex_t lock;
        pthread_cond_t changed;
        MqttPhase phase;
        int64_t phase_ms, next_ms; /* monotonic: since when; connect not before */
        bool stop;
        MqttState state;
        Backoff backoff;
} MqttPhases;

void phase_open(MqttPhases *phases, const char *url);
void phase_close(MqttPhases *phases);

void phase_set(MqttPhases *phases, MqttPhase phase);  /* CONNECTING or SUBSCRIBING */
void phase_session(MqttPhases *phases, bool present); /* the broker kept one for us */
void phase_on(MqttPhases *phases);                    /* every topic is granted, unless it is over meanwhile */
bool phase_message(MqttPhases *phases);               /* one came; false: we are leaving already */

/* OFF or LEAVING. The first reason of a connection that ends stands; NULL: no reason of its own. */
void phase_down(MqttPhases *phases, MqttPhase phase, const char *why);
void phase_hold(MqttPhases *phases, const Error *why); /* off for a while yet */

MqttTurn phase_turn(MqttPhases *phases);              /* waits for something to do */
void phase_stop(MqttPhases *phases);                  /* phase_turn() says so from now on */
void phase_left(MqttPhases *phases, int64_t wait_ms); /* waits until it is no longer LEAVING */
void phase_state(MqttPhases *phases, MqttState *state);
