/*
 * What a decision costs among N open incidents: fills a zone with a made-up city, then decides more of its reports, half of them of
 * problems that are there. tests/bench/cost.py runs it under callgrind, which counts only those decisions, and prints the table.
 *
 *      cost INCIDENTS DECISIONS
 */

#include "hub/base/text.h"
#include "hub/zone/zone_private.h"
#include "tests/bench/cost_city.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <valgrind/callgrind.h>

enum { DOUBLES_EVERY = 10 };

typedef struct {
        Zone *zone;
        City city;
        Arena *arena;
        int64_t offset;
        uint64_t met, compared, beyond, kinds[DECISION_COMMAND + 1];
} Bench;

static size_t heap(void)
{
        const struct mallinfo2 info = mallinfo2();

        return info.uordblks + info.hblkhd;
}

static double seconds(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void apply(Bench *bench, EventValue *value, int64_t at)
{
        ZoneDecision decision;

        value->event.time.occurred = value->event.time.received = at;
        zone_apply(bench->zone, value, (LogPosition){ 0, bench->offset++ }, false, &decision);
        bench->met += decision.choice.met_size;
        bench->compared += decision.choice.compared_size;
        bench->beyond += decision.choice.beyond_bound > 0;
        bench->kinds[decision.kind]++;
}

/* A member as zone_apply() would make it, in an incident that need not be looked for. */
static void member_enter(Bench *bench, Incident *incident, const Event *event, int64_t at)
{
        Zone *zone = bench->zone;
        Member *member = member_new(event, zone->rules, zone->words);

        zone->time = at;
        words_time(zone->words, at, bench->offset++);
        words_count(zone->words, event->title, event->description);
        member->number = ++zone->number;
        incident_add(incident, member);
        map_put_text(zone->subjects, member->subject, member);
        incident->touched = at;
        incident_derive(incident);
        zone_index(zone, incident);
}

/* Every tenth problem is reported twice. */
static void fill(Bench *bench)
{
        const uint64_t size = bench->city.reports;

        for (uint64_t i = 0; i < size; i++) {
                const int64_t at = CITY_START + (int64_t)((double)i / (double)size * CITY_HOURS * 3600000);
                Incident *incident = NULL;

                for (uint64_t again = 0; again <= (i % DOUBLES_EVERY == 0); again++) {
                        EventValue value;

                        city_report(&bench->city, i, again, bench->arena, &value);
                        value.event.time.occurred = value.event.time.received = at;
                        if (!incident) {
                                incident = incident_new(bench->zone->id, value.id, NULL, at);
                                map_put_text(bench->zone->incidents, incident->id, incident);
                        }
                        member_enter(bench, incident, &value.event, at);
                }
                arena_reset(bench->arena);
        }
}

/* Half speak of problems that are there, half of new ones. */
static void decide_more(Bench *bench, uint64_t decisions)
{
        const uint64_t size = bench->city.reports;
        EventValue *values = mem_new(decisions * sizeof *values);

        for (uint64_t i = 0; i < decisions; i++)
                city_report(&bench->city, i % 2 ? i * 7919 % size : size + i, i % 2 ? 100 + i : 0, bench->arena,
                            &values[i]);
        bench->met = bench->compared = bench->beyond = 0;
        memset(bench->kinds, 0, sizeof bench->kinds);
        CALLGRIND_START_INSTRUMENTATION;
        for (uint64_t i = 0; i < decisions; i++) {
                apply(bench, &values[i], CITY_START + CITY_HOURS * 3600000 + (int64_t)i * 10000);
                zone_committed(bench->zone);
        }
        CALLGRIND_STOP_INSTRUMENTATION;
        free(values);
}

int main(int argc, char **argv)
{
        int64_t incidents, decisions;
        Error err = { 0 };

        if (argc != 3 || !text_read_integer(argv[1], &incidents) || !text_read_integer(argv[2], &decisions) ||
            incidents < 1 || decisions < 1)
                return fputs("usage: cost INCIDENTS DECISIONS\n", stderr), EXIT_FAILURE;
        Rules *rules = rules_load(NULL, &err);
        if (!rules)
                return fprintf(stderr, "%s\n", err.text), EXIT_FAILURE;
        Bench bench = { zone_new("350206", rules, 1), city_of((uint64_t)incidents), arena_new(), 0 };
        const size_t empty = heap();
        const double began = seconds();
        fill(&bench);
        const double filled = seconds();
        const size_t full = heap(), open = zone_incidents(bench.zone), members = map_size(bench.zone->subjects);
        decide_more(&bench, (uint64_t)decisions);
        printf("incidents %zu members %zu bytes %zu decisions %lld met %llu compared %llu bounded %llu joined %llu "
               "fill_us %.1f decide_us %.1f\n",
               open, members, (full - empty) / open, (long long)decisions, (unsigned long long)bench.met,
               (unsigned long long)bench.compared, (unsigned long long)bench.beyond,
               (unsigned long long)bench.kinds[DECISION_JOIN], (filled - began) * 1e6 / (double)bench.offset,
               (seconds() - filled) * 1e6 / (double)decisions);
        zone_free(bench.zone);
        rules_free(rules);
        arena_free(bench.arena);
        return EXIT_SUCCESS;
}
