#include "adapters/list.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/dialect/place.h"
#include "hub/geo/sites.h"
#include "hub/hj212/hj212.h"
#include "hub/hj212/mass.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/*
 * Platform 7, devices that watch the dust of building sites and the fumes of kitchens: HJ 212-2017 and HJ 212-2025 over TCP.
 *
 * Each packet of readings is a health event of its device. A reading over the limit that the site's registry names for it is a
 * case, which the first reading within the limit closes: one case a device, factor and period. So is a device that says of itself
 * that it is out of order. That a device has fallen silent no packet can say: the runner does, which was told of each sign of life.
 *
 * The parts of a split packet (PNUM, PNO) are whole readings of some factors each, and translated as they come.
 */

typedef struct {
        Sites *sites;
        Secret sm4_key;
        Crs crs;
        double accuracy_m;
        int64_t silent_ms;
        char *space;
} DustOptions;

#define AT(member) offsetof(DustOptions, member)
#define MINUTE_MS  INT64_C(60000)
#define HOUR_MS    (60 * MINUTE_MS)
#define DAY_MS     (24 * HOUR_MS)

static const Option table[] = {
        { "sites", OPTION_CUSTOM, AT(sites), .custom = &sites_option,
          .about = "registry of the devices: positions, units and limits; without it nothing is over its limit" },
        { "sm4_key", OPTION_CUSTOM, AT(sm4_key), .custom = &secret_option, .check = hj212_key_check,
          .about = "file with the key of HJ 212-2025's encryption: 16 characters or 32 hexadecimal digits" },
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option,
          .about = "system of the positions that some devices send; without it they are not read" },
        { "accuracy_m", OPTION_NUMBER, AT(accuracy_m), .value = "50", .least = 1, .most = 100000,
          .about = "how far from its device the dust or the fumes may come" },
        { "silent", OPTION_DURATION, AT(silent_ms), .value = "2h", .least = 0, .most = 30 * DAY_MS,
          .about = "a device that was not heard for so long, while we listened, is offline; 0s: none ever is" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where several networks number their devices alike" },
};

/* ---- what is measured ---- */

/* What a case of a kind is, and the unit of mass that its readings are told in. */
static const struct {
        const char *kind, *category, *unit;
} kinds[] = { { "dust", "E0302", "ug/m3" }, { "fume", "E0116", "mg/m3" }, { "noise", "E0301", NULL } };

/* What the commands of readings carry: means of about so long. */
typedef struct {
        const char *cn, *period;
        int64_t least_ms, most_ms; /* of a limit that judges them */
        int64_t late_ms;           /* older is sent again after a break, or told by a clock of twelve hours */
} Span;

static const Span spans[] = { { "2011", "rtd", SITE_PERIOD_MOMENT, MINUTE_MS, 10 * MINUTE_MS },
                              { "2051", "10min", MINUTE_MS, HOUR_MS, 30 * MINUTE_MS },
                              { "2061", "1h", HOUR_MS, DAY_MS, 2 * HOUR_MS },
                              { "2031", "1d", DAY_MS, INT64_MAX, 2 * DAY_MS } };

typedef struct {
        const Hj212Item *item;
        const Site *row; /* the first of this factor; NULL: the registry has none */
        size_t kind;
        const char *unit; /* ours; NULL: unknown */
        double scale;     /* of the device's unit to ours */
} Reading;

typedef struct {
        const DustOptions *options;
        const Record *record;
        Arena *arena;
        Hj212 packet;
        Hj212Content content;
        const Span *span;
        const Site *site; /* the device; NULL: unknown */
        Reading readings[EVENT_MEASUREMENTS_MOST];
        size_t size;
        const char *stamp; /* the readings' time as told, where it may stand in an id */
        int64_t occurred;
        TimePrecision precision;
        unsigned quality;
} Message;

/* ---- one reading ---- */

