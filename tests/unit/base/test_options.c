#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/options.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"

#include <string.h>

typedef struct {
        char *url, *password, *devices;
        int64_t qos, wait_ms, pin;
        double ratio;
        bool clean;
        int crs;
        TextList topics;
        TextTable fields;
        char *custom;
} Settings;

static bool upper_read(const char *text, const char *folder, void *field, Error *err)
{
        char **out = field;

        (void)folder;
        if (text[0] < 'A' || text[0] > 'Z')
                return error_set(err, ERR_FATAL, NULL, "\"%s\" is not upper", text);
        *out = text_copy(text);
        return true;
}

static void upper_free(void *field)
{
        mem_drop(field);
}

static const OptionKind upper = { "Upper", sizeof(char *), upper_read, upper_free };
static const char *const systems[] = { "wgs84", "gcj02", "bd09", NULL };

static const Option options[] = {
        { "url", OPTION_TEXT, offsetof(Settings, url), .flags = OPTION_REQUIRED, .about = "broker" },
        { "password", OPTION_TEXT, offsetof(Settings, password), .flags = OPTION_SECRET },
        { "devices", OPTION_PATH, offsetof(Settings, devices) },
        { "qos", OPTION_INTEGER, offsetof(Settings, qos), .value = "1", .least = 0, .most = 1 },
        { "wait", OPTION_DURATION, offsetof(Settings, wait_ms), .value = "30s", .least = 1, .most = 60000 },
        { "ratio", OPTION_NUMBER, offsetof(Settings, ratio), .value = "0.5" },
        { "clean", OPTION_FLAG, offsetof(Settings, clean) },
        { "crs", OPTION_CHOICE, offsetof(Settings, crs), .value = "gcj02", .choices = systems },
        { "topics", OPTION_LIST, offsetof(Settings, topics), .value = "a,b" },
        { "fields", OPTION_TABLE, offsetof(Settings, fields) },
        { "custom", OPTION_CUSTOM, offsetof(Settings, custom), .custom = &upper },
        { "pin", OPTION_INTEGER, offsetof(Settings, pin), .value = "1", .most = 1, .flags = OPTION_SECRET },
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static void settings_drop(Settings *settings)
{
        options_free(options, OPTIONS, settings);
}

/* Reads the mapping "source" of a file. */
static bool read_source(const char *text, Settings *settings, Error *err)
{
        CLEANUP(yaml_drop) Yaml *yaml = yaml_parse("/etc/hub/hub.yaml", text, strlen(text), err);

        return yaml && options_read(options, OPTIONS, yaml, json_at(yaml_root(yaml), "source"), settings, err);
}

START_TEST(every_type_is_read)
{
        CLEANUP(settings_drop) Settings settings = { 0 };
        Error err = { 0 };

        ck_assert_msg(
                read_source(
                        "source:\n  url: tcp://x\n  devices: d/c.csv\n  qos: 0\n  wait: 500ms\n  ratio: 0.25\n"
                        "  clean: true\n  crs: bd09\n  topics: [x, 'y,z']\n  fields: {b: 1, a: '2'}\n  custom: Abc\n",
                        &settings, &err),
                "%s", err.text);
        ck_assert_str_eq(settings.url, "tcp://x");
        ck_assert_str_eq(settings.devices, "/etc/hub/d/c.csv");
        ck_assert_int_eq(settings.wait_ms, 500);
        ck_assert(settings.ratio == 0.25 && settings.clean);
        ck_assert_int_eq(settings.crs, 2);
        ck_assert_uint_eq(settings.topics.size, 2);
        ck_assert_str_eq(settings.topics.items[1], "y,z");
        ck_assert_str_eq(settings.fields.keys[0], "b");
        ck_assert_str_eq(table_get(&settings.fields, "a"), "2");
        ck_assert_ptr_null(table_get(&settings.fields, "c"));
        ck_assert_str_eq(settings.custom, "Abc");
        ck_assert_ptr_null(settings.password);
}
END_TEST

START_TEST(defaults_stand_where_nothing_is_said)
{
        CLEANUP(settings_drop) Settings settings = { 0 };
        Error err = { 0 };

        ck_assert_msg(read_source("source: {url: x, topics: ~, wait: }\n", &settings, &err), "%s", err.text);
        ck_assert_int_eq(settings.qos, 1);
        ck_assert_int_eq(settings.wait_ms, 30000);
        ck_assert_int_eq(settings.crs, 1);
        ck_assert_uint_eq(settings.topics.size, 2);
        ck_assert_str_eq(settings.topics.items[1], "b");
        ck_assert_uint_eq(settings.fields.size, 0);
}
END_TEST

START_TEST(one_scalar_is_a_list_of_one)
{
        CLEANUP(settings_drop) Settings settings = { 0 };
        Error err = { 0 };

        ck_assert(read_source("source: {url: x, topics: 'a,b'}\n", &settings, &err));
        ck_assert_uint_eq(settings.topics.size, 1);
        ck_assert_str_eq(settings.topics.items[0], "a,b");
}
END_TEST

/* The engineer of the seventeenth platform reads these, and nothing else. */
START_TEST(errors_send_to_the_line)
{
        static const char *const wrong[][2] = {
                { "source:\n  url: x\n  topcis: [a]\n", "3: source: unknown key \"topcis\"; did you mean \"topics\"?" },
                { "source:\n  url: x\n  zzzzzz: [a]\n", "3: source: unknown key \"zzzzzz\"" },
                { "source:\n  url: x\n  topcis:\n", "1: source: unknown key \"topcis\"; did you mean \"topics\"?" },
                { "source:\n  qos: 1\n", "1: source: url is required" },
                { "source:\n  url: ''\n", "1: source: url is required" },
                { "source:\n  url: x\n  qos: 3\n", "3: qos: \"3\" is not between 0 and 1" },
                { "source:\n  url: x\n  qos: one\n", "3: qos: \"one\" is no whole number" },
                { "source:\n  url: x\n  qos: [1]\n", "3: qos: must be one value, no list and no mapping" },
                { "source:\n  url: x\n  ratio: 1,5\n", "3: ratio: \"1,5\" is no number" },
                { "source:\n  url: x\n  clean: yes\n", "3: clean: \"yes\" is neither true nor false" },
                { "source:\n  url: x\n  wait: 30\n",
                  "3: wait: \"30\" is no duration such as 500ms, 30s, 10min, 4h or 14d" },
                { "source:\n  url: x\n  wait: 2h\n", "3: wait: \"2h\" is not between 1 ms and 60000 ms" },
                { "source:\n  url: x\n  crs: gjc02\n",
                  "3: crs: \"gjc02\" is none of wgs84, gcj02, bd09; did you mean \"gcj02\"?" },
                { "source:\n  url: x\n  topics: {a: b}\n", "3: topics: must be a list" },
                { "source:\n  url: x\n  topics:\n    - a\n    - [b]\n",
                  "5: topics: an item of the list must be one value" },
                { "source:\n  url: x\n  fields: [a]\n", "3: fields: must be a mapping" },
                { "source:\n  url: x\n  fields:\n    a: [b]\n", "4: fields: \"a\" must have one value" },
                { "source:\n  url: x\n  custom: abc\n", "3: custom: \"abc\" is not upper" },
                { "source:\n  url: x\n  devices: ''\n", "3: devices: an empty path" },
                { "source: x\n", "1: source: must be a mapping" },
        };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                const Settings zero = { 0 };
                Settings settings = { 0 };
                Error err = { 0 };

                ck_assert_msg(!read_source(wrong[i][0], &settings, &err), "%s", wrong[i][0]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_msg(text_starts(err.text, "/etc/hub/hub.yaml:"), "%s", err.text);
                ck_assert_str_eq(err.text + strlen("/etc/hub/hub.yaml:"), wrong[i][1]);
                ck_assert_ptr_eq(settings.url, zero.url);
                ck_assert_ptr_eq(settings.topics.items, zero.topics.items);
        }
}
END_TEST

START_TEST(secrets_are_not_shown)
{
        Settings settings = { 0 };
        Error err = { 0 };

        ck_assert(!read_source("source: {url: x, pin: 4711}\n", &settings, &err));
        ck_assert_str_eq(err.text, "/etc/hub/hub.yaml:1: pin: the value is not between 0 and 1");
}
END_TEST

START_TEST(settings_of_the_command_line)
{
        static const char *const given[] = { "url=tcp://x?a=b", "topics=a,b,c", "fields=a=1,b=x=y", "devices=c.csv",
                                             "qos=0" };
        CLEANUP(settings_drop) Settings settings = { 0 };
        Error err = { 0 };

        ck_assert_msg(options_set(options, OPTIONS, given, 5, "/srv", &settings, &err), "%s", err.text);
        ck_assert_str_eq(settings.url, "tcp://x?a=b");
        ck_assert_uint_eq(settings.topics.size, 3);
        ck_assert_str_eq(table_get(&settings.fields, "b"), "x=y");
        ck_assert_str_eq(settings.devices, "/srv/c.csv");
        ck_assert_int_eq(settings.qos, 0);
}
END_TEST

START_TEST(wrong_settings_are_said)
{
        static const char *const wrong[][2] = {
                { "url", "\"url\" is not name=value" },
                { "ulr=x", "unknown key \"ulr\"; did you mean \"url\"?" },
                { "fields=a", "fields: is not UTF-8, or no table such as a=b,c=d" },
                { "url=\xff", "url: is not UTF-8, or no table such as a=b,c=d" },
                { "topics=\xff", "topics: is not UTF-8, or no table such as a=b,c=d" },
                { "fields=a=\xff", "fields: is not UTF-8, or no table such as a=b,c=d" },
                { "qos=3", "url is required" },
        };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                Settings settings = { 0 };
                Error err = { 0 };

                ck_assert(!options_set(options, OPTIONS, &wrong[i][0], 1, NULL, &settings, &err));
                ck_assert_str_eq(err.text, wrong[i][1]);
        }
}
END_TEST

