#include "hub/source/http/http_check.h"

#include "hub/base/time.h"
#include "hub/source/http/http_kind.h"
#include "hub/source/http/http_source.h"

enum { TURN_MS = 100, PAGES_MOST = 5 };
enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

bool http_connect_check(const void *options, Error *err)
{
        const SourceSetup setup = { .instance = "check", .options = options, .once = true };
        Source *source = source_http_poll.open(&setup, err);
        SourceResult result = SOURCE_IDLE;
        SourceRecord record;

        if (!source)
                return false;
        while (result == SOURCE_IDLE)
                result = source_http_poll.read(source, TURN_MS, &record, err);
        source_http_poll.close(source);
        return result == SOURCE_RECORD || result == SOURCE_END;
}

/* Some pages of the span; false: the server is in trouble. */
static bool span_look(const HttpOptions *of, KindLook *look)
{
        const SourceSpan span = { .from = look->from, .to = look->to };
        const SourceSetup setup = { .instance = "check", .options = of, .span = &span };
        SourceResult result = SOURCE_IDLE;
        SourceRecord read;
        Error unsaid = { 0 };
        Source *source = source_http_poll.open(&setup, &unsaid);

        for (size_t pages = 0; source && pages < PAGES_MOST && (result == SOURCE_IDLE || result == SOURCE_RECORD);) {
                PageForm form = { .items = of->items };

                result = source_http_poll.read(source, TURN_MS, &read, &unsaid);
                if (result != SOURCE_RECORD)
                        continue;
                form.content_type = read.record.content_type;
                kind_look(look, &form, read.record.bytes, read.record.size);
                pages++;
        }
        if (source)
                source_http_poll.close(source);
        return result == SOURCE_RECORD || result == SOURCE_END;
}

static void verdict_write(const HttpOptions *of, const KindLook *look, Kind kind, const char *asked, const char *other,
                          Buffer *note)
{
        const char *start = of->start_parameter;

        switch (kind) {
        case KIND_CHANGES:
                buffer_format(note, "%s asks by %s: a window of changes, as %zu items tell (%s is before it)", start,
                              asked, look->items, other);
                break;
        case KIND_REQUESTS:
                buffer_format(note, "%s asks by %s, not by change, as %zu items tell (%s is after it): ", start, asked,
                              look->items, other);
                buffer_text(note, of->recheck
                                          ? "recheck is set, so changes are seen"
                                          : "a closing would never be seen; ask by another parameter, or set recheck");
                break;
        case KIND_NO_WINDOW:
                buffer_format(note, "%s is not obeyed, as %zu items tell (%s is outside)", start, look->items, other);
                break;
        case KIND_UNKNOWN:
                buffer_format(note, "whether %s asks by change cannot be told: %s", start,
                              look->items ? "no item tells" : "no items came");
                break;
        }
}

/* The first span that tells. The ones of days come first: a case takes its time. */
void http_connect_note(const void *options, Buffer *note)
{
        static const struct {
                int64_t from, to;
        } ago[] = {
                { INT64_C(8) * DAY, DAY }, { DAY, HOUR }, { HOUR, MINUTE }, { INT64_C(90) * DAY, INT64_C(8) * DAY }
        };
        const HttpOptions *of = options;
        const int64_t now = time_now();
        const char *asked = NULL, *other = NULL;
        Kind kind = KIND_UNKNOWN;
        KindLook look = { 0 };

        if (!of->start_parameter || of->time_form == TIME_HOUR)
                return;
        for (size_t i = 0; kind == KIND_UNKNOWN && i < sizeof(ago) / sizeof(ago[0]); i++) {
                look = (KindLook){ .from = now - ago[i].from, .to = now - ago[i].to };
                if (!of->end_parameter)
                        look.to = now;
                if (!span_look(of, &look))
                        return;
                kind = kind_verdict(&look, &asked, &other);
        }
        verdict_write(of, &look, kind, asked, other, note);
}
