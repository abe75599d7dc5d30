#include "hub/serve/files.h"

#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/serve/call.h"
#include "hub/serve/files_pack.h"
#include "hub/serve/routes.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OK = 200, NOT_MODIFIED = 304, FILE_MOST = 4 << 20, FILES_MOST = 256, NAME_MOST = 128, TAG_CHARS = 32 };

typedef struct {
        const char *type;
        bool is_asset;
        char etag[TAG_CHARS + 3]; /* with its quotes */
        Buffer plain, packed;     /* packed is empty where that is no gain */
} File;

struct Files {
        Map *by_path; /* "/", "/assets/desk-1a2b.js" */
        char *policy;
        char version[TAG_CHARS + 1]; /* of the page */
        const char *basemap, *attribution;
};

/* ---- what may be told ---- */

typedef struct {
        const char *end, *type;
        bool is_text;
} Type;

static const Type types[] = {
        { ".html", "text/html; charset=utf-8", true },
        { ".js", "text/javascript; charset=utf-8", true },
        { ".css", "text/css; charset=utf-8", true },
        { ".svg", "image/svg+xml", true },
        { ".png", "image/png", false },
        { ".woff2", "font/woff2", false },
};

static const Type *type_of(const char *name)
{
        const char *end = strrchr(name, '.');

        for (size_t i = 0; end && i < sizeof(types) / sizeof(types[0]); i++)
                if (text_same(end, types[i].end))
                        return &types[i];
        return NULL;
}

static bool is_plain(const char *name)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

        return name[0] != '.' && strlen(name) <= NAME_MOST && name[strspn(name, letters)] == '\0';
}

/* ---- read at the start ---- */

static void file_free(void *pointer)
{
        File *file = pointer;

        buffer_free(&file->plain);
        buffer_free(&file->packed);
        free(file);
}

static void tag_write(char *out, const Buffer *bytes)
{
        char digest[SHA256_TEXT_SIZE];

        memcpy(out, sha256_text(bytes->bytes ? bytes->bytes : "", bytes->size, digest), TAG_CHARS);
        out[TAG_CHARS] = '\0';
}

static bool file_add(Files *files, const char *folder, const char *name, bool is_asset, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        CLEANUP(mem_drop) char *told = text_format("%s/%s", is_asset ? "/assets" : "", name);
        const Type *type = type_of(name);
        char tag[TAG_CHARS + 1];
        struct stat stat_;
        File *file;

        if (!type || !is_plain(name) || stat(path, &stat_) != 0 || !S_ISREG(stat_.st_mode))
                return true;
        if (map_size(files->by_path) == FILES_MOST)
                return error_set(err, ERR_FATAL, NULL, "%s: over %d files", folder, FILES_MOST);
        file = mem_new(sizeof(File));
        map_put_text(files->by_path, text_same(told, "/index.html") ? "/" : told, file);
        file->type = type->type;
        file->is_asset = is_asset;
        if (!file_read(&file->plain, path, FILE_MOST, err))
                return false;
        tag_write(tag, &file->plain);
        snprintf(file->etag, sizeof(file->etag), "\"%s\"", tag);
        if (type->is_text)
                files_pack(&file->plain, &file->packed);
        return true;
}

static bool folder_add(Files *files, const char *folder, bool is_asset, Error *err)
{
        DIR *entries = opendir(folder);
        const struct dirent *entry;
        bool is_fine = true;

        if (!entries)
                return errno == ENOENT || error_set(err, ERR_FATAL, NULL, "%s: %s", folder, strerror(errno));
        while (is_fine && (entry = readdir(entries)))
                is_fine = file_add(files, folder, entry->d_name, is_asset, err);
        closedir(entries);
        return is_fine;
}

/* "https://t0.example/{z}/{x}/{y}" gives "https://t0.example"; NULL: that is no address of pictures. */
static char *origin_of(const char *address)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-:";
        const size_t scheme = strncmp(address, "https://", 8) == 0 ? 8 : strncmp(address, "http://", 7) == 0 ? 7 : 0;
        const size_t host = scheme ? strspn(address + scheme, letters) : 0;

        if (!host || address[scheme + host] != '/')
                return NULL;
        return text_format("%.*s", (int)(scheme + host), address);
}

