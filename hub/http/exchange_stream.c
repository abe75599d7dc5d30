/*
 * An answer without end. While there is nothing to say its connection is suspended, and is no socket that the server looks at.
 *
 * A wake is noted before it looks whether the connection is suspended, and a reader that found nothing looks for a wake under the
 * same lock before it suspends: so what came between the two is read.
 */

#include "hub/http/exchange_private.h"

#include <sys/socket.h>

enum {
        BLOCK = 4096,            /* of HTTP/1.0, which knows no chunks */
        QUEUE_MOST = 128 * 1024, /* what the kernel holds for a client that reads slowly */
};

bool exchange_stream(Exchange *exchange, const ExchangeStream *stream)
{
        bool is_heard;

        pthread_mutex_lock(&exchange->lock);
        is_heard = exchange->connection && !exchange->is_answered;
        if (is_heard) {
                exchange->answer = (ExchangeAnswer){ .status = stream->status,
                                                     .content_type = exchange_text(exchange, stream->content_type),
                                                     .headers = exchange_headers(exchange, stream->headers) };
                exchange->stream = *stream;
                exchange->is_answered = true;
                MHD_resume_connection(exchange->connection);
        }
        exchange_unlock(exchange);
        return is_heard;
}

/* The lock is held. */
static void wake(Exchange *exchange)
{
        exchange->is_woken = true;
        if (!exchange->is_suspended || !exchange->connection)
                return;
        exchange->is_suspended = false;
        MHD_resume_connection(exchange->connection);
}

void exchange_stream_wake(Exchange *exchange)
{
        pthread_mutex_lock(&exchange->lock);
        wake(exchange);
        pthread_mutex_unlock(&exchange->lock);
}

void exchange_stream_end(Exchange *exchange)
{
        exchange->is_over = true;
        wake(exchange);
}

/* Whether it may read: false when its server closes. */
static bool read_begin(Exchange *exchange)
{
        bool is_over;

        pthread_mutex_lock(&exchange->lock);
        exchange->is_woken = false;
        is_over = exchange->is_over;
        pthread_mutex_unlock(&exchange->lock);
        return !is_over;
}

/* It had nothing; false: it was woken meanwhile. */
static bool suspended(Exchange *exchange)
{
        bool is_idle;

        pthread_mutex_lock(&exchange->lock);
        is_idle = !exchange->is_woken;
        if (is_idle) {
                exchange->is_suspended = true;
                MHD_suspend_connection(exchange->connection);
        }
        pthread_mutex_unlock(&exchange->lock);
        return is_idle;
}

static ssize_t stream_read(void *context, uint64_t position, char *out, size_t room)
{
        Exchange *exchange = context;
        ssize_t size;

        (void)position;
        do {
                if (!read_begin(exchange))
                        return MHD_CONTENT_READER_END_OF_STREAM;
                size = exchange->stream.read(exchange->stream.context, out, room);
                if (size == EXCHANGE_END)
                        return MHD_CONTENT_READER_END_OF_STREAM;
        } while (size == EXCHANGE_NOTHING && !suspended(exchange));
        return size;
}

/* The response lives no longer than its connection's request, which holds the exchange. */
struct MHD_Response *exchange_stream_response(Exchange *exchange)
{
        const union MHD_ConnectionInfo *info =
                MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        const int most = QUEUE_MOST;

        if (info)
                (void)setsockopt(info->connect_fd, SOL_SOCKET, SO_SNDBUF, &most, sizeof(most));
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, stream_read, exchange, NULL);
}
