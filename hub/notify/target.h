#pragma once

/*
 * Who is told of incidents' changes: a YAML file of its own, whose name without .yaml names the target. Its options are hub help's
 * `notify`. Its filters are those of the stream: a version that left what is wanted is told, too.
 */

#include "hub/base/options.h"
#include "hub/feed/facts.h"

typedef enum { FORM_EVENT, FORM_DINGTALK, FORM_WECOM } NotifyForm;

typedef struct {
        char *url, *secret_file, *ca_file, *text, *title, *link, *bbox;
        int form; /* NotifyForm */
        TextList zone, state, severity, category, platform, change;
        int64_t timeout_ms, retry_least_ms, retry_most_ms, give_up_ms, waiting_most;
} NotifyOptions;

extern const Option notify_options[];
extern const size_t notify_options_size;

typedef struct {
        char *name;
        NotifyOptions options;
        Filter filter;
} Target;

bool notify_target_load(Target *target, const char *path, Error *err); /* ERR_FATAL with file and line */
void notify_target_free(Target *target);                               /* for CLEANUP */
