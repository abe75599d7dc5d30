#include "hub/base/xml.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/xml_tree.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum {
        MIB = 1024 * 1024,
        SIZE_MOST = 16 * MIB,
        TAG_MOST = MIB,
        TAG_FACTOR = 16,    /* how often expat holds a tag while it reads it, attributes of one letter */
        CHUNK = 256 * 1024, /* expat is fed so, that a tag without end is noticed before it is read */
};

typedef struct {
        XmlTree tree;
        XML_Parser parser;
} Reader;

static void go_on(Reader *reader, bool good)
{
        if (!good)
                (void)XML_StopParser(reader->parser, XML_FALSE);
}

/* Expat may call once more after it was stopped. */
static void on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
        Reader *reader = context;

        go_on(reader, !reader->tree.refused && xml_tree_open(&reader->tree, name, attributes));
}

static void on_end(void *context, const XML_Char *name)
{
        Reader *reader = context;

        go_on(reader, !reader->tree.refused && xml_tree_close(&reader->tree, name));
}

static void on_text(void *context, const XML_Char *bytes, int size)
{
        Reader *reader = context;

        go_on(reader, !reader->tree.refused && xml_tree_text(&reader->tree, bytes, (size_t)size));
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int inside)
{
        Reader *reader = context;

        (void)name;
        (void)system;
        (void)public;
        (void)inside;
        go_on(reader, xml_tree_refuse(&reader->tree, "doctype", "a document type, which is never read"));
}

static void reader_open(Reader *reader, const XmlForm *form, size_t size, Error *err)
{
        xml_tree_start(&reader->tree, form, size, err);
        reader->parser = XML_ParserCreate("UTF-8");
        if (!reader->parser)
                abort();
        XML_SetUserData(reader->parser, reader);
        XML_SetElementHandler(reader->parser, on_start, on_end);
        XML_SetCharacterDataHandler(reader->parser, on_text);
        XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
}

static void reader_drop(Reader *reader)
{
        xml_tree_drop(&reader->tree);
        XML_ParserFree(reader->parser);
}

/* A tag, comment or instruction is one piece, whose attributes expat keeps many times over before it shows the first. */
static void pending_check(Reader *reader, size_t fed)
{
        const XML_Index at = XML_GetCurrentByteIndex(reader->parser);
        const size_t pending = at < 0 || (size_t)at > fed ? 0 : fed - (size_t)at;

        if (pending > TAG_MOST || !xml_tree_has_room(&reader->tree, pending * TAG_FACTOR))
                (void)xml_tree_refuse(&reader->tree, "too_large", "a tag of over 1 MiB");
}

static bool document_read(Reader *reader, const char *bytes, size_t size)
{
        size_t fed = 0, chunk;

        do {
                chunk = size - fed < CHUNK ? size - fed : CHUNK;
                if (XML_Parse(reader->parser, bytes + fed, (int)chunk, fed + chunk == size) == XML_STATUS_ERROR)
                        (void)xml_tree_refuse(&reader->tree, "not_xml",
                                              XML_ErrorString(XML_GetErrorCode(reader->parser)));
                else
                        pending_check(reader, fed + chunk);
                fed += chunk;
        } while (!reader->tree.refused && fed < size);
        return !reader->tree.refused;
}

/* Blank lines before the declaration are an error of XML that templates make and everybody forgives. */
static size_t start_find(const char *bytes, size_t size, size_t *lines)
{
        size_t at = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

        for (*lines = 0; at < size && strchr(" \t\r\n", bytes[at]) && bytes[at]; at++)
                *lines += bytes[at] == '\n';
        return at;
}

json_t *xml_read(const char *bytes, size_t size, const XmlForm *form, Error *err)
{
        CLEANUP(reader_drop) Reader reader;
        size_t lines, start = start_find(bytes, size, &lines);

        reader_open(&reader, form, size, err);
        if (size > SIZE_MOST) {
                (void)error_set(err, ERR_INPUT, "too_large", "more than 16 MiB");
                return NULL;
        }
        if (!document_read(&reader, bytes + start, size - start)) {
                (void)error_add(err, "line %zu", lines + (size_t)XML_GetCurrentLineNumber(reader.parser));
                return NULL;
        }
        return json_incref(reader.tree.document);
}

/* Behind the name of an attribute: its value in quotes, a name of XML (section 4.3.3); 0: there is none. */
static size_t value_find(const char **at)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
        size_t size;
        char quote;

        *at += strspn(*at, " \t\r\n");
        *at += **at == '=';
        *at += strspn(*at, " \t\r\n");
        quote = **at;
        if (quote != '"' && quote != '\'')
                return 0;
        size = strspn(++*at, letters);
        return (*at)[size] == quote ? size : 0;
}

bool xml_encoding(const char *bytes, size_t size, char *out, size_t room)
{
        enum { DECLARATION_MOST = 256 };
        char text[DECLARATION_MOST + 1] = "", *end;
        size_t lines, start = start_find(bytes, size, &lines);
        const char *at;

        memcpy(text, bytes + start, size - start < DECLARATION_MOST ? size - start : DECLARATION_MOST);
        end = text_starts(text, "<?xml") ? strstr(text, "?>") : NULL;
        if (!end)
                return false;
        *end = '\0';
        at = strstr(text, "encoding");
        if (!at)
                return false;
        at += strlen("encoding");
        size = value_find(&at);
        if (!size || size >= room)
                return false;
        memcpy(out, at, size);
        out[size] = '\0';
        return true;
}

void xml_write_text(Buffer *out, const char *text, size_t size)
{
        for (const char *end = text + size; text < end; text++) {
                if (*text == '<')
                        buffer_text(out, "&lt;");
                else if (*text == '>')
                        buffer_text(out, "&gt;");
                else if (*text == '&')
                        buffer_text(out, "&amp;");
                else if (*text == '"')
                        buffer_text(out, "&quot;");
                else if ((unsigned char)*text >= ' ' || (*text && strchr("\t\r\n", *text)))
                        buffer_byte(out, *text);
        }
}

static void element_write(Buffer *out, const char *name, json_t *value)
{
        const char *text = json_string_value(value);
        json_t *one;
        size_t i;

        json_array_foreach(value, i, one)
                element_write(out, name, one);
        if (json_is_array(value))
                return;
        buffer_format(out, "<%s>", name);
        if (text)
                xml_write_text(out, text, json_string_length(value));
        xml_write_tree(out, value);
        buffer_format(out, "</%s>", name);
}

void xml_write_tree(Buffer *out, json_t *tree)
{
        const char *name;
        json_t *value;

        json_object_foreach(tree, name, value)
                element_write(out, name, value);
}
