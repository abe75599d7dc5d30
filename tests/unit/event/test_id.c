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

/* Ids go through shells, addresses and CSV; a case number with a blank in it fell apart there. */
START_TEST(a_blank_is_encoded)
{
        ck_assert_str_eq(identified("", "A 1\tb", "2 a").id, "p12::A%201%09b:2%20a");
        ck_assert_str_eq(identified("",
                                    "A\xe3\x80\x80"
                                    "1\xc2\xa0",
                                    "1")
                                 .subject,
                         "p12::A%E3%80%801%C2%A0");
        ck_assert_str_eq(identified("", "（湖里）·1", "1").subject, "p12::（湖里）·1");
        arena_end();
}
END_TEST

START_TEST(a_long_source_id_gives_way_to_its_digest)
{
        char source_id[200] = { 0 };

        memset(source_id, 'a', 123); /* 5 + 123 = 128 */
        ck_assert_uint_eq(strlen(identified("", source_id, "1").subject), 128);
        source_id[123] = 'a';
        ck_assert_str_eq(identified("", source_id, "1").id,
                         "p12::9c1ed60a6337af7d1659339ef95dccb7c91a55b9eaab349341a7f97198eee519:1");
        arena_end();
}
END_TEST

/* A case whose closing came with a longer time text was another case: its incident never closed. */
START_TEST(a_longer_revision_makes_no_other_subject)
{
        char source_id[95] = { 0 }, revision[130] = { 0 };
        Event first, last;

        memset(source_id, 'n', 94);
        memset(revision, 'r', 128);
        first = identified("", source_id, "2023-12-05");
        last = identified("", source_id, revision);
        ck_assert_str_eq(first.subject, last.subject);
        ck_assert_str_eq(last.source.revision, revision);
        revision[128] = 'r';
        last = identified("", source_id, revision);
        ck_assert_str_eq(first.subject, last.subject);
        ck_assert_str_eq(last.source.revision, "823571b215e235cb47fd8a5f9b7e23679d6174a9039c4983e7603c374a5c1637");
        ck_assert_str_eq(strrchr(last.id, ':') + 1, last.source.revision);
        arena_end();
}
END_TEST

/* The other case has the subject that its own events have, whatever platform the instance is. */
START_TEST(a_link_names_the_platform_of_the_instance)
{
        Event event = identified("op1", "A", "1");

        arena = arena ? arena : arena_new();
        event_add_case_link(&event, "repeat", "B 2");
        event_add_link(&event, "cause", "p03::C");
        event_add_case_link(&event, "repeat", "");
        event_identify(&event, arena);
        ck_assert_uint_eq(event.links_size, 2);
        ck_assert_str_eq(event.links[0].subject, identified("op1", "B 2", "7").subject);
        ck_assert_str_eq(event.links[0].subject, "p12:op1:B%202");
        ck_assert_str_eq(event.links[1].subject, "p03::C");
        arena_end();
}
END_TEST

RUN("id", a_resend_has_the_same_id, parts_cannot_run_into_each_other, a_blank_is_encoded,
    a_long_source_id_gives_way_to_its_digest, a_longer_revision_makes_no_other_subject,
    a_link_names_the_platform_of_the_instance)
