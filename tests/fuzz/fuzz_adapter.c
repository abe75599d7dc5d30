#include "hub/conform/trial.h"
#include "hub/event/json.h"
#include "hub/source/frame/frames.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/*
 * FUZZ_ADAPTER's translate() and frame(). The first byte of an input chooses one of its fixtures (FUZZ_FIXTURES, their folder), whose
 * options, channel, key and headers the rest is translated with. What comes out is what the event's reader takes.
 */

enum { FIXTURES_MOST = 256, FRAME_MOST = 64 * 1024 };

static struct {
        Fixture fixtures[FIXTURES_MOST];
        size_t size;
        TrialSetup setup;
        Arena *arena;
        EventReader *reader;
} self;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
        const Adapter *adapter = adapter_find(getenv("FUZZ_ADAPTER"));
        CLEANUP(fixture_names_free) TextList names = { 0 };
        const char *folder = getenv("FUZZ_FIXTURES");
        Error err = { 0 };

        (void)argc;
        (void)argv;
        FUZZ_REQUIRE(adapter && folder, "FUZZ_ADAPTER, FUZZ_FIXTURES: an adapter and the folder of its fixtures");
        self.setup.categories = categories_load(NULL, &err);
        self.setup.privacy = privacy_test();
        FUZZ_REQUIRE(self.setup.categories && fixture_names(folder, &names, &err), "%s", err.text);
        for (size_t i = 0; i < names.size && self.size < FIXTURES_MOST; i++)
                FUZZ_REQUIRE(fixture_load(&self.fixtures[self.size++], adapter, folder, names.items[i], &err), "%s",
                             err.text);
        self.arena = arena_new();
        self.reader = event_reader_new();
        return 0;
}

/* A piece is never nothing, nor more than there is, and junk is told in one way. */
static void frames_try(const Adapter *adapter, const char *bytes, size_t size)
{
        CLEANUP(frames_free) Frames frames = { .frame = adapter->frame, .most = FRAME_MOST };
        const size_t half = size / 2;
        size_t whole = 0;
        Frame frame;

        frames_add(&frames, bytes, half);
        while (frames_next(&frames, false, &frame))
                whole += frame.size;
        frames_add(&frames, bytes + half, size - half);
        while (frames_next(&frames, true, &frame))
                whole += frame.size;
        FUZZ_REQUIRE(whole == size, "of %zu bytes %zu came out of frame()", size, whole);
}

static void outcome_check(const Outcome *outcome)
{
        FUZZ_REQUIRE(outcome->ended == ERR_NONE || outcome->ended == ERR_INPUT || outcome->ended == ERR_RETRY,
                     "translate() failed: %s", outcome->text);
        for (size_t i = 0; i < outcome->events_size; i++) {
                const TrialEvent *event = &outcome->events[i];
                EventValue value;
                Error err = { 0 };

                FUZZ_REQUIRE(event_read(self.reader, event->bytes, event->size, &value, &err),
                             "an event that no reader takes: %s", err.text);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        CLEANUP(mem_drop) char *bytes = NULL;
        const Fixture *fixture;
        Outcome outcome;
        Record record;

        if (size == 0 || self.size == 0)
                return -1;
        fixture = &self.fixtures[data[0] % self.size];
        bytes = mem_copy(data + 1, size - 1);
        record = fixture->record;
        record.bytes = bytes;
        record.size = size - 1;
        if (!record.position)
                record.position = "fuzz";
        self.setup.fixture = fixture;
        trial_run(&self.setup, &record, self.arena, &outcome);
        outcome_check(&outcome);
        arena_reset(self.arena);
        if (fixture->adapter->frame)
                frames_try(fixture->adapter, bytes, size - 1);
        return 0;
}
