#include "hub/cap/cap.h"

#include "hub/base/json.h"
#include "tests/unit/base/run.h"

#include <string.h>

enum { CHINA_MS = 8 * 3600000 };

static json_t *tree_of(const char *text)
{
        Error err;
        json_t *tree = json_read(text, strlen(text), &err);

        ck_assert_ptr_nonnull(tree);
        return tree;
}

/* Whoever answers whom, and in whatever order: one warning is one chain. */
START_TEST(a_chain_is_of_its_earliest_message)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();

        ck_assert_str_eq(cap_first("a,ID2,2023-09-04T12:00:00+08:00 a,ID1,2023-09-04T11:30:00+08:00", CHINA_MS, arena),
                         "ID1");
        ck_assert_str_eq(cap_first("a,ID1,2023-09-04 11:30:00+08:00", CHINA_MS, arena), "ID1");
        ck_assert_str_eq(cap_first("a,ID3,soon a,ID4", CHINA_MS, arena), "ID3");
        ck_assert_str_eq(cap_first("ID9", CHINA_MS, arena), "ID9");
        ck_assert_ptr_null(cap_first(NULL, CHINA_MS, arena));
}
END_TEST

START_TEST(what_is_no_warning_never_alarms)
{
        static const struct {
                const char *alert, *why;
        } alerts[] = {
                { "{\"status\":\"Exercise\"}", "not actual" },
                { "{\"status\":\"Actual\",\"msgType\":\"Ack\"}", "answer of a system" },
                { "{\"status\":\"actual\",\"msgType\":\"Alert\"}", NULL },
                { "{\"msgType\":\"Alert\"}", NULL },
        };

        for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
                CLEANUP(json_drop) json_t *alert = tree_of(alerts[i].alert);

                ck_assert_pstr_eq(cap_silence(alert), alerts[i].why);
        }
}
END_TEST

START_TEST(the_gravest_block_in_the_language_that_is_wanted_is_taken)
{
        CLEANUP(json_drop)
        json_t *alert =
                tree_of("{\"info\":[{\"severity\":\"Extreme\"},{\"language\":\"zh-CN\",\"severity\":\"Minor\"},"
                        "{\"language\":\"zh-CN\",\"severity\":\"橙色\"},{\"language\":\"1\",\"severity\":\"Minor\"}]}");
        const json_t *infos = json_at(alert, "info");

        ck_assert_ptr_eq(cap_info(alert, "zh"), json_array_get(infos, 2));
        ck_assert_ptr_eq(cap_info(alert, "en"), json_array_get(infos, 0));
        ck_assert_ptr_eq(cap_info(alert, "fr"), json_array_get(infos, 0));
        ck_assert_ptr_null(cap_info(infos, "zh"));
        ck_assert_str_eq(cap_lang(json_array_get(infos, 2)), "zh-CN");
        ck_assert_ptr_null(cap_lang(json_array_get(infos, 0)));
        ck_assert_ptr_null(cap_lang(json_array_get(infos, 3)));
}
END_TEST

START_TEST(a_colour_in_a_text_is_a_gravity)
{
        ck_assert_int_eq(cap_colour("厦门市发布暴雨橙色预警"), SEVERITY_HIGH);
        ck_assert_int_eq(cap_colour("红色"), SEVERITY_CRITICAL);
        ck_assert_int_eq(cap_colour("暴雨预警"), SEVERITY_NONE);
        ck_assert_int_eq(cap_colour(NULL), SEVERITY_NONE);
}
END_TEST

RUN("cap", a_chain_is_of_its_earliest_message, what_is_no_warning_never_alarms,
    the_gravest_block_in_the_language_that_is_wanted_is_taken, a_colour_in_a_text_is_a_gravity)
