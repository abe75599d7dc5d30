#include "hub/hj212/message.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/hj212/mass.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* The unit of mass that the readings of a kind are told in. */
static const struct {
        const char *kind, *unit;
} kinds[] = {
        [HJ212_DUST] = { "dust", "ug/m3" }, [HJ212_FUME] = { "fume", "mg/m3" }, [HJ212_NOISE] = { "noise", NULL }
};

/* What the commands of readings carry: means of about so long. */
typedef struct Hj212Span {
        const char *cn, *period;
        int64_t least_ms, most_ms; /* of a limit that judges them */
        int64_t late_ms;           /* older is sent again after a break, or told by a clock of twelve hours */
} Span;

static const Span spans[] = { { "2011", "rtd", SITE_PERIOD_MOMENT, MINUTE_MS, 10 * MINUTE_MS },
                              { "2051", "10min", MINUTE_MS, HOUR_MS, 30 * MINUTE_MS },
                              { "2061", "1h", HOUR_MS, DAY_MS, 2 * HOUR_MS },
                              { "2031", "1d", DAY_MS, INT64_MAX, 2 * DAY_MS } };

static const Span *span_of(const char *cn)
{
        for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
                if (text_same(spans[i].cn, cn))
                        return &spans[i];
        return NULL;
}

/* ---- one reading ---- */

static Hj212Kind kind_of(const Hj212Item *item, const Site *row)
{
        for (size_t i = 0; row && i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (text_same(row->kind, kinds[i].kind))
                        return (Hj212Kind)i;
        return strncasecmp(item->code, "a34", 3) == 0 ? HJ212_DUST : item->code[0] == 'L' ? HJ212_NOISE : HJ212_FUME;
}

static const Site *row_find(const Site *row, const char *code)
{
        while (row && strcasecmp(row->factor, code) != 0)
                row = row->next;
        return row;
}

/* A member without suffix is a reading only where the registry knows it. */
static void reading_read(Hj212Message *message, const Hj212Item *item)
{
        const Site *row = row_find(message->site, item->code);
        Hj212Reading *reading = &message->readings[message->size];
        const char *ours, *told = row && row->unit[0] ? row->unit : item->unit;

        if (item->rank == HJ212_BARE ? !row : !item->text && !item->flag)
                return;
        if (message->size == EVENT_MEASUREMENTS_MOST) {
                message->quality |= QUALITY_PARTIAL;
                return;
        }
        message->size++;
        *reading = (Hj212Reading){ .item = item, .row = row, .kind = kind_of(item, row), .unit = told, .scale = 1 };
        ours = kinds[reading->kind].unit;
        if (told && ours && mass_scale(told, ours) > 0) {
                reading->unit = ours;
                reading->scale = mass_scale(told, ours);
        }
}

static void readings_read(Hj212Message *message)
{
        hj212_read(&message->packet, &message->content);
        message->quality |= message->content.is_partial ? QUALITY_PARTIAL : 0;
        for (size_t i = 0; i < message->content.size; i++)
                reading_read(message, &message->content.items[i]);
}

static bool time_take(Hj212Message *message, const char *text, Arena *arena)
{
        enum { STAMP_MOST = 32 };
        Error unread = { 0 };

        if (!text)
                return false;
        message->stamp = hj212_is_word(text, STAMP_MOST) ? text : NULL;
        return hj212_time(text, arena, &message->occurred, &message->precision, &unread);
}

static void times_read(Hj212Message *message, int64_t received_ms, Arena *arena)
{
        const char *told = hj212_text(&message->content, "DataTime");

        message->occurred = TIME_NONE;
        if (told && !time_take(message, told, arena))
                message->quality |= QUALITY_PARTIAL;
        if (message->occurred == TIME_NONE)
                (void)time_take(message, message->packet.qn, arena);
        if (message->occurred != TIME_NONE && received_ms - message->occurred > message->span->late_ms)
                message->quality |= QUALITY_LATE;
}

static double value_of(const Hj212Message *message, const char *code)
{
        for (size_t i = 0; i < message->size; i++)
                if (text_same(message->readings[i].item->code, code))
                        return message->readings[i].item->value * message->readings[i].scale;
        return (double)NAN;
}

/* All suspended particles are no fewer than the small ones of them. */
static void particles_check(Hj212Message *message)
{
        if (value_of(message, "a34001") < value_of(message, "a34002"))
                message->quality |= QUALITY_PARTIAL;
}

static const char *revision_of(const Hj212Message *message, Arena *arena)
{
        CLEANUP(buffer_free) Buffer all = { 0 };
        const char *part = message->packet.part;
        char digest[SHA256_TEXT_SIZE];

        for (size_t i = 0; i < message->size; i++)
                buffer_format(&all, "%s=%s %s\n", message->readings[i].item->code,
                              message->readings[i].item->text ? message->readings[i].item->text : "",
                              message->readings[i].item->flag ? message->readings[i].item->flag : "");
        return arena_format(arena, "%s%s%s%s%s-%.16s", message->span->cn, message->stamp ? "-" : "",
                            message->stamp ? message->stamp : "", part ? "-" : "", part ? part : "",
                            sha256_text(all.bytes, all.size, digest));
}

bool hj212_judges(const Site *row, const Hj212Message *message, const Hj212Reading *reading)
{
        return strcasecmp(row->factor, reading->item->code) == 0 && !isnan(row->limit) &&
               (row->period_ms == SITE_PERIOD_ALL ||
                (row->period_ms >= message->span->least_ms && row->period_ms < message->span->most_ms));
}

void hj212_measure(const Hj212Message *message, const Hj212Reading *reading, const Site *row, Event *event)
{
        EventMeasurement *into = &event->measurements[event->measurements_size++];

        into->factor = reading->item->code;
        into->name = reading->item->name;
        into->unit = reading->unit;
        into->flag = reading->item->flag;
        into->period = row && row->period_ms > 0 ? row->period : message->span->period;
        into->value = mass_turn(reading->item->value, reading->scale);
        into->limit = row ? mass_turn(row->limit, reading->scale) : (double)NAN;
        event->quality |= reading->unit ? 0 : QUALITY_PARTIAL;
}

bool hj212_message(const Sites *sites, int64_t received_ms, Arena *arena, Hj212Message *message, const char **other,
                   Error *err)
{
        const Hj212 *packet = &message->packet;

        *other = NULL;
        if (!packet->cn)
                return error_set(err, ERR_INPUT, "missing_field", "CN: missing");
        message->span = span_of(packet->cn);
        if (!message->span) {
                *other = hj212_other(packet->cn);
                return true;
        }
        if (!packet->mn)
                return error_set(err, ERR_INPUT, "missing_field", "MN: missing");
        if (!hj212_is_word(packet->mn, HJ212_MN_MOST))
                return error_set(err, ERR_INPUT, "bad_id", "MN: no number of a device");
        message->site = sites_find(sites, packet->mn);
        readings_read(message);
        times_read(message, received_ms, arena);
        particles_check(message);
        message->revision = revision_of(message, arena);
        *other = message->size ? NULL : "no readings";
        return true;
}
