#include "hub/base/log.h"

#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/terminal.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MOST = 1024, LIMITS = 128, LIMIT_MS = 60 * 1000 };

typedef struct {
        uint64_t message; /* hash64 of its text; 0: free */
        int64_t until_ms;
        int64_t held;
} Limit;

/* Process-wide on purpose: everything logs, and nobody is handed a logger. part and level are set before threads start.
 */
static char log_part[64] = "hub";
static LogLevel log_level = LOG_INFO;
static Limit log_limits[LIMITS];
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

static const char *const level_names[] = { "debug", "info", "warning", "error" };

void log_open(const char *part)
{
        const char *wanted = getenv("HUB_LOG");
        size_t size = strlen(part);

        while (size >= sizeof(log_part))
                size = text_cut(part, text_points(part) * (sizeof(log_part) - 1) / size);
        memcpy(log_part, part, size);
        log_part[size] = '\0';

        log_level = LOG_INFO;
        for (size_t i = 0; wanted && i < sizeof(level_names) / sizeof(level_names[0]); i++)
                if (text_same(wanted, level_names[i]))
                        log_level = (LogLevel)i;
}

static void value_write(Buffer *out, const char *text)
{
        size_t size = strnlen(text, TEXT_MOST);
        const char *end = text + size;

        buffer_byte(out, '"');
        while (text < end) {
                uint32_t point = text_next(&text, end);

                if (terminal_obeys(point)) {
                        buffer_format(out, "\\u%04x", (unsigned)point);
                } else {
                        if (point == '"' || point == '\\')
                                buffer_byte(out, '\\');
                        text_put(out, point);
                }
        }
        if (*end)
                buffer_text(out, "...");
        buffer_byte(out, '"');
}

static void member_write(Buffer *out, const char *key, const char *text)
{
        buffer_byte(out, out->size ? ',' : '{');
        value_write(out, key);
        buffer_byte(out, ':');
        value_write(out, text);
}

static void number_write(Buffer *out, const char *key, int64_t number)
{
        buffer_byte(out, ',');
        value_write(out, key);
        buffer_byte(out, ':');
        buffer_integer(out, number);
}

static void line_write(LogLevel level, const char *message, const LogKey *keys, int64_t held)
{
        CLEANUP(buffer_free) Buffer line = { 0 };
        char now[TIME_TEXT_SIZE];
        ssize_t written;

        member_write(&line, "time", time_text(time_wall(), now));
        member_write(&line, "level", level_names[level]);
        member_write(&line, "part", log_part);
        member_write(&line, "message", message);
        for (; keys && keys->key; keys++) {
                if (keys->text)
                        member_write(&line, keys->key, keys->text);
                else
                        number_write(&line, keys->key, keys->number);
        }
        if (held)
                number_write(&line, "held", held);
        buffer_text(&line, "}\n");
        written = write(STDERR_FILENO, line.bytes, line.size);
        (void)written; /* there is nowhere left to complain */
}

void log_write(LogLevel level, const char *message, const LogKey *keys)
{
        if (level >= log_level)
                line_write(level, message, keys, 0);
}

/* The limit of a message, else the one that ran out first. */
static Limit *limit_find(uint64_t message)
{
        Limit *found = &log_limits[0];

        for (size_t i = 0; i < LIMITS; i++) {
                if (log_limits[i].message == message)
                        return &log_limits[i];
                if (log_limits[i].until_ms < found->until_ms)
                        found = &log_limits[i];
        }
        *found = (Limit){ .message = message };
        return found;
}

static bool limit_pass(const char *message, int64_t *held)
{
        uint64_t hash = hash64(message, strlen(message)) | 1;
        int64_t now = time_monotonic();
        Limit *limit;
        bool pass;

        pthread_mutex_lock(&log_lock);
        limit = limit_find(hash);
        pass = limit->until_ms == 0 || now >= limit->until_ms;
        *held = limit->held;
        limit->held = pass ? 0 : limit->held + 1;
        if (pass)
                limit->until_ms = now + LIMIT_MS;
        pthread_mutex_unlock(&log_lock);
        return pass;
}

void log_limited(LogLevel level, const char *message, const LogKey *keys)
{
        int64_t held;

        if (level >= log_level && limit_pass(message, &held))
                line_write(level, message, keys, held);
}
