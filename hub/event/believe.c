#include "hub/event/believe.h"

#define YEAR_1990   INT64_C(631152000000)
#define FIFTY_YEARS INT64_C(1577880000000)

static void time_believe(Event *event, int64_t *ms, int64_t ahead_ms)
{
        if (*ms == TIME_NONE || event->time.received == TIME_NONE)
                return;
        const bool future = *ms > event->time.received + ahead_ms;

        if (!future && *ms >= YEAR_1990)
                return;
        *ms = TIME_NONE;
        event->quality |= QUALITY_PARTIAL | (future ? QUALITY_CLOCK_FUTURE : 0);
}

static void closing_believe(Event *event)
{
        if (event->time.closed == TIME_NONE || event->time.occurred == TIME_NONE ||
            (event->quality & QUALITY_CLOCK_MISSING) || event->time.closed >= event->time.occurred)
                return;
        event->time.closed = TIME_NONE;
        event->quality |= QUALITY_PARTIAL;
}

void event_believe(Event *event)
{
        time_believe(event, &event->time.updated, BELIEVE_AHEAD_MS);
        time_believe(event, &event->time.reported, BELIEVE_AHEAD_MS);
        time_believe(event, &event->time.closed, BELIEVE_AHEAD_MS);
        time_believe(event, &event->time.deadline, FIFTY_YEARS);
        time_believe(event, &event->valid.from, FIFTY_YEARS);
        time_believe(event, &event->valid.to, FIFTY_YEARS);
        closing_believe(event);
}

void event_date(Event *event)
{
        int64_t ahead_ms = event->time.occurred == TIME_NONE ? 0 : event->time.occurred - event->time.received;

        if (ahead_ms > BELIEVE_AHEAD_MS && ahead_ms <= FIFTY_YEARS)
                event->quality |= QUALITY_CLOCK_FUTURE;
        else
                time_believe(event, &event->time.occurred, FIFTY_YEARS);
        if (event->kind == KIND_REPORT && event->time.occurred == TIME_NONE) {
                event->time.occurred = event->time.received;
                event->time.precision = PRECISION_MS;
                event->quality |= QUALITY_CLOCK_MISSING;
        }
        event_believe(event);
}
