#pragma once

/*
 * Where to scrape us, for Prometheus' file_sd_configs: FOLDER/NAME.json with the address that we listen on, so that ports need
 * no list: a new instance is found by itself. The file is locked while its process lives, and removed when that ends in order;
 * what a kill left behind is a target that does not answer, which is what the alert for it needs. A second process of the
 * same name takes NAME-2.json.
 */

#include "hub/base/error.h"

typedef struct Target Target;

typedef struct {
        const char *folder, *part, *instance; /* the file is PART.json, or PART-INSTANCE.json */
        const char *address;                  /* "127.0.0.1:43121" */
} TargetSetup;

Target *target_open(const TargetSetup *setup, Error *err); /* makes the folder; ERR_RETRY: it cannot be written */
void target_close(Target *target);                         /* also NULL */
