#include "hub/document/media.h"

#include "hub/base/inlined.h"
#include "hub/base/json.h"
#include "hub/base/link.h"

#include <string.h>

enum { URL_MOST = 2048 };

static void address_add(const char *text, size_t size, Arena *arena, Event *event)
{
        if (size <= URL_MOST && event->media_size < EVENT_MEDIA_MOST && link_is_web(text, size))
                event_add_media(event, arena_copy(arena, text, size), "image", "report");
        else
                event->quality |= QUALITY_PARTIAL;
}

void media_text(const char *text, Arena *arena, Event *event)
{
        Error unread;
        CLEANUP(json_drop)
        json_t *json = text && (*text == '[' || *text == '{') ? json_read(text, strlen(text), &unread) : NULL;

        if (json) {
                media_node(json, arena, event);
                return;
        }
        for (size_t size; text && (size = link_next(&text)); text += size)
                address_add(text, size, arena, event);
}

static const json_t *address_find(const json_t *object)
{
        static const char *const names[] = { "url",         "href",        "src",        "path",     "mediaPath",
                                             "mediaUrl",    "media_url",   "fileUrl",    "filePath", "picUrl",
                                             "imgUrl",      "imageUrl",    "uri",        "address",  "link",
                                             "StoragePath", "storagePath", "storagepath" };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                const json_t *node = json_object_get(object, names[i]);

                if (json_text(node, "") || json_is_object(node) || json_is_array(node))
                        return node;
        }
        return NULL;
}

/* Whether it says anything at all: a picture that has members but no address is one that we do not find. */
static bool is_told(const json_t *object)
{
        const char *name;
        json_t *value;

        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)object, name, value)
                if (json_text(value, "") || json_is_object(value) || json_is_array(value))
                        return true;
        return false;
}

/* Of a picture that was inside of the document (hub/base/inlined.h); NULL: it was not. */
static const char *digest_of(const json_t *object)
{
        const char *upper = json_text(object, "Data"), *lower = json_text(object, "data");

        return inlined_digest(upper ? upper : lower);
}

void media_node(const json_t *node, Arena *arena, Event *event)
{
        const size_t before = event->media_size;
        const json_t *item, *address;
        size_t i;

        json_array_foreach(node, i, item)
                media_node(item, arena, event);
        if (json_is_object(node)) {
                address = address_find(node);
                if (address)
                        media_node(address, arena, event);
                if (event->media_size > before)
                        event->media[before].sha256 = digest_of(node);
                else if (!address && is_told(node))
                        event->quality |= QUALITY_PARTIAL;
        } else if (json_is_string(node)) {
                media_text(json_text(node, ""), arena, event);
        }
}

void media_stages(Event *event)
{
        const EventState state = event->status.state;
        const char *stage = state == STATE_FEEDBACK    ? "dispose"
                            : state == STATE_VERIFYING ? "verify"
                            : state == STATE_CLOSED    ? "close"
                                                       : "report";

        for (size_t i = 0; i < event->media_size; i++)
                event->media[i].stage = stage;
}
