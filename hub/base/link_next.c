#include "hub/base/link.h"

#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

bool link_is_web(const char *text, size_t size)
{
        bool web = size > 8 && (strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0);

        for (const char *end = text + size; web && text < end; text++)
                web = (unsigned char)*text > ' ' && !strchr("\"<>\\^`{|}", *text);
        return web;
}

/* A file's name ends here: so a comma that follows parts two of them. */
static bool is_file_end(const char *text, size_t size)
{
        static const char *const ends[] = { ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".mp4", ".heic" };

        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
                if (size >= strlen(ends[i]) &&
                    strncasecmp(text + size - strlen(ends[i]), ends[i], strlen(ends[i])) == 0)
                        return true;
        return false;
}

static bool starts_web(const char *text)
{
        return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

/* Bytes of what parts two links, or 0. */
static size_t parting(const char *text)
{
        static const char *const wide[] = { "，", "；", "、", "\xe3\x80\x80", "\xc2\xa0" };

        for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
                if (text_starts(text, wide[i]))
                        return strlen(wide[i]);
        if (*text && strchr("#&@*$", *text) && starts_web(text + 1))
                return 1;
        return *text && strchr(",;| \t\r\n", *text) ? 1 : 0;
}

static size_t partings(const char *text)
{
        size_t size = 0, wide;

        while ((wide = parting(text + size)))
                size += wide;
        return size;
}

/* Whether what stands at size ends the link: a link may have commas of its own (image/resize,w_200). */
static bool is_parted(const char *text, size_t size)
{
        const char *next = text + size + partings(text + size);

        return strchr(" \t\r\n", text[size]) || (unsigned char)text[size] >= 0x80 || is_file_end(text, size) ||
               !*next || starts_web(next);
}

/* Two that nothing parts: 1.jpghttp://. */
static bool is_glued(const char *text, size_t size)
{
        return starts_web(text + size) && is_file_end(text, size);
}

size_t link_next(const char **text)
{
        size_t size = 0;

        *text += partings(*text);
        while ((*text)[size] && !is_glued(*text, size) && (!parting(*text + size) || !is_parted(*text, size)))
                size++;
        return size;
}
