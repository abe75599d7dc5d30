#include "hub/base/memory.h"
#include "hub/privacy/privacy.h"
#include "tests/unit/base/run.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY   "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define OTHER "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void privacy_drop(Privacy **privacy)
{
        privacy_free(*privacy);
}

static Privacy *keys_of(const char *text, mode_t mode, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        Privacy *privacy;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        ck_assert_int_eq(fchmod(file, mode), 0);
        close(file);
        privacy = privacy_load(path, err);
        unlink(path);
        return privacy;
}

START_TEST(an_event_leaves_without_personal_data)
{
        CLEANUP(privacy_drop) Privacy *privacy = privacy_test();
        CLEANUP(arena_drop) Arena *arena = arena_new();
        char plate[40], phone[40];
        Event event;

        event_init(&event, KIND_REPORT);
        event.title = "车牌闽D·12345违停";
        event.description = "陈小明反映，电话138 1234 5678，车牌闽D12345";
        event.place.address = "枋湖南路1号 0592-5550123";
        event.org.responsible = "林队 13912345678";
        event.category.raw_code = "13912345678"; /* a row whose cells moved by one */
        event.reporter.id = "+86 13812345678";
        event.reporter.name = "陈小明";
        event_add_object(&event, OBJECT_CAMERA, "HL-QP-017");
        privacy_apply(privacy, &event, arena);
        ck_assert_str_eq(event.title, "车牌**·*****违停");
        ck_assert_str_eq(event.description, "***反映，电话*** **** ****，车牌*******");
        ck_assert_str_eq(event.place.address, "枋湖南路1号 ****-*******");
        ck_assert_str_eq(event.org.responsible, "林队 ***********");
        ck_assert_str_eq(event.category.raw_code, "***********");
        privacy_pseudonym(privacy, "plate", "闽d-12345", plate);
        privacy_pseudonym(privacy, "phone", "13812345678", phone);
        ck_assert_uint_eq(event.objects_size, 2);
        ck_assert_str_eq(event.objects[0].id, "HL-QP-017");
        ck_assert_str_eq(event.objects[1].id, plate);
        ck_assert_uint_eq(event.reporter.ids_size, 1);
        ck_assert_str_eq(event.reporter.ids[0], phone);
        ck_assert_ptr_null(event.reporter.id);
        ck_assert_str_eq(event.reporter.name, "陈*");
        ck_assert_uint_eq(event.quality, QUALITY_MASKED | QUALITY_TEST_KEY);
}
END_TEST

START_TEST(an_event_without_personal_data_stays_as_it_is)
{
        Error err = { 0 };
        CLEANUP(privacy_drop) Privacy *privacy = keys_of("1 pseudonym " KEY "\n1 seal " KEY "\n", 0400, &err);
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Event event;

        ck_assert_msg(privacy != NULL, "%s", err.text);
        event_init(&event, KIND_REPORT);
        event.title = "市民反映 2023-12-05 占道";
        event.reporter.name = "市民";
        privacy_apply(privacy, &event, arena);
        ck_assert_str_eq(event.title, "市民反映 2023-12-05 占道");
        ck_assert_str_eq(event.reporter.name, "市*");
        ck_assert_uint_eq(event.quality, 0);
        event.reporter.name = "*某";
        privacy_apply(privacy, &event, arena);
        ck_assert_ptr_null(event.reporter.name);
}
END_TEST

/* The same caller through the hotline and the app is the same reporter; joins depend on it. */
START_TEST(one_value_has_one_pseudonym)
{
        static const char *const phones[] = { "13812345678",       "138-1234-5678",
                                              "138.1234.5678",     "幺三八一二三四五六七八",
                                              "+86 138 1234 5678", "０１",
                                              "8613812345678",     "008613812345678" };
        CLEANUP(privacy_drop) Privacy *privacy = privacy_test();
        char one[40], other[40];

        privacy_pseudonym(privacy, "phone", phones[0], one);
        ck_assert_str_eq(one, "p0:tnkv4pushrotrdgrk4yfoofnpv");
        for (size_t i = 1; i < sizeof(phones) / sizeof(phones[0]); i++) {
                privacy_pseudonym(privacy, "phone", phones[i], other);
                ck_assert_int_eq(strcmp(one, other) == 0, i != 5);
        }
        privacy_pseudonym(privacy, "phone", "0592-5550123", one);
        privacy_pseudonym(privacy, "phone", "+86 592 5550123", other);
        ck_assert_str_eq(one, other);
        privacy_pseudonym(privacy, "phone", phones[0], one);
        privacy_pseudonym(privacy, "account", phones[0], other);
        ck_assert_str_ne(one, other);
        privacy_pseudonym(privacy, "account", "a_b", one);
        privacy_pseudonym(privacy, "account", "ab", other);
        ck_assert_str_ne(one, other);
        privacy_pseudonym(privacy, "account", " A_B", other);
        ck_assert_str_eq(one, other);
}
END_TEST

