/* An adapter that keeps every rule, and the same with one fault: the rule that the fault breaks must say so, or it asks nothing. */

#include "hub/base/charset.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/conform/conform.h"
#include "hub/dialect/case.h"
#include "hub/geo/crs.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <sys/stat.h>

typedef enum {
        FAULT_NONE,
        FAULT_CRASH,
        FAULT_FATAL,
        FAULT_CHANGING,
        FAULT_REASON,
        FAULT_ITEM_FORM,
        FAULT_DATUM,
        FAULT_NUMBER,
        FAULT_CUT,
        FAULT_SUBJECT,
        FAULT_BLANK,
        FAULT_PAGE,
        FAULT_PLACE,
        FAULT_CHARSET,
        FAULT_ENVELOPE,
        FAULT_ERROR,
        FAULT_LONG,
} Fault;

typedef struct {
        int64_t fault;
        Crs crs;
} ParksOptions;

static const Option table[] = {
        { "fault", OPTION_INTEGER, offsetof(ParksOptions, fault), .value = "0", .about = "what it does wrong" },
        { "crs", OPTION_CUSTOM, offsetof(ParksOptions, crs), .custom = &crs_option, .about = "of positions" },
};

static unsigned calls; /* what a pure function has not */

static const char *trimmed(const char *text, Arena *arena)
{
        static const char wide[] = "\xe3\x80\x80";
        size_t size;

        for (; text && (text_starts(text, wide) || *text == ' '); text += *text == ' ' ? 1 : 3)
                ;
        size = text ? strlen(text) : 0;
        return size && strcmp(text, "-") != 0 ? arena_copy(arena, text, size) : NULL;
}

static void number_fill(const ParksOptions *options, const json_t *item, size_t index, Output *output, Event *event)
{
        Arena *arena = scratch(output);
        const char *code = trimmed(json_text(item, "code"), arena);

        event->source.id = trimmed(json_text(item, "id"), arena);
        event->source.revision = "1";
        if (!event->source.id)
                return;
        if (options->fault == FAULT_CHANGING)
                event->source.revision = arena_format(arena, "%u", ++calls);
        if (options->fault == FAULT_SUBJECT)
                event->source.id = arena_format(arena, "%s-%zu", event->source.id, code ? strlen(code) : 0);
        if (options->fault == FAULT_PLACE)
                event->source.revision = arena_format(arena, "%zu", index);
}

static bool item_translate(const ParksOptions *options, const json_t *item, size_t index, Output *output, Error *err)
{
        Event event;
        const char *text = json_text(item, "text");

        if (!json_is_object(item))
                return error_set(err, ERR_INPUT, "bad_value", "no object");
        event_init(&event, KIND_REPORT);
        number_fill(options, item, index, output, &event);
        event.status.state = STATE_RECEIVED;
        event.category.raw_code = options->fault == FAULT_BLANK ? json_string_value(json_at(item, "code")) : NULL;
        event.description = trimmed(text, scratch(output));
        event.title = json_text(item, "pictures.0");
        event.lang = options->fault == FAULT_NUMBER && text && strstr(text, "13959201234") ? "13959201234" : NULL;
        if (options->fault == FAULT_DATUM) {
                event.position.method = POSITION_GPS;
                event.position.lon = 118.1;
                event.position.lat = 24.5;
                event.position.crs = "bd09";
        }
        return emit(output, &event, err);
}

static bool items_translate(const ParksOptions *options, const json_t *items, Output *output, Error *err)
{
        const json_t *item;
        size_t i;

        json_array_foreach(items, i, item) {
                CLEANUP(mem_drop) char *text = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
                Error why = { 0 };

                if (options->fault == FAULT_LONG && i == 1000)
                        return true;
                if (item_translate(options, item, i, output, &why))
                        continue;
                if (options->fault == FAULT_PAGE) {
                        *err = why;
                        return false;
                }
                if (options->fault == FAULT_REASON)
                        why.reason = "oops";
                if (options->fault == FAULT_ITEM_FORM)
                        reject(output, "row", strlen("row"), &why);
                else
                        reject(output, text, strlen(text), &why);
        }
        return true;
}

static bool event_made(const ParksOptions *options, const char *id, Output *output, Error *err)
{
        json_t *item = json_pack("{s:s}", "id", id);
        bool made = item_translate(options, item, 0, output, err);

        json_decref(item);
        return made;
}

