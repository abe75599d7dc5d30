#include "hub/wording/phrases.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/wording/feature.h"
#include "tests/unit/base/run.h"

static void said(Buffer *out, Language language, const char *feature, const char *value, bool text)
{
        CLEANUP(mem_drop)
        char *json = text_format("{\"feature\":\"%s\",\"value\":%s%s%s,\"points\":1}", feature, text ? "\"" : "", value,
                                 text ? "\"" : "");
        CLEANUP(json_drop) json_t *reason = NULL;
        Error err = { 0 };

        reason = json_read_typed(json, strlen(json), &err);
        ck_assert_ptr_nonnull(reason);
        buffer_clear(out);
        reason_write(out, language, reason);
}

/* The raw name of a value is what an operator sees where nobody has written its words. */
static void words_check(const char *feature, const char *value, bool text)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(mem_drop) char *raw = text_format("%s: ", feature);

        said(&out, LANGUAGE_CHINESE, feature, value, text);
        ck_assert_msg(!strstr(out.bytes, raw) && !strchr(out.bytes, '_') && !strchr(out.bytes, '{') &&
                              (unsigned char)out.bytes[0] > 0x2f,
                      "%s %s: %s", feature, value, out.bytes);
        said(&out, LANGUAGE_ENGLISH, feature, value, text);
        ck_assert_msg(!strstr(out.bytes, raw) && !strchr(out.bytes, '_') && !strchr(out.bytes, '{'), "%s %s: %s",
                      feature, value, out.bytes);
        for (const char *c = out.bytes; *c; c++)
                ck_assert_msg((unsigned char)*c < 0x80, "%s %s: %s", feature, value, out.bytes);
}

START_TEST(every_feature_has_words_in_both_languages)
{
        words_check("registry", "in_force", true);
        words_check("registry", "lapsed", true);
        words_check("registry", "off_hours", true);
        words_check("registry", "place", true);
        words_check("warning", "in_force", true);
        for (Feature f = 0; f < FEATURES; f++) {
                const FeatureForm *form = feature_form(f);

                for (size_t i = 0; form->choices && form->choices[i]; i++)
                        words_check(form->name, form->choices[i], true);
                if (!form->choices) {
                        words_check(form->name, "17", false);
                        if (f != FEATURE_AGE && f != FEATURE_NEIGHBOURS && f != FEATURE_DENSITY && f != FEATURE_CROWD)
                                words_check(form->name, "absent", true);
                }
        }
}
END_TEST

START_TEST(an_answer_carries_both_languages)
{
        Error err = { 0 };
        static const char asked[] = "{\"feature\":\"object\",\"value\":\"plate_equal\",\"points\":1}";
        CLEANUP(json_drop) json_t *reason = json_read_typed(asked, strlen(asked), &err);
        CLEANUP(json_drop) json_t *words = reason_words(reason);

        ck_assert_str_eq(json_string_value(json_object_get(words, "zh")), "车牌相同");
        ck_assert_str_eq(json_string_value(json_object_get(words, "en")), "the same number plate");
}
END_TEST

RUN("phrases", every_feature_has_words_in_both_languages, an_answer_carries_both_languages)
