#include "hub/people/roster.h"

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/people/password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MOST = 1 << 20, NAME_MOST = 64, ZONES_MOST = 256 };

/* ---- an entry ---- */

static void entry_free(RosterEntry *entry)
{
        free(entry->name);
        if (entry->secret)
                explicit_bzero(entry->secret, strlen(entry->secret));
        free(entry->secret);
        for (size_t i = 0; entry->zones && entry->zones[i]; i++)
                free(entry->zones[i]);
        free(entry->zones);
        *entry = (RosterEntry){ 0 };
}

static bool is_word(const char *word, const char *letters)
{
        const size_t size = strlen(word);

        return size > 0 && size <= NAME_MOST && strspn(word, letters) == size && word[0] != '.' && word[0] != '-';
}

static bool zones_read(RosterEntry *entry, const char *text, Error *err)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
        CLEANUP(mem_drop) char *copy = text_copy(text);
        size_t size = 0;

        entry->zones = mem_new((ZONES_MOST + 1) * sizeof(char *));
        entry->sees_all = text_same(text, "*");
        for (char *rest = copy, *zone; !entry->sees_all && (zone = strsep(&rest, ","));) {
                if (size == ZONES_MOST || !is_word(zone, letters))
                        return error_set(err, ERR_INPUT, NULL, "zones are codes with commas between them, or *");
                entry->zones[size++] = text_copy(zone);
        }
        return true;
}

static bool secret_form(RosterKind kind, const char *secret)
{
        if (kind == ROSTER_USERS)
                return text_same(secret, "-") || password_form(secret);
        return strlen(secret) == SHA256_TEXT_SIZE - 1 && strspn(secret, "0123456789abcdef") == SHA256_TEXT_SIZE - 1;
}

static bool entry_make(RosterKind kind, const char *const words[4], RosterEntry *entry, Error *err)
{
        *entry = (RosterEntry){ 0 };
        if (!is_word(words[0], "abcdefghijklmnopqrstuvwxyz0123456789._-"))
                return error_set(err, ERR_INPUT, NULL, "a name is of a-z, 0-9, '.', '_' and '-', at most %d",
                                 NAME_MOST);
        if (!role_find(words[1], &entry->role))
                return error_set(err, ERR_INPUT, NULL, "a role is viewer, dispatcher, supervisor or administrator");
        if (!secret_form(kind, words[3]))
                return error_set(err, ERR_INPUT, NULL, "the secret is of another form");
        if (!zones_read(entry, words[2], err)) {
                entry_free(entry);
                return false;
        }
        entry->name = text_copy(words[0]);
        entry->secret = text_copy(words[3]);
        return true;
}

/* ---- the list ---- */

const RosterEntry *roster_find(const Roster *roster, const char *name)
{
        for (size_t i = 0; i < roster->size; i++)
                if (text_same(roster->entries[i].name, name))
                        return &roster->entries[i];
        return NULL;
}

bool roster_put(Roster *roster, const char *name, const char *role, const char *zones, const char *secret, Error *err)
{
        const char *const words[4] = { name, role, zones, secret };
        RosterEntry entry;

        if (!entry_make(roster->kind, words, &entry, err))
                return false;
        for (size_t i = 0; i < roster->size; i++)
                if (text_same(roster->entries[i].name, name)) {
                        entry_free(&roster->entries[i]);
                        roster->entries[i] = entry;
                        return true;
                }
        roster->entries = mem_resize(roster->entries, (roster->size + 1) * sizeof(RosterEntry));
        roster->entries[roster->size++] = entry;
        return true;
}

bool roster_remove(Roster *roster, const char *name)
{
        for (size_t i = 0; i < roster->size; i++)
                if (text_same(roster->entries[i].name, name)) {
                        entry_free(&roster->entries[i]);
                        memmove(&roster->entries[i], &roster->entries[i + 1],
                                (--roster->size - i) * sizeof(RosterEntry));
                        return true;
                }
        return false;
}

void roster_free(Roster *roster)
{
        for (size_t i = 0; i < roster->size; i++)
                entry_free(&roster->entries[i]);
        free(roster->entries);
        *roster = (Roster){ 0 };
}

void roster_zones(const RosterEntry *entry, char *out, size_t size)
{
        size_t used = 0;

        snprintf(out, size, "%s", entry->sees_all ? "*" : "");
        for (size_t i = 0; entry->zones[i] && used < size; i++)
                used += (size_t)snprintf(out + used, size - used, "%s%s", i ? "," : "", entry->zones[i]);
}

/* ---- the file ---- */

static bool line_read(Roster *roster, char *line, Error *err)
{
        const char *words[4];
        size_t size = 0;

        if (line[0] == '#')
                return true;
        for (char *rest = line, *word; (word = strsep(&rest, " \t\r"));) {
                if (!*word)
                        continue;
                if (size == 4)
                        return error_set(err, ERR_FATAL, NULL, "more than four words");
                words[size++] = word;
        }
        if (size == 0)
                return true;
        if (size < 4)
                return error_set(err, ERR_FATAL, NULL, "a line is \"NAME ROLE ZONES SECRET\"");
        if (roster_find(roster, words[0]))
                return error_set(err, ERR_FATAL, NULL, "%s stands there twice", words[0]);
        return roster_put(roster, words[0], words[1], words[2], words[3], err);
}

bool roster_load(Roster *roster, RosterKind kind, const char *path, Error *err)
{
        CLEANUP(secret_free) Buffer text = { 0 };
        int number = 0;

        *roster = (Roster){ .kind = kind };
        buffer_room(&text, FILE_MOST); /* growing would leave copies behind */
        if (!secret_is_private(path, err) || !file_read(&text, path, FILE_MOST, err))
                return false;
        for (char *rest = text.bytes, *line; (line = strsep(&rest, "\n"));) {
                number++;
                if (line_read(roster, line, err))
                        continue;
                err->kind = ERR_FATAL;
                roster_free(roster);
                return error_add(err, "%s:%d", path, number);
        }
        return true;
}

static bool file_put(int descriptor, const Roster *roster)
{
        CLEANUP(secret_free) Buffer text = { 0 };
        char zones[FILE_MOST / 16];

        buffer_room(&text, FILE_MOST);
        buffer_text(&text, roster->kind == ROSTER_USERS ? "# name role zones password: hub user help\n"
                                                        : "# name role zones sha256-of-the-key: hub user help\n");
        for (size_t i = 0; i < roster->size; i++) {
                const RosterEntry *entry = &roster->entries[i];

                roster_zones(entry, zones, sizeof(zones));
                buffer_format(&text, "%s %s %s %s\n", entry->name, role_name(entry->role), zones, entry->secret);
        }
        return write(descriptor, text.bytes, text.size) == (ssize_t)text.size && fdatasync(descriptor) == 0;
}

/* So that the new name outlives a power cut, as its bytes do. */
static void folder_sync(const char *path)
{
        CLEANUP(mem_drop) char *folder = file_folder(path);
        const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (descriptor < 0)
                return;
        (void)fsync(descriptor);
        close(descriptor);
}

bool roster_save(const Roster *roster, const char *path, Error *err)
{
        CLEANUP(mem_drop) char *made = text_format("%s.new", path);
        const int descriptor = open(made, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

        if (descriptor < 0)
                return error_set(err, ERR_FATAL, NULL, "%s: %s", made, strerror(errno));
        const bool is_written = file_put(descriptor, roster);
        close(descriptor);
        if (is_written && rename(made, path) == 0) {
                folder_sync(path);
                return true;
        }
        (void)error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
        unlink(made);
        return false;
}
