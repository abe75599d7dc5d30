#include "hub/event/json.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* The reader of hub.events.v1: what it takes can be written, and is read again with the same id. */

static void again(const EventValue *value)
{
        CLEANUP(buffer_free) Buffer written = { 0 };
        CLEANUP(event_reader_drop) EventReader *other = event_reader_new();
        EventValue read;
        Error err = { 0 };

        FUZZ_REQUIRE(event_write(&written, &value->event, &err), "what was read cannot be written: %s", err.text);
        FUZZ_REQUIRE(event_read(other, written.bytes, written.size, &read, &err), "what was written is not read: %s",
                     err.text);
        FUZZ_REQUIRE(strcmp(read.id, value->id) == 0, "another id");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
        (void)argc;
        (void)argv;
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        CLEANUP(mem_drop) char *bytes = mem_copy(data, size);
        EventValue value;
        Error err = { 0 };

        if (event_read(reader, bytes, size, &value, &err) && value.kind != KIND_COMMAND && value.kind != KIND_TICK)
                again(&value);
        return 0;
}
