#include "hub/event/id.h"
#include "tests/unit/base/run.h"

#include <string.h>

static Arena *arena;

static Event identified(const char *space, const char *source_id, const char *revision)
{
        Event event;

        if (!arena)
                arena = arena_new();
        event_init(&event, KIND_REPORT);
        event.platform = "p12";
        event.space = space;
        event.source.id = source_id;
        event.source.revision = revision;
        event_identify(&event, arena);
        return event;
}

static void arena_end(void)
{
        arena_drop(&arena);
}

START_TEST(a_resend_has_the_same_id)
{
        Event event = identified("", "HLWG2023120500231", "2");

        ck_assert_str_eq(event.id, "p12::HLWG2023120500231:2");
        ck_assert_str_eq(event.subject, "p12::HLWG2023120500231");
        ck_assert_str_eq(identified("op1", "X", "1").id, "p12:op1:X:1");
        ck_assert_str_eq(identified(NULL, "X", "1").id, "p12::X:1");
        arena_end();
}
END_TEST

/* Else a platform could give its case the id of another's. */
START_TEST(parts_cannot_run_into_each_other)
{
        ck_assert_str_eq(identified("", "a:b", "c%").id, "p12::a%3Ab:c%25");
        ck_assert_str_eq(identified("a", "b", "c").id, "p12:a:b:c");
        ck_assert_str_eq(identified("", "x\ny\x7f", "1").id, "p12::x%0Ay%7F:1");
        ck_assert_str_eq(identified("", "案件1", "1").id, "p12::案件1:1");
        ck_assert_str_eq(identified("", "\xff", "1").id, "p12::%FF:1");
        arena_end();
}
END_TEST

START_TEST(a_long_source_id_gives_way_to_its_digest)
{
        char source_id[200] = { 0 };
        Event event;

        memset(source_id, 'a', 121); /* 5 + 121 + 2 = 128 */
        ck_assert_uint_eq(strlen(identified("", source_id, "1").id), 128);
        source_id[121] = 'a';
        event = identified("", source_id, "1");
        ck_assert_str_eq(event.subject, "p12::cf6c368c04c239cc1688a5a3b39f94a55ce5b7631e027fc0138f0548189c62fa");
        arena_end();
}
END_TEST

RUN("id", a_resend_has_the_same_id, parts_cannot_run_into_each_other, a_long_source_id_gives_way_to_its_digest)
