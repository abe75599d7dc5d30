#include "adapters/list.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/dialect/place.h"
#include "hub/geo/sites.h"
#include "hub/hj212/message.h"

#include <math.h>
#include <string.h>

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
#define DAY_MS     INT64_C(86400000)

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

static const char *const categories[] = { [HJ212_DUST] = "E0302", [HJ212_FUME] = "E0116", [HJ212_NOISE] = "E0301" };

static void place_fill(const DustOptions *options, const Hj212Message *message, Event *event)
{
        const Site *site = message->site;

        event->place.address = site && site->name[0] ? site->name : NULL;
        if (site)
                place_registry(&site->at, options->accuracy_m, POSITION_REGISTRY, event);
        if (event->position.method == POSITION_NONE)
                place_position(options->crs, options->accuracy_m, POSITION_GPS,
                               hj212_text(&message->content, "longitude|lng|lon"),
                               hj212_text(&message->content, "latitude|lat"), event);
}

static void event_begin(const DustOptions *options, const Hj212Message *message, EventKind kind, Event *event)
{
        event_init(event, kind);
        event->space = options->space;
        event->source.id = message->packet.mn;
        event->source.revision = message->revision;
        event->source.channel = "sensor";
        event->time.occurred = event->time.updated = message->occurred;
        event->time.precision = message->precision;
        event->quality = message->quality;
        event_add_object(event, OBJECT_DEVICE, message->packet.mn);
        place_fill(options, message, event);
}

/*
 * A case begins, or ends if it ever began. What is late has states of its own: it says nothing of now, and the next of now must be said,
 * whatever was said before; the times of the events tell which holds.
 */
static bool case_emit(bool is_open, Event *event, Output *output, Error *err)
{
        const bool is_late = event->quality & QUALITY_LATE;

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

static bool limit_emit(const DustOptions *options, const Hj212Message *message, const Hj212Reading *reading,
                       const Site *row, Output *output, Error *err)
{
        const Hj212Item *item = reading->item;
        Arena *arena = scratch(output);
        Event event;

        event_begin(options, message, KIND_REPORT, &event);
        event.source.id = arena_format(arena, "%s/%s%s%s", message->packet.mn, item->code, row->period[0] ? "/" : "",
                                       row->period);
        event.status.raw = arena_format(arena, "%s=%s", item->code, item->text);
        event.category.code = categories[reading->kind];
        event.category.raw_code = item->code;
        event.title = arena_format(arena, "%s%s超标", event.place.address ? event.place.address : "",
                                   item->name ? item->name : item->code);
        hj212_measure(message, reading, row, &event);
        return case_emit(item->value > row->limit, &event, output, err);
}

/* Only what the device calls normal, or too much to be measured, is held against the limit. */
static bool limits_emit(const DustOptions *options, const Hj212Message *message, Output *output, Error *err)
{
        for (size_t i = 0; i < message->size; i++) {
                const Hj212Reading *reading = &message->readings[i];

                if (isnan(reading->item->value) || (reading->item->flag && !text_is_one_of("N|T", reading->item->flag)))
                        continue;
                for (const Site *row = reading->row; row; row = row->next)
                        if (hj212_judges(row, message, reading) &&
                            !limit_emit(options, message, reading, row, output, err))
                                return false;
        }
        return true;
}

/* A part of a split packet speaks for its own factors alone. */
static bool fault_emit(const DustOptions *options, const Hj212Message *message, Output *output, Error *err)
{
        const char *part = message->packet.part, *mn = message->packet.mn;
        const Hj212Reading *fault = NULL;
        Arena *arena = scratch(output);
        Event event;

        for (size_t i = 0; i < message->size && !fault; i++)
                if (message->readings[i].item->is_nothing || text_is_one_of("D|B", message->readings[i].item->flag))
                        fault = &message->readings[i];
        event_begin(options, message, KIND_REPORT, &event);
        event.source.id = arena_format(arena, "%s/fault%s%s", mn, part ? "/" : "", part ? part : "");
        event.category.code = "E2127";
        if (fault) {
                event.status.raw = fault->item->is_nothing
                                           ? arena_format(arena, "%s=%s", fault->item->code, fault->item->text)
                                           : arena_format(arena, "%s-Flag=%s", fault->item->code, fault->item->flag);
                hj212_measure(message, fault, NULL, &event);
        }
        return case_emit(fault, &event, output, err);
}

static bool readings_emit(const DustOptions *options, const Hj212Message *message, Output *output, Error *err)
{
        Event event;

        event_begin(options, message, KIND_HEALTH, &event);
        for (size_t i = 0; i < message->size; i++)
                hj212_measure(message, &message->readings[i], NULL, &event);
        return emit(output, &event, err) && limits_emit(options, message, output, err) &&
               fault_emit(options, message, output, err);
}

/* Nothing was heard of it since, or now it is again: by our clock, for it tells none. */
static bool silence_translate(const DustOptions *options, Hj212Message *message, Output *output, Error *err)
{
        const Record *record = record_of(output);
        const bool is_begun = record->silence == SILENCE_BEGUN;
        const char *mn = record->key, *word = is_begun ? "silent" : "heard";
        Arena *arena = scratch(output);
        Event event;

        if (!options->silent_ms)
                return ignored(output, "not listened for");
        message->packet.mn = mn;
        message->site = sites_find(options->sites, mn);
        message->occurred = record->received_ms - record->silent_ms;
        message->revision = arena_format(arena, "%s-%lld", word, (long long)message->occurred);
        event_begin(options, message, KIND_REPORT, &event);
        event.source.id = arena_format(arena, "%s/silent", mn);
        event.status.raw = word;
        event.time.updated = record->received_ms;
        event.category.code = "E2127";
        event.title = arena_format(arena, "%s监测设备离线", event.place.address ? event.place.address : "");
        return case_emit(is_begun, &event, output, err);
}

/* It is answered also where a part of it is set aside: taken is taken, else the device sends it for ever. Whatever it says, it lives. */
static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const DustOptions *options = of;
        Hj212Message *message = arena_take(scratch(output), sizeof(Hj212Message));
        const char *said, *other;

        if (record->silence)
                return silence_translate(options, message, output, err);
        if (hj212_is_line_end(record->bytes, record->size))
                return ignored(output, "line end");
        if (!hj212_open_with(&options->sm4_key, record->bytes, record->size, scratch(output), &message->packet, err))
                return false;
        said = hj212_answer(&message->packet, scratch(output));
        if (said)
                reply(output, &(Reply){ .body = said, .size = strlen(said) });
        if (message->packet.mn && hj212_is_word(message->packet.mn, HJ212_MN_MOST))
                listen_for(output, message->packet.mn, options->silent_ms);
        if (!hj212_message(options->sites, record->received_ms, scratch(output), message, &other, err))
                return false;
        return other ? ignored(output, other) : readings_emit(options, message, output, err);
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
