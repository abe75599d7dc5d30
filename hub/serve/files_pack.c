#include "hub/serve/files_pack.h"

#include <stdlib.h>
#include <zlib.h>

enum { GZIP = 16 }; /* added to windowBits: a gzip header instead of zlib's */

void files_pack(const Buffer *plain, Buffer *out)
{
        z_stream stream = { .next_in = (Bytef *)plain->bytes, .avail_in = (uInt)plain->size };

        if (!plain->size)
                return;
        if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + GZIP, MAX_MEM_LEVEL,
                         Z_DEFAULT_STRATEGY) != Z_OK)
                abort();
        buffer_room(out, deflateBound(&stream, plain->size));
        stream.next_out = (Bytef *)out->bytes;
        stream.avail_out = (uInt)(out->room - out->size);
        if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
                abort();
        out->size = stream.total_out;
        deflateEnd(&stream);
        if (out->size >= plain->size)
                buffer_free(out);
}
