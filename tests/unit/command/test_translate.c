#include "hub/command/translate.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

/* A frame ends with a dot; "x" begins junk; what it says is who it is. */
static FrameResult dot_frame(const char *bytes, size_t size, size_t *used)
{
        const char *end = memchr(bytes, '.', size);

        *used = end ? (size_t)(end - bytes) + 1 : size;
        if (bytes[0] == 'x')
                *used = 1;
        return bytes[0] == 'x' ? FRAME_JUNK : end ? FRAME_WHOLE : FRAME_MORE;
}

static bool dot_translate(const void *options, const Record *record, Output *output, Error *err)
{
        Event event;

        (void)options;
        event_init(&event, KIND_REPORT);
        event.source.id = arena_format(scratch(output), "%s-%s-%s", record->method, record->sequence, record->bytes);
        event.source.revision = "1";
        event.status.state = STATE_RECEIVED;
        reply(output, &(Reply){ .status = 202, .content_type = "text/xml", .body = "<\"", .size = 2 });
        return emit(output, &event, err);
}

static const Adapter dots = { .name = "dots", .platform = "p07", .translate = dot_translate, .frame = dot_frame };

typedef struct {
        char *events, *verdicts;
        size_t events_size, verdicts_size;
        Printing to;
        Translation translation;
        char folder[64], path[96];
} World;

static void world_open(World *world, const char *bytes)
{
        Error err = { 0 };
        FILE *file;

        *world = (World){ 0 };
        world->translation = (Translation){ .adapter = &dots,
                                            .method = "POST",
                                            .sequence = "7",
                                            .categories = categories_load(NULL, &err),
                                            .privacy = privacy_test() };
        world->translation.output =
                (OutputSetup){ "dots", "p07", "350206", world->translation.categories, world->translation.privacy };
        world->to.print.events = open_memstream(&world->events, &world->events_size);
        world->to.print.verdicts = open_memstream(&world->verdicts, &world->verdicts_size);
        world->to.output = output_new(&world->translation.output, &print_sink, &world->to.print);
        snprintf(world->path, sizeof(world->path), "%s/stream", test_folder(world->folder));
        file = fopen(world->path, "w");
        ck_assert_uint_eq(fwrite(bytes, 1, strlen(bytes), file), strlen(bytes));
        fclose(file);
}

static void world_translate(World *world)
{
        Error err = { 0 };

        ck_assert_msg(translate_file(&world->translation, world->path, &world->to, &err), "%s", err.text);
        fflush(world->to.print.events);
        fflush(world->to.print.verdicts);
}

static void world_close(World *world)
{
        output_free(world->to.output);
        mapped_free(&world->to.mapped);
        fclose(world->to.print.events);
        fclose(world->to.print.verdicts);
        free(world->events);
        free(world->verdicts);
        categories_free(world->translation.categories);
        privacy_free(world->translation.privacy);
        test_folder_remove(world->folder);
}

/* A capture of a connection is as many records as it has frames; what is none is refused once, where it stood. */
START_TEST(a_stream_is_cut)
{
        CLEANUP(world_close) World world;

        world_open(&world, "a.xxb.cut");
        world.translation.frames = true;
        world_translate(&world);
        ck_assert_ptr_nonnull(strstr(world.events, "\"POST-7-a.\""));
        ck_assert_ptr_nonnull(strstr(world.events, "\"POST-7-b.\""));
        ck_assert_ptr_nonnull(strstr(world.events, "\"stream:4\""));
        ck_assert_str_eq(world.verdicts,
                         "{\"verdict\":\"rejected\",\"reason\":\"bad_length\",\"text\":\"bytes that belong to no "
                         "frame\",\"position\":\"stream:2\"}\n"
                         "{\"verdict\":\"rejected\",\"reason\":\"bad_length\",\"text\":\"bytes that belong to no "
                         "frame\",\"position\":\"stream:6\"}\n");
}
END_TEST

/* Readers of verdicts know no replies: they come for who asks. */
START_TEST(replies_are_told_to_who_asks)
{
        CLEANUP(world_close) World world;

        world_open(&world, "a.");
        world_translate(&world);
        ck_assert_uint_eq(world.verdicts_size, 0);
        world.translation.replies = true;
        world_translate(&world);
        ck_assert_str_eq(world.verdicts, "{\"verdict\":\"reply\",\"status\":202,\"content_type\":\"text/xml\",\"body\":"
                                         "\"<\\\"\",\"position\":\"stream\"}\n");
}
END_TEST

RUN("translate", a_stream_is_cut, replies_are_told_to_who_asks)
