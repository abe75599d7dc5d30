#include "hub/document/order.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

static const char paths[] = "at|last.at";

static void orders(const char *text, const char *want)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *items = json_read(text, strlen(text), &err);
        CLEANUP(mem_drop) char *found = NULL;

        items_order(items, paths);
        found = json_dumps(items, JSON_COMPACT);
        ck_assert_str_eq(found, want);
}

/* A page gives the newest first: read so, what ended would begin after it. */
START_TEST(items_come_in_the_order_of_their_times)
{
        orders("[{\"n\":\"a\",\"at\":1701736930137},{\"n\":\"b\",\"at\":1701736920},{\"n\":\"c\",\"last\":{\"at\":"
               "\"2023-12-05T00:42:"
               "05Z\"}}]",
               "[{\"n\":\"b\",\"at\":\"1701736920\"},{\"n\":\"c\",\"last\":{\"at\":\"2023-12-05T00:42:05Z\"}},{\"n\":"
               "\"a\",\"at\":"
               "\"1701736930137\"}]");
}
END_TEST

START_TEST(items_of_one_time_and_of_none_keep_their_order)
{
        orders("[{\"n\":\"a\",\"at\":\"1701736930\"},{\"n\":\"b\"},7,{\"n\":\"c\",\"at\":\"soon\"},{\"n\":\"d\",\"at\":"
               "\"1701736930\"}]",
               "[{\"n\":\"b\"},\"7\",{\"n\":\"c\",\"at\":\"soon\"},{\"n\":\"a\",\"at\":\"1701736930\"},{\"n\":\"d\","
               "\"at\":"
               "\"1701736930\"}]");
}
END_TEST

START_TEST(what_is_no_array_stays)
{
        orders("{\"at\":1}", "{\"at\":\"1\"}");
        orders("[]", "[]");
        items_order(NULL, paths);
}
END_TEST

RUN("order", items_come_in_the_order_of_their_times, items_of_one_time_and_of_none_keep_their_order,
    what_is_no_array_stays)
