#include "hub/source/postgres/postgres_source.h"

#include "hub/base/charset.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <string.h>

/* The server vouches for UTF-8, unless its database has no character set. */
static void text_add(Buffer *out, const char *text, size_t size, void (*add)(Buffer *, const char *, size_t))
{
        CLEANUP(buffer_free) Buffer decoded = { 0 };
        size_t repaired = 0;
        Error err = { 0 };

        if (!text_is_utf8(text, size) && charset_decode(&decoded, NULL, text, size, &repaired, &err)) {
                text = decoded.bytes;
                size = decoded.size;
        }
        add(out, text, size);
}

static void plain_add(Buffer *out, const char *text, size_t size)
{
        buffer_add(out, text, size);
}

static void json_fill(Source *source, const DbResult *rows, size_t row)
{
        Buffer *out = &source->value;

        buffer_clear(out);
        for (size_t i = 0; i < source->described.size; i++) {
                const char *name = source->described.names[i], *text = db_text(rows, row, i);

                buffer_byte(out, i ? ',' : '{');
                text_add(out, name, strlen(name), json_write_text);
                buffer_byte(out, ':');
                if (text)
                        text_add(out, text, db_size(rows, row, i), json_write_text);
                else
                        buffer_text(out, "null");
        }
        buffer_byte(out, '}');
}

RowKey row_key(const DbResult *rows, size_t row)
{
        const size_t extra = db_columns(rows) - ROW_EXTRA;

        return (RowKey){ .id = db_text(rows, row, extra + ROW_ID),
                         .time = db_text(rows, row, extra + ROW_TIME),
                         .digest = query_digest(db_text(rows, row, extra + ROW_DIGEST)),
                         .moves = db_flag(rows, row, extra + ROW_AHEAD) };
}

static void record_fill(Source *source, const char *id, const char *time, SourceRecord *record)
{
        buffer_clear(&source->key);
        text_add(&source->key, id, strlen(id), plain_add);
        buffer_clear(&source->place);
        buffer_format(&source->place, "%s %s", source->key.bytes, time);
        *record = (SourceRecord){ .token = source->token };
        record->record = (Record){ .bytes = source->value.bytes,
                                   .size = source->value.size,
                                   .channel = source->channel,
                                   .content_type = "application/json",
                                   .position = source->place.bytes,
                                   .received_ms = time_now(),
                                   .key = source->key.bytes };
}

static void nothing_fill(Source *source)
{
        buffer_clear(&source->value);
        buffer_text(&source->value, "");
}

void row_fill(Source *source, const DbResult *rows, size_t row, const RowKey *key, SourceRecord *record)
{
        place_hold(source, key);
        json_fill(source, rows, row);
        record_fill(source, key->id, key->time ? key->time : "without time", record);
}

static void row_refuse(Source *source, const RowKey *key, const Error *why, SourceRecord *record)
{
        bool is_charset = strstr(why->text, "(22021") || strstr(why->text, "(22P05");

        place_hold(source, key);
        nothing_fill(source);
        record_fill(source, key->id, key->time ? key->time : "without time", record);
        error_set(&record->refusal, ERR_INPUT, is_charset ? "bad_charset" : "bad_value", "%s", why->text);
}

/* Told again it bears the same position; the same id, deleted once more when it had come back, another. */
void row_gone(Source *source, const char *id, uint64_t digest, SourceRecord *record)
{
        const RowKey key = { .id = id };
        char place[32];

        place_hold(source, &key);
        nothing_fill(source);
        snprintf(place, sizeof(place), "deleted %016llx", (unsigned long long)digest);
        record_fill(source, id, place, record);
}

/* A refused one is known by the digest that its key came with, so that it is refused once. */
bool row_ask(Source *source, const RowKey *key, SourceRecord *record, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        RowKey found;

        if (!query_row(source->db, &source->described, key->id, &rows, err)) {
                if (err->kind != ERR_INPUT)
                        return false;
                row_refuse(source, key, err, record);
                return true;
        }
        if (!db_rows(rows))
                return false;
        found = row_key(rows, 0);
        found.moves = key->moves;
        if (known_has(source->known, found.id, found.digest))
                return false;
        row_fill(source, rows, 0, &found, record);
        return true;
}