START_TEST(no_mapping_is_an_empty_one)
{
        Settings settings = { 0 };
        Error err = { 0 };

        ck_assert(!options_read(options, OPTIONS, NULL, NULL, &settings, &err));
        ck_assert_str_eq(err.text, "url is required");
        ck_assert(options_read(options + 1, 5, NULL, NULL, &settings, &err));
        ck_assert_int_eq(settings.wait_ms, 30000);
        options_free(options + 1, 5, &settings);
}
END_TEST

START_TEST(help_shows_names_forms_and_defaults)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        options_help(options, OPTIONS, &out);
        ck_assert_ptr_nonnull(strstr(out.bytes, "  url       broker (text, required)\n"));
        ck_assert_ptr_nonnull(strstr(out.bytes, "  qos       (integer 0..1, default 1)\n"));
        ck_assert_ptr_nonnull(strstr(out.bytes, "  crs       (wgs84|gcj02|bd09, default gcj02)\n"));
        ck_assert_ptr_nonnull(strstr(out.bytes, "  custom    (Upper)\n"));
}
END_TEST

typedef struct {
        int64_t depth;
        char *name;
} Inner;

typedef struct {
        bool clean;
        Inner inner;
} Outer;

static const Option inner_options[] = {
        { "depth", OPTION_INTEGER, offsetof(Inner, depth), .value = "7", .about = "how deep" },
        { "name", OPTION_TEXT, offsetof(Inner, name), .flags = OPTION_REQUIRED },
        { 0 },
};

