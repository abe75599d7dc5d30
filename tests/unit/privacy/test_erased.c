/* What an event is emptied of, and when: for whoever reads the warehouse after somebody asked to be forgotten. */

#include "hub/event/json.h"
#include "hub/privacy/erased.h"

#include "tests/unit/base/run.h"

#include <check.h>
#include <string.h>

#define HERS  "p1:aaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER "p1:bbbbbbbbbbbbbbbbbbbbbbbbbb"
/* printf p1:aaaaaaaaaaaaaaaaaaaaaaaaaa | sha256sum */
#define HERS_SHA256 "452bf8fc93dda009c5bb988b62d73ad5d6423695c4cef7a86da36ae45814986a"

enum { UP_TO = 1000 };

static Event report(const char *reporter, int64_t received)
{
        Event event;

        event_init(&event, KIND_REPORT);
        event.zone = "350206";
        event.subject = "p01::1";
        event.category.code = "E0504";
        event.category.name = "店外经营";
        event.title = "title";
        event.description = "description";
        event.place.address = "address";
        event.place.grid = "grid";
        event.time.received = received;
        event.reporter.name = "王*";
        event.reporter.ids[0] = reporter;
        event.reporter.ids_size = reporter ? 1 : 0;
        event_add_media(&event, "http://x/1.jpg", "image", NULL);
        return event;
}

static Erased *hers(void)
{
        Erased *erased = erased_new();

        erased_person(erased, HERS_SHA256, UP_TO);
        return erased;
}

START_TEST(what_she_reported_is_emptied)
{
        Erased *erased = hers();
        Event event = report(HERS, UP_TO);

        ck_assert_int_eq(erased_apply(erased, &event), ERASED_NEW);
        ck_assert_ptr_null(event.description);
        ck_assert_ptr_null(event.place.address);
        ck_assert_ptr_null(event.reporter.name);
        ck_assert_uint_eq(event.reporter.ids_size, 0);
        ck_assert_uint_eq(event.media_size, 0);
        ck_assert_str_eq(event.title, "店外经营");
        ck_assert_str_eq(event.place.grid, "grid"); /* where it is stays */
        erased_free(erased);
}
END_TEST

START_TEST(others_and_later_ones_are_not)
{
        Erased *erased = hers();
        Event other = report(OTHER, UP_TO), later = report(HERS, UP_TO + 1), nobody = report(NULL, 0);

        ck_assert_int_eq(erased_apply(erased, &other), ERASED_NOT);
        ck_assert_int_eq(erased_apply(erased, &later), ERASED_NOT);
        ck_assert_int_eq(erased_apply(erased, &nobody), ERASED_NOT);
        ck_assert_str_eq(later.description, "description");
        erased_free(erased);
}
END_TEST

START_TEST(her_case_is_at_any_time)
{
        Erased *erased = hers();
        Event later = report(HERS, UP_TO + 1), elsewhere = later;

        erased_case(erased, "350206", "p01::1");
        elsewhere.zone = "350203";
        ck_assert_int_eq(erased_apply(erased, &later), ERASED_CASE);
        ck_assert_ptr_null(later.description);
        ck_assert_int_eq(erased_apply(erased, &elsewhere), ERASED_NOT);
        erased_free(erased);
}
END_TEST

START_TEST(her_plate_goes_and_anothers_stays)
{
        Erased *erased = hers();
        Event event = report(OTHER, 0);

        event_add_object(&event, OBJECT_STALL, HERS); /* a stall's number is nobody's pseudonym */
        event_add_object(&event, OBJECT_PLATE, HERS);
        event_add_object(&event, OBJECT_PLATE, OTHER);
        ck_assert_int_eq(erased_apply(erased, &event), ERASED_NEW);
        ck_assert_uint_eq(event.objects_size, 2);
        ck_assert_int_eq(event.objects[0].kind, OBJECT_STALL);
        ck_assert_str_eq(event.objects[1].id, OTHER);
        erased_free(erased);
}
END_TEST

RUN("erased", what_she_reported_is_emptied, others_and_later_ones_are_not, her_case_is_at_any_time,
    her_plate_goes_and_anothers_stays)
