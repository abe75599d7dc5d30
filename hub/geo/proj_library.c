#include "hub/geo/proj_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROJ_FILE "libproj.so.25" /* the ABI of PROJ 9 */

static const char *const names[] = {
#define PROJ_NAME(name) #name,
        PROJ_FUNCTIONS(PROJ_NAME)
#undef PROJ_NAME
};

enum { FUNCTIONS = sizeof(names) / sizeof(names[0]) };

_Static_assert(sizeof(Proj) == FUNCTIONS * sizeof(void *), "a pointer a name, in their order");

static pthread_once_t once = PTHREAD_ONCE_INIT;
static Proj proj;

static void library_open(void)
{
        void *library = dlopen(PROJ_FILE, RTLD_NOW | RTLD_LOCAL), *functions[FUNCTIONS] = { 0 };
        size_t found = 0;

        while (library && found < FUNCTIONS && (functions[found] = dlsym(library, names[found])))
                found++;
        if (found < FUNCTIONS) {
                fprintf(stderr, "hub: %s\n", dlerror());
                abort();
        }
        memcpy(&proj, functions, sizeof(proj)); /* POSIX: what dlsym() gives may be called */
}

const Proj *proj_library(void)
{
        pthread_once(&once, library_open);
        return &proj;
}
