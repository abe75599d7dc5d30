/* What a batch collects beside the changes of zones. */

#include "hub/correlate/store_private.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"

#include <stdio.h>
#include <string.h>

void store_begin(Store *store, const StoreBatch *batch)
{
        store_rows_clear(store->rows);
        store->rows->move = *batch;
}

static void integer_or_null(DbCopy *copy, int64_t value, bool known)
{
        if (known)
                db_copy_integer(copy, value);
        else
                db_copy_text(copy, NULL);
}

static void degrees(DbCopy *copy, double value, bool known)
{
        char text[32];

        snprintf(text, sizeof text, "%.7f", value);
        db_copy_text(copy, known ? text : NULL);
}

static int64_t received_of(const StoreRecord *record)
{
        if (!record->value)
                return record->received;
        if (record->value->kind == KIND_TICK)
                return record->value->tick.at;
        return record->value->kind == KIND_COMMAND ? record->value->command.at : record->value->event.time.received;
}

void store_record(Store *store, const StoreRecord *record)
{
        static const Event none;
        const EventValue *value = record->value;
        const bool plain = value && value->kind != KIND_TICK && value->kind != KIND_COMMAND;
        const Event *event = plain ? &value->event : &none;
        const bool placed = plain && event->position.method != POSITION_NONE;
        DbCopy *copy = &store->rows->records;

        db_copy_text(copy, record->topic);
        db_copy_integer(copy, record->partition);
        db_copy_integer(copy, record->offset);
        db_copy_text(copy, record->run);
        integer_or_null(copy, record->seq, record->run != NULL);
        db_copy_text(copy, value ? value->id : record->id);
        db_copy_text(copy, plain ? event->subject : NULL);
        db_copy_text(copy, value ? kind_name(value->kind) : NULL);
        db_copy_text(copy, value ? value->zone : NULL);
        db_copy_text(copy, plain ? event->platform : NULL);
        db_copy_text(copy, plain                               ? event->instance
                           : value && value->kind == KIND_TICK ? value->tick.instance
                                                               : record->instance);
        db_copy_time(copy, received_of(record));
        db_copy_time(copy, plain ? event->time.occurred : TIME_NONE);
        db_copy_text(copy, plain ? event->category.code : NULL);
        degrees(copy, event->position.lon, placed);
        degrees(copy, event->position.lat, placed);
        db_copy_text(copy, record->verdict);
        if (record->text)
                db_copy_bytes(copy, record->text, record->size);
        else
                db_copy_text(copy, NULL);
        db_copy_row(copy);
}

void store_rejected(Store *store, const StoreRejected *rejected)
{
        DbCopy *copy = &store->rows->rejected;
        const char *const texts[] = { rejected->stage, rejected->instance, rejected->platform, rejected->zone,
                                      rejected->run };
        const char *const more[] = { rejected->reason, rejected->text, rejected->channel, rejected->position,
                                     rejected->content_type };
        CLEANUP(buffer_free) Buffer beside = { 0 };

        db_copy_text(copy, rejected->topic);
        db_copy_integer(copy, rejected->partition);
        db_copy_integer(copy, rejected->offset);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                db_copy_text(copy, texts[i]);
        integer_or_null(copy, rejected->seq, rejected->run != NULL);
        for (size_t i = 0; i < sizeof more / sizeof *more; i++)
                db_copy_text(copy, more[i]);
        db_copy_time(copy, rejected->received);
        db_copy_text(copy, rejected->sha256);
        db_copy_integer(copy, rejected->size);
        integer_or_null(copy, rejected->key_version, rejected->key_version > 0);
        db_copy_binary(copy, rejected->value, rejected->value_size);
        db_copy_text(copy, rejected->retry_of);
        if (rejected->beside && hex_read(rejected->beside, &beside))
                db_copy_binary(copy, beside.bytes, beside.size);
        else
                db_copy_text(copy, NULL);
        db_copy_row(copy);
}

void store_tick(Store *store, const Tick *tick, int32_t partition, int64_t offset, int64_t seq)
{
        const int64_t numbers[] = { seq,           partition,      offset,          tick->acked,
                                    tick->records, tick->items,    tick->published, tick->rejected,
                                    tick->ignored, tick->repeated, tick->lag };
        char texts[sizeof numbers / sizeof *numbers][24], at[TIME_TEXT_SIZE], hour[TIME_TEXT_SIZE];

        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
                snprintf(texts[i], sizeof texts[i], "%lld", (long long)numbers[i]);
        const char *const values[] = { tick->instance,
                                       tick->run,
                                       texts[0],
                                       tick->zone,
                                       texts[1],
                                       texts[2],
                                       time_text(tick->at, at),
                                       texts[3],
                                       tick->final ? "true" : "false",
                                       time_text(tick->hour, hour),
                                       texts[4],
                                       texts[5],
                                       texts[6],
                                       texts[7],
                                       texts[8],
                                       texts[9],
                                       tick->source_state,
                                       texts[10] };
        store_later(store,
                    "INSERT INTO ops.tick VALUES ($1, $2, $3::bigint, $4, $5::int, $6::bigint, $7::timestamptz, "
                    "$8::bigint, $9::boolean,"
                    " $10::timestamptz, $11::bigint, $12::bigint, $13::bigint, $14::bigint, $15::bigint, "
                    "$16::bigint, $17, $18::bigint)"
                    " ON CONFLICT (run, seq, zone) DO NOTHING",
                    values, 18);
}

void store_retried(Store *store, const char *rejected, const char *run, int64_t seq)
{
        char number[24];
        const char *const values[] = { rejected, run, number };

        snprintf(number, sizeof number, "%lld", (long long)seq);
        store_later(store,
                    "UPDATE ops.rejected SET retried_by = $2 || ':' || $3 WHERE run = split_part($1, ':', 1) AND"
                    " seq = CASE WHEN split_part($1, ':', 2) ~ '^[0-9]{1,18}$' THEN split_part($1, ':', 2)::bigint END"
                    " AND stage = 'adapter' AND retried_by IS NULL",
                    values, 3);
}
