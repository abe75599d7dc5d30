#include "hub/dialect/media.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

enum { URL_MOST = 2048 };

static bool is_address(const char *text)
{
        return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

/* A name of a file ends here: so a comma that follows parts two of them. */
static bool is_file_end(const char *text, size_t size)
{
        static const char *const ends[] = { ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".mp4", ".heic" };

        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
                if (size >= strlen(ends[i]) &&
                    strncasecmp(text + size - strlen(ends[i]), ends[i], strlen(ends[i])) == 0)
                        return true;
        return false;
}

/* Bytes of what parts two addresses, or 0. */
static size_t parting(const char *text)
{
        static const char *const wide[] = { "，", "；", "、", "\xe3\x80\x80", "\xc2\xa0" };

        for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
                if (text_starts(text, wide[i]))
                        return strlen(wide[i]);
        return *text && strchr(",;| \t\r\n", *text) ? 1 : 0;
}

/* Up to what parts it from the next: an address may have commas of its own (image/resize,w_200). */
static size_t address_size(const char *text)
{
        size_t size = 0;

        for (size_t wide; text[size]; size++) {
                if (!(wide = parting(text + size)))
                        continue;
                if (wide > 1 || strchr(" \t\r\n", text[size]) || is_file_end(text, size))
                        return size;
                while (parting(text + size + wide))
                        wide += parting(text + size + wide);
                if (!text[size + wide] || is_address(text + size + wide))
                        return size;
        }
        return size;
}

static void address_add(const char *text, size_t size, Arena *arena, Event *event)
{
        const char *end = text + size;
        bool whole = is_address(text) && size <= URL_MOST && size > 8 && event->media_size < EVENT_MEDIA_MOST;

        for (const char *at = text; at < end; at++)
                whole = whole && (unsigned char)*at > ' ' && !strchr("\"<>\\^`{|}", *at);
        if (whole)
                event_add_media(event, arena_copy(arena, text, size), "image", "report");
        else
                event->quality |= QUALITY_PARTIAL;
}

void media_text(const char *text, Arena *arena, Event *event)
{
        if (text && (*text == '[' || *text == '{')) {
                Error unread;
                CLEANUP(json_drop) json_t *json = json_read(text, strlen(text), &unread);

                if (json) {
                        media_node(json, arena, event);
                        return;
                }
        }
        while (text && *text) {
                size_t size = address_size(text), wide;

                if (size)
                        address_add(text, size, arena, event);
                for (text += size; (wide = parting(text));)
                        text += wide;
        }
}

static const json_t *address_find(const json_t *object)
{
        static const char *const names[] = { "url",      "href",      "src",     "path",     "mediaPath",
                                             "mediaUrl", "media_url", "fileUrl", "filePath", "picUrl",
                                             "imgUrl",   "imageUrl",  "uri",     "address",  "link" };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                const json_t *node = json_object_get(object, names[i]);

                if (node && !json_is_null(node))
                        return node;
        }
        return NULL;
}

void media_node(const json_t *node, Arena *arena, Event *event)
{
        const json_t *item, *address;
        size_t i;

        json_array_foreach(node, i, item)
                media_node(item, arena, event);
        if (json_is_object(node)) {
                address = address_find(node);
                if (address)
                        media_node(address, arena, event);
                else if (json_object_size(node))
                        event->quality |= QUALITY_PARTIAL;
        } else if (json_is_string(node)) {
                media_text(json_text(node, ""), arena, event);
        }
}
