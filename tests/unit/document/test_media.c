#include "hub/document/media.h"

#include "hub/base/json.h"
#include "tests/unit/base/run.h"

#include <string.h>

/* Every picture, or a mark; never a broken address. */

typedef struct {
        const char *json, *urls; /* parted by blanks */
        bool partial;
} Form;

static void form_check(const Form *form)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(buffer_free) Buffer found = { 0 };
        Error err;
        CLEANUP(json_drop) json_t *node = json_read(form->json, strlen(form->json), &err);
        Event event;

        ck_assert_ptr_nonnull(node);
        event_init(&event, KIND_REPORT);
        media_node(node, arena, &event);
        buffer_text(&found, "");
        for (size_t i = 0; i < event.media_size; i++)
                buffer_format(&found, "%s%s", i ? " " : "", event.media[i].url);
        ck_assert_str_eq(found.bytes, form->urls);
        ck_assert_msg(!!(event.quality & QUALITY_PARTIAL) == form->partial, "%s", form->json);
}

START_TEST(every_form_gives_every_picture)
{
        static const Form forms[] = {
                { "\"https://a/1.jpg\"", "https://a/1.jpg" },
                { "\"https://a/1.jpg,https://a/2.jpg\"", "https://a/1.jpg https://a/2.jpg" },
                { "\"https://a/1.jpg#https://a/2.jpg&https://a/3.jpg\"",
                  "https://a/1.jpg https://a/2.jpg https://a/3.jpg" },
                { "\"https://a/1.jpghttps://a/2.jpg\"", "https://a/1.jpg https://a/2.jpg" },
                { "\"https://a/x?of=https://b/1.jpg#top\"", "https://a/x?of=https://b/1.jpg#top" },
                { "\"https://a/1.jpg;HTTPS://a/2\"", "https://a/1.jpg HTTPS://a/2" },
                { "\"https://a/1 ,  http://a/2,\"", "https://a/1 http://a/2" },
                { "\"https://a/1，https://a/2；https://a/3、https://a/4|https://a/5\"",
                  "https://a/1 https://a/2 https://a/3 https://a/4 https://a/5" },
                { "\"https://a/1\\nhttps://a/2\"", "https://a/1 https://a/2" },
                { "[\"https://a/1\", \"https://a/2,https://a/3\"]", "https://a/1 https://a/2 https://a/3" },
                { "[{\"url\": \"https://a/1\"}, {\"mediaPath\": \"https://a/2\"}, {\"href\": \"https://a/3\"}]",
                  "https://a/1 https://a/2 https://a/3" },
                { "{\"url\": \"https://a/1\"}", "https://a/1" },
                { "{\"url\": [\"https://a/1\", \"https://a/2\"]}", "https://a/1 https://a/2" },
                { "\"[\\\"https://a/1\\\", \\\"https://a/2\\\"]\"", "https://a/1 https://a/2" },
                { "\"[{\\\"path\\\": \\\"https://a/1\\\"}]\"", "https://a/1" },
                { "[]", "" },
                { "{}", "" },
                { "{\"url\": null, \"id\": \"\"}", "" },
                { "{\"url\": \"\", \"path\": \"https://a/1\"}", "https://a/1" },
                { "{\"url\": \"\", \"name\": \"1.jpg\"}", "", true }, /* as without its url */
                { "\"\"", "" },
                { "null", "" },
        };

        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
                form_check(&forms[i]);
}
END_TEST

START_TEST(an_address_keeps_its_own_commas)
{
        static const Form forms[] = {
                { "\"https://a/1.jpg?x-oss-process=image/resize,w_200;q=3\"",
                  "https://a/1.jpg?x-oss-process=image/resize,w_200;q=3" },
                { "\"https://a/1.jpg?p=image/resize,w_200,https://a/2.jpg\"",
                  "https://a/1.jpg?p=image/resize,w_200 https://a/2.jpg" },
        };

        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
                form_check(&forms[i]);
}
END_TEST

START_TEST(what_is_no_address_is_left_out_and_said)
{
        static const Form forms[] = {
                { "\"/upload/1.jpg\"", "", true },
                { "\"data:image/png;base64,iVBORw0KGgo=\"", "", true },
                { "\"https://a/1.jpg,2.jpg\"", "https://a/1.jpg", true },
                { "\"https://a/1.jpg,/2.jpg,https://a/3.jpg\"", "https://a/1.jpg https://a/3.jpg", true },
                { "[{\"id\": \"7\"}]", "", true },
                { "\"https://\"", "", true },
                { "\"https://a/<1>.jpg\"", "", true },
        };

        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
                form_check(&forms[i]);
}
END_TEST

#define DIGEST "40aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880"

/* GA/T 1400's pictures: the address stands beside the picture, which was cut before. */
START_TEST(a_picture_inside_has_its_digest)
{
        static const char *const documents[] = { "[{\"StoragePath\": \"https://a/1\", \"Data\": \"sha256:" DIGEST
                                                 "\"}]",
                                                 "[{\"storagepath\": \"https://a/1\", \"data\": \"sha256:" DIGEST
                                                 "\"}]" };
        static const Form nowhere[] = { { "{\"StoragePath\": \"\", \"Data\": \"sha256:" DIGEST "\"}", "", true },
                                        { "{\"StoragePath\": \"a/1.jpg\", \"Data\": \"\"}", "", true },
                                        { "{\"StoragePath\": \"\", \"Data\": \"\"}", "", false } };

        for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
                CLEANUP(arena_drop) Arena *arena = arena_new();
                Error err;
                CLEANUP(json_drop) json_t *node = json_read(documents[i], strlen(documents[i]), &err);
                Event event;

                event_init(&event, KIND_REPORT);
                media_node(node, arena, &event);
                ck_assert_uint_eq(event.media_size, 1);
                ck_assert_str_eq(event.media[0].sha256, DIGEST);
        }
        for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
                form_check(&nowhere[i]);
}
END_TEST

START_TEST(more_than_an_event_holds_is_said)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(buffer_free) Buffer many = { 0 };
        Event event;

        for (int i = 0; i <= EVENT_MEDIA_MOST; i++)
                buffer_format(&many, "https://a/%d ", i);
        event_init(&event, KIND_REPORT);
        media_text(many.bytes, arena, &event);
        ck_assert_uint_eq(event.media_size, EVENT_MEDIA_MOST);
        ck_assert_uint_eq(event.quality, QUALITY_PARTIAL);
}
END_TEST

START_TEST(pictures_are_of_the_state_that_they_came_with)
{
        static const struct {
                EventState state;
                const char *stage;
        } cases[] = { { STATE_RECEIVED, "report" },
                      { STATE_FEEDBACK, "dispose" },
                      { STATE_VERIFYING, "verify" },
                      { STATE_CLOSED, "close" } };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                Event event;

                event_init(&event, KIND_REPORT);
                event_add_media(&event, "http://p/1.jpg", "image", NULL);
                event.status.state = cases[i].state;
                media_stages(&event);
                ck_assert_str_eq(event.media[0].stage, cases[i].stage);
        }
}
END_TEST

RUN("media", every_form_gives_every_picture, an_address_keeps_its_own_commas, what_is_no_address_is_left_out_and_said,
    a_picture_inside_has_its_digest, more_than_an_event_holds_is_said, pictures_are_of_the_state_that_they_came_with)