START_TEST(after_a_rotation_both_pseudonyms_are_carried)
{
        Error err = { 0 };
        CLEANUP(privacy_drop)
        Privacy *privacy = keys_of("# rotated in May\n1 pseudonym " OTHER "\n3 pseudonym " KEY "\n2 pseudonym " KEY
                                   " # old\n\n1 seal " KEY "\n",
                                   0600, &err);
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Event event;

        ck_assert_msg(privacy != NULL, "%s", err.text);
        event_init(&event, KIND_REPORT);
        event.reporter.id = "lin";
        event_add_object(&event, OBJECT_PLATE, "闽D12345");
        event_add_object(&event, OBJECT_STALL, "417");
        privacy_apply(privacy, &event, arena);
        ck_assert_uint_eq(event.reporter.ids_size, 2);
        ck_assert_int_eq(strncmp(event.reporter.ids[0], "p3:", 3), 0);
        ck_assert_int_eq(strncmp(event.reporter.ids[1], "p2:", 3), 0);
        ck_assert_uint_eq(event.objects_size, 3);
        ck_assert_int_eq(strncmp(event.objects[0].id, "p3:", 3), 0);
        ck_assert_str_eq(event.objects[1].id, "417");
        ck_assert_int_eq(strncmp(event.objects[2].id, "p2:", 3), 0);
        ck_assert_str_eq(event.objects[0].id + 3, event.objects[2].id + 3);
}
END_TEST

static void refuses(const char *text, mode_t mode, const char *why)
{
        Error err = { 0 };
        CLEANUP(privacy_drop) Privacy *privacy = keys_of(text, mode, &err);

        ck_assert_ptr_null(privacy);
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_msg(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
        ck_assert_ptr_null(strstr(err.text, "0001"));
}

START_TEST(wrong_keys_are_refused_and_never_shown)
{
        static const char good[] = "1 pseudonym " KEY "\n1 seal " KEY "\n";

        refuses(good, 0440, "others may read");
        refuses(good, 0604, "others may read");
        refuses("1 pseudonym " KEY "\n", 0400, "no key for seal");
        refuses("", 0400, "no key for pseudonym");
        refuses("1 pseudonym " KEY "00\n", 0400, ":1: the key is not 64 hex digits");
        refuses("1 pseudonym " KEY "\n1 pseudonym " KEY "\n", 0400, ":2: the version is there twice");
        refuses("0 pseudonym " KEY "\n", 0400, "the version is no number");
        refuses("1 purpose " KEY "\n", 0400, "neither pseudonym nor seal");
        refuses("1 seal " KEY " x\n", 0400, "must be: version purpose hex");
        refuses(KEY "\n", 0400, "must be: version purpose hex");
}
END_TEST

START_TEST(a_missing_key_file_is_named)
{
        Error err = { 0 };

        ck_assert_ptr_null(privacy_load("/no/such/keys", &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(err.text, "/no/such/keys"));
}
END_TEST

START_TEST(a_seal_opens_with_its_version_only)
{
        Error err = { 0 };
        CLEANUP(privacy_drop) Privacy *old = keys_of("1 pseudonym " KEY "\n1 seal " KEY "\n", 0400, &err);
        CLEANUP(privacy_drop)
        Privacy *new = keys_of("1 pseudonym " KEY "\n1 seal " KEY "\n2 seal " OTHER "\n", 0400, &err);
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        CLEANUP(buffer_free) Buffer opened = { 0 };
        int version = 0;

        privacy_seal(old, "grid:R:7", "secret", 6, &sealed, &version);
        ck_assert_int_eq(version, 1);
        ck_assert_uint_eq(sealed.size, 12 + 6 + 16);
        ck_assert(privacy_unseal(new, 1, "grid:R:7", sealed.bytes, sealed.size, &opened, &err));
        ck_assert_str_eq(opened.bytes, "secret");
        ck_assert(!privacy_unseal(new, 2, "grid:R:7", sealed.bytes, sealed.size, &opened, &err));
        ck_assert(!privacy_unseal(new, 1, "grid:R:8", sealed.bytes, sealed.size, &opened, &err));
        ck_assert(!privacy_unseal(new, 3, "grid:R:7", sealed.bytes, sealed.size, &opened, &err));
        ck_assert_str_eq(err.text, "no seal key of version 3");
        buffer_clear(&sealed);
        privacy_seal(new, "", "", 0, &sealed, &version);
        ck_assert_int_eq(version, 2);
}
END_TEST

RUN("privacy", an_event_leaves_without_personal_data, an_event_without_personal_data_stays_as_it_is,
    one_value_has_one_pseudonym, after_a_rotation_both_pseudonyms_are_carried, wrong_keys_are_refused_and_never_shown,
    a_missing_key_file_is_named, a_seal_opens_with_its_version_only)
