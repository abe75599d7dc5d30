#include "hub/base/person.h"

#include "hub/base/text.h"
#include "tests/unit/base/run.h"

START_TEST(a_label_names_a_person)
{
        static const struct {
                const char *text, *name;
        } texts[] = {
                { "反映人姓名:张三", "张三" },
                { "地址:枋湖路\n反映人姓名：李四\n反映人性别:男", "李四" },
                { "姓名: 买买提·艾力，电话", "买买提·艾力" },
                { "姓名:\n联系人姓名:王五;", "王五" }, /* the first tells none */
                { "name 姓名:Lin Wei", "Lin" },
                { "请提供姓名和电话", NULL },
                { "姓名:139", NULL },
                { "姓名", NULL },
                { "", NULL },
                { "姓名:一二三四五六七八九十一二三四五六七八九十一", NULL }, /* a sentence */
        };
        CLEANUP(arena_drop) Arena *arena = arena_new();

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                ck_assert_msg(text_same(person_named(texts[i].text, arena), texts[i].name), "%s", texts[i].text);
        ck_assert_ptr_null(person_named(NULL, arena));
}
END_TEST

RUN("person", a_label_names_a_person)
