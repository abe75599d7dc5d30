#include "hub/operate/operate.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/thread.h"
#include "hub/base/time.h"
#include "hub/event/headers.h"
#include "hub/event/mac.h"
#include "hub/privacy/mask.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { POLL_MS = 50, ID_BYTES = 17, ID_CHARS = COMMAND_ID_SIZE - 5 };

/* One that waits for Kafka's word. Nobody waits any more: who reports it frees it. */
typedef struct {
        bool is_over, is_fine, is_left;
        char why[256];
} Waiting;

struct Line {
        const Config *config;
        char *topic;
        MacKeys *keys;
        pthread_mutex_t lock;
        pthread_cond_t told;
        pthread_t poller;
        KafkaProducer *producer; /* under the lock, as the rest; only the poller closes it */
        bool is_sick, is_closing;
};

/* ---- Kafka's word ---- */

static void reported(void *context, void *opaque, bool is_fine, const char *why)
{
        Line *line = context;
        Waiting *waiting = opaque;

        pthread_mutex_lock(&line->lock);
        waiting->is_over = true;
        waiting->is_fine = is_fine;
        snprintf(waiting->why, sizeof(waiting->why), "%s", why ? why : "no reason given");
        if (waiting->is_left)
                free(waiting);
        pthread_cond_broadcast(&line->told);
        pthread_mutex_unlock(&line->lock);
}

/* A producer that broke, or whose message did not arrive in time: with it goes what it still holds, so that nothing that was refused arrives hours later. */
static KafkaProducer *producer_leave(Line *line)
{
        KafkaProducer *left = NULL;
        Error err = { 0 };

        pthread_mutex_lock(&line->lock);
        if (line->producer && (line->is_sick || kafka_producer_broken(line->producer, &err))) {
                left = line->producer;
                line->producer = NULL;
        }
        line->is_sick = false;
        pthread_mutex_unlock(&line->lock);
        return left;
}

static void *poll_run(void *context)
{
        Line *line = context;

        for (;;) {
                KafkaProducer *producer;
                bool is_closing;

                kafka_producer_close(producer_leave(line));
                pthread_mutex_lock(&line->lock);
                while (!line->producer && !line->is_closing)
                        pthread_cond_wait(&line->told, &line->lock);
                producer = line->producer;
                is_closing = line->is_closing;
                pthread_mutex_unlock(&line->lock);
                if (is_closing)
                        return NULL;
                kafka_producer_poll(producer, POLL_MS);
        }
}

/* ---- open and close ---- */

static void poller_start(Line *line)
{
        pthread_condattr_t clock;

        pthread_mutex_init(&line->lock, NULL);
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&line->told, &clock);
        pthread_condattr_destroy(&clock);
        thread_start(&line->poller, poll_run, line);
}

Line *operate_open(const Config *config, Error *err)
{
        MacKeys *keys = config->commands.keys ? mac_load(config->commands.keys, err) : NULL;
        Line *line;

        if (!keys) {
                if (err->kind == ERR_NONE)
                        (void)error_set(err, ERR_FATAL, NULL, "%s: commands.keys is not set: commands must be signed",
                                        config->path);
                return NULL;
        }
        line = mem_new(sizeof(Line));
        line->config = config;
        line->keys = keys;
        line->topic = text_format("%s.events.v1", config->kafka.topic_prefix);
        poller_start(line);
        return line;
}

void operate_close(Line *line)
{
        if (!line)
                return;
        pthread_mutex_lock(&line->lock);
        line->is_closing = true;
        pthread_cond_broadcast(&line->told);
        pthread_mutex_unlock(&line->lock);
        pthread_join(line->poller, NULL);
        kafka_producer_close(line->producer);
        pthread_mutex_destroy(&line->lock);
        pthread_cond_destroy(&line->told);
        mac_free(line->keys);
        free(line->topic);
        free(line);
}

/* ---- one command ---- */

