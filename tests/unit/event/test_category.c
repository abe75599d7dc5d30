#include "hub/base/memory.h"
#include "hub/event/category.h"
#include "tests/unit/base/run.h"

#include <string.h>
#include <unistd.h>

static void categories_drop(Categories **table)
{
        categories_free(*table);
}

static Categories *shipped(void)
{
        Error err = { 0 };
        Categories *table = categories_load(NULL, &err);

        ck_assert_msg(table != NULL, "%s", err.text);
        return table;
}

typedef struct {
        const char *raw_code, *raw_name, *title, *description, *code;
        CategoryMethod method;
} Case;

static void finds(const Categories *table, const Case *cases, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                const Case *c = &cases[i];
                CategoryMethod method;
                const Category *found =
                        categories_find(table, c->raw_code, c->raw_name, c->title, c->description, &method);

                ck_assert_msg(strcmp(found->code, c->code) == 0 && method == c->method, "case %zu: %s by %s, not %s", i,
                              found->code, method_name(method), c->code);
        }
}

START_TEST(code_goes_before_name_before_alias_before_words)
{
        static const Case cases[] = {
                { "E0504", "暴露垃圾", "垃圾", NULL, "E0504", METHOD_CODE },
                { "0504", NULL, NULL, NULL, "E0504", METHOD_CODE },
                { "P0101", "上水井盖", NULL, NULL, "P01", METHOD_CODE },
                { "9999", "店外经营", "垃圾", NULL, "E0504", METHOD_NAME },
                { NULL, "Cooking Fume", NULL, NULL, "E0116", METHOD_NAME },
                { NULL, "占道经营", NULL, NULL, "E0504", METHOD_ALIAS },
                { "HAWKER", NULL, NULL, NULL, "E0501", METHOD_ALIAS },
                { NULL, "暴露垃圾问题", NULL, NULL, "E0102", METHOD_RULE },
                { NULL, NULL, "夜间施工噪音", "垃圾", "E0301", METHOD_RULE },
                { NULL, NULL, "请尽快处理", "楼下油烟很大", "E0116", METHOD_RULE },
                { "x", "y", "z", "", "E2199", METHOD_DEFAULT },
                { NULL, NULL, NULL, NULL, "E2199", METHOD_DEFAULT },
        };
        CLEANUP(categories_drop) Categories *table = shipped();

        finds(table, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* Cities write the same thing with other characters: platforms.md section 6 lists these. */
START_TEST(other_spellings_are_the_same_category)
{
        static const Case cases[] = {
                { NULL, "雨水篦子", NULL, NULL, "P01", METHOD_ALIAS },
                { NULL, "雨水箅子", NULL, NULL, "P01", METHOD_ALIAS },
                { NULL, "道路撒遗", NULL, NULL, "E0112", METHOD_ALIAS },
                { NULL, "遗撒", NULL, NULL, "E0112", METHOD_ALIAS },
                { NULL, "游商", NULL, NULL, "E0501", METHOD_ALIAS },
                { NULL, "流动经营", NULL, NULL, "E0501", METHOD_ALIAS },
                { NULL, "流动摊贩", NULL, NULL, "E0501", METHOD_ALIAS },
                { NULL, "跨店", NULL, NULL, "E0504", METHOD_ALIAS },
                { NULL, "占道", NULL, NULL, "E0504", METHOD_ALIAS },
                { NULL, "绿地脏乱、小片荒", NULL, NULL, "E0106", METHOD_ALIAS },
                { NULL, "ＯＵＴＳＴＯＲＥ", NULL, NULL, "E0504", METHOD_ALIAS },
                { NULL, " exposed garbage ", NULL, NULL, "E0102", METHOD_NAME },
        };
        CLEANUP(categories_drop) Categories *table = shipped();

        finds(table, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(words_of_reports_are_understood)
{
        static const Case cases[] = {
                { NULL, NULL, "共享单车乱停放堵住人行道", NULL, "E2104", METHOD_RULE },
                { NULL, NULL, "电动车乱停在门口", NULL, "E0506", METHOD_RULE },
                { NULL, NULL, "小区门口有流动摊贩", NULL, "E0501", METHOD_RULE },
                { NULL, NULL, "店铺把桌子摆到人行道", NULL, "E0504", METHOD_RULE },
                { NULL, NULL, "夜间烧烤油烟", NULL, "E0116", METHOD_RULE },
                { NULL, NULL, "楼顶违章搭建", NULL, "E0101", METHOD_RULE },
                { NULL, NULL, "燃气泄漏，味道很大", NULL, "E0403", METHOD_RULE },
                { NULL, NULL, "路灯不亮", NULL, "P01", METHOD_RULE },
                { NULL, NULL, "Potholes on Fanghu Road", NULL, "E0110", METHOD_RULE },
                { NULL, NULL, "glitter on the road", NULL, "E2199", METHOD_DEFAULT },
                { NULL, NULL, "Litter on the road", NULL, "E0102", METHOD_RULE },
        };
        CLEANUP(categories_drop) Categories *table = shipped();

        finds(table, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

START_TEST(every_code_of_the_table_is_there)
{
        static const char *const first =
                "E0101 E0118 E0199 E0201 E0205 E0301 E0305 E0399 E0401 E0409 E0499 E0501 E0513 E0599 P01 P02 "
                "P03 P04 P05 E2101 E2102 E2103 E2104 E2106 E2107 E2108 E2109 E2110 E2111 E2112 E2113 E2114 "
                "E2115 E2116 E2117 E2119 E2120 E2121 E2122 E2123 E2124 E2125 E2126 E2127 E2128 E2129 E2199";
        CLEANUP(categories_drop) Categories *table = shipped();
        CLEANUP(mem_drop) char *codes = text_copy(first);
        char *rest = codes;

        for (char *code = strsep(&rest, " "); code; code = strsep(&rest, " "))
                ck_assert_msg(categories_code(table, code) != NULL, "%s", code);
        ck_assert_str_eq(categories_code(table, "E0504")->group, categories_code(table, "E0501")->group);
        ck_assert_str_eq(categories_code(table, "E2199")->group, "unclassified");
        ck_assert_int_eq(categories_code(table, "E0403")->severity, SEVERITY_CRITICAL);
        ck_assert_int_eq(categories_code(table, "E0504")->severity, SEVERITY_NONE);
        ck_assert_ptr_null(categories_code(table, "E9999"));
        ck_assert_uint_eq(strlen(categories_sha256(table)), 64);
}
END_TEST

static Categories *load(const char *text, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        Categories *table;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        table = categories_load(path, err);
        unlink(path);
        return table;
}

/* San Diego has its own codes: nothing of ours may be built in. */
START_TEST(a_site_brings_its_own_table)
{
        static const Case cases[] = {
                { "pothole", NULL, NULL, NULL, "pothole", METHOD_CODE },
                { "0504", NULL, NULL, NULL, "other", METHOD_DEFAULT },
                { NULL, NULL, "graffiti on a wall", NULL, "graffiti", METHOD_RULE },
                { NULL, NULL, "graffiti was removed", NULL, "other", METHOD_DEFAULT },
                { NULL, NULL, "graffiti, big", "x", "big", METHOD_RULE },
        };
        Error err = { 0 };
        CLEANUP(categories_drop)
        Categories *table = load("default: other\ncategories:\n  other: { name: Other }\n  pothole: { name: Pothole }\n"
                                 "  graffiti: { name: Graffiti }\n  big: { name: Big }\nrules:\n"
                                 "  - { code: big, all: [graffiti, big] }\n  - { code: graffiti, any: [graffiti, "
                                 "paint], none: [removed] }\n",
                                 &err);

        ck_assert_msg(table != NULL, "%s", err.text);
        finds(table, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

static void refuses(const char *text, const char *why)
{
        Error err = { 0 };
        CLEANUP(categories_drop) Categories *table = load(text, &err);

        ck_assert_ptr_null(table);
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_msg(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
}

START_TEST(a_wrong_table_is_named_with_its_line)
{
        refuses("default: A\ncategories:\n  A: { name: a }\n  B: { name: b, aliases: [a1] }\n  C: { name: c, aliases: "
                "[A1] }\n",
                ":5: \"A1\" names both B and C");
        refuses("default: X\ncategories:\n  A: { name: a }\n", "default: must name a category");
        refuses("default: A\ncategories:\n  A: { nam: a }\n", ": unknown key \"nam\"; did you mean \"name\"?");
        refuses("default: A\ncategories:\n  A: { name: a }\nrules:\n  - { code: B, any: [x] }\n", ":5: code: \"B\"");
        refuses("default: A\ncategories:\n  A: { name: a }\nrules:\n  - { code: A }\n", "a rule needs `any` or `all`");
        refuses("default: A\ncategories:\n  \"A B\": { name: a }\n", "is no code");
        refuses("default: A\ncategories:\n  A: { name: a, severity: dire }\n", "severity");
        refuses("default: A\ncategorys:\n  A: { name: a }\n", "unknown key \"categorys\"");
        refuses("[]\n", "a mapping is needed");
}
END_TEST

RUN("category", code_goes_before_name_before_alias_before_words, other_spellings_are_the_same_category,
    words_of_reports_are_understood, every_code_of_the_table_is_there, a_site_brings_its_own_table,
    a_wrong_table_is_named_with_its_line)
