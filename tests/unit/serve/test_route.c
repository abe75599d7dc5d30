#include "hub/base/text.h"
#include "hub/serve/route.h"
#include "tests/unit/base/run.h"

#include <string.h>

static const Route first[] = {
        { "GET", "/v1/items/{id}", ROLE_NOBODY, NULL },
        { "POST", "/v1/items/{id}", ROLE_VIEWER, NULL },
        { "GET", "/v1/items/{id}/parts/{part}", ROLE_NOBODY, NULL },
        { 0 },
};
static const Route rest[] = { { "GET", "/*", ROLE_NOBODY, NULL }, { 0 } };
static const Route *const tables[] = { first, NULL };
static const Route *const with_rest[] = { first, rest, NULL };

static bool part_is(const RouteFound *found, size_t index, const char *text)
{
        return found->parts.size > index && found->parts.sizes[index] == strlen(text) &&
               strncmp(found->parts.begins[index], text, strlen(text)) == 0;
}

/* The parts of a path in braces are handed over. */
START_TEST(a_path_is_found_with_its_parts)
{
        const RouteFound one = route_find(tables, "GET", "/v1/items/i-7k");
        const RouteFound two = route_find(tables, "GET", "/v1/items/a/parts/b");

        ck_assert_ptr_eq(one.route, &first[0]);
        ck_assert(part_is(&one, 0, "i-7k"));
        ck_assert_ptr_eq(two.route, &first[2]);
        ck_assert(part_is(&two, 0, "a") && part_is(&two, 1, "b"));
}
END_TEST

/* Who asks with the wrong method hears which would be right, and not that there is nothing. */
START_TEST(another_method_is_told_those_that_are_right)
{
        const RouteFound found = route_find(tables, "DELETE", "/v1/items/a");

        ck_assert_ptr_null(found.route);
        ck_assert(found.is_known);
        ck_assert_str_eq(found.allow[0], "GET");
        ck_assert_str_eq(found.allow[1], "POST");
        ck_assert_ptr_null(found.allow[2]);
}
END_TEST

START_TEST(head_is_a_get)
{
        ck_assert_ptr_eq(route_find(tables, "HEAD", "/v1/items/a").route, &first[0]);
}
END_TEST

/* A part is one step of the path, never more and never nothing: else "a/../b" would be an id. */
START_TEST(a_part_holds_no_slash_and_is_not_empty)
{
        static const char *const paths[] = { "/v1/items/",   "/v1/items",        "/v1/items/a/b",
                                             "/v1/items/a/", "/v1/items/../x/y", "/v1/items/a/parts/" };

        for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
                const RouteFound found = route_find(tables, "GET", paths[i]);

                ck_assert_msg(!found.route && !found.is_known, "%s", paths[i]);
        }
}
END_TEST

/* The console's files stand behind all else. */
START_TEST(the_rest_is_taken_last)
{
        const RouteFound found = route_find(with_rest, "GET", "/app/main.js");

        ck_assert_ptr_eq(route_find(with_rest, "GET", "/v1/items/a").route, &first[0]);
        ck_assert_ptr_eq(found.route, &rest[0]);
        ck_assert(part_is(&found, 0, "app/main.js"));
}
END_TEST

RUN("route", a_path_is_found_with_its_parts, another_method_is_told_those_that_are_right, head_is_a_get,
    a_part_holds_no_slash_and_is_not_empty, the_rest_is_taken_last)
