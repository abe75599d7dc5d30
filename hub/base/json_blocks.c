#include "hub/base/json_blocks.h"

#include "hub/base/memory.h"

#include <malloc.h>
#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <stdlib.h>

enum {
        STEP = 16, /* of malloc's sizes */
        LEAST = 24,
        CLASSES = 16,
        KEPT_MOST = 65536 /* bytes of a thread */
};

typedef struct Block {
        struct Block *next;
} Block;

/* Blocks of class c hold LEAST + c * STEP bytes at least. */
typedef struct {
        Block *lists[CLASSES];
        size_t bytes;
} Kept;

static _Thread_local Kept kept;
static pthread_key_t ending;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void thread_ends(void *own)
{
        Kept *all = own;

        for (size_t i = 0; i < CLASSES; i++)
                for (Block *block = all->lists[i], *next; block; block = next) {
                        next = block->next;
                        ASAN_UNPOISON_MEMORY_REGION(block, LEAST + i * STEP);
                        free(block);
                }
        *all = (Kept){ 0 };
}

static void ending_make(void)
{
        if (pthread_key_create(&ending, thread_ends) != 0)
                abort();
}

void *json_block_take(size_t size)
{
        const size_t class = size <= LEAST ? 0 : (size - LEAST + STEP - 1) / STEP;
        Block *block = class < CLASSES ? kept.lists[class] : NULL;

        if (!block)
                return mem_resize(NULL, size);
        ASAN_UNPOISON_MEMORY_REGION(block, LEAST + class * STEP);
        kept.lists[class] = block->next;
        kept.bytes -= LEAST + class * STEP;
        return block;
}

void json_block_drop(void *dropped)
{
        Block *block = dropped;
        const size_t room = block ? malloc_usable_size(block) : 0, class = (room - LEAST) / STEP;

        if (room < LEAST || class >= CLASSES || kept.bytes + room > KEPT_MOST) {
                free(block);
                return;
        }
        if (kept.bytes == 0) {
                pthread_once(&once, ending_make);
                if (pthread_setspecific(ending, &kept) != 0)
                        abort();
        }
        block->next = kept.lists[class];
        kept.lists[class] = block;
        ASAN_POISON_MEMORY_REGION(block + 1,
                                  LEAST + class * STEP - sizeof *block); /* who uses what he dropped is found out */
        kept.bytes += LEAST + class * STEP;
}
