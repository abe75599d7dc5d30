/*
 * A server that devices call: streams of bytes, cut by the adapter's frame(). One thread, the runner's: while it does not read,
 * nobody is read, and the sockets fill up. A record is answered on the connection where it came, once it is settled; nothing
 * is kept on disk, so what asks for no answer is safe only as far as the log of its delivery goes.
 */

#include "hub/source/source.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/source/tcp/asked.h"
#include "hub/source/tcp/callers.h"

#include <stdlib.h>

enum { LISTEN_AGAIN_MS = 1000, PAUSE_MS = 1000, QUIET_MS = 2000 };

struct Source {
        Callers callers;
        Asked asked;
        Error away; /* why nobody listens */
        bool once, is_trial;
        int64_t listen_at, read_ms, came_ms; /* monotonic: next try; end of the last read; the last record */
        uint64_t token;
        int64_t unanswered; /* records settled that nobody was told of */
};

static void source_close(Source *source)
{
        if (asked_size(&source->asked))
                log_warning("stopped with frames unsettled: they come again from devices that wait for an answer",
                            LOG_NUMBER("frames", (int64_t)asked_size(&source->asked)));
        callers_close(&source->callers);
        asked_free(&source->asked);
        free(source);
}

static Source *source_open(const SourceSetup *setup, Error *err)
{
        const TcpOptions *of = setup->options;
        const Frames form = { .frame = setup->frame, .most = (size_t)of->byte_cap };
        Source *source = mem_new(sizeof(Source));

        source->once = setup->once;
        source->is_trial = setup->trial;
        source->read_ms = source->came_ms = time_monotonic();
        if (setup->frame ? callers_open(&source->callers, of, &form, err)
                         : error_set(err, ERR_FATAL, NULL, "the adapter cuts no byte streams"))
                return source;
        source_close(source);
        return NULL;
}

/* ---- read ---- */

static bool is_listening(Source *source, int64_t now, Error *err)
{
        if (source->callers.listener >= 0)
                return true;
        if (now >= source->listen_at) {
                source->listen_at = now + LISTEN_AGAIN_MS;
                source->away = (Error){ 0 };
                source->came_ms = now;
                if (callers_listen(&source->callers, &source->away))
                        return true;
        }
        *err = source->away;
        return false;
}

static void record_fill(Source *source, Connection *connection, const Frame *frame, SourceRecord *record)
{
        *record = (SourceRecord){
                .record = { .bytes = frame->bytes,
                            .size = frame->size,
                            .channel = connection->peer,
                            .received_ms = connection->received_ms },
                .token = ++source->token,
        };
        if (frame->is_junk)
                frames_refuse(&record->refusal);
        asked_add(&source->asked, source->token, connection);
        connection->unsettled++;
        source->came_ms = time_monotonic();
}

/* Rubbish as long as the longest frame: nobody finds a beginning in it any more, the device calls again. */
static void heard(const Source *source, Connection *connection, const Frame *frame)
{
        if (!frame->is_junk) {
                connection->has_spoken = true;
                connection->heard_ms = time_monotonic();
        } else if (frame->size >= source->callers.form.most) {
                connection_mute(connection);
        }
}

/* A frame of each in turn: nobody who sends much keeps others waiting. */
static bool record_cut(Source *source, SourceRecord *record)
{
        Connection *connection;
        Frame frame;

        while ((connection = callers_next(&source->callers))) {
                const bool is_cut = frames_next(&connection->frames, connection->has_ended, &frame);

                if (is_cut) {
                        heard(source, connection, &frame);
                        record_fill(source, connection, &frame, record);
                        callers_line(&source->callers, connection);
                }
                callers_update(&source->callers, connection);
                if (is_cut)
                        return true;
        }
        return false;
}

static SourceResult next_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        const int64_t now = time_monotonic();

        if (now - source->read_ms >= PAUSE_MS)
                callers_forgive(&source->callers, now - source->read_ms);
        callers_reap(&source->callers);
        if (!is_listening(source, now, err))
                return SOURCE_AWAY;
        if (record_cut(source, record))
                return SOURCE_RECORD;
        callers_look(&source->callers, now);
        callers_wait(&source->callers, wait_ms);
        if (record_cut(source, record))
                return SOURCE_RECORD;
        return source->once && time_monotonic() - source->came_ms >= QUIET_MS ? SOURCE_END : SOURCE_IDLE;
}

static SourceResult source_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        const SourceResult result = next_read(source, wait_ms, record, err);

        source->read_ms = time_monotonic();
        return result;
}

/* ---- settle ---- */

static bool source_answer(Source *source, uint64_t token, const Reply *reply, Error *err)
{
        Ask *ask = asked_of(&source->asked, token);
        Connection *connection = ask ? ask->connection : NULL;

        if (!connection || !reply->size || source->is_trial)
                return true;
        ask->is_answered = true;
        connection_say(connection, reply->body, reply->size);
        callers_update(&source->callers, connection);
        return !connection->is_broken ||
               error_set(err, ERR_RETRY, NULL, "%s hung up before its answer", connection->peer);
}

static bool source_acknowledge(Source *source, uint64_t token, Error *err)
{
        Ask ask;

        (void)err;
        while (asked_settle(&source->asked, token, &ask)) {
                ask.connection->unsettled--;
                source->unanswered += !ask.is_answered;
                callers_update(&source->callers, ask.connection);
        }
        return true;
}

static int64_t source_refused(Source *source)
{
        return source->callers.refused;
}

static void source_spool(Source *source, SourceSpool *spool)
{
        spool->messages = (int64_t)asked_size(&source->asked);
        spool->unpromised = source->unanswered;
}

const SourceKind source_tcp = {
        .kind = "tcp",
        .about = "a server that devices call: byte streams, cut into frames by the adapter; with TLS where it has a "
                 "certificate",
        .promise = "what is answered is in Kafka, and a device that sends again what was not answered loses nothing; a "
                   "frame "
                   "that asks for no answer is lost when we are killed between its arrival and its delivery, which "
                   "hub_source_unpromised_total counts the frames of; while we are away nobody listens, and what the "
                   "device "
                   "does not send again is lost",
        .options = tcp_options,
        .options_size = TCP_OPTIONS,
        .size = sizeof(TcpOptions),
        .needs_frames = true,
        .check = tcp_check,
        .open = source_open,
        .read = source_read,
        .acknowledge = source_acknowledge,
        .answer = source_answer,
        .refused = source_refused,
        .spool = source_spool,
        .when_paused =
                "connections stay and nobody is read: what devices send waits in the sockets until those are full, who "
                "calls waits to be let in; a stopped process hangs up, and devices call again",
        .connect_check = tcp_bind_check,
        .connect_note = tcp_bind_note,
        .close = source_close,
};
