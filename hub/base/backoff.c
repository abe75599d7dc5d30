#include "hub/base/backoff.h"

#include "hub/base/crypto.h"

int64_t backoff_next(Backoff *backoff)
{
        int64_t least = backoff->least_ms > 0 ? backoff->least_ms : 1;
        int64_t most = backoff->most_ms > least ? backoff->most_ms : least;
        int64_t step = backoff->step_ms;
        uint64_t dice;

        if (step <= 0)
                step = least;
        else
                step = step > most / 2 ? most : 2 * step;
        backoff->step_ms = step;

        random_bytes(&dice, sizeof(dice));
        return step - (int64_t)(dice % ((uint64_t)step / 2 + 1));
}

void backoff_reset(Backoff *backoff)
{
        backoff->step_ms = 0;
}
