#include "hub/source/mqtt/mqtt_phase.h"

#include "hub/base/time.h"

#include <time.h>

enum {
        ANSWER_MS = 30 * 1000, /* for what Paho does not time, as SUBACK */
        TURN_MS = 100,
        BACKOFF_LEAST_MS = 500,
        BACKOFF_MOST_MS = 30 * 1000,
};

void phase_open(MqttPhases *phases, const char *url)
{
        pthread_condattr_t clock;

        *phases = (MqttPhases){ .url = url, .backoff = { .least_ms = BACKOFF_LEAST_MS, .most_ms = BACKOFF_MOST_MS } };
        pthread_mutex_init(&phases->lock, NULL);
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&phases->changed, &clock);
        pthread_condattr_destroy(&clock);
}

void phase_close(MqttPhases *phases)
{
        pthread_cond_destroy(&phases->changed);
        pthread_mutex_destroy(&phases->lock);
}

/* ---- what happens ---- */

/* With the lock. */
static void change(MqttPhases *phases, MqttPhase phase)
{
        phases->phase = phase;
        phases->phase_ms = time_monotonic();
        pthread_cond_broadcast(&phases->changed);
}

void phase_set(MqttPhases *phases, MqttPhase phase)
{
        pthread_mutex_lock(&phases->lock);
        change(phases, phase);
        pthread_mutex_unlock(&phases->lock);
}

void phase_session(MqttPhases *phases, bool present)
{
        pthread_mutex_lock(&phases->lock);
        phases->state.session = present;
        pthread_mutex_unlock(&phases->lock);
}

void phase_on(MqttPhases *phases)
{
        pthread_mutex_lock(&phases->lock);
        if (phases->phase == MQTT_SUBSCRIBING) {
                change(phases, MQTT_ON);
                phases->state.subscribed = true;
                phases->state.trouble = false;
                phases->state.connects++;
                phases->state.since_ms = phases->phase_ms;
                backoff_reset(&phases->backoff);
        }
        pthread_mutex_unlock(&phases->lock);
}

bool phase_message(MqttPhases *phases)
{
        bool leaving;

        pthread_mutex_lock(&phases->lock);
        phases->state.since_ms = time_monotonic();
        leaving = phases->phase == MQTT_LEAVING;
        pthread_mutex_unlock(&phases->lock);
        return !leaving;
}

void phase_down(MqttPhases *phases, MqttPhase phase, const char *why)
{
        pthread_mutex_lock(&phases->lock);
        if (why && phases->phase != MQTT_OFF && phases->phase != MQTT_LEAVING)
                error_set(&phases->state.why, ERR_RETRY, NULL, "mqtt %s: %s", phases->url, why);
        if (phase == MQTT_OFF && phases->phase != MQTT_OFF)
                phases->next_ms = time_monotonic() + backoff_next(&phases->backoff);
        change(phases, phase);
        phases->state.subscribed = false;
        phases->state.trouble = true;
        pthread_mutex_unlock(&phases->lock);
}

void phase_hold(MqttPhases *phases, const Error *why)
{
        pthread_mutex_lock(&phases->lock);
        phases->state.trouble = true;
        phases->state.why = *why;
        phases->next_ms = time_monotonic() + TURN_MS;
        pthread_mutex_unlock(&phases->lock);
}

/* ---- waiting ---- */

/* With the lock, for TURN_MS at most. */
static void turn_wait(MqttPhases *phases)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TURN_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&phases->changed, &phases->lock, &until);
}

MqttTurn phase_turn(MqttPhases *phases)
{
        bool due = false, late = false, stop;

        pthread_mutex_lock(&phases->lock);
        while (!phases->stop) {
                int64_t now = time_monotonic();

                due = phases->phase == MQTT_OFF && now >= phases->next_ms;
                late = phases->phase != MQTT_OFF && phases->phase != MQTT_ON && now - phases->phase_ms > ANSWER_MS;
                if (due || late)
                        break;
                turn_wait(phases);
        }
        stop = phases->stop;
        pthread_mutex_unlock(&phases->lock);
        if (stop)
                return TURN_STOP;
        return due ? TURN_CONNECT : TURN_LEAVE;
}

void phase_stop(MqttPhases *phases)
{
        pthread_mutex_lock(&phases->lock);
        phases->stop = true;
        pthread_cond_broadcast(&phases->changed);
        pthread_mutex_unlock(&phases->lock);
}

void phase_left(MqttPhases *phases, int64_t wait_ms)
{
        int64_t until = time_monotonic() + wait_ms;

        pthread_mutex_lock(&phases->lock);
        while (phases->phase == MQTT_LEAVING && time_monotonic() < until)
                turn_wait(phases);
        pthread_mutex_unlock(&phases->lock);
}

void phase_state(MqttPhases *phases, MqttState *state)
{
        pthread_mutex_lock(&phases->lock);
        *state = phases->state;
        pthread_mutex_unlock(&phases->lock);
}