static const Option outer_options[] = {
        { .type = OPTION_PART, .offset = offsetof(Outer, inner), .part = inner_options },
        { "clean", OPTION_FLAG, offsetof(Outer, clean) },
};

typedef struct {
        TextList many;
        char *last;
} Several;

/* Adds; takes nothing of an item that is no name. */
static bool many_read(const char *text, const char *folder, void *field, Error *err)
{
        TextList *list = field;

        if (text[0] < 'A' || text[0] > 'Z')
                return error_set(err, ERR_FATAL, NULL, "\"%s\" is not upper", text);
        list->items = mem_resize(list->items, (list->size + 1) * sizeof(char *));
        list->items[list->size++] = text_format("%s/%s", folder, text);
        return true;
}

static void many_free(void *field)
{
        TextList *list = field;

        for (size_t i = 0; i < list->size; i++)
                mem_drop(&list->items[i]);
        mem_drop(&list->items);
}

static const OptionKind uppers = { "Uppers", sizeof(TextList), many_read, many_free, .many = true };
static const Option several_options[] = {
        { "many", OPTION_CUSTOM, offsetof(Several, many), .custom = &uppers },
        { "last", OPTION_TEXT, offsetof(Several, last) },
};

static bool several_read(const char *text, Several *several, Error *err)
{
        CLEANUP(yaml_drop) Yaml *yaml = yaml_parse("/etc/hub.yaml", text, strlen(text), err);

        return options_read(several_options, 2, yaml, yaml_root(yaml), several, err);
}

static void several_is(const char *text, size_t size, const char *last)
{
        Several several = { 0 };
        Error err = { 0 };

        ck_assert_msg(several_read(text, &several, &err), "%s", err.text);
        ck_assert_uint_eq(several.many.size, size);
        if (size)
                ck_assert_str_eq(several.many.items[size - 1], last);
        options_free(several_options, 2, &several);
}

