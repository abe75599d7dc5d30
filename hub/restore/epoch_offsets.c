/* hub epoch: does Kafka still continue what the database has read? */

#include "hub/restore/epoch_private.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_WAIT_MS = 1000, VALUE_TRIES = 30 };

typedef struct {
        const char *topic, *sha256; /* of the value before next; NULL: none was kept */
        int32_t partition;
        int64_t next, low, high;
} Place;

static void consumer_drop(KafkaConsumer **consumer)
{
        kafka_consumer_close(*consumer);
}

/* The value at next - 1 against the hash of it. */
static bool value_check(KafkaConsumer *consumer, const Place *place, bool *same, Error *err)
{
        const KafkaPosition position = { .topic = place->topic,
                                         .partition = place->partition,
                                         .offset = place->next - 1 };
        char sha256[SHA256_TEXT_SIZE];
        KafkaMessage message;
        int got = 0;

        if (!kafka_consumer_assign(consumer, &position, 1, err))
                return false;
        for (int tries = 0; got == 0 && tries < VALUE_TRIES; tries++)
                got = kafka_consumer_next(consumer, &message, VALUE_WAIT_MS, err);
        if (got < 0)
                return false;
        if (!got)
                return error_set(err, ERR_RETRY, NULL, "kafka: %s partition %d offset %lld does not come", place->topic,
                                 (int)place->partition, (long long)position.offset);
        sha256_text(message.value ? message.value : "", message.value_size, sha256);
        *same = message.offset == position.offset && strcmp(sha256, place->sha256) == 0;
        return true;
}

static bool place_check(KafkaConsumer *consumer, const Place *place, size_t *passed, size_t *other, Error *err)
{
        bool same = true;

        if (place->low > place->next) {
                printf("%s partition %d: Kafka's retention has passed the database: it begins at %lld, the database "
                       "goes on at %lld: %lld messages are lost\n",
                       place->topic, (int)place->partition, (long long)place->low, (long long)place->next,
                       (long long)(place->low - place->next));
                ++*passed;
                return true;
        }
        if (place->high < place->next) {
                printf("%s partition %d: ends at %lld, before the database's %lld: the topic was made anew, or Kafka "
                       "lost its end\n",
                       place->topic, (int)place->partition, (long long)place->high, (long long)place->next);
                ++*other;
                return true;
        }
        if (place->sha256 && place->next > place->low && !value_check(consumer, place, &same, err))
                return false;
        if (!same) {
                printf("%s partition %d: the value at %lld is not the one that the database read: the topic was made "
                       "anew\n",
                       place->topic, (int)place->partition, (long long)(place->next - 1));
                ++*other;
        }
        return true;
}

bool epoch_offsets_check(const Config *config, Db *db, size_t *passed, size_t *other, Error *err)
{
        CLEANUP(consumer_drop) KafkaConsumer *consumer = kafka_consumer_open(&config->kafka, "hub-epoch", err);
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        *passed = *other = 0;
        if (!consumer || !db_query(db, &rows,
                                   "SELECT topic, partition, next_offset, encode(last_sha256, 'hex') FROM "
                                   "ops.kafka_offset ORDER BY topic, partition",
                                   NULL, 0, err))
                return false;
        if (!db_rows(rows))
                return error_set(err, ERR_RETRY, NULL,
                                 "the database has no offsets: this is no back-up of a hub that ran");
        for (size_t i = 0; i < db_rows(rows); i++) {
                Place place = { .topic = db_text(rows, i, 0),
                                .partition = (int32_t)db_integer(rows, i, 1),
                                .next = db_integer(rows, i, 2),
                                .sha256 = db_text(rows, i, 3) };

                if (!kafka_consumer_watermarks(consumer, place.topic, place.partition, &place.low, &place.high, err) ||
                    !place_check(consumer, &place, passed, other, err))
                        return error_add(err, "looking at offsets");
        }
        return true;
}