static bool document_translate(const ParksOptions *options, const json_t *document, Output *output, Error *err)
{
        const json_t *rows = json_at(document, "rows");

        if (options->fault == FAULT_ERROR && json_at(document, "success"))
                return event_made(options, "error", output, err);
        if (options->fault == FAULT_ENVELOPE && json_at(document, "data"))
                return event_made(options, "data", output, err);
        if (json_is_array(rows))
                return items_translate(options, rows, output, err);
        if (json_at(document, "id") || json_at(document, "text") || json_at(document, "code") ||
            !json_is_object(document))
                return item_translate(options, document, 0, output, err);
        return error_set(err, ERR_INPUT, "missing_field", "rows: missing");
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const ParksOptions *options = of;
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(json_drop) json_t *document = NULL;
        size_t repaired = 0;

        if (options->fault == FAULT_CRASH && record->size / 3 == 6)
                abort();
        if (options->fault == FAULT_FATAL && record->size / 3 == 6)
                return error_set(err, ERR_FATAL, NULL, "what should the configuration have to do with it");
        if (options->fault == FAULT_CHARSET)
                buffer_add(&text, record->bytes, record->size);
        else if (!charset_decode(&text, record->content_type, record->bytes, record->size, &repaired, err))
                return false;
        document = json_read(text.bytes ? text.bytes : "", text.size, err);
        if (!document && options->fault == FAULT_CUT && record->size / 3 == 6)
                return event_made(options, "half", output, err);
        return document && document_translate(options, document, output, err);
}

static const Adapter parks = {
        .name = "parks",
        .about = "a test's",
        .platform = "p17",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(ParksOptions),
        .translate = translate,
};

/* ---- a fixture in a folder ---- */

static void file_write(const char *folder, const char *name, const char *text)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        FILE *file = fopen(path, "w");

        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
}

static void fixture_write(const char *folder, const char *name, const char *input, Fault fault)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        CLEANUP(mem_drop) char *options = text_format("fault: %d\n", (int)fault);

        ck_assert_int_eq(mkdir(path, 0700), 0);
        file_write(path, "trap", "none\nnothing\n");
        file_write(path, "options.yaml", options);
        file_write(path, "input.json", input);
}

static Tally *tried(Fault fault, const char *only)
{
        Tally *tally = tally_new();
        char path[64];
        const ConformSetup setup = { .adapter = &parks, .folder = test_folder(path), .only = only };
        Error err = { 0 };

        fixture_write(path, "page",
                      "{\"rows\": [{\"id\": \"HL-4711\", \"text\": \"\xe8\xb7\xaf\xe7\x81\xaf\", \"code\": \"A7\"}, "
                      "{\"id\": \"HL-4712\"}]}",
                      fault);
        fixture_write(path, "alone", "{\"id\": \"HL-4713\", \"text\": \"\xe6\xb9\x96\xe9\x87\x8c\"}", fault);
        ck_assert_msg(conform_run(&setup, tally, &err), "%s", err.text);
        test_folder_remove(path);
        ck_assert_uint_eq(tally->fixtures, only ? 1 : 2);
        return tally;
}

static void breaks(Fault fault, Rule rule)
{
        CLEANUP(tally_drop) Tally *tally = tried(fault, "page");

        ck_assert_msg(tally->rules[rule].failed > 0, "fault %d does not break %s", (int)fault, rule_name(rule));
        ck_assert_msg(tally->rules[rule].example[0], "%s has no example", rule_name(rule));
}

START_TEST(a_right_adapter_breaks_none_and_is_tried_on_all)
{
        CLEANUP(tally_drop) Tally *tally = tried(FAULT_NONE, NULL);

        for (int rule = 0; rule < RULES; rule++) {
                ck_assert_msg(!tally->rules[rule].failed, "%s: %s", rule_name((Rule)rule), tally->rules[rule].example);
                ck_assert_msg(tally->rules[rule].tried || rule == RULE_POSITION, "%s is not tried",
                              rule_name((Rule)rule));
        }
}
END_TEST

START_TEST(a_crash_is_a_breach_and_the_rest_is_tried)
{
        CLEANUP(tally_drop) Tally *crashing = tried(FAULT_CRASH, "page");
        CLEANUP(tally_drop) Tally *right = tried(FAULT_NONE, "page");

        ck_assert_uint_eq(crashing->trials, right->trials);
        ck_assert_uint_gt(crashing->rules[RULE_ALIVE].failed, 0);
        ck_assert_ptr_nonnull(strstr(crashing->rules[RULE_ALIVE].example, "cut to "));
}
END_TEST

