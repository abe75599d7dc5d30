#include "hub/erasure/sealed.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/privacy/named.h"
#include "hub/rejected/rejected.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 50, COLUMN_BESIDE = REJECTED_ROW_MORE, COLUMN_RECEIVED, COLUMN_TOPIC, COLUMN_PARTITION, COLUMN_OFFSET };

/* Who is erased: SHA-256 of a pseudonym, and up to when (ms). */
typedef struct {
        const char *hash; /* the entries' */
        int64_t before;
} Person;

typedef struct {
        json_t *entries;
        Person *items;
        size_t size;
        int64_t before; /* of the newest */
        char *cause;
} Persons;

typedef struct {
        const Persons *persons;
        int64_t received;
        bool found;
} Search;

static void persons_close(Persons *persons)
{
        json_decref(persons->entries);
        free(persons->items);
        free(persons->cause);
}

static bool entry_take(Persons *persons, const char *entry, Error *err)
{
        json_t *read = json_read_typed(entry, strlen(entry), err), *hash;
        const char *at = read ? json_text(read, "at") : NULL;
        int64_t before;
        size_t i;

        if (!read)
                return false;
        json_array_append_new(persons->entries, read);
        if (!at || !time_read(at, &before, NULL, err))
                return error_add(err, "an entry without its moment");
        if (before > persons->before)
                persons->before = before;
        mem_drop(&persons->cause);
        persons->cause = text_format("hub erase %lld", (long long)json_integer_value(json_object_get(read, "number")));
        json_array_foreach(json_object_get(read, "persons"), i, hash) {
                persons->items = mem_resize(persons->items, (persons->size + 1) * sizeof(Person));
                persons->items[persons->size++] = (Person){ json_string_value(hash), before };
        }
        return true;
}

static void named(void *context, const char *pseudonym)
{
        Search *search = context;
        char hash[SHA256_TEXT_SIZE];

        if (search->found)
                return;
        sha256_text(pseudonym, strlen(pseudonym), hash);
        for (size_t i = 0; i < search->persons->size && !search->found; i++)
                search->found = search->received <= search->persons->items[i].before &&
                                strcmp(search->persons->items[i].hash, hash) == 0;
}

static bool beside_search(const Privacy *privacy, const DbResult *rows, size_t row, Search *search, Error *err)
{
        CLEANUP(buffer_free) Buffer clear = { 0 };
        const char *hex = db_text(rows, row, COLUMN_BESIDE);

        if (!hex)
                return true;
        if (!rejected_beside_bytes(privacy, rows, row, hex, &clear, err))
                return false;
        privacy_named(privacy, clear.bytes, clear.size, named, search);
        return true;
}

static void file_note(Sealed *sealed, const Config *config, const DbResult *rows, size_t row)
{
        sealed->files = mem_resize(sealed->files, (sealed->files_size + 1) * sizeof(char *));
        sealed->files[sealed->files_size++] =
                text_format("%s/%s/rejected/%s-%s", config->state, db_text(rows, row, REJECTED_ROW_INSTANCE),
                            db_text(rows, row, REJECTED_ROW_RUN), db_text(rows, row, REJECTED_ROW_SEQ));
}

static bool row_empty(Sealed *sealed, Db *db, const Config *config, const Persons *persons, const DbResult *rows,
                      size_t row, Error *err)
{
        const char *const values[] = { db_text(rows, row, COLUMN_TOPIC), db_text(rows, row, COLUMN_PARTITION),
                                       db_text(rows, row, COLUMN_OFFSET), persons->cause };

        sealed->emptied++;
        if (!db_text(rows, row, REJECTED_ROW_VALUE))
                file_note(sealed, config, rows, row);
        return db_query(db, NULL, "SELECT ops.reject_empty($1, $2::integer, $3::bigint, $4)", values, 4, err);
}

