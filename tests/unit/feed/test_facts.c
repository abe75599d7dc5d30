#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/feed/facts.h"
#include "tests/unit/base/run.h"

#include <stdlib.h>
#include <string.h>

#define VERSION                                                                                                        \
        "{\"incident\":\"i-1\",\"zone\":\"350206\",\"state\":\"filed\",\"severity\":\"high\",\"category\":{\"code\":"  \
        "\"E0504\"},"                                                                                                  \
        "\"platforms\":[\"p01\",\"p09\"],\"opened\":\"2023-12-05T00:00:00.000Z\",\"deadline\":\"2023-12-05T10:00:00."  \
        "000Z\","                                                                                                      \
        "\"position\":{\"lon\":118.1,\"lat\":24.5,\"radius_m\":25}"

static bool takes(const Filter *filter, const char *version)
{
        CLEANUP(json_drop) json_t *json = json_loads(version, 0, NULL);
        CLEANUP(mem_drop) char *room = NULL;
        Facts facts;

        ck_assert_ptr_nonnull(json);
        room = mem_new(facts_size(json));
        ck_assert(facts_read(&facts, json, room) <= room + facts_size(json));
        return filter_takes(filter, &facts);
}

typedef struct {
        FilterList list;
        const char *values;
        bool open, shut; /* whether it takes VERSION, and the same closed */
} Case;

/* One of a list's values must be it, whole: part of another's name is none. */
START_TEST(each_list_asks_for_one_of_its_values)
{
        static const Case cases[] = {
                { FILTER_ZONE, "350203,350206", true, true },  { FILTER_ZONE, "35020,50206", false, false },
                { FILTER_STATE, "filed", true, true },         { FILTER_STATE, "open", true, false },
                { FILTER_STATE, "closed", false, true },       { FILTER_SEVERITY, "low,high", true, true },
                { FILTER_SEVERITY, "critical", false, false }, { FILTER_CATEGORY, "E0504", true, true },
                { FILTER_CATEGORY, "E050", false, false },     { FILTER_PLATFORM, "p09", true, true },
                { FILTER_PLATFORM, "p1,p0,9", false, false },  { FILTER_PLATFORM, "p12,p01", true, true },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                CLEANUP(filter_free) Filter filter = { 0 };
                Error err = { 0 };

                ck_assert_msg(filter_list(&filter, cases[i].list, cases[i].values, &err), "%s", err.text);
                ck_assert_msg(takes(&filter, VERSION "}") == cases[i].open, "%s", cases[i].values);
                ck_assert_msg(takes(&filter, VERSION ",\"closed\":\"2023-12-05T01:00:00.000Z\"}") == cases[i].shut,
                              "%s", cases[i].values);
        }
}
END_TEST

/* What is given must all fit; an incident without position is in no box. */
START_TEST(all_filters_must_fit)
{
        CLEANUP(filter_free) Filter filter = { 0 };
        Error err = { 0 };

        ck_assert(filter_is_empty(&filter));
        ck_assert(takes(&filter, "{}"));
        ck_assert(filter_list(&filter, FILTER_ZONE, "350206", &err));
        ck_assert(filter_box(&filter, "118,24,119,25", &err));
        ck_assert(!filter_is_empty(&filter));
        ck_assert(takes(&filter, VERSION "}"));
        ck_assert(!takes(&filter, "{\"zone\":\"350206\"}"));
        ck_assert(filter_box(&filter, "118.2,24,119,25", &err));
        ck_assert(!takes(&filter, VERSION "}"));
}
END_TEST

START_TEST(what_no_version_can_be_is_refused)
{
        static const char *const boxes[] = { "", "1,2,3", "1,2,3,4,5", "a,2,3,4", "3,2,1,4", "1,4,3,2", "1,2,3,nan" };
        CLEANUP(filter_free) Filter filter = { 0 };
        Error err = { 0 };

        ck_assert(!filter_list(&filter, FILTER_STATE, "filed,opened", &err));
        ck_assert(!filter_list(&filter, FILTER_SEVERITY, "highest", &err));
        ck_assert(!filter_list(&filter, FILTER_SEVERITY, "low|high", &err));
        ck_assert(!filter_list(&filter, FILTER_ZONE, "", &err));
        ck_assert(!filter_list(&filter, FILTER_ZONE, "a,,b", &err));
        for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
                ck_assert_msg(!filter_box(&filter, boxes[i], &err), "%s", boxes[i]);
        ck_assert(filter_is_empty(&filter));
}
END_TEST

RUN("facts", each_list_asks_for_one_of_its_values, all_filters_must_fit, what_no_version_can_be_is_refused)
