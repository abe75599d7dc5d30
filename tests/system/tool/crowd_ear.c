#include "tests/system/tool/crowd_ear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEEDS_LEAST = 1024, TEXT_SIZE = 128, DECIMAL = 10 };

static const uint64_t fnv_offset = 14695981039346656037ULL, fnv_prime = 1099511628211ULL;

void ear_open(Ear *ear)
{
        *ear = (Ear){ .hash = fnv_offset };
}

void ear_close(Ear *ear)
{
        free(ear->feeds);
        free(ear->rest);
        *ear = (Ear){ 0 };
}

void ear_cut(Ear *ear)
{
        ear->rest_size = 0;
}

static void *grown(void *block, size_t size)
{
        void *more = realloc(block, size);

        if (!more)
                abort();
        return more;
}

/* A frame: lines of a name, ": ", and a value. */
typedef struct {
        const char *bytes;
        size_t size;
} Text;

static Text value_of(Text frame, const char *name)
{
        const size_t name_size = strlen(name);

        for (const char *at = frame.bytes, *stop = frame.bytes + frame.size; at < stop;) {
                const char *end = memchr(at, '\n', (size_t)(stop - at));
                const size_t size = end ? (size_t)(end - at) : (size_t)(stop - at);

                if (size > name_size && memcmp(at, name, name_size) == 0)
                        return (Text){ at + name_size, size - name_size };
                at += size + 1;
        }
        return (Text){ 0 };
}

/* Of a member whose value is a number, or a text without an escape; empty: there is none. */
static Text member_of(Text json, const char *name)
{
        const char *at = memmem(json.bytes, json.size, name, strlen(name)), *end;
        const char *stop = json.bytes + json.size;

        if (!at)
                return (Text){ 0 };
        at += strlen(name);
        for (end = at; end < stop && !strchr("\",}", *end); end++)
                ;
        return (Text){ at, (size_t)(end - at) };
}

static int64_t number_of(Text text)
{
        int64_t number = 0;

        for (size_t i = 0; i < text.size && text.bytes[i] >= '0' && text.bytes[i] <= '9'; i++)
                number = number * DECIMAL + (text.bytes[i] - '0');
        return number;
}

static void hash_add(Ear *ear, const char *text)
{
        for (; *text; text++)
                ear->hash = (ear->hash ^ (unsigned char)*text) * fnv_prime;
}

static void version_take(Ear *ear, Text data, int64_t feed)
{
        const Text incident = member_of(data, "\"incident\":\""), epoch = member_of(data, "\"epoch\":"),
                   version = member_of(data, "\"version\":");
        char text[TEXT_SIZE];

        if (!incident.size || !epoch.size || !version.size || number_of(member_of(data, "\"feed\":")) != feed)
                ear->wrong++;
        snprintf(text, sizeof(text), "%lld %.*s %lld %lld\n", (long long)feed, (int)incident.size, incident.bytes,
                 (long long)number_of(epoch), (long long)number_of(version));
        hash_add(ear, text);
        if (ear->size == ear->most) {
                ear->most = ear->most ? 2 * ear->most : FEEDS_LEAST;
                ear->feeds = grown(ear->feeds, ear->most * sizeof(uint32_t));
        }
        ear->feeds[ear->size++] = (uint32_t)feed;
}

static bool is_text(Text text, const char *other)
{
        return text.size == strlen(other) && memcmp(text.bytes, other, text.size) == 0;
}

static void frame_take(Ear *ear, Text frame, EarHeard *heard, void *context)
{
        const Text id = value_of(frame, "id: "), event = value_of(frame, "event: ");
        const bool is_version = is_text(event, "incident");

        ear->resets += is_text(event, "reset");
        if (!id.size && is_version)
                ear->wrong++;
        if (!id.size)
                return;
        if (is_version ? number_of(id) <= ear->last : number_of(id) < ear->last)
                ear->wrong++;
        ear->last = number_of(id);
        if (!is_version)
                return;
        version_take(ear, value_of(frame, "data: "), ear->last);
        heard(context, (uint32_t)ear->last);
}

static void rest_add(Ear *ear, const char *bytes, size_t size)
{
        ear->rest = grown(ear->rest, ear->rest_size + size + 1);
        memcpy(ear->rest + ear->rest_size, bytes, size);
        ear->rest_size += size;
}

/* All whole frames; how many bytes they were. */
static size_t frames_take(Ear *ear, const char *bytes, size_t size, EarHeard *heard, void *context)
{
        const char *at = bytes, *end;

        while ((end = memmem(at, size - (size_t)(at - bytes), "\n\n", 2))) {
                frame_take(ear, (Text){ at, (size_t)(end - at) }, heard, context);
                at = end + 2;
        }
        return (size_t)(at - bytes);
}

void ear_hear(Ear *ear, const char *bytes, size_t size, EarHeard *heard, void *context)
{
        size_t used = 0;

        if (ear->rest_size) {
                rest_add(ear, bytes, size);
                used = frames_take(ear, ear->rest, ear->rest_size, heard, context);
                memmove(ear->rest, ear->rest + used, ear->rest_size - used);
                ear->rest_size -= used;
                return;
        }
        used = frames_take(ear, bytes, size, heard, context);
        if (used < size)
                rest_add(ear, bytes + used, size - used);
}