/* The lock is held. */
static bool produce(Line *line, const KafkaMessage *message, Waiting *waiting, Error *err)
{
        if (!line->producer) {
                line->producer = kafka_producer_open(&line->config->kafka, reported, line, err);
                pthread_cond_broadcast(&line->told);
        }
        if (!line->producer)
                return false;
        if (kafka_produce(line->producer, message, waiting, err) == KAFKA_TAKEN)
                return true;
        line->is_sick = true;
        return err->kind == ERR_NONE ? error_set(err, ERR_RETRY, NULL, "Kafka takes no more") : false;
}

/* The lock is held. */
static bool told(Line *line, Waiting *waiting, int64_t wait_ms, Error *err)
{
        struct timespec until;
        int result = 0;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += wait_ms / 1000;
        until.tv_nsec += wait_ms % 1000 * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        while (!waiting->is_over && result != ETIMEDOUT)
                result = pthread_cond_timedwait(&line->told, &line->lock, &until);
        if (!waiting->is_over) {
                waiting->is_left = line->is_sick = true;
                return error_set(err, ERR_RETRY, NULL, "Kafka does not answer");
        }
        const bool is_fine =
                waiting->is_fine || error_set(err, ERR_RETRY, NULL, "Kafka did not take the command: %s", waiting->why);
        free(waiting);
        return is_fine;
}

static bool hand_over(Line *line, const KafkaMessage *message, int64_t wait_ms, Error *err)
{
        Waiting *waiting = mem_new(sizeof(Waiting));
        bool is_fine;

        pthread_mutex_lock(&line->lock);
        is_fine = produce(line, message, waiting, err);
        if (is_fine)
                is_fine = told(line, waiting, wait_ms, err);
        else
                free(waiting);
        pthread_mutex_unlock(&line->lock);
        return is_fine;
}

bool operate_give(Line *line, const Command *command, int64_t wait_ms, Error *err)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(buffer_free) Buffer value = { 0 };
        const char *source = arena_format(arena, "/%s/command", command->zone);
        const ZoneEntry *entry = zones_find(line->config->zones, command->zone);
        KafkaHeader headers[EVENT_HEADERS_MOST];
        char mac[MAC_TEXT_SIZE];

        if (!entry)
                return error_set(err, ERR_FATAL, NULL, "zone %s is not in the zones file", command->zone);
        if (!command_write(&value, command))
                return error_set(err, ERR_INPUT, NULL,
                                 "%s: not of the form of a command: events are platform:space:source_id:revision",
                                 command->verb);
        size_t size = event_headers_plain("command", command->id, source, command->zone, NULL, command->at, NULL, 0,
                                          arena, headers);
        mac_sign(line->keys, value.bytes, value.size, mac);
        headers[size++] = (KafkaHeader){ "hub_mac", mac, strlen(mac) };
        return hand_over(line,
                         &(KafkaMessage){ .topic = line->topic,
                                          .partition = entry->partition,
                                          .key = command->zone,
                                          .key_size = strlen(command->zone),
                                          .value = value.bytes,
                                          .value_size = value.size,
                                          .headers = headers,
                                          .headers_size = size },
                         wait_ms, err);
}

/* ---- what it is made of ---- */

static void id_write(const uint8_t *bytes, char id[COMMAND_ID_SIZE])
{
        static const char start[] = "cmd:";

        snprintf(id, COMMAND_ID_SIZE, "%s", start);
        base32_crockford_text(bytes, ID_BYTES, id + sizeof(start) - 1, ID_CHARS);
}

void command_id_random(char id[COMMAND_ID_SIZE])
{
        uint8_t bytes[ID_BYTES];

        random_bytes(bytes, sizeof(bytes));
        id_write(bytes, id);
}

void command_id_of(const void *bytes, size_t size, char id[COMMAND_ID_SIZE])
{
        uint8_t digest[SHA256_SIZE];

        sha256(bytes, size, digest);
        id_write(digest, id);
}

void command_argument(Command *command, Buffer *args, const char *key, const char *value)
{
        buffer_format(args, "{\"%s\":", key);
        json_write_text(args, value, strlen(value));
        buffer_byte(args, '}');
        command->args = args->bytes;
}

void command_note(Command *command, Buffer *masked, const char *note)
{
        static const char *const nobody[] = { NULL };

        command->note = note && mask_text(masked, note, nobody, NULL, NULL) ? masked->bytes : note;
}
