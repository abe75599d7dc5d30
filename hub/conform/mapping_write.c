#include "hub/conform/mapping.h"

#include "hub/base/text.h"
#include "hub/dialect/case.h"
#include "hub/event/fields.h"

#include <string.h>
#include <strings.h>

#define OTHERWISE "the dialect, or the record's key, place or channel"

enum { SHOWN_MOST = 6 }; /* members of the platform for one of ours */

/* ---- the table ---- */

/* "rows[].note1" beside "note1", an item of a page and the same alone, is shown once. */
static bool is_shown_shorter(json_t *members, const char *path)
{
        const char *name;
        json_t *fixture;

        json_object_foreach(members, name, fixture) {
                size_t size = strlen(name), whole = strlen(path);

                if (whole > size && path[whole - size - 1] == '.' && strcmp(path + whole - size, name) == 0)
                        return true;
        }
        return false;
}

static void row_write(const Mapping *mapping, const char *path, Buffer *out)
{
        json_t *told = json_object_get(mapping->told, path), *members, *fixture;
        const char *name, *shown = NULL;
        size_t count = 0;

        if (!json_object_get(mapping->filled, path))
                return;
        members = told ? told : json_object_get(mapping->follows, path);
        buffer_format(out, "| %s | ", path);
        json_object_foreach(members, name, fixture) {
                if (is_shown_shorter(members, name) || count++ >= SHOWN_MOST)
                        continue;
                buffer_format(out, "%s`%s`", count > 1 ? ", " : "", name);
                shown = shown ? shown : json_string_value(fixture);
        }
        if (count > SHOWN_MOST)
                buffer_format(out, " and %zu more", count - SHOWN_MOST);
        if (!shown)
                shown = json_string_value(json_object_get(mapping->filled, path));
        buffer_format(out, "%s | %s |\n", count ? "" : OTHERWISE, shown);
}

static void rows_write(const Mapping *mapping, const Shape *shape, const char *prefix, Buffer *out)
{
        for (size_t i = 0; i < shape->size; i++) {
                const Field *field = &shape->fields[i];
                CLEANUP(mem_drop) char *path = text_format("%s%s%s", prefix, prefix[0] ? "." : "", field->name);

                if (field->shape)
                        rows_write(mapping, field->shape, path, out);
                else
                        row_write(mapping, path, out);
        }
}

/* "Rejected: `bad_time` (no-time), ..." */
static void said_write(const Mapping *mapping, Buffer *out)
{
        static const char *const verdicts[][2] = { { "rejected", "Rejected" },
                                                   { "ignored", "Ignored" },
                                                   { "asked again", "No record, asked again" } };

        for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
                json_t *reasons = json_object_get(mapping->said, verdicts[i][0]), *fixture;
                const char *reason, *comma = "";

                if (!reasons)
                        continue;
                buffer_format(out, "\n%s: ", verdicts[i][1]);
                json_object_foreach(reasons, reason, fixture) {
                        buffer_format(out, "%s`%s` (%s)", comma, reason, json_string_value(fixture));
                        comma = ", ";
                }
                buffer_text(out, ".\n");
        }
}

/* ---- members of the tables ---- */

/* Letters of either case: a form may fold the names of its document. A list of bare texts, "pictures[]", is its member. */
static bool ends_with(const char *path, const char *member)
{
        size_t whole = strlen(path), size = strlen(member);

        while (whole > 2 && path[whole - 2] == '[' && path[whole - 1] == ']')
                whole -= 2;
        return whole >= size && strncasecmp(path + whole - size, member, size) == 0 &&
               (whole == size || path[whole - size - 1] == '.');
}

static bool is_needed(json_t *needed, const char *member)
{
        const char *theirs;
        json_t *fixture;

        json_object_foreach(needed, theirs, fixture) {
                if (ends_with(theirs, member))
                        return true;
        }
        return false;
}

static bool is_shown(json_t *map, const char *member)
{
        const char *ours, *theirs;
        json_t *members, *fixture;

        json_object_foreach(map, ours, members) {
                json_object_foreach(members, theirs, fixture) {
                        if (ends_with(theirs, member))
                                return true;
                }
        }
        return false;
}

static size_t member_write(const Mapping *mapping, const CaseMember *member, Buffer *out)
{
        size_t missing = 0;

        for (const char *at = member->path; *at; at += strspn(at, "|")) {
                const size_t size = strcspn(at, "|");
                CLEANUP(mem_drop) char *path = mem_copy(at, size);

                at += size;
                if (is_shown(mapping->told, path) || is_shown(mapping->follows, path) ||
                    is_needed(mapping->needed, path))
                        continue;
                buffer_format(out, "\nNo fixture shows `%s` (%s).\n", path, case_role_name(member->role));
                missing++;
        }
        return missing;
}

static size_t missing_write(const Adapter *adapter, const Mapping *mapping, Buffer *out)
{
        size_t missing = 0;

        for (size_t i = 0; i < adapter->forms_size; i++)
                for (const CaseMember *member = adapter->forms[i].members; member->path; member++)
                        missing += member_write(mapping, member, out);
        return missing;
}

size_t mapping_write(const Mapping *mapping, const Adapter *adapter, Buffer *out)
{
        buffer_text(out, "| ours | the platform's | shown by |\n|---|---|---|\n");
        rows_write(mapping, &event_shape, "", out);
        said_write(mapping, out);
        return missing_write(adapter, mapping, out);
}
