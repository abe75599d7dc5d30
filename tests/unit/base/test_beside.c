#include "hub/base/beside.h"

#include "tests/unit/base/run.h"

START_TEST(words_stand_beside_words_and_digits_never_meet)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();

        ck_assert_str_eq(text_beside("金林湾花园", "12号楼", arena), "金林湾花园12号楼");
        ck_assert_str_eq(text_beside("138", "00001111", arena), "138 00001111");
        ck_assert_str_eq(text_beside("花园一三八", "00001111", arena), "花园一三八 00001111");
        ck_assert_str_eq(text_beside("A", "B", arena), "A B");
        ck_assert_str_eq(text_beside("花园", "", arena), "花园");
        ck_assert_str_eq(text_beside("", "12", arena), " 12");
}
END_TEST

RUN("beside", words_stand_beside_words_and_digits_never_meet)
