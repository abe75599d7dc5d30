#include "hub/source/http/http_page.h"
#include "tests/unit/base/run.h"

#include <string.h>

static const PageForm form = { .items = "rows", .id = "id", .page_size = 2 };

static PageResult page(Pass *pass, const PageForm *of, const char *text)
{
        return pass_page(pass, of, text, strlen(text));
}

/* A quiet minute costs one page and the empty one behind it, not two passes. */
START_TEST(one_page_that_is_not_full_is_enough)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1}]}"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[]}"), PAGE_LAST);
        ck_assert(pass_settled(&pass));
        pass_begin(&pass);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[]}"), PAGE_LAST);
        ck_assert(pass_settled(&pass));
        pass_free(&pass);
}
END_TEST

/* A full page may have had a row behind it that moved onto it between the two requests. */
START_TEST(a_full_page_is_read_twice)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        page(&pass, &form, "{\"rows\":[{\"id\":1},{\"id\":2}]}");
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[]}"), PAGE_LAST);
        ck_assert(!pass_settled(&pass));
        pass_again(&pass);
        page(&pass, &form, "{\"rows\":[{\"id\":2},{\"id\":1}]}");
        page(&pass, &form, "{\"rows\":[]}");
        ck_assert_msg(pass_settled(&pass), "the same rows in another order are the same");
        pass_free(&pass);
}
END_TEST

/* Row 3 moved from page 2 to page 1 while page 1 was read already: only another pass sees it. */
START_TEST(rows_that_shifted_need_two_passes_that_agree)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        page(&pass, &form, "{\"rows\":[{\"id\":1},{\"id\":2}]}");
        page(&pass, &form, "{\"rows\":[{\"id\":4}]}");
        page(&pass, &form, "{\"rows\":[]}");
        ck_assert(!pass_settled(&pass));
        for (int i = 0; i < 2; i++) {
                pass_again(&pass);
                page(&pass, &form, "{\"rows\":[{\"id\":2},{\"id\":3}]}");
                page(&pass, &form, "{\"rows\":[{\"id\":4}]}");
                page(&pass, &form, "{\"rows\":[]}");
                ck_assert_int_eq(pass_settled(&pass), i == 1);
        }
        pass_free(&pass);
}
END_TEST

/* Some servers know no page behind the last. */
START_TEST(a_server_that_repeats_its_last_page_has_ended)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1}]}"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1}],\"asked\":2}"), PAGE_LAST);
        pass_free(&pass);
}
END_TEST

/* After its last page it begins anew: the rows are known. */
START_TEST(a_server_that_begins_anew_has_ended)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1},{\"id\":2}]}"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":3}]}"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1},{\"id\":2}],\"asked\":3}"), PAGE_LAST);
        pass_free(&pass);
}
END_TEST

/* A list of steps: the next one of the same cases is no repeat. */
START_TEST(the_same_ids_with_other_contents_go_on)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1,\"step\":1},{\"id\":2,\"step\":1}]}"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1,\"step\":2},{\"id\":2,\"step\":2}]}"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1,\"step\":3},{\"id\":2,\"step\":3}]}"), PAGE_MORE);
        ck_assert_msg(page(&pass, &form, "{\"rows\":[{\"id\":1,\"now\":4},{\"id\":2,\"now\":4}]}") == PAGE_LAST,
                      "the last page with the time of asking in it, again and again");
        pass_free(&pass);
}
END_TEST

/* PHP writes an empty array as an object. */
START_TEST(no_rows_have_many_forms)
{
        static const char *const pages[] = { "{\"rows\":[]}", "{\"rows\":null}", "{\"rows\":{}}", "{\"rows\":\"\"}",
                                             "{\"rows\":false}" };

        for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
                Pass pass = { 0 };

                pass_begin(&pass);
                ck_assert_msg(page(&pass, &form, pages[i]) == PAGE_LAST, "%s", pages[i]);
                ck_assert(pass_settled(&pass));
                pass_free(&pass);
        }
}
END_TEST

/* An empty page where the server itself says that more must come: only when it says so twice. */
START_TEST(an_empty_page_before_the_total_is_doubted)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        ck_assert_int_eq(page(&pass, &form, "{\"total\":3,\"rows\":[{\"id\":1}]}"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "{\"total\":3,\"rows\":[]}"), PAGE_LAST);
        ck_assert(!pass_settled(&pass));
        pass_free(&pass);
}
END_TEST

/* One page of nonsense must not hide the pages behind it, and not keep us for ever. */
START_TEST(a_page_that_cannot_be_read_is_passed)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":["), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "{\"rows\":[{\"id\":1}]}"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "nonsense"), PAGE_MORE);
        ck_assert_int_eq(page(&pass, &form, "nonsense"), PAGE_LAST);
        pass_free(&pass);
}
END_TEST

/* Without paths the page is the array, and an item is known by all of it; the order of members means nothing. */
START_TEST(without_paths_the_page_is_the_array)
{
        const PageForm bare = { .page_size = 1 };
        Pass pass = { 0 };

        pass_begin(&pass);
        page(&pass, &bare, "[{\"a\":1,\"b\":2}]");
        page(&pass, &bare, "[]");
        pass_again(&pass);
        page(&pass, &bare, "[{\"b\":2,\"a\":1}]");
        page(&pass, &bare, "[]");
        ck_assert(pass_settled(&pass));
        pass_again(&pass);
        page(&pass, &bare, "[{\"b\":2,\"a\":3}]");
        page(&pass, &bare, "[]");
        ck_assert(!pass_settled(&pass));
        pass_free(&pass);
}
END_TEST

/* Ids of 41 digits differ in the last one. */
START_TEST(long_numbers_are_told_apart)
{
        Pass pass = { 0 };

        pass_begin(&pass);
        page(&pass, &form, "{\"rows\":[{\"id\":12345678901234567890123456789012345678901},{\"id\":2}]}");
        page(&pass, &form, "{\"rows\":[]}");
        pass_again(&pass);
        page(&pass, &form, "{\"rows\":[{\"id\":12345678901234567890123456789012345678902},{\"id\":2}]}");
        page(&pass, &form, "{\"rows\":[]}");
        ck_assert(!pass_settled(&pass));
        pass_free(&pass);
}
END_TEST

/* GBK pages are pages too: "好" in GBK. */
START_TEST(the_character_set_is_honoured)
{
        const PageForm gbk = {
                .items = "rows", .id = "id", .page_size = 2, .content_type = "application/json; charset=GBK"
        };
        Pass pass = { 0 };

        pass_begin(&pass);
        ck_assert_int_eq(page(&pass, &gbk, "{\"rows\":[],\"name\":\"\xba\xc3\"}"), PAGE_LAST);
        pass_free(&pass);
}
END_TEST

RUN("http_page", one_page_that_is_not_full_is_enough, a_full_page_is_read_twice,
    rows_that_shifted_need_two_passes_that_agree, a_server_that_repeats_its_last_page_has_ended,
    a_server_that_begins_anew_has_ended, the_same_ids_with_other_contents_go_on, no_rows_have_many_forms,
    an_empty_page_before_the_total_is_doubted, a_page_that_cannot_be_read_is_passed,
    without_paths_the_page_is_the_array, long_numbers_are_told_apart, the_character_set_is_honoured)
