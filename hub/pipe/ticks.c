#include "hub/pipe/ticks.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/event/headers.h"
#include "hub/event/json.h"
#include "hub/event/rejected.h"

#include <stdlib.h>
#include <string.h>

struct Ticks {
        HourTotals *hours;
        size_t size, room;
        int64_t every_ms, due; /* monotonic */
        size_t pending;        /* while Kafka is away ticks would pile up and tell nothing */
        Arena *arena;
        Buffer value;
};

Ticks *ticks_new(int64_t every_ms)
{
        Ticks *ticks = mem_new(sizeof(Ticks));

        ticks->every_ms = every_ms;
        ticks->due = time_monotonic();
        ticks->arena = arena_new();
        return ticks;
}

static HourTotals *hour_find(Ticks *ticks, int64_t hour)
{
        for (size_t i = ticks->size; i-- > 0;)
                if (ticks->hours[i].hour == hour)
                        return &ticks->hours[i];
        if (ticks->size == ticks->room) {
                ticks->room = ticks->room ? 2 * ticks->room : 16;
                ticks->hours = mem_resize(ticks->hours, ticks->room * sizeof(HourTotals));
        }
        ticks->hours[ticks->size] = (HourTotals){ .hour = hour };
        return &ticks->hours[ticks->size++];
}

HourTotals *ticks_hour(Ticks *ticks, int64_t received)
{
        HourTotals *totals = hour_find(ticks, time_hour(received));

        totals->touched = true;
        return totals;
}

HourTotals ticks_sum(const Ticks *ticks)
{
        HourTotals sum = { 0 };

        for (size_t i = 0; i < ticks->size; i++) {
                sum.records += ticks->hours[i].records;
                sum.published += ticks->hours[i].published;
                sum.rejected += ticks->hours[i].rejected;
                sum.ignored += ticks->hours[i].ignored;
                sum.repeated += ticks->hours[i].repeated;
        }
        return sum;
}

bool ticks_due(const Ticks *ticks)
{
        return !ticks->pending && time_monotonic() >= ticks->due;
}

static void tick_fill(Tick *tick, const HourTotals *totals, const TickSetup *setup, const Bus *bus, Arena *arena)
{
        *tick = (Tick){
                .id = arena_format(arena, "tick:%s:%s:%lld", setup->instance, bus_run(bus), (long long)bus_next(bus)),
                .instance = setup->instance,
                .zone = setup->zone,
                .run = bus_run(bus),
                .at = time_now(),
                .hour = totals->hour,
                .acked = bus_acked(bus),
                .records = totals->records,
                .items = totals->published + totals->rejected + totals->ignored,
                .published = totals->published,
                .rejected = totals->rejected,
                .ignored = totals->ignored,
                .repeated = totals->repeated,
                .lag = setup->lag,
                .source_state = setup->state,
        };
}

static void tick_send(Ticks *ticks, const HourTotals *totals, const TickSetup *setup, bool final, Bus *bus)
{
        KafkaHeader headers[EVENT_HEADERS_MOST];
        BusMessage message = {
                .kind = BUS_TICK, .partition = setup->partition, .key = setup->zone, .headers = headers
        };
        const char *source;
        Tick tick;

        arena_reset(ticks->arena);
        buffer_clear(&ticks->value);
        tick_fill(&tick, totals, setup, bus, ticks->arena);
        tick.final = final;
        if (!tick_write(&ticks->value, &tick))
                abort();
        source = arena_format(ticks->arena, "/%s/%s/%s", setup->zone, setup->platform, setup->instance);
        message.headers_size = event_headers_plain("tick", tick.id, source, setup->zone, NULL, tick.at, tick.run,
                                                   bus_next(bus), ticks->arena, headers);
        if (setup->retry)
                headers[message.headers_size++] = (KafkaHeader){ REJECTED_RETRY, setup->retry, strlen(setup->retry) };
        message.value = ticks->value.bytes;
        message.size = ticks->value.size;
        bus_send(bus, &message);
        ticks->pending++;
}

void ticks_send(Ticks *ticks, const TickSetup *setup, Bus *bus)
{
        HourTotals *present = ticks_hour(ticks, time_now());
        int64_t hour = present->hour;

        for (size_t i = 0; i < ticks->size; i++) {
                HourTotals *totals = &ticks->hours[i];

                if (!totals->touched || totals->hour == hour || bus_full(bus))
                        continue;
                tick_send(ticks, totals, setup, false, bus);
                totals->touched = false;
        }
        present = hour_find(ticks, hour);
        tick_send(ticks, present, setup, setup->final, bus);
        present->touched = false;
        ticks->due = time_monotonic() + ticks->every_ms;
}

void ticks_delivered(Ticks *ticks)
{
        ticks->pending--;
}

void ticks_free(Ticks *ticks)
{
        if (!ticks)
                return;
        free(ticks->hours);
        arena_free(ticks->arena);
        buffer_free(&ticks->value);
        free(ticks);
}