static bool policy_make(Files *files, const ServeOptions *options, Error *err)
{
        CLEANUP(mem_drop) char *origin = options->basemap ? origin_of(options->basemap) : NULL;

        if (options->basemap && !origin)
                return error_set(err, ERR_FATAL, NULL, "serve.basemap: \"%s\" is no http(s)://host/... of pictures",
                                 options->basemap);
        files->basemap = options->basemap;
        files->attribution = options->attribution;
        files->policy = text_format("default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
                                    "connect-src 'self'; img-src 'self' data:%s%s; base-uri 'none'; "
                                    "form-action 'self'; frame-ancestors 'none'",
                                    origin ? " " : "", origin ? origin : "");
        return true;
}

static bool files_read(Files *files, const char *folder, Error *err)
{
        CLEANUP(mem_drop) char *assets = text_format("%s/assets", folder);
        const File *page;

        if (!folder_add(files, folder, false, err) || !folder_add(files, assets, true, err))
                return false;
        page = map_get_text(files->by_path, "/");
        if (page)
                tag_write(files->version, &page->plain);
        else
                log_warning("no console: serve.www has no index.html", LOG_TEXT("folder", folder));
        return true;
}

Files *files_open(const ServeOptions *options, Error *err)
{
        Files *files = mem_new(sizeof(Files));

        files->by_path = map_new();
        if (policy_make(files, options, err) && (!options->www || files_read(files, options->www, err)))
                return files;
        files_close(files);
        return NULL;
}

void files_close(Files *files)
{
        if (!files)
                return;
        map_free(files->by_path, file_free);
        free(files->policy);
        free(files);
}

/* ---- told ---- */

/* "gzip" as a word of its own, and not refused by q=0. */
static bool takes_gzip(const Call *call)
{
        const char *accepted = call_header(call, "Accept-Encoding");
        const char *found = accepted ? strstr(accepted, "gzip") : NULL;

        return found && strncmp(found + 4, ";q=0", 4) != 0;
}

static void guard(Call *call)
{
        call_tell(call, "Content-Security-Policy", call->serve->files->policy);
        call_tell(call, "Referrer-Policy", "same-origin");
        call_tell(call, "Vary", "Accept-Encoding");
}

static void file(Call *call)
{
        const File *file = map_get_text(call->serve->files->by_path, call->request->path);
        const char *known = call_header(call, "If-None-Match");

        if (!file) {
                (void)call_problem(call, 404, "not-found", "there is no such file");
                return;
        }
        guard(call);
        call_tell(call, "ETag", file->etag);
        call_tell(call, "Cache-Control", file->is_asset ? "public, max-age=31536000, immutable" : "no-cache");
        if (known && strstr(known, file->etag)) {
                call_body(call, NOT_MODIFIED, file->type);
                return;
        }
        if (file->packed.size && takes_gzip(call)) {
                call_tell(call, "Content-Encoding", "gzip");
                buffer_add(&call->body, file->packed.bytes, file->packed.size);
        } else {
                buffer_add(&call->body, file->plain.bytes, file->plain.size);
        }
        call_body(call, OK, file->type);
}

/* What the page has to know before anybody has logged in. */
static void settings(Call *call)
{
        const Files *files = call->serve->files;

        call_tell(call, "Cache-Control", "no-store");
        call_json(call, OK,
                  json_pack("{s:s, s:s*, s:s*}", "version", files->version, "basemap", files->basemap, "attribution",
                            files->attribution));
}

static const char *const page_arguments[] = { "wall", NULL };

const Route files_routes[] = {
        { "GET", "/", ROLE_NOBODY, file, page_arguments, ROUTE_DIRECT },
        { "GET", "/settings.json", ROLE_NOBODY, settings, .flags = ROUTE_DIRECT },
        { "GET", "/assets/{name}", ROLE_NOBODY, file, .flags = ROUTE_DIRECT },
        { "GET", "/{name}", ROLE_NOBODY, file, .flags = ROUTE_DIRECT },
        { 0 },
};
