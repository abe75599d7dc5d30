#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/notify/letter.h"
#include "tests/unit/base/run.h"

#include <stdlib.h>
#include <string.h>

#define VERSION                                                                                                        \
        "{\"incident\":\"i-1\",\"number\":\"N1\",\"change\":\"joined\",\"at\":\"2023-12-05T00:42:10.000Z\","           \
        "\"reports\":3,"                                                                                               \
        "\"title\":\"[x](http://e) @all *\\n\",\"category\":{\"name\":\"店外经营\"},\"platforms\":[\"p01\",\"p09\"]}"

/* The example of the Standard Webhooks specification 1.0, and of its reference libraries' tests. */
START_TEST(a_try_is_signed_as_the_specification_has_it)
{
        static const char wanted[] = "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        const Target target = { .options = { .url = (char[]){ "https://e/" }, .form = FORM_EVENT } };
        CLEANUP(arena_drop) Arena *arena = arena_new();
        PushSecrets secrets = { .size = 1 };
        CLEANUP(buffer_free) Buffer body = { 0 };
        Letter letter;

        ck_assert(base64_read("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 32, &secrets.lines[0]));
        buffer_text(&body, "{\"test\": 2432232314}");
        letter =
                letter_address(&target, &secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", &body, INT64_C(1614265330000), arena);
        ck_assert_str_eq(letter.url, "https://e/");
        ck_assert_str_eq(letter.headers[1], "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek");
        ck_assert_str_eq(letter.headers[2], "webhook-timestamp: 1614265330");
        ck_assert_str_eq(letter.headers[3], wanted);
        ck_assert_ptr_null(letter.headers[4]);
        secret_free(&secrets.lines[0]);
}
END_TEST

/* What a platform wrote is text in a robot's message, be it a link, a call to everybody or a line end. */
START_TEST(a_template_holds_no_others_markdown)
{
        CLEANUP(json_drop) json_t *version = json_loads(VERSION, 0, NULL);
        CLEANUP(buffer_free) Buffer text = { 0 };

        letter_text(&text, "**{title}** {category.name} {platforms} ×{reports} {none} {link}{", version,
                    "https://c/?i=");
        ck_assert_str_eq(text.bytes, "**［x］（http://e） ＠all ＊ ** 店外经营 p01 p09 ×3  [N1](https://c/?i=i-1){");
}
END_TEST

START_TEST(a_body_is_in_its_form)
{
        CLEANUP(json_drop) json_t *version = json_loads(VERSION, 0, NULL), *event = NULL, *robot = NULL;
        Target target = { .options = { .form = FORM_EVENT, .text = (char[]){ "{number}" } } };
        CLEANUP(buffer_free) Buffer body = { 0 }, message = { 0 };

        letter_body(&body, &target, version, true);
        event = json_loadb(body.bytes, body.size, 0, NULL);
        ck_assert_str_eq(json_text(event, "type"), "incident.joined");
        ck_assert_str_eq(json_text(event, "timestamp"), "2023-12-05T00:42:10.000Z");
        ck_assert(json_is_true(json_object_get(event, "left")));
        ck_assert(json_equal(json_object_get(event, "data"), version));
        target.options.form = FORM_WECOM;
        letter_body(&message, &target, version, false);
        robot = json_loadb(message.bytes, message.size, 0, NULL);
        ck_assert_str_eq(json_text(robot, "msgtype"), "markdown");
        ck_assert_str_eq(json_text(robot, "markdown.content"), "N1");
}
END_TEST

/* A robot that answers 200 may have refused it all the same. */
START_TEST(a_robot_says_whether_it_took_it)
{
        const Target robot = { .options = { .form = FORM_WECOM } }, hook = { .options = { .form = FORM_EVENT } };

        ck_assert(letter_taken(&robot, "{\"errcode\":0}", 13));
        ck_assert(!letter_taken(&robot, "{\"errcode\":45009}", 17));
        ck_assert(!letter_taken(&robot, "<html>", 6));
        ck_assert(!letter_taken(&robot, NULL, 0));
        ck_assert(letter_taken(&hook, "<html>", 6));
}
END_TEST

RUN("letter", a_try_is_signed_as_the_specification_has_it, a_template_holds_no_others_markdown, a_body_is_in_its_form,
    a_robot_says_whether_it_took_it)
