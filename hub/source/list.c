#include "hub/source/source.h"

#include "hub/base/text.h"

#include <stddef.h>

const SourceKind *const sources[] = { &source_mqtt, &source_http_poll, &source_http_push, &source_kafka,
                                      &source_file, &source_postgres,  &source_tcp,       NULL };

const SourceKind *source_find(const char *kind)
{
        for (const SourceKind *const *at = sources; *at; at++)
                if (text_same((*at)->kind, kind))
                        return *at;
        return NULL;
}
