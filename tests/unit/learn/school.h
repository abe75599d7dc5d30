#pragma once

/* A lesson made by hand, for the tests of learning. */

#include "hub/event/json.h"
#include "hub/learn/learn.h"
#include "hub/learn/learn_run.h"
#include "tests/unit/zone/world.h"

#include <check.h>

enum { CASES = 160 };

/*
 * A town in which lamps are reported twice, five metres and an hour apart, and graffiti beside each other are always two
 * things. The rules that learning starts from join both.
 */
typedef struct {
        World world;
        Lesson lesson;
        Rules *shipped;
        Map *truth;
} School;

/* incident NULL: nobody labelled it. */
static inline void report_add(School *school, const Report *report, const char *incident)
{
        Arena *arena = school->world.arena;
        EventValue value = world_value(arena, report);
        Buffer line = { 0 };
        Error err = { 0 };

        value.event.raw.sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        value.event.raw.bytes = 1;
        ck_assert_msg(event_write(&line, &value.event, &err), "%s", err.text);
        school->lesson.lines[school->lesson.size++] = line.bytes;
        if (incident)
                map_put_text(school->truth, value.event.subject, arena_format(arena, "%s", incident));
}

static inline void line_add(School *school, int number, const char *category, double east_m, int minute,
                            const char *incident)
{
        Arena *arena = school->world.arena;
        const Report report = { .source_id = arena_format(arena, "c%03d", number),
                                .category = category,
                                .title = category,
                                .east_m = east_m,
                                .accuracy_m = 5,
                                .minute = minute };

        report_add(school, &report, incident);
}

static inline void school_found(School *school)
{
        Error err = { 0 };

        world_open(&school->world);
        school->truth = map_new();
        school->shipped = rules_load(NULL, &err);
        school->lesson = (Lesson){ .rules = school->world.rules, .shipped = school->shipped, .truth = school->truth };
        school->lesson.lines = mem_new(CASES * sizeof(char *));
}

static inline void school_open(School *school, size_t pairs, bool labelled)
{
        school_found(school);
        for (size_t i = 0; i < pairs; i++) {
                const bool lamp = i % 2 == 0;
                const double east_m = (double)i * 700;

                for (int twin = 0; twin < 2; twin++) {
                        const char *incident =
                                arena_format(school->world.arena, lamp ? "lamp%zu" : "graffiti%zu-%d", i, twin);

                        line_add(school, (int)i * 2 + twin, lamp ? "L01" : "G01", east_m + twin * 5,
                                 (int)i * 10 + twin * 60, labelled ? incident : NULL);
                }
        }
}

static inline void school_close(School *school)
{
        for (size_t i = 0; i < school->lesson.size; i++)
                free(school->lesson.lines[i]);
        free(school->lesson.lines);
        map_free(school->truth, NULL);
        rules_free(school->shipped);
        world_close(&school->world);
}