static size_t kind_of(const Hj212Item *item, const Site *row)
{
        for (size_t i = 0; row && i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (text_same(row->kind, kinds[i].kind))
                        return i;
        return strncasecmp(item->code, "a34", 3) == 0 ? 0 : item->code[0] == 'L' ? 2 : 1;
}

static const Site *row_find(const Site *row, const char *code)
{
        while (row && strcasecmp(row->factor, code) != 0)
                row = row->next;
        return row;
}

/* A member without suffix is a reading only where the registry knows it. */
static void reading_read(Message *message, const Hj212Item *item)
{
        const Site *row = row_find(message->site, item->code);
        Reading *reading = &message->readings[message->size];
        const char *ours, *told = row && row->unit[0] ? row->unit : item->unit;

        if (item->rank == HJ212_BARE ? !row : !item->text && !item->flag)
                return;
        if (message->size == EVENT_MEASUREMENTS_MOST) {
                message->quality |= QUALITY_PARTIAL;
                return;
        }
        message->size++;
        *reading = (Reading){ .item = item, .row = row, .kind = kind_of(item, row), .unit = told, .scale = 1 };
        ours = kinds[reading->kind].unit;
        if (told && ours && mass_scale(told, ours) > 0) {
                reading->unit = ours;
                reading->scale = mass_scale(told, ours);
        }
}

static void readings_read(Message *message)
{
        hj212_read(&message->packet, &message->content);
        message->quality |= message->content.is_partial ? QUALITY_PARTIAL : 0;
        for (size_t i = 0; i < message->content.size; i++)
                reading_read(message, &message->content.items[i]);
}

static bool time_take(Message *message, const char *text)
{
        enum { STAMP_MOST = 32 };
        Error unread = { 0 };

        if (!text)
                return false;
        message->stamp = hj212_is_word(text, STAMP_MOST) ? text : NULL;
        return hj212_time(text, message->arena, &message->occurred, &message->precision, &unread);
}

static void times_read(Message *message)
{
        const char *told = hj212_text(&message->content, "DataTime");

        message->occurred = TIME_NONE;
        if (told && !time_take(message, told))
                message->quality |= QUALITY_PARTIAL;
        if (message->occurred == TIME_NONE)
                (void)time_take(message, message->packet.qn);
        if (message->occurred != TIME_NONE && message->record->received_ms - message->occurred > message->span->late_ms)
                message->quality |= QUALITY_LATE;
}

static double value_of(const Message *message, const char *code)
{
        for (size_t i = 0; i < message->size; i++)
                if (text_same(message->readings[i].item->code, code))
                        return message->readings[i].item->value * message->readings[i].scale;
        return (double)NAN;
}

/* All suspended particles are no fewer than the small ones of them. */
static void particles_check(Message *message)
{
        if (value_of(message, "a34001") < value_of(message, "a34002"))
                message->quality |= QUALITY_PARTIAL;
}

/* ---- events ---- */

static void place_fill(const Message *message, Event *event)
{
        const DustOptions *options = message->options;
        const Site *site = message->site;

        event->place.address = site && site->name[0] ? site->name : NULL;
        if (site)
                place_registry(&site->at, options->accuracy_m, POSITION_REGISTRY, event);
        if (event->position.method == POSITION_NONE)
                place_position(options->crs, options->accuracy_m, POSITION_GPS,
                               hj212_text(&message->content, "longitude|lng|lon"),
                               hj212_text(&message->content, "latitude|lat"), event);
}

/* "2011-20231205083000" of "factor=value flag" lines: a resend is the same, two devices under one number are not. */
static const char *revision_of(const Message *message)
{
        CLEANUP(buffer_free) Buffer all = { 0 };
        const char *part = message->packet.part;
        char digest[SHA256_TEXT_SIZE];

        for (size_t i = 0; i < message->size; i++)
                buffer_format(&all, "%s=%s %s\n", message->readings[i].item->code,
                              message->readings[i].item->text ? message->readings[i].item->text : "",
                              message->readings[i].item->flag ? message->readings[i].item->flag : "");
        return arena_format(message->arena, "%s%s%s%s%s-%.16s", message->span->cn, message->stamp ? "-" : "",
                            message->stamp ? message->stamp : "", part ? "-" : "", part ? part : "",
                            sha256_text(all.bytes, all.size, digest));
}

static void event_begin(const Message *message, EventKind kind, const char *revision, Event *event)
{
        event_init(event, kind);
        event->space = message->options->space;
        event->source.id = message->packet.mn;
        event->source.revision = revision;
        event->source.channel = "sensor";
        event->time.occurred = event->time.updated = message->occurred;
        event->time.precision = message->precision;
        event->quality = message->quality;
        event_add_object(event, OBJECT_DEVICE, message->packet.mn);
        place_fill(message, event);
}

static void measure(const Message *message, const Reading *reading, const Site *row, Event *event)
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

static bool judges(const Site *row, const Message *message, const Reading *reading)
{
        return strcasecmp(row->factor, reading->item->code) == 0 && !isnan(row->limit) &&
               (row->period_ms == SITE_PERIOD_ALL ||
                (row->period_ms >= message->span->least_ms && row->period_ms < message->span->most_ms));
}

/*
 * A case begins, or ends if it ever began. What is late has states of its own: it says nothing of now, and the next of now must be said,
 * whatever was said before; the times of the events tell which holds.
 */
static bool case_emit(const Message *message, bool is_open, Event *event, Output *output, Error *err)
{
        const bool is_late = message->quality & QUALITY_LATE;

        event->source.episodic = true;
        event->category.method = METHOD_RULE;
        event->status.state = STATE_RECEIVED;
        if (is_open)
                return emit_change(output, event, is_late ? "late, open" : "open", err);
        event->status.state = STATE_CLOSED;
        event->status.outcome = OUTCOME_DONE;
        event->time.closed = event->time.updated;
        return emit_end(output, event, is_late ? "late, shut" : "shut", err);
}

static bool limit_emit(const Message *message, const Reading *reading, const Site *row, Output *output, Error *err)
{
        const char *name = reading->item->name ? reading->item->name : reading->item->code;
        Event event;

        event_begin(message, KIND_REPORT, revision_of(message), &event);
        event.source.id = arena_format(message->arena, "%s/%s%s%s", message->packet.mn, reading->item->code,
                                       row->period[0] ? "/" : "", row->period);
        event.status.raw = arena_format(message->arena, "%s=%s", reading->item->code, reading->item->text);
        event.category.code = kinds[reading->kind].category;
        event.category.raw_code = reading->item->code;
        event.title = arena_format(message->arena, "%s%s超标", event.place.address ? event.place.address : "", name);
        measure(message, reading, row, &event);
        return case_emit(message, reading->item->value > row->limit, &event, output, err);
}

/* Only what the device calls normal, or too much to be measured, is held against the limit. */
static bool limits_emit(const Message *message, Output *output, Error *err)
{
        for (size_t i = 0; i < message->size; i++) {
                const Reading *reading = &message->readings[i];

                if (isnan(reading->item->value) || (reading->item->flag && !text_is_one_of("N|T", reading->item->flag)))
                        continue;
                for (const Site *row = reading->row; row; row = row->next)
                        if (judges(row, message, reading) && !limit_emit(message, reading, row, output, err))
                                return false;
        }
        return true;
}

/* A part of a split packet speaks for its own factors alone. */
static bool fault_emit(const Message *message, Output *output, Error *err)
{
        const char *part = message->packet.part;
        const Reading *fault = NULL;
        Event event;

        for (size_t i = 0; i < message->size && !fault; i++)
                if (message->readings[i].item->is_nothing || text_is_one_of("D|B", message->readings[i].item->flag))
                        fault = &message->readings[i];
        event_begin(message, KIND_REPORT, revision_of(message), &event);
        event.source.id =
                arena_format(message->arena, "%s/fault%s%s", message->packet.mn, part ? "/" : "", part ? part : "");
        event.category.code = "E2127";
        if (fault) {
                event.status.raw =
                        fault->item->is_nothing
                                ? arena_format(message->arena, "%s=%s", fault->item->code, fault->item->text)
                                : arena_format(message->arena, "%s-Flag=%s", fault->item->code, fault->item->flag);
                measure(message, fault, NULL, &event);
        }
        return case_emit(message, fault, &event, output, err);
}

static bool readings_emit(const Message *message, Output *output, Error *err)
{
        Event event;

        event_begin(message, KIND_HEALTH, revision_of(message), &event);
        for (size_t i = 0; i < message->size; i++)
                measure(message, &message->readings[i], NULL, &event);
        return emit(output, &event, err) && limits_emit(message, output, err) && fault_emit(message, output, err);
}

/* Nothing was heard of it since, or now it is again: by our clock, for it tells none. */
static bool silence_translate(Message *message, Output *output, Error *err)
{
        const Record *record = message->record;
        const bool is_begun = record->silence == SILENCE_BEGUN;
        const char *mn = record->key, *word = is_begun ? "silent" : "heard", *revision;
        Event event;

        if (!message->options->silent_ms)
                return ignored(output, "not listened for");
        message->packet.mn = mn;
        message->site = sites_find(message->options->sites, mn);
        message->occurred = record->received_ms - record->silent_ms;
        revision = arena_format(message->arena, "%s-%lld", word, (long long)message->occurred);
        event_begin(message, KIND_REPORT, revision, &event);
        event.source.id = arena_format(message->arena, "%s/silent", mn);
        event.status.raw = word;
        event.time.updated = record->received_ms;
        event.category.code = "E2127";
        event.title = arena_format(message->arena, "%s监测设备离线", event.place.address ? event.place.address : "");
        return case_emit(message, is_begun, &event, output, err);
}

/* ---- commands ---- */

static const Span *span_of(const char *cn)
{
        for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
                if (text_same(spans[i].cn, cn))
                        return &spans[i];
        return NULL;
}

enum { MN_MOST = 64 };

static bool message_translate(Message *message, Output *output, Error *err)
{
        const Hj212 *packet = &message->packet;

        if (packet->mn && hj212_is_word(packet->mn, MN_MOST)) /* whatever it says */
                listen_for(output, packet->mn, message->options->silent_ms);

        if (!packet->cn)
                return error_set(err, ERR_INPUT, "missing_field", "CN: missing");
        message->span = span_of(packet->cn);
        if (!message->span)
                return ignored(output, hj212_other(packet->cn));
        if (!packet->mn)
                return error_set(err, ERR_INPUT, "missing_field", "MN: missing");
        if (!hj212_is_word(packet->mn, MN_MOST))
                return error_set(err, ERR_INPUT, "bad_id", "MN: no number of a device");
        message->site = sites_find(message->options->sites, packet->mn);
        readings_read(message);
        times_read(message);
        particles_check(message);
        return message->size ? readings_emit(message, output, err) : ignored(output, "no readings");
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const DustOptions *options = of;
        Message *message = arena_take(scratch(output), sizeof(Message));
        const char *said;

        message->options = options;
        message->record = record;
        message->arena = scratch(output);
        if (record->silence)
                return silence_translate(message, output, err);
        if (hj212_is_line_end(record->bytes, record->size))
                return ignored(output, "line end");
        if (!hj212_open_with(&options->sm4_key, record->bytes, record->size, message->arena, &message->packet, err))
                return false;
        said = hj212_answer(&message->packet, message->arena);
        if (said) /* also where a part of it is set aside: taken is taken, else the device sends it for ever */
                reply(output, &(Reply){ .body = said, .size = strlen(said) });
        return message_translate(message, output, err);
}

const Adapter dust = {
        .name = "dust",
        .about = "dust and cooking fumes: HJ 212-2017 and -2025 over TCP",
        .platform = "p07",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(DustOptions),
        .translate = translate,
        .frame = hj212_cut,
};
