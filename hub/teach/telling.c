#include "hub/teach/telling.h"

#include "hub/base/map.h"
#include "hub/base/memory.h"

#include <math.h>

/* How open the answer is, shared out among all of its kind that are answered or asked before. */
static double worth(const Question *question, int64_t asked)
{
        const double chance = 1 / (1 + exp(-(double)question->margin / 1000));

        return chance * (1 - chance) / (double)(1 + question->answered + asked);
}

size_t telling_choose(const Question *questions, size_t size, size_t *out, size_t most)
{
        CLEANUP(map_drop) Map *asked = map_new();
        CLEANUP(mem_drop) unsigned char *taken = mem_new(size + 1);
        size_t count = 0;

        for (; count < most && count < size; count++) {
                double highest = -1;

                for (size_t i = 0; i < size; i++) {
                        const double one = taken[i] ? -1
                                                    : worth(&questions[i],
                                                            (int64_t)(uintptr_t)map_get_text(asked, questions[i].kind));

                        if (one <= highest)
                                continue;
                        highest = one;
                        out[count] = i;
                }
                const char *kind = questions[out[count]].kind;
                taken[out[count]] = 1;
                map_put_text(asked, kind, (void *)((uintptr_t)map_get_text(asked, kind) + 1));
        }
        return count;
}
