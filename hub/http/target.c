#include "hub/http/target.h"

#include "hub/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TWINS_MOST = 32 };

struct Target {
        char *path;
        int descriptor;
};

/* The file that we hold now may have been removed by the one that held it before: then it is opened anew. */
static bool is_there(const Target *target)
{
        struct stat held, named;

        return fstat(target->descriptor, &held) == 0 && stat(target->path, &named) == 0 &&
               held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

static bool path_take(Target *target)
{
        do {
                if (target->descriptor >= 0)
                        close(target->descriptor);
                target->descriptor = open(target->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
                if (target->descriptor < 0 || flock(target->descriptor, LOCK_EX | LOCK_NB) < 0)
                        return false;
        } while (!is_there(target));
        return true;
}

static bool path_find(Target *target, const TargetSetup *setup, Error *err)
{
        const char *dash = setup->instance ? "-" : "", *instance = setup->instance ? setup->instance : "";

        for (int twin = 1; twin <= TWINS_MOST; twin++) {
                CLEANUP(mem_drop) char *number = twin > 1 ? text_format("-%d", twin) : text_copy("");

                mem_drop(&target->path);
                target->path = text_format("%s/%s%s%s%s.json", setup->folder, setup->part, dash, instance, number);
                if (path_take(target))
                        return true;
                if (errno != EWOULDBLOCK)
                        break;
        }
        return error_set(err, ERR_RETRY, NULL, "%s: %s", target->path, strerror(errno));
}

static char *text_of(const TargetSetup *setup)
{
        json_t *list = json_pack("[{s:[s],s:{s:s,s:s}}]", "targets", setup->address, "labels", "part", setup->part,
                                 "instance", setup->instance ? setup->instance : setup->part);
        char *text = list ? json_dumps(list, JSON_COMPACT) : NULL;

        json_decref(list);
        return text;
}

static bool file_write(const Target *target, const TargetSetup *setup, Error *err)
{
        CLEANUP(mem_drop) char *text = text_of(setup);
        const size_t size = text ? strlen(text) : 0;

        if (text && ftruncate(target->descriptor, 0) == 0 && pwrite(target->descriptor, text, size, 0) == (ssize_t)size)
                return true;
        return error_set(err, ERR_RETRY, NULL, "%s: %s", target->path, text ? strerror(errno) : "a name is not UTF-8");
}

Target *target_open(const TargetSetup *setup, Error *err)
{
        Target *target = mem_new(sizeof(Target));

        target->descriptor = -1;
        if ((mkdir(setup->folder, 0755) == 0 || errno == EEXIST) && path_find(target, setup, err) &&
            file_write(target, setup, err))
                return target;
        if (!err->kind)
                (void)error_set(err, ERR_RETRY, NULL, "%s: %s", setup->folder, strerror(errno));
        if (target->descriptor >= 0)
                close(target->descriptor);
        free(target->path);
        free(target);
        return NULL;
}

void target_close(Target *target)
{
        if (!target)
                return;
        unlink(target->path);
        close(target->descriptor);
        free(target->path);
        free(target);
}
