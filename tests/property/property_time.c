/* A time is written and read back the same, from the year 0000 to 9999. */

#include "hub/base/time.h"
#include "tests/property/random.h"

#include <string.h>

int main(void)
{
        static const int64_t least = INT64_C(-62167219200000), most = INT64_C(253402300799999);
        Chance chance = chance_start("time");

        for (int64_t i = 0; i < chance.cases; i++) {
                int64_t ms = least + (int64_t)(chance_bits(&chance) % (uint64_t)(most - least + 1)), canonical, read;
                char text[TIME_TEXT_SIZE];
                Error err = { 0 };

                time_text(ms, text);
                must(strlen(text) == TIME_TEXT_SIZE - 1, "the text has its length", text);
                must(time_read_canonical(text, strlen(text), &canonical) && canonical == ms, "our own form comes back",
                     text);
                must(ms < 0 || (time_read(text, &read, NULL, &err) && read == ms), "every reader takes it", text);
        }
        return EXIT_SUCCESS;
}
