#pragma once

/*
 * Files that went to done/ or failed/ a short while ago. Who wrote one may have it open still, or take it up again: what was read then was
 * not all of it. Such a file comes back into the folder under its own name and is read again, whole.
 */

#include "hub/source/file/file_options.h"
#include "hub/source/file/inbox.h"

typedef struct Watch Watch;

Watch *watch_new(const FileOptions *options);                           /* options are borrowed */
void watch_add(Watch *watch, const InboxFile *file, const char *moved); /* it lies at `moved` now, as it was read */
void watch_look(Watch *watch);
void watch_free(Watch *watch);
