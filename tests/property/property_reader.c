/*
 * The reader gives an answer to any bytes, on every truncation and every mutated byte of valid values, and a refusal
 * always has a reason of the closed list. What it accepts, the writer writes and it reads again.
 */

#include "hub/base/file.h"
#include "hub/event/json.h"
#include "tests/property/random.h"

#include <dirent.h>
#include <string.h>

enum { FILES_MOST = 64 };

typedef struct {
        Chance chance;
        EventReader *reader, *again;
        Buffer texts[FILES_MOST];
        size_t size;
        int64_t accepted, refused;
} World;

static void reason_holds(const Error *err, const char *text)
{
        static const char *const reasons[] = { "not_json", "duplicate_key",  "missing_field", "bad_value",
                                               "bad_time", "bad_position",   "bad_charset",   "too_large",
                                               "too_deep", "unknown_message" };

        must(err->kind == ERR_INPUT, "a refusal is ERR_INPUT", text);
        for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
                if (text_same(reasons[i], err->reason))
                        return;
        must(false, "a reason of the list", err->reason);
}

static bool value_write(Buffer *out, const EventValue *value, Error *err)
{
        if (value->kind == KIND_COMMAND)
                return command_write(out, &value->command);
        if (value->kind == KIND_TICK)
                return tick_write(out, &value->tick);
        return event_write(out, &value->event, err);
}

static void reader_holds(World *world, const char *bytes, size_t size)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        EventValue value, again;
        Error err = { 0 };

        if (!event_read(world->reader, bytes, size, &value, &err)) {
                world->refused++;
                reason_holds(&err, bytes);
                return;
        }
        world->accepted++;
        must(value_write(&out, &value, &err), "what is read can be written", bytes);
        must(event_read(world->again, out.bytes, out.size, &again, &err), err.text, out.bytes);
        must(text_same(value.id, again.id) && text_same(value.zone, again.zone), "the same value", out.bytes);
}

static void fixtures_load(World *world)
{
        DIR *folder = opendir(FIXTURES);
        const struct dirent *entry;

        must(folder != NULL, "the fixtures are there", FIXTURES);
        while ((entry = readdir(folder)) && world->size < FILES_MOST) {
                CLEANUP(mem_drop) char *path = text_format("%s/%s", FIXTURES, entry->d_name);
                Error err = { 0 };

                if (strstr(entry->d_name, ".json"))
                        must(file_read(&world->texts[world->size++], path, 1 << 20, &err), "a fixture is read",
                             err.text);
        }
        closedir(folder);
}

static void truncations_hold(World *world)
{
        for (size_t i = 0; i < world->size; i++) {
                for (size_t size = 0; size <= world->texts[i].size; size++) {
                        CLEANUP(mem_drop) char *exact = mem_copy(world->texts[i].bytes, size);

                        reader_holds(world, exact, size);
                }
        }
}

static void mutations_hold(World *world)
{
        static const char bytes[] = { '\0', '"', '\\', '{', '}', '[', ',', ':', '0', '-', '\xff', '\x80', 'x', '\n' };

        for (size_t i = 0; i < world->size; i++) {
                for (size_t at = 0; at < world->texts[i].size; at++) {
                        CLEANUP(mem_drop) char *copy = mem_copy(world->texts[i].bytes, world->texts[i].size);

                        copy[at] = bytes[chance_below(&world->chance, sizeof(bytes))];
                        reader_holds(world, copy, world->texts[i].size);
                        copy[at] = (char)chance_bits(&world->chance);
                        reader_holds(world, copy, world->texts[i].size);
                }
        }
}

static void noise_holds(World *world)
{
        char noise[64];
        size_t size = chance_below(&world->chance, sizeof(noise));

        for (size_t i = 0; i < size; i++)
                noise[i] = chance_one_in(&world->chance, 2)
                                   ? (char)chance_bits(&world->chance)
                                   : "{}[]\",:kindtick0-.e\\u"[chance_below(&world->chance, 21)];
        reader_holds(world, noise, size);
}

int main(void)
{
        World world = { .chance = chance_start("reader"), .reader = event_reader_new(), .again = event_reader_new() };

        fixtures_load(&world);
        truncations_hold(&world);
        mutations_hold(&world);
        for (int64_t i = 0; i < world.chance.cases; i++)
                noise_holds(&world);
        printf("reader: %zu fixtures, %" PRId64 " accepted, %" PRId64 " refused\n", world.size, world.accepted,
               world.refused);
        must(world.accepted > (int64_t)world.size, "the fixtures themselves are accepted", "");
        for (size_t i = 0; i < world.size; i++)
                buffer_free(&world.texts[i]);
        event_reader_free(world.reader);
        event_reader_free(world.again);
        return EXIT_SUCCESS;
}
