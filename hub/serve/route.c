#include "hub/serve/route.h"

#include "hub/base/text.h"

#include <string.h>

enum { ALLOW_MOST = sizeof(((RouteFound *)0)->allow) / sizeof(char *) - 1 };

static void part_note(RouteParts *parts, const char *name, const char *begin, size_t size)
{
        if (parts->size == ROUTE_PARTS_MOST)
                return;
        parts->names[parts->size] = name;
        parts->begins[parts->size] = begin;
        parts->sizes[parts->size++] = size;
}

static bool path_fits(const char *form, const char *path, RouteParts *parts)
{
        while (*form) {
                const size_t size = strcspn(path, "/");

                if (*form == '*') {
                        part_note(parts, form, path, strlen(path));
                        return true;
                }
                if (*form == '{') {
                        if (!size)
                                return false;
                        part_note(parts, form, path, size);
                        form += strcspn(form, "}") + 1;
                        path += size;
                } else if (*form++ != *path++) {
                        return false;
                }
        }
        return !*path;
}

static void allow_note(RouteFound *found, const char *method)
{
        size_t at = 0;

        found->is_known = true;
        while (at < ALLOW_MOST && found->allow[at] && !text_same(found->allow[at], method))
                at++;
        if (at < ALLOW_MOST)
                found->allow[at] = method;
}

RouteFound route_find(const Route *const *tables, const char *method, const char *path)
{
        const char *asked = text_same(method, "HEAD") ? "GET" : method;
        RouteFound found = { 0 };

        for (; *tables; tables++)
                for (const Route *route = *tables; route->method; route++) {
                        RouteParts parts = { 0 };

                        if (!path_fits(route->path, path, &parts))
                                continue;
                        allow_note(&found, route->method);
                        if (!text_same(route->method, asked))
                                continue;
                        found.route = route;
                        found.parts = parts;
                        return found;
                }
        return found;
}
