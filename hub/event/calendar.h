#pragma once

/*
 * Working days are data: schemas/calendar.yaml, or a site's own file, after the yearly notices of the State Council's
 * General Office. Days are numbers since 1970-01-01 in Shanghai. A year without a notice goes by the weekday.
 */

#include "hub/base/error.h"

#include <stdint.h>

typedef struct Calendar Calendar;

typedef struct {
        bool works;
        const char *holiday; /* its name, "调休上班" for a weekend day that is made up for; NULL: neither */
        const char *notice;  /* NULL: none known for its year */
} CalendarDay;

Calendar *calendar_load(const char *path, Error *err); /* NULL: the shipped one. ERR_FATAL with file:line */
CalendarDay calendar_day(const Calendar *calendar, int64_t day);
/* So many working days later at the same hour; from a free day on, the end of a working day. dw.add_workdays() of the
 * warehouse says the same. */
int64_t calendar_add(const Calendar *calendar, int64_t ms, int64_t workdays);
void calendar_free(Calendar *calendar);
