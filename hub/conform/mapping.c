#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/conform/change.h"
#include "hub/conform/conform.h"
#include "hub/dialect/case.h"
#include "hub/event/fields.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define OTHERWISE "the dialect, or the record's key, place or channel"

enum { SHOWN_MOST = 6 }; /* members of the platform for one of ours */

/* told and follows: a member of ours to an object of the platform's members, each with the fixture that shows it. */
typedef struct {
        json_t *filled;  /* to a fixture */
        json_t *told;    /* the platform's text stands in it */
        json_t *follows; /* it changes with the platform's */
        json_t *needed;  /* members without which, or with another word, an event is none: to a fixture */
        json_t *said;    /* rejected and ignored: a reason to a fixture */
} Mapping;

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

/* ---- the table ---- */

/* "rows[].note1" beside "note1", an item of a page and the same alone, is shown once. */
static bool is_shown_shorter(json_t *members, const char *path)
{
        const char *name;
        json_t *fixture;

        json_object_foreach(members, name, fixture) {
                size_t size = strlen(name), whole = strlen(path);

                if (whole > size && path[whole - size - 1] == '.' && strcmp(path + whole - size, name) == 0)
                        return true;
        }
        return false;
}

static void row_write(const Mapping *mapping, const char *path, Buffer *out)
{
        json_t *told = json_object_get(mapping->told, path), *members, *fixture;
        const char *name, *shown = NULL;
        size_t count = 0;

        if (!json_object_get(mapping->filled, path))
                return;
        members = told ? told : json_object_get(mapping->follows, path);
        buffer_format(out, "| %s | ", path);
        json_object_foreach(members, name, fixture) {
                if (is_shown_shorter(members, name) || count++ >= SHOWN_MOST)
                        continue;
                buffer_format(out, "%s`%s`", count > 1 ? ", " : "", name);
                shown = shown ? shown : json_string_value(fixture);
        }
        if (count > SHOWN_MOST)
                buffer_format(out, " and %zu more", count - SHOWN_MOST);
        if (!shown)
                shown = json_string_value(json_object_get(mapping->filled, path));
        buffer_format(out, "%s | %s |\n", count ? "" : OTHERWISE, shown);
}

static void rows_write(const Mapping *mapping, const Shape *shape, const char *prefix, Buffer *out)
{
        for (size_t i = 0; i < shape->size; i++) {
                const Field *field = &shape->fields[i];
                CLEANUP(mem_drop) char *path = text_format("%s%s%s", prefix, prefix[0] ? "." : "", field->name);

                if (field->shape)
                        rows_write(mapping, field->shape, path, out);
                else
                        row_write(mapping, path, out);
        }
}

/* "Rejected: `bad_time` (no-time), ..." */
static void said_write(const Mapping *mapping, Buffer *out)
{
        static const char *const verdicts[][2] = { { "rejected", "Rejected" },
                                                   { "ignored", "Ignored" },
                                                   { "asked again", "No record, asked again" } };

        for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
                json_t *reasons = json_object_get(mapping->said, verdicts[i][0]), *fixture;
                const char *reason, *comma = "";

                if (!reasons)
                        continue;
                buffer_format(out, "\n%s: ", verdicts[i][1]);
                json_object_foreach(reasons, reason, fixture) {
                        buffer_format(out, "%s`%s` (%s)", comma, reason, json_string_value(fixture));
                        comma = ", ";
                }
                buffer_text(out, ".\n");
        }
}

/* ---- members of the tables ---- */

/* Letters of either case: a form may fold the names of its document. */
static bool ends_with(const char *path, const char *member)
{
        size_t whole = strlen(path), size = strlen(member);

        return whole >= size && strcasecmp(path + whole - size, member) == 0 &&
               (whole == size || path[whole - size - 1] == '.');
}

static bool is_needed(json_t *needed, const char *member)
{
        const char *theirs;
        json_t *fixture;

        json_object_foreach(needed, theirs, fixture) {
                if (ends_with(theirs, member))
                        return true;
        }
        return false;
}

static bool is_shown(json_t *map, const char *member)
{
        const char *ours, *theirs;
        json_t *members, *fixture;

        json_object_foreach(map, ours, members) {
                json_object_foreach(members, theirs, fixture) {
                        if (ends_with(theirs, member))
                                return true;
                }
        }
        return false;
}

static size_t missing_write(const Adapter *adapter, const Mapping *mapping, Buffer *out)
{
        size_t missing = 0;

        for (size_t i = 0; i < adapter->forms_size; i++)
                for (const CaseMember *member = adapter->forms[i].members; member->path; member++)
                        if (!is_shown(mapping->told, member->path) && !is_shown(mapping->follows, member->path) &&
                            !is_needed(mapping->needed, member->path)) {
                                buffer_format(out, "\nNo fixture shows `%s` (%s).\n", member->path,
                                              case_role_name(member->role));
                                missing++;
                        }
        return missing;
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
        if (mapped) {
                buffer_text(out, "| ours | the platform's | shown by |\n|---|---|---|\n");
                rows_write(&mapping, &event_shape, "", out);
                said_write(&mapping, out);
        }
        *missing = mapped ? missing_write(setup->adapter, &mapping, out) : 0;
        categories_free(categories);
        privacy_free(privacy);
        return mapped;
}