static bool row_look(Sealed *sealed, Db *db, const Config *config, const Privacy *privacy, const Persons *persons,
                     const DbResult *rows, size_t row, Error *err)
{
        CLEANUP(buffer_free) Buffer clear = { 0 };
        Search search = { persons, db_integer(rows, row, COLUMN_RECEIVED), false };
        Error why = { 0 };

        if (!rejected_bytes(config, privacy, rows, row, &clear, &why) ||
            !beside_search(privacy, rows, row, &search, &why)) {
                sealed->shut++;
                if (!sealed->why)
                        sealed->why = text_format("%s: %s", db_text(rows, row, REJECTED_ROW_REF), why.text);
                return true;
        }
        sealed->opened++;
        privacy_named(privacy, clear.bytes, clear.size, named, &search);
        return !search.found || row_empty(sealed, db, config, persons, rows, row, err);
}

static bool page_read(Db *db, const Persons *persons, const DbResult *last, DbResult **rows, Error *err)
{
        const size_t at = last ? db_rows(last) - 1 : 0;
        char before[TIME_TEXT_SIZE];
        CLEANUP(mem_drop) char *most = text_format("%d", PAGE);
        const char *const values[] = { last ? db_text(last, at, COLUMN_TOPIC) : "",
                                       last ? db_text(last, at, COLUMN_PARTITION) : "0",
                                       last ? db_text(last, at, COLUMN_OFFSET) : "0",
                                       time_text(persons->before, before), most };

        return db_query(db, rows,
                        "SELECT " REJECTED_COLUMNS ", encode(beside, 'hex'), (extract(epoch FROM received) * "
                        "1000)::bigint, topic, partition, \"offset\" FROM ops.rejects_sealed($1, $2::integer, "
                        "$3::bigint, $4::timestamptz, $5::integer)",
                        values, 5, err);
}

static bool pages_look(Sealed *sealed, Db *db, const Config *config, const Privacy *privacy, const Persons *persons,
                       Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        size_t size = PAGE;

        while (size == PAGE) {
                DbResult *next = NULL;

                if (!page_read(db, persons, rows, &next, err))
                        return false;
                db_result_free(rows);
                rows = next;
                size = db_rows(rows);
                for (size_t row = 0; row < size; row++)
                        if (!row_look(sealed, db, config, privacy, persons, rows, row, err))
                                return false;
        }
        return true;
}

/* Who has no keys still erases all that lies open. */
static bool all_shut(Sealed *sealed, Db *db, const Persons *persons, const Error *why, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        char before[TIME_TEXT_SIZE];
        const char *const values[] = { time_text(persons->before, before) };

        if (!db_query(db, &rows, "SELECT count(*) FROM ops.rejects_sealed('', 0, 0, $1::timestamptz, NULL)", values, 1,
                      err))
                return false;
        sealed->shut = (size_t)db_integer(rows, 0, 0);
        if (sealed->shut)
                sealed->why = text_copy(why->text);
        return true;
}

bool sealed_empty(Sealed *sealed, Db *db, const Config *config, const char *const *entries, size_t size, Error *err)
{
        CLEANUP(persons_close) Persons persons = { .entries = json_array() };
        Error why = { 0 };
        Privacy *privacy;
        bool is_fine;

        for (size_t i = 0; i < size; i++)
                if (!entry_take(&persons, entries[i], err))
                        return false;
        privacy = rejected_keys(config, &why);
        is_fine = privacy ? pages_look(sealed, db, config, privacy, &persons, err)
                          : all_shut(sealed, db, &persons, &why, err);
        privacy_free(privacy);
        return is_fine;
}

void sealed_drop_files(const Sealed *sealed)
{
        for (size_t i = 0; i < sealed->files_size; i++)
                if (unlink(sealed->files[i]) != 0)
                        fprintf(stderr, "hub erase: %s cannot be removed: remove it by hand\n", sealed->files[i]);
}

void sealed_free(Sealed *sealed)
{
        for (size_t i = 0; i < sealed->files_size; i++)
                free(sealed->files[i]);
        free(sealed->files);
        free(sealed->why);
        *sealed = (Sealed){ 0 };
}
