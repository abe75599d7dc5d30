/* hub decide: the correlator's decisions on a log from stdin, without Kafka and PostgreSQL. */

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/tool/command.h"
#include "hub/zone/decision.h"
#include "hub/zone/rows.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAVE_EVERY = 1000 }; /* lines: without --reload-every rows are saved all the same, and memory is swept */

typedef struct {
        Zone *zone;
        Rows *rows;
        Map *known;                     /* ids that were let in: the gate */
        int64_t since_save, since_load; /* lines */
} Seat;

typedef struct {
        const Rules *rules;
        Map *seats;           /* zone id -> Seat * */
        int64_t reload_every; /* 0: never */
        int64_t offset;
        EventReader *reader;
        Buffer out;
        bool refused;
} Deciding;

static void seat_free(void *value)
{
        Seat *seat = value;

        zone_free(seat->zone);
        rows_free(seat->rows);
        map_free(seat->known, NULL);
        free(seat);
}

static Seat *seat_of(Deciding *deciding, const char *zone)
{
        Seat *seat = map_get_text(deciding->seats, zone);

        if (seat)
                return seat;
        seat = mem_new(sizeof *seat);
        seat->zone = zone_new(zone, deciding->rules, 1);
        seat->rows = rows_new();
        seat->known = map_new();
        map_put_text(deciding->seats, zone, seat);
        return seat;
}

static bool reload_all(Deciding *deciding, Seat *seat, Error *err)
{
        CLEANUP(mem_drop) char *id = text_copy(zone_id(seat->zone));

        rows_save(seat->rows, seat->zone);
        zone_free(seat->zone);
        seat->zone = zone_new(id, deciding->rules, 1);
        seat->since_load = 0;
        return rows_load(seat->rows, seat->zone, err);
}

/* What has not changed was loaded from the rows that still stand: it is loaded anew only every thousand lines. */
static bool reload(Deciding *deciding, Seat *seat, Error *err)
{
        seat->since_load += seat->since_save;
        seat->since_save = 0;
        if (deciding->reload_every == 0) {
                rows_save(seat->rows, seat->zone);
                zone_committed(seat->zone);
                return true;
        }
        return seat->since_load >= SAVE_EVERY ? reload_all(deciding, seat, err)
                                              : rows_renew(seat->rows, seat->zone, err);
}

static bool line_decide(Deciding *deciding, const EventValue *value, Error *err)
{
        Seat *seat = seat_of(deciding, value->zone);
        const bool known = value->kind != KIND_TICK && map_get_text(seat->known, value->id);
        const LogPosition position = { 0, deciding->offset++ };
        ZoneDecision decision;

        if (!known && value->kind != KIND_TICK)
                map_put_text(seat->known, value->id, seat);
        if (!rows_fetch(seat->rows, seat->zone, value, err))
                return false;
        zone_apply(seat->zone, value, position, known, &decision);
        buffer_clear(&deciding->out);
        decision_write(&deciding->out, value, &decision);
        puts(deciding->out.bytes);
        if (++seat->since_save < (deciding->reload_every ? deciding->reload_every : SAVE_EVERY))
                return true;
        return reload(deciding, seat, err);
}

static bool lines_decide(Deciding *deciding, FILE *in, Error *err)
{
        CLEANUP(mem_drop) char *line = NULL;
        size_t room = 0;
        ssize_t size;

        for (int64_t number = 1; (size = getline(&line, &room, in)) >= 0; number++) {
                EventValue value;
                Error bad = { 0 };

                while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
                        line[--size] = 0;
                if (size == 0)
                        continue;
                if (!event_read(deciding->reader, line, (size_t)size, &value, &bad)) {
                        fprintf(stderr, "hub decide: line %lld: %s\n", (long long)number, bad.text);
                        deciding->refused = true;
                } else if (!line_decide(deciding, &value, err)) {
                        return error_add(err, "line %lld", (long long)number);
                }
        }
        return true;
}

static int usage(void)
{
        fputs("usage: hub decide [--rules FILE] [--reload-every N] < events.ndjson > decisions.ndjson\n", stderr);
        return EXIT_USAGE;
}

static int decide_all(const char *rules_path, int64_t reload_every)
{
        Error err = { 0 };
        Rules *rules = rules_load(rules_path, &err);
        Deciding deciding = { .rules = rules, .reload_every = reload_every };

        if (!rules)
                return command_failed("decide", &err);
        deciding.seats = map_new();
        deciding.reader = event_reader_new();
        const bool fine = lines_decide(&deciding, stdin, &err);
        map_free(deciding.seats, seat_free);
        event_reader_free(deciding.reader);
        buffer_free(&deciding.out);
        rules_free(rules);
        if (!fine || fflush(stdout) != 0)
                return command_failed("decide", &err);
        return deciding.refused ? EXIT_REJECTED : EXIT_FINE;
}

int command_decide(int argc, char **argv)
{
        static const struct option long_options[] = { { "rules", required_argument, NULL, 'r' },
                                                      { "reload-every", required_argument, NULL, 'n' },
                                                      { 0 } };
        const char *rules_path = NULL;
        int64_t reload_every = 0;

        for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
                if (option == 'r')
                        rules_path = optarg;
                else if (option != 'n' || !text_read_integer(optarg, &reload_every) || reload_every < 1)
                        return usage();
        }
        return optind == argc ? decide_all(rules_path, reload_every) : usage();
}
