#include "hub/conform/mapping.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/conform/change.h"

#include <ctype.h>
#include <string.h>

static void mapping_free(Mapping *mapping)
{
        json_decref(mapping->filled);
        json_decref(mapping->told);
        json_decref(mapping->follows);
        json_decref(mapping->needed);
        json_decref(mapping->said);
}

/* ---- an event as texts by path ---- */

static void flatten(const json_t *value, const char *path, json_t *flat)
{
        const char *name;
        const json_t *part;
        size_t i;

        if (json_is_object(value)) {
                json_object_foreach((json_t *)(uintptr_t)value, name, part) {
                        CLEANUP(mem_drop) char *inner = text_format("%s%s%s", path, path[0] ? "." : "", name);

                        flatten(part, inner, flat);
                }
        } else if (json_is_array(value)) {
                json_array_foreach(value, i, part) {
                        flatten(part, path, flat);
                }
        } else {
                const char *before = json_string_value(json_object_get(flat, path));
                CLEANUP(mem_drop) char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));
                CLEANUP(mem_drop) char *all = text_format("%s%s", before ? before : "", text ? text : "");

                json_object_set_new(flat, path, json_string(all));
        }
}

static json_t *event_flat(const TrialEvent *event)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *read = json_read_typed(event->bytes, event->size, &err);
        json_t *flat = json_object();

        flatten(read, "", flat);
        return flat;
}

/* What no member of a platform fills, or each of them together. */
static bool is_ours(const char *path)
{
        static const char *const others[] = { "id",   "subject",       "kind",           "platform", "instance",
                                              "zone", "time.received", "time.precision", "quality" };

        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
                if (strcmp(path, others[i]) == 0)
                        return false;
        return !text_starts(path, "raw.");
}

/* ---- what a change of one member changes ---- */

/* An item of a page that is an array goes by its own members. */
static const char *member_path(const Leaf *leaf)
{
        const char *path = leaf->path;

        while (text_starts(path, "[]."))
                path += strlen("[].");
        return path;
}

static void note(json_t *map, const char *ours, const char *theirs, const char *fixture)
{
        json_t *members = json_object_get(map, ours);

        if (!members)
                json_object_set_new(map, ours, members = json_object());
        if (!json_object_get(members, theirs))
                json_object_set_new(members, theirs, json_string(fixture));
}

static void difference_note(const Text *text, const Leaf *leaf, const json_t *before, const json_t *after,
                            Mapping *mapping)
{
        CLEANUP(mem_drop)
        char *said = mem_copy(text->document.bytes + leaf->inside.at, leaf->inside.end - leaf->inside.at);
        const char *fixture = text->bench->setup.fixture->name, *path;
        const json_t *value;

        json_object_foreach((json_t *)(uintptr_t)before, path, value) {
                bool is_told = text_stands_in(said, strlen(said), json_string_value(value));

                if (!is_ours(path) || json_equal((json_t *)(uintptr_t)value, json_object_get(after, path)))
                        continue;
                if (is_told)
                        note(mapping->told, path, member_path(leaf), fixture);
                else if (strcmp(path, "source.revision") != 0) /* a hash follows every member */
                        note(mapping->follows, path, member_path(leaf), fixture);
        }
}

static void changed_note(Text *text, const Leaf *leaf, const char *value, Mapping *mapping)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(buffer_free) Buffer changed = { 0 };
        Attempt attempt;
        Outcome outcome;
        Record record;

        document_with(&text->document, leaf->inside, value, &changed);
        attempt = text_attempt(text, "", changed.bytes, changed.size);
        record = bench_record(text->bench, &attempt, attempt.bytes);
        trial_run(&text->bench->setup, &record, arena, &outcome);
        if (outcome.events_size < text->whole.events_size && !json_object_get(mapping->needed, member_path(leaf)))
                json_object_set_new(mapping->needed, member_path(leaf), json_string(text->bench->setup.fixture->name));
        for (size_t i = 0; i < outcome.events_size && outcome.events_size == text->whole.events_size; i++) {
                CLEANUP(json_drop) json_t *before = event_flat(&text->whole.events[i]);
                CLEANUP(json_drop) json_t *after = event_flat(&outcome.events[i]);

                difference_note(text, leaf, before, after, mapping);
        }
}

