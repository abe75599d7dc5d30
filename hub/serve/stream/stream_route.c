/* GET /v1/stream/incidents: where a client begins, and what it wants to see (hub/serve/stream/stream.h does the rest). */

#include "hub/base/text.h"
#include "hub/serve/call.h"
#include "hub/serve/door/proof.h"
#include "hub/serve/routes.h"
#include "hub/serve/stream/stream.h"

/* Last-Event-ID goes first: who is cut off comes again with the address that it began with. */
static bool after_read(Call *call, ListenerSetup *setup)
{
        const char *header = call_header(call, "Last-Event-ID"), *argument = call_argument(call, "after");
        const bool is_header = header && *header;
        const char *text = is_header ? header : argument;

        if (!text)
                return true;
        setup->has_after = true;
        if (text_read_integer(text, &setup->after) && setup->after >= 0)
                return true;
        return is_header ? call_problem(call, 400, "bad-argument", "Last-Event-ID: a number of the feed")
                         : call_wrong(call, "after", "a number of the feed");
}

static bool filter_read(Call *call, Filter *filter)
{
        const char *box = call_argument(call, "bbox");
        Error err = { 0 };

        for (FilterList list = 0; list < FILTER_LISTS; list++) {
                const char *values = call_argument(call, filter_names[list]);

                if (values && !filter_list(filter, list, values, &err))
                        return call_wrong(call, filter_names[list], "%s", err.text);
        }
        if (box && !filter_box(filter, box, &err))
                return call_wrong(call, "bbox", "%s", err.text);
        return true;
}

static void stream(Call *call)
{
        Stream *stream = call->serve->stream;
        ListenerSetup setup = { .sees_all = call->person->sees_all,
                                .zones = call->person->zones,
                                .id = call->id,
                                .may = proof_holds,
                                .proof_free = proof_free };

        if (stream_is_full(stream)) {
                call_tell(call, "Retry-After", "5");
                (void)call_problem(call, 503, "busy", "as many listen as may");
        } else if (after_read(call, &setup) && filter_read(call, &setup.filter)) {
                setup.proof = proof_of(call);
                stream_listen(stream, call_take(call), &setup);
        }
        filter_free(&setup.filter);
}

static const char *const arguments[] = { "after", "zone", "state", "severity", "category", "platform", "bbox", NULL };

const Route stream_routes[] = {
        { "GET", "/v1/stream/incidents", ROLE_VIEWER, stream, arguments, ROUTE_DIRECT },
        { 0 },
};
