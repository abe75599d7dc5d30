#pragma once

/* A source on a broker of the test's own. */

#include "hub/source/mqtt/mqtt.h"
#include "hub/source/source.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"
#include "tests/unit/source/mqtt/broker.h"

enum { TURNS = 1500, TURN_MS = 20 };

typedef struct {
        char folder[64];
        Broker broker;
        MqttOptions options;
        Source *source;
        SourceRecord read;
        Error err;
} World;

static void options_of(World *world, const char *const *settings)
{
        CLEANUP(mem_drop) char *url = text_format("url=tcp://127.0.0.1:%d", world->broker.port);
        const char *all[8] = { url, "topics=frigate/#,other" };
        size_t size = 2;

        while (*settings)
                all[size++] = *settings++;
        world->options = (MqttOptions){ 0 };
        ck_assert_msg(options_set(source_mqtt.options, source_mqtt.options_size, all, size, NULL, &world->options,
                                  &world->err),
                      "%s", world->err.text);
        ck_assert_msg(source_mqtt.check(&world->options, &world->err), "%s", world->err.text);
}

static void source_start(World *world, bool once)
{
        const SourceSetup setup = {
                .instance = "citybrain", .folder = world->folder, .options = &world->options, .once = once
        };

        world->source = source_mqtt.open(&setup, &world->err);
        ck_assert_msg(world->source, "%s", world->err.text);
}

static void source_stop(World *world)
{
        source_mqtt.close(world->source);
        world->source = NULL;
}

static void world_open(World *world, const char *const *settings)
{
        *world = (World){ 0 };
        broker_open(&world->broker, test_folder(world->folder), "allow_anonymous true");
        options_of(world, settings);
}

static void world_close(World *world)
{
        if (world->source)
                source_stop(world);
        options_free(source_mqtt.options, source_mqtt.options_size, &world->options);
        broker_kill(&world->broker);
        test_folder_remove(world->folder);
}

static SourceResult turn(World *world)
{
        return source_mqtt.read(world->source, TURN_MS, &world->read, &world->err);
}

/* The next record, whatever trouble comes before it. */
static void record(World *world, const char *text)
{
        SourceResult result = turn(world);

        for (int i = 0; result != SOURCE_RECORD && i < TURNS; i++)
                result = turn(world);
        ck_assert_msg(result == SOURCE_RECORD, "no record, but \"%s\" should come: %s", text, world->err.text);
        ck_assert_str_eq(world->read.record.bytes, text);
}

static void acknowledge(World *world)
{
        ck_assert(source_mqtt.acknowledge(world->source, world->read.token, &world->err));
}

static void away(World *world, const char *why)
{
        SourceResult result = turn(world);

        for (int i = 0; result != SOURCE_AWAY && i < TURNS; i++)
                result = turn(world);
        ck_assert_int_eq(result, SOURCE_AWAY);
        ck_assert_int_eq(world->err.kind, ERR_RETRY);
        ck_assert_msg(strstr(world->err.text, why), "\"%s\" does not say \"%s\"", world->err.text, why);
        ck_assert_msg(!strstr(world->err.text, "geheim"), "a password in \"%s\"", world->err.text);
}