/* What was read before a bad item is freed: LeakSanitizer would tell. */
START_TEST(a_custom_option_may_be_a_list)
{
        static const char *const wrong[][2] = { { "many: [A, b]\n", "1: many: \"b\" is not upper" },
                                                { "many: [b, A]\n", "1: many: \"b\" is not upper" },
                                                { "many: [A, [B]]\n",
                                                  "1: many: an item of the list must be one value" },
                                                { "many: {A: B}\n", "1: many: must be a list" } };
        static const char *const settings[] = { "many=A,B,C" };
        Several several = { 0 };
        Error err = { 0 };

        several_is("many: [A, B]\nlast: x\n", 2, "/etc/B");
        several_is("many: A\n", 1, "/etc/A");
        several_is("many: []\n", 0, NULL);
        several_is("last: x\n", 0, NULL);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                ck_assert_msg(!several_read(wrong[i][0], &several, &err), "%s", wrong[i][0]);
                ck_assert_msg(strstr(err.text, wrong[i][1]) != NULL, "%s", err.text);
        }
        ck_assert(options_set(several_options, 2, settings, 1, ".", &several, &err));
        ck_assert_uint_eq(several.many.size, 3);
        options_free(several_options, 2, &several);
}
END_TEST

/* What several adapters have in common is written once, and is read, checked and told like their own. */
START_TEST(a_part_stands_among_the_others)
{
        static const char *const given[] = { "name=x", "clean=true" };
        static const char *const misspelt[] = { "name=x", "dept=1" };
        CLEANUP(buffer_free) Buffer help = { 0 };
        json_t *schema = options_schema(outer_options, 2);
        Outer outer = { 0 };
        Error err = { 0 };
        Option option;

        ck_assert(options_set(outer_options, 2, given, 2, ".", &outer, &err));
        ck_assert(outer.clean && outer.inner.depth == 7);
        ck_assert_str_eq(outer.inner.name, "x");
        options_free(outer_options, 2, &outer);
        ck_assert_ptr_null(outer.inner.name);
        ck_assert(!options_set(outer_options, 2, given, 0, ".", &outer, &err) && strstr(err.text, "name is required"));
        ck_assert(!options_set(outer_options, 2, misspelt, 2, ".", &outer, &err) &&
                  strstr(err.text, "did you mean \"depth\""));
        options_help(outer_options, 2, &help);
        ck_assert_ptr_nonnull(strstr(help.bytes, "depth"));
        ck_assert_ptr_nonnull(json_object_get(json_object_get(schema, "properties"), "depth"));
        ck_assert_str_eq(json_string_value(json_array_get(json_object_get(schema, "required"), 0)), "name");
        json_decref(schema);
        ck_assert(option_at(outer_options, 2, 2, &option) && option.offset == offsetof(Outer, clean));
        ck_assert(!option_at(outer_options, 2, 3, &option));
}
END_TEST

static bool even_check(const char *name, const void *field, Error *err)
{
        return *(const int64_t *)field % 2 == 0 || error_set(err, ERR_FATAL, NULL, "%s: odd", name);
}

/* The field is read by then, its default too. */
START_TEST(a_row_may_check_its_field)
{
        static const Option checked[] = { { "wait", OPTION_INTEGER, 0, .value = "2", .check = even_check } };
        static const char *const good[] = { "wait=4" }, *const bad[] = { "wait=3" };
        int64_t wait;
        Error err = { 0 };

        ck_assert(options_set(checked, 1, NULL, 0, ".", &wait, &err));
        ck_assert(options_set(checked, 1, good, 1, ".", &wait, &err));
        ck_assert(!options_set(checked, 1, bad, 1, ".", &wait, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_str_eq(err.text, "wait: odd");
}
END_TEST

START_TEST(a_page_shows_them_as_a_table)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        options_page(options, OPTIONS, &out);
        ck_assert_ptr_nonnull(strstr(out.bytes, "| `url` | text, required | broker |\n"));
        ck_assert_ptr_nonnull(strstr(out.bytes, "| `crs` | wgs84\\|gcj02\\|bd09, default gcj02 |  |\n"));
}
END_TEST

RUN("options", a_row_may_check_its_field, a_custom_option_may_be_a_list, every_type_is_read,
    defaults_stand_where_nothing_is_said, one_scalar_is_a_list_of_one, errors_send_to_the_line, secrets_are_not_shown,
    settings_of_the_command_line, wrong_settings_are_said, no_mapping_is_an_empty_one,
    help_shows_names_forms_and_defaults, a_part_stands_among_the_others, a_page_shows_them_as_a_table)