/* Another digit at its end, so that a time stays a time and a number one; another word; nothing. */
static void leaf_map(Text *text, const Leaf *leaf, Mapping *mapping)
{
        const size_t size = leaf->inside.end - leaf->inside.at;
        CLEANUP(mem_drop) char *value = mem_copy(text->document.bytes + leaf->inside.at, size);
        size_t last = size;
        bool is_text = text->document.kind != DOCUMENT_JSON || leaf->inside.at > leaf->value.at;

        while (last && !isdigit((unsigned char)value[last - 1]))
                last--;
        if (last) {
                value[last - 1] = value[last - 1] == '0' ? '1' : '0';
                changed_note(text, leaf, value, mapping);
        }
        if (!is_text)
                return;
        changed_note(text, leaf, "1", mapping);
        changed_note(text, leaf, "不识之词", mapping);
        changed_note(text, leaf, "", mapping);
}

static void said_note(Bench *bench, Mapping *mapping)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        const Buffer *bytes = &bench->input->bytes;
        const Attempt attempt = bench_attempt(bench, "", bytes->bytes ? bytes->bytes : "", bytes->size);
        const Record record = bench_record(bench, &attempt, attempt.bytes);
        Outcome outcome;

        trial_run(&bench->setup, &record, arena, &outcome);
        for (size_t i = 0; i < outcome.verdicts_size; i++) {
                const TrialVerdict *verdict = &outcome.verdicts[i];

                note(mapping->said, verdict->rejected ? "rejected" : "ignored", verdict->reason,
                     bench->setup.fixture->name);
        }
        if (outcome.ended == ERR_RETRY && outcome.reason)
                note(mapping->said, "asked again", outcome.reason, bench->setup.fixture->name);
}

static void filled_note(const Text *text, Mapping *mapping)
{
        for (size_t i = 0; i < text->whole.events_size; i++) {
                CLEANUP(json_drop) json_t *flat = event_flat(&text->whole.events[i]);
                const char *path;
                const json_t *value;

                json_object_foreach(flat, path, value) {
                        if (is_ours(path) && !json_object_get(mapping->filled, path))
                                json_object_set_new(mapping->filled, path,
                                                    json_string(text->bench->setup.fixture->name));
                }
        }
}

static bool is_first(const Document *document, const Leaf *leaf)
{
        for (const Leaf *earlier = document->leaves; earlier < leaf; earlier++)
                if (strcmp(earlier->path, leaf->path) == 0)
                        return false;
        return true;
}

static bool fixture_map(const ConformSetup *setup, const TrialSetup *with, const char *name, Mapping *mapping,
                        Error *err)
{
        CLEANUP(fixture_close) Fixture fixture = { 0 };
        TrialSetup trial = *with;

        if (!fixture_load(&fixture, setup->adapter, setup->folder, name, err))
                return false;
        trial.fixture = &fixture;
        for (size_t i = 0; i < fixture.inputs_size; i++) {
                Bench bench = { .setup = trial, .input = &fixture.inputs[i] };
                Text text;

                said_note(&bench, mapping);
                if (text_open(&text, &bench)) {
                        filled_note(&text, mapping);
                        for (size_t k = 0; k < text.document.leaves_size; k++)
                                if (is_first(&text.document, &text.document.leaves[k]))
                                        leaf_map(&text, &text.document.leaves[k], mapping);
                }
                text_close(&text);
        }
        return true;
}

bool conform_mapping(const ConformSetup *setup, Buffer *out, size_t *missing, Error *err)
{
        CLEANUP(mapping_free)
        Mapping mapping = { json_object(), json_object(), json_object(), json_object(), json_object() };
        CLEANUP(fixture_names_free) TextList names = { 0 };
        Categories *categories = categories_load(NULL, err);
        Privacy *privacy = privacy_test();
        const TrialSetup with = { .categories = categories, .privacy = privacy };
        bool mapped = categories && fixture_names(setup->folder, &names, err);

        for (size_t i = 0; mapped && i < names.size; i++)
                mapped = fixture_map(setup, &with, names.items[i], &mapping, err);
        *missing = mapped ? mapping_write(&mapping, setup->adapter, out) : 0;
        categories_free(categories);
        privacy_free(privacy);
        return mapped;
}
