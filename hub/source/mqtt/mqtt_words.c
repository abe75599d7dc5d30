#include "hub/source/mqtt/mqtt_words.h"

#include <stdio.h>
#include <string.h>

const char *mqtt_refusal(int code)
{
        static const char *const texts[] = { NULL,
                                             "the broker speaks no MQTT 3.1.1 (code 1)",
                                             "the broker refuses the client id (code 2)",
                                             "the broker is not available (code 3)",
                                             "wrong user or password (code 4)",
                                             "wrong user or password, or not authorised (code 5)" };

        return code > 0 && code < (int)(sizeof(texts) / sizeof(texts[0])) ? texts[code] : NULL;
}

void mqtt_tls_reason(const char *text, size_t size, char *out, size_t out_size)
{
        const char *end = text + size;

        for (int i = 0; i < 5 && text; i++) {
                text = memchr(text, ':', (size_t)(end - text));
                text = text ? text + 1 : NULL;
        }
        size = text ? strcspn(text, ":\r\n") : 0;
        snprintf(out, out_size, "%.*s", (int)size, text ? text : "");
}
