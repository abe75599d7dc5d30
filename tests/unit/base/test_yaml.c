#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/yaml.h"
#include "tests/unit/base/run.h"

#include <string.h>

static Yaml *parse(const char *text)
{
        Error err = { 0 };
        Yaml *yaml = yaml_parse("hub.yaml", text, strlen(text), &err);

        ck_assert_msg(yaml != NULL, "%s", err.text);
        return yaml;
}

/* Category 0504 must keep its zero and "no" must not become false. */
START_TEST(scalars_are_texts)
{
        CLEANUP(yaml_drop)
        Yaml *yaml = parse("code: 0504\nanswer: no\nquoted: '~'\nnone: ~\nempty:\nnul: null\nlist: [1, 2.50]\n"
                           "text: |\n  two\n  lines\n");
        const json_t *root = yaml_root(yaml);

        ck_assert_str_eq(json_string_value(json_at(root, "code")), "0504");
        ck_assert_str_eq(json_string_value(json_at(root, "answer")), "no");
        ck_assert_str_eq(json_string_value(json_at(root, "quoted")), "~");
        ck_assert(json_is_null(json_at(root, "none")));
        ck_assert(json_is_null(json_at(root, "empty")));
        ck_assert(json_is_null(json_at(root, "nul")));
        ck_assert_str_eq(json_string_value(json_at(root, "list.1")), "2.50");
        ck_assert_str_eq(json_string_value(json_at(root, "text")), "two\nlines\n");
        ck_assert_str_eq(yaml_path(yaml), "hub.yaml");
}
END_TEST

START_TEST(nodes_know_their_lines_and_names)
{
        CLEANUP(yaml_drop)
        Yaml *yaml =
                parse("# head\nkafka:\n  brokers: x\ninstances:\n  citybrain:\n    topics:\n      - a\n      - b\n");
        const json_t *root = yaml_root(yaml);
        Error err;

        ck_assert_int_eq(yaml_line(yaml, json_at(root, "kafka")), 2);
        ck_assert_int_eq(yaml_line(yaml, json_at(root, "kafka.brokers")), 3);
        ck_assert_int_eq(yaml_line(yaml, json_at(root, "instances.citybrain")), 5);
        ck_assert_int_eq(yaml_line(yaml, json_at(root, "instances.citybrain.topics.1")), 8);
        ck_assert_str_eq(yaml_name(yaml, json_at(root, "instances.citybrain")), "citybrain");
        ck_assert_ptr_null(yaml_name(yaml, root));
        ck_assert_int_eq(yaml_line(yaml, NULL), 0);
        ck_assert(!yaml_error(yaml, json_at(root, "kafka.brokers"), &err, "%s: no port", "brokers"));
        ck_assert_str_eq(err.text, "hub.yaml:3: brokers: no port");
        ck_assert_int_eq(err.kind, ERR_FATAL);
        (void)yaml_error(yaml, NULL, &err, "odd");
        ck_assert_str_eq(err.text, "hub.yaml: odd");
}
END_TEST

START_TEST(an_empty_file_is_an_empty_mapping)
{
        CLEANUP(yaml_drop) Yaml *none = parse("");
        CLEANUP(yaml_drop) Yaml *comment = parse("# nothing\n---\n");

        ck_assert(json_is_object(yaml_root(none)));
        ck_assert(json_is_object(yaml_root(comment)));
}
END_TEST

START_TEST(variables_are_replaced_after_parsing)
{
        CLEANUP(yaml_drop) Yaml *yaml = NULL;

        setenv("HUB_TEST_HOST", "db: {evil: [1]} # ${HUB_TEST_HOST}", 1);
        setenv("HUB_TEST_EMPTY", "", 1);
        unsetenv("HUB_TEST_NONE");
        yaml = parse("a: x-${HUB_TEST_HOST}-${HUB_TEST_NONE:-dflt}\nb: ${HUB_TEST_EMPTY:-e}\nc: ${HUB_TEST_NONE:-}\nd: "
                     "$x$\n");
        ck_assert_str_eq(json_string_value(json_at(yaml_root(yaml), "a")), "x-db: {evil: [1]} # ${HUB_TEST_HOST}-dflt");
        ck_assert_str_eq(json_string_value(json_at(yaml_root(yaml), "b")), "e");
        ck_assert_str_eq(json_string_value(json_at(yaml_root(yaml), "c")), "");
        ck_assert_str_eq(json_string_value(json_at(yaml_root(yaml), "d")), "$x$");
}
END_TEST

START_TEST(what_is_wrong_names_its_line)
{
        static const char *const wrong[][2] = {
                { "a: 1\nb: 2\na: 3\n", "hub.yaml:3: key \"a\" is there twice" },
                { "a: &x 1\nb: *x\n", "hub.yaml:1: anchors, aliases and tags are not supported" },
                { "a: 1\nb: *x\n", "hub.yaml:2: anchors, aliases and tags are not supported" },
                { "a: !!int 1\n", "hub.yaml:1: anchors, aliases and tags are not supported" },
                { "a: 1\n---\nb: 2\n", "hub.yaml:2: a second document" },
                { "a: 1\n  b: 2\n", "hub.yaml:2: mapping values are not allowed in this context" },
                { "a: [1\n", "hub.yaml:2: did not find expected ',' or ']'" },
                { "? [a]\n: 1\n", "hub.yaml:1: a key must be a plain text" },
                { "a: 1\nb: ${HUB_TEST_NONE}\n", "hub.yaml:2: ${HUB_TEST_NONE} is not set and has no default" },
                { "a: ${\n", "hub.yaml:1: \"${\" is not followed by NAME} or NAME:-default}" },
                { "a: ${1X}\n", "hub.yaml:1: \"${\" is not followed by NAME} or NAME:-default}" },
                { "a: ${X\n", "hub.yaml:1: \"${\" is not followed by NAME} or NAME:-default}" },
                { "a: \"x\\0y\"\n", "hub.yaml:1: a NUL in a text" },
                { "a: \xff\n", NULL },
        };

        unsetenv("HUB_TEST_NONE");
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                Error err = { 0 };

                ck_assert_ptr_null(yaml_parse("hub.yaml", wrong[i][0], strlen(wrong[i][0]), &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
                if (wrong[i][1])
                        ck_assert_str_eq(err.text, wrong[i][1]);
        }
}
END_TEST

START_TEST(depth_is_limited)
{
        char text[201] = "";
        Error err = { 0 };

        memset(text, '[', 100);
        memset(text + 100, ']', 100);
        ck_assert_ptr_null(yaml_parse("hub.yaml", text, 200, &err));
        ck_assert_str_eq(err.text, "hub.yaml:1: nested deeper than 32");
}
END_TEST

START_TEST(a_missing_file_is_said)
{
        Error err = { 0 };

        ck_assert_ptr_null(yaml_load("/nowhere/hub.yaml", &err));
        ck_assert_str_eq(err.text, "/nowhere/hub.yaml: No such file or directory");
}
END_TEST

RUN("yaml", scalars_are_texts, nodes_know_their_lines_and_names, an_empty_file_is_an_empty_mapping,
    variables_are_replaced_after_parsing, what_is_wrong_names_its_line, depth_is_limited, a_missing_file_is_said)
