#include "hub/notify/shelf.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/keep/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MOST = 1 << 20, NAME_ROOM = 32, SUFFIX = 5 };

#define PLACE    "place.json"
#define ERASURES "erasures.json"

void parcel_free(Parcel *parcel)
{
        free(parcel->id);
        free(parcel->incident);
        free(parcel->why);
        buffer_free(&parcel->body);
        *parcel = (Parcel){ 0 };
}

bool shelf_open(Shelf *shelf, const char *state, const char *name, Error *err)
{
        shelf->folder = text_format("%s/notify/%s", state, name);
        shelf->waiting = text_format("%s/waiting", shelf->folder);
        shelf->dead = text_format("%s/dead", shelf->folder);
        if (folder_make(shelf->waiting, err) && folder_make(shelf->dead, err))
                return true;
        shelf_close(shelf);
        return false;
}

void shelf_close(Shelf *shelf)
{
        free(shelf->folder);
        free(shelf->waiting);
        free(shelf->dead);
        *shelf = (Shelf){ 0 };
}

void shelf_tidy(const Shelf *shelf)
{
        folder_tidy(shelf->waiting);
        folder_tidy(shelf->dead);
}

/* ---- place ---- */

static bool document_read(const char *folder, const char *name, json_t **json, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        if (!file_read(&bytes, path, FILE_MOST, err))
                return false;
        *json = json_read_typed(bytes.bytes, bytes.size, err);
        return *json || error_set(err, ERR_FATAL, NULL, "%s: no JSON", path);
}

static bool number_read(const Shelf *shelf, const char *name, const char *member, int64_t *number, bool *is_known,
                        Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", shelf->folder, name);
        CLEANUP(json_drop) json_t *json = NULL;

        *is_known = access(path, F_OK) == 0;
        if (!*is_known)
                return true;
        if (!document_read(shelf->folder, name, &json, err))
                return false;
        *number = json_integer_value(json_object_get(json, member));
        return true;
}

static bool number_store(const Shelf *shelf, const char *name, const char *member, int64_t number, Error *err)
{
        CLEANUP(mem_drop) char *text = text_format("{\"%s\":%lld}\n", member, (long long)number);

        return folder_store(shelf->folder, name, text, strlen(text), err);
}

bool shelf_place(const Shelf *shelf, int64_t *feed, bool *is_known, Error *err)
{
        return number_read(shelf, PLACE, "feed", feed, is_known, err);
}

bool shelf_place_store(const Shelf *shelf, int64_t feed, Error *err)
{
        return number_store(shelf, PLACE, "feed", feed, err);
}

bool shelf_erasures(const Shelf *shelf, int64_t *count, Error *err)
{
        bool is_known;

        *count = -1;
        return number_read(shelf, ERASURES, "erasures", count, &is_known, err);
}

bool shelf_erasures_store(const Shelf *shelf, int64_t count, Error *err)
{
        return number_store(shelf, ERASURES, "erasures", count, err);
}

/* ---- parcels ---- */

static int by_number(const void *one, const void *other)
{
        const int64_t first = *(const int64_t *)one, second = *(const int64_t *)other;

        return (first > second) - (first < second);
}

/* "104233.json"; others are none of ours, as what a kill left half written. */
static bool number_of(const char *name, int64_t *feed)
{
        const size_t size = strlen(name);
        char digits[NAME_ROOM];

        if (size <= SUFFIX || size - SUFFIX >= sizeof(digits) || strcmp(name + size - SUFFIX, ".json") != 0)
                return false;
        memcpy(digits, name, size - SUFFIX);
        digits[size - SUFFIX] = '\0';
        return text_read_integer(digits, feed);
}

bool shelf_list(const char *folder, int64_t **feeds, size_t *size, Error *err)
{
        DIR *directory = opendir(folder);
        size_t room = 0;

        *feeds = NULL;
        *size = 0;
        if (!directory)
                return error_set(err, ERR_FATAL, NULL, "%s: %s", folder, strerror(errno));
        for (const struct dirent *entry; (entry = readdir(directory));) {
                int64_t feed;

                if (!number_of(entry->d_name, &feed))
                        continue;
                if (*size == room) {
                        room = room ? 2 * room : NAME_ROOM;
                        *feeds = mem_resize(*feeds, room * sizeof(int64_t));
                }
                (*feeds)[(*size)++] = feed;
        }
        closedir(directory);
        if (*size)
                qsort(*feeds, *size, sizeof(int64_t), by_number);
        return true;
}

bool shelf_read(const char *folder, int64_t feed, Parcel *parcel, Error *err)
{
        CLEANUP(json_drop) json_t *json = NULL;
        char name[NAME_ROOM];
        const char *body;

        snprintf(name, sizeof(name), "%lld.json", (long long)feed);
        if (!document_read(folder, name, &json, err))
                return false;
        body = json_string_value(json_object_get(json, "body"));
        if (!body || !json_text(json, "id") || !json_text(json, "incident"))
                return error_set(err, ERR_FATAL, NULL, "%s/%s is no change", folder, name);
        *parcel = (Parcel){ .feed = feed,
                            .id = text_copy(json_text(json, "id")),
                            .incident = text_copy(json_text(json, "incident")),
                            .since = json_integer_value(json_object_get(json, "since")),
                            .tries = json_integer_value(json_object_get(json, "tries")),
                            .why = text_copy(json_text(json, "why")) };
        buffer_text(&parcel->body, body);
        return true;
}

bool shelf_store(const char *folder, const Parcel *parcel, Error *err)
{
        CLEANUP(json_drop)
        json_t *json = json_pack("{s:s, s:s, s:I, s:I, s:s*, s:s%}", "id", parcel->id, "incident", parcel->incident,
                                 "since", (json_int_t)parcel->since, "tries", (json_int_t)parcel->tries, "why",
                                 parcel->why, "body", parcel->body.bytes, parcel->body.size);
        CLEANUP(mem_drop) char *text = json_dumps(json, JSON_COMPACT);
        char name[NAME_ROOM];

        snprintf(name, sizeof(name), "%lld.json", (long long)parcel->feed);
        return text ? folder_store(folder, name, text, strlen(text), err)
                    : error_set(err, ERR_FATAL, NULL, "a change that is no JSON");
}

static char *path_of(const char *folder, int64_t feed)
{
        return text_format("%s/%lld.json", folder, (long long)feed);
}

void shelf_drop(const char *folder, int64_t feed)
{
        CLEANUP(mem_drop) char *path = path_of(folder, feed);

        (void)unlink(path);
}

bool shelf_bury(const Shelf *shelf, const Parcel *parcel, Error *err)
{
        if (!shelf_store(shelf->dead, parcel, err))
                return false;
        shelf_drop(shelf->waiting, parcel->feed);
        return true;
}

bool shelf_raise(const Shelf *shelf, int64_t feed, Error *err)
{
        Parcel parcel = { 0 };
        bool is_fine = shelf_read(shelf->dead, feed, &parcel, err);

        parcel.tries = parcel.since = 0;
        is_fine = is_fine && shelf_store(shelf->waiting, &parcel, err);
        if (is_fine)
                shelf_drop(shelf->dead, feed);
        parcel_free(&parcel);
        return is_fine;
}
