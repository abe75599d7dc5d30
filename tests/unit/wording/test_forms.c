#include "hub/base/memory.h"
#include "hub/rules/rules.h"
#include "tests/unit/base/run.h"

#include <string.h>

static Words *shipped(void)
{
        CLEANUP(buffer_free) Buffer path = { 0 };
        Words *words = mem_new(sizeof *words);
        Error err = { 0 };

        schemas_path(&path, "words.yaml");
        ck_assert_msg(words_start(words, path.bytes, &err), "%s", err.text);
        return words;
}

/* What every complaint says is no reason to take two for one. */
START_TEST(forms_of_speech_say_nothing)
{
        static const char *const texts[] = { "市民来电反映问题，请相关部门处理",
                                             "投诉",
                                             "来电人投诉，工单编号20231205001，请有关部门尽快核实处理",
                                             "详见附件",
                                             "如题",
                                             "无",
                                             "Please see attached photos",
                                             "complaint 12345",
                                             "！？。",
                                             "" };
        CLEANUP(mem_drop) Words *words = shipped();

        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                ck_assert_msg(!forms_tell(&words->forms, texts[i]), "%s", texts[i]);
        ck_assert(!forms_tell(&words->forms, NULL));
}
END_TEST

START_TEST(a_word_of_the_matter_tells)
{
        static const char *const texts[] = { "市民来电反映路灯不亮，请相关部门处理",
                                             "烧烤",
                                             "投诉：井盖",
                                             "问题：噪音",
                                             "请处理枋湖路的问题",
                                             "Pothole",
                                             "please fix the hydrant" };
        CLEANUP(mem_drop) Words *words = shipped();

        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                ck_assert_msg(forms_tell(&words->forms, texts[i]), "%s", texts[i]);
}
END_TEST

/* Where two forms meet, or a single character stands between them, no word begins. */
START_TEST(what_lies_between_forms_is_no_word)
{
        CLEANUP(mem_drop) Forms *forms = mem_new(sizeof *forms);

        forms_add(forms, "反映");
        forms_add(forms, "问题");
        ck_assert(!forms_tell(forms, "反映问题"));
        ck_assert(!forms_tell(forms, "请反映了问题"));
        ck_assert(!forms_tell(forms, "反映 问题"));
        ck_assert(forms_tell(forms, "反映噪音问题"));
        ck_assert(forms_tell(forms, "噪音"));
        ck_assert(forms_tell(forms, "问题噪音"));
}
END_TEST

RUN("forms", forms_of_speech_say_nothing, a_word_of_the_matter_tells, what_lies_between_forms_is_no_word)
