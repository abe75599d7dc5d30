#include "hub/source/http/http_gzip.h"

#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_WINDOW = 16 + MAX_WBITS, CHUNK = 64 * 1024, LAYERS_MOST = 2 };

static bool is_gzip(const void *bytes, size_t size)
{
        static const char magic[] = "\x1f\x8b\x08";

        return size > strlen(magic) && memcmp(bytes, magic, strlen(magic)) == 0;
}

static int member_undo(z_stream *stream, Buffer *out, int64_t byte_cap)
{
        unsigned char chunk[CHUNK];
        int result = Z_OK;

        while (result == Z_OK) {
                stream->next_out = chunk;
                stream->avail_out = sizeof(chunk);
                result = inflate(stream, Z_NO_FLUSH);
                if (result != Z_OK && result != Z_STREAM_END)
                        break;
                buffer_add(out, (const char *)chunk, sizeof(chunk) - stream->avail_out);
                if ((int64_t)out->size > byte_cap)
                        result = Z_MEM_ERROR;
        }
        return result;
}

/* Members may follow one another (RFC 1952 section 2.2); what is none is left, as gunzip does. */
static bool layer_undo(const Buffer *body, Buffer *out, int64_t byte_cap, Error *err)
{
        z_stream stream = { .next_in = (const Bytef *)body->bytes, .avail_in = (uInt)body->size };
        int result;

        if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
                abort();
        do {
                result = member_undo(&stream, out, byte_cap);
        } while (result == Z_STREAM_END && is_gzip(stream.next_in, stream.avail_in) && inflateReset(&stream) == Z_OK);
        inflateEnd(&stream);
        if (result == Z_MEM_ERROR)
                return error_set(err, ERR_RETRY, NULL, "more than byte_cap (%lld bytes) in a gzip body",
                                 (long long)byte_cap);
        return result == Z_STREAM_END || error_set(err, ERR_RETRY, NULL, "a gzip body that is cut or broken");
}

bool gzip_undo(Buffer *body, int64_t byte_cap, Error *err)
{
        for (int i = 0; i < LAYERS_MOST && is_gzip(body->bytes, body->size); i++) {
                CLEANUP(buffer_free) Buffer out = { 0 };
                Buffer packed;

                if (!layer_undo(body, &out, byte_cap, err))
                        return false;
                packed = *body;
                *body = out;
                out = packed;
        }
        return true;
}
