#include "hub/source/file/file_options.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT(member) offsetof(FileOptions, member)

static const char *const completes[] = { "quiet", "rename", "marker", NULL };
static const char *const orders[] = { "name", "time", NULL };

const Option file_options[FILE_OPTIONS] = {
        { "folder", OPTION_PATH, AT(folder), .flags = OPTION_REQUIRED, .about = "where files are dropped" },
        { "done", OPTION_PATH, AT(done), .about = "where they go when they are delivered, default FOLDER/done" },
        { "failed", OPTION_PATH, AT(failed), .about = "where rejected ones go, default FOLDER/failed" },
        { "complete", OPTION_CHOICE, AT(complete), .choices = completes, .value = "quiet",
          .about =
                  "when a file is whole: unchanged for a time; at once, for it is renamed to its name when it is; when "
                  "NAME + marker is there" },
        { "quiet", OPTION_DURATION, AT(quiet_ms), .value = "10s", .least = 10, .most = INT64_C(86400000),
          .about = "for complete: quiet, how long size and time stay the same; six times as long for a file that ends "
                   "within a line" },
        { "marker", OPTION_TEXT, AT(marker), .value = ".ok", .about = "for complete: marker, what its name ends with" },
        { "match", OPTION_LIST, AT(match), .about = "only names like these, as *.csv; default all" },
        { "temporary", OPTION_LIST, AT(temporary), .value = ".*,~*,*~,*.tmp,*.part,*.partial,*.filepart,*.crdownload",
          .about = "names of files that are still being written" },
        { "order", OPTION_CHOICE, AT(order), .choices = orders, .value = "name",
          .about = "of the files that are complete: by name, or by time of change" },
        { "every", OPTION_DURATION, AT(every_ms), .value = "2s", .least = 10, .most = INT64_C(3600000),
          .about = "how often the folder is looked at" },
};

bool file_check(const void *options, Error *err)
{
        const FileOptions *of = options;
        CLEANUP(mem_drop) char *done = file_done(of);
        CLEANUP(mem_drop) char *failed = file_failed(of);

        if (!of->marker[0] || strchr(of->marker, '/'))
                return error_set(err, ERR_FATAL, NULL, "marker: \"%.100s\" is no end of a file's name", of->marker);
        if (text_same(done, failed) || text_same(done, of->folder) || text_same(failed, of->folder))
                return error_set(err, ERR_FATAL, NULL, "folder, done and failed must be three folders");
        return true;
}

char *file_done(const FileOptions *options)
{
        return options->done ? text_copy(options->done) : text_format("%s/done", options->folder);
}

char *file_failed(const FileOptions *options)
{
        return options->failed ? text_copy(options->failed) : text_format("%s/failed", options->folder);
}

/* ---- check ---- */

/* Of the folder, or of the one that it would be made in. False: errno. */
static bool system_of(const char *path, dev_t *device)
{
        CLEANUP(mem_drop) char *parent = file_folder(path);
        struct stat about;
        bool is_there = stat(path, &about) == 0 || (errno == ENOENT && stat(parent, &about) == 0);

        if (is_there)
                *device = about.st_dev;
        return is_there;
}

bool file_same_system(const char *folder, const char *other, Error *err)
{
        dev_t one, two;

        if (!system_of(folder, &one))
                return error_set(err, ERR_FATAL, NULL, "%s: %s", folder, strerror(errno));
        if (!system_of(other, &two))
                return error_set(err, ERR_FATAL, NULL, "%s: %s", other, strerror(errno));
        if (one != two)
                return error_set(err, ERR_FATAL, NULL,
                                 "%s is on another file system than %s: a file cannot be moved there in one step",
                                 other, folder);
        return true;
}

static bool folder_use(const char *path, bool is_required, Error *err)
{
        struct stat about;

        if (stat(path, &about) < 0)
                return (errno == ENOENT && !is_required) ||
                       error_set(err, ERR_RETRY, NULL, "%s: %s", path, strerror(errno));
        if (!S_ISDIR(about.st_mode))
                return error_set(err, ERR_FATAL, NULL, "%s: not a folder", path);
        return access(path, R_OK | W_OK | X_OK) == 0 ||
               error_set(err, ERR_FATAL, NULL, "%s: %s: we must read it and move files out of it and into it", path,
                         strerror(errno));
}

bool file_connect_check(const void *options, Error *err)
{
        const FileOptions *of = options;
        CLEANUP(mem_drop) char *done = file_done(of);
        CLEANUP(mem_drop) char *failed = file_failed(of);

        return folder_use(of->folder, true, err) && folder_use(done, false, err) && folder_use(failed, false, err) &&
               file_same_system(of->folder, done, err) && file_same_system(of->folder, failed, err);
}
