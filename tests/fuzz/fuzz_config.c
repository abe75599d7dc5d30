#include "hub/config/config.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* hub.yaml, whatever stands in it: read, or refused in words that name the line. Files that it names are there or are not. */

static int file;
static char path[64];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
        (void)argc;
        (void)argv;
        file = memfd_create("hub.yaml", MFD_CLOEXEC);
        FUZZ_REQUIRE(file >= 0, "memfd_create");
        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        Config config = { 0 };
        Error err = { 0 };

        if (ftruncate(file, 0) || pwrite(file, data, size, 0) != (ssize_t)size)
                return -1;
        if (!config_load(&config, path, &err))
                FUZZ_REQUIRE(err.kind == ERR_FATAL && err.text[0], "refused without a word");
        config_free(&config);
        return 0;
}