START_TEST(each_fault_breaks_its_rule)
{
        static const struct {
                Fault fault;
                Rule rule;
        } faults[] = {
                { FAULT_FATAL, RULE_ALIVE },     { FAULT_CHANGING, RULE_SAME },   { FAULT_REASON, RULE_REASON },
                { FAULT_ITEM_FORM, RULE_ALONE }, { FAULT_DATUM, RULE_POSITION },  { FAULT_NUMBER, RULE_PERSONAL },
                { FAULT_CUT, RULE_CUT },         { FAULT_SUBJECT, RULE_SUBJECT }, { FAULT_BLANK, RULE_BLANK },
                { FAULT_PAGE, RULE_ITEM },       { FAULT_PLACE, RULE_REPEAT },    { FAULT_CHARSET, RULE_CHARSET },
                { FAULT_ENVELOPE, RULE_WRAP },   { FAULT_ERROR, RULE_SICK },      { FAULT_LONG, RULE_LARGE }
        };

        for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
                breaks(faults[i].fault, faults[i].rule);
}
END_TEST

/* Of the table's members no dialect reads `note`; `pictures` is a list of bare texts. */
START_TEST(the_mapping_is_found_and_a_member_that_none_shows_is_missed)
{
        static const CaseMember members[] = {
                { "id", CASE_ID }, { "pictures", CASE_MEDIA }, { "note", CASE_TITLE }, { 0 }
        };
        static const CaseForm form = { .members = members };
        Adapter told = parks;
        char path[64];
        const ConformSetup setup = { .adapter = &told, .folder = test_folder(path) };
        CLEANUP(buffer_free) Buffer out = { 0 };
        size_t missing = 7;
        Error err = { 0 };

        fixture_write(path, "alone",
                      "{\"id\": \"HL-4713\", \"text\": \"lamp\", \"note\": \"x\", \"pictures\": [\"a.jpg\"]}",
                      FAULT_NONE);
        ck_assert_msg(conform_mapping(&setup, &out, &missing, &err), "%s", err.text);
        ck_assert_uint_eq(missing, 0);
        ck_assert_ptr_nonnull(strstr(out.bytes, "| source.id | `id` | alone |\n"));
        ck_assert_ptr_nonnull(strstr(out.bytes, "| description | `text` | alone |\n"));
        told.forms = &form;
        told.forms_size = 1;
        ck_assert_msg(conform_mapping(&setup, &out, &missing, &err), "%s", err.text);
        test_folder_remove(path);
        ck_assert_uint_eq(missing, 1);
        ck_assert_ptr_nonnull(strstr(out.bytes, "No fixture shows `note` (title).\n"));
}
END_TEST

START_TEST(a_fixture_is_excused_from_what_it_cannot_keep)
{
        CLEANUP(tally_drop) Tally *tally = tally_new();
        char path[64];
        const ConformSetup setup = { .adapter = &parks, .folder = test_folder(path) };
        CLEANUP(mem_drop) char *fixture = text_format("%s/alone", path);
        Error err = { 0 };

        fixture_write(path, "alone", "{\"id\": \"HL-4713\", \"code\": \"\"}", FAULT_BLANK);
        file_write(fixture, "conform", "blank: its code is told as it comes\n");
        ck_assert_msg(conform_run(&setup, tally, &err), "%s", err.text);
        ck_assert_uint_eq(tally->rules[RULE_BLANK].tried, 0);
        file_write(fixture, "conform", "blanks: no such rule\n");
        ck_assert(!conform_run(&setup, tally, &err));
        test_folder_remove(path);
}
END_TEST

START_TEST(no_fixture_is_said)
{
        CLEANUP(tally_drop) Tally *tally = tally_new();
        char path[64];
        const ConformSetup setup = { .adapter = &parks, .folder = test_folder(path) };
        Error err = { 0 };

        ck_assert(!conform_run(&setup, tally, &err));
        test_folder_remove(path);
        ck_assert_int_eq(err.kind, ERR_INPUT);
}
END_TEST

START_TEST(the_table_and_json_say_the_same)
{
        CLEANUP(tally_drop) Tally *tally = tried(FAULT_PAGE, "page");
        CLEANUP(json_drop) json_t *json = tally_json(tally, "parks");
        CLEANUP(buffer_free) Buffer out = { 0 };
        const json_t *rules = json_at(json, "rules"), *rule;
        size_t i;

        tally_table(tally, "parks", &out);
        ck_assert_uint_eq(json_array_size(rules), RULES);
        json_array_foreach(rules, i, rule) {
                const char *example = json_text(rule, "example");

                ck_assert(!example == !json_integer_value(json_at(rule, "failed")));
                ck_assert(!example || strstr(out.bytes, example));
        }
}
END_TEST

RUN("conform", a_fixture_is_excused_from_what_it_cannot_keep, a_right_adapter_breaks_none_and_is_tried_on_all,
    a_crash_is_a_breach_and_the_rest_is_tried, each_fault_breaks_its_rule,
    the_mapping_is_found_and_a_member_that_none_shows_is_missed, no_fixture_is_said, the_table_and_json_say_the_same)
