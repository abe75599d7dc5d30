#include "hub/source/mqtt/mqtt_session.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SESSION_BYTES_MOST = 16 * 1024 * 1024 };

static bool is_wanted(const TextList *topics, const char *topic)
{
        for (size_t i = 0; i < topics->size; i++)
                if (text_same(topics->items[i], topic))
                        return true;
        return false;
}

static void left_add(TextList *left, const char *topic)
{
        left->items = mem_resize(left->items, (left->size + 1) * sizeof *left->items);
        left->items[left->size++] = text_copy(topic);
}

/* An empty file is of a release that noted no topics. */
static void session_read(MqttSession *session)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error ignored = { 0 };

        if (access(session->path, F_OK) < 0)
                return;
        session->known = true;
        if (!file_read(&text, session->path, SESSION_BYTES_MOST, &ignored) || text.size == 0)
                return;
        CLEANUP(json_drop) json_t *document = json_read_typed(text.bytes, text.size, &ignored);
        const json_t *topics = json_object_get(document, "topics");
        const char *client_id = json_string_value(json_object_get(document, "client_id"));
        if (client_id && !text_same(client_id, session->client_id)) {
                session->known = false;
                return;
        }
        session->known = json_is_true(json_object_get(document, "known"));
        for (size_t i = 0; i < json_array_size(topics); i++) {
                const char *topic = json_string_value(json_array_get(topics, i));

                if (topic && !is_wanted(session->topics, topic))
                        left_add(&session->left, topic);
        }
}

static void topics_write(Buffer *out, const TextList *topics, const char *before)
{
        for (size_t i = 0; i < topics->size; i++) {
                buffer_text(out, i ? "," : before);
                json_write_text(out, topics->items[i], strlen(topics->items[i]));
        }
}

static bool draft_write(const char *path, const Buffer *text)
{
        const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (file < 0)
                return false;
        const bool whole = write(file, text->bytes, text->size) == (ssize_t)text->size && fdatasync(file) == 0;
        return close(file) == 0 && whole;
}

static void session_write(const MqttSession *session, bool with_left)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(mem_drop) char *draft = text_format("%s.new", session->path);

        buffer_text(&text, "{\"client_id\":");
        json_write_text(&text, session->client_id, strlen(session->client_id));
        buffer_format(&text, ",\"known\":%s,\"topics\":[", session->known ? "true" : "false");
        topics_write(&text, session->topics, "");
        if (with_left)
                topics_write(&text, &session->left, session->topics->size ? "," : "");
        buffer_text(&text, "]}\n");
        if (!draft_write(draft, &text) || rename(draft, session->path) < 0)
                log_error("the topics of our session could not be noted", LOG_TEXT("path", session->path),
                          LOG_TEXT("why", strerror(errno)));
}

void mqtt_session_open(MqttSession *session, const char *folder, const char *client_id, const TextList *topics)
{
        *session = (MqttSession){ .client_id = client_id, .topics = topics };
        if (!folder)
                return;
        session->path = text_format("%s/spool/session", folder);
        session_read(session);
        session_write(session, true);
}

void mqtt_session_settled(MqttSession *session)
{
        if (!session->path)
                return;
        session->known = true;
        session_write(session, false);
}

void mqtt_session_close(MqttSession *session)
{
        for (size_t i = 0; i < session->left.size; i++)
                free(session->left.items[i]);
        free(session->left.items);
        free(session->path);
}
