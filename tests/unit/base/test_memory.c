#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

START_TEST(texts_are_copied_and_formatted)
{
        CLEANUP(mem_drop) char *copy = text_copy("湖里");
        CLEANUP(mem_drop) char *text = text_format("%s/%d", copy, 42);
        CLEANUP(mem_drop) char *bytes = mem_copy("abc", 2);

        ck_assert_str_eq(text, "湖里/42");
        ck_assert_str_eq(bytes, "ab");
        ck_assert_ptr_null(text_copy(NULL));
}
END_TEST

/* The usual text is written once, a long one twice: neither is cut. */
START_TEST(long_texts_are_formatted_whole)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();

        for (int size = 250; size < 600; size++) {
                CLEANUP(mem_drop) char *text = text_format("%0*d", size, 7);
                char *same = arena_format(arena, "%0*d", size, 7);

                ck_assert_uint_eq(strlen(text), (size_t)size);
                ck_assert_str_eq(text + size - 2, "07");
                ck_assert_str_eq(same, text);
        }
}
END_TEST

START_TEST(drop_clears_the_pointer)
{
        char *block = mem_new(3);

        mem_drop(&block);
        ck_assert_ptr_null(block);
        mem_drop(&block);
}
END_TEST

/* A half-filled record read from reused memory would carry another record's bytes. */
START_TEST(arena_blocks_are_zeroed_aligned_and_apart)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        static const char zeros[3000];

        for (int round = 0; round < 3; round++) {
                char *before = NULL;

                for (size_t size = 1; size < 3000; size += 7) {
                        char *block = arena_take(arena, size);

                        ck_assert_uint_eq((uintptr_t)block % _Alignof(max_align_t), 0);
                        ck_assert_int_eq(memcmp(block, zeros, size), 0);
                        memset(block, 0x5a, size);
                        ck_assert_ptr_ne(block, before);
                        before = block;
                }
                arena_reset(arena);
        }
}
END_TEST

START_TEST(arena_takes_blocks_over_its_chunks)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        char *small = arena_copy(arena, "small", 5);
        char *large = arena_take(arena, 1000000);
        char *after = arena_format(arena, "%s-%d", small, 2);

        large[999999] = 'x';
        ck_assert_str_eq(small, "small");
        ck_assert_str_eq(after, "small-2");
}
END_TEST

START_TEST(arena_reuses_its_memory)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        void *first = arena_take(arena, 100), *again;

        arena_reset(arena);
        again = arena_take(arena, 100);
        ck_assert_ptr_eq(first, again);
}
END_TEST

RUN("memory", texts_are_copied_and_formatted, long_texts_are_formatted_whole, drop_clears_the_pointer,
    arena_blocks_are_zeroed_aligned_and_apart, arena_takes_blocks_over_its_chunks, arena_reuses_its_memory)
