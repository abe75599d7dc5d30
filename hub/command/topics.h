#pragma once

/* The topics of a configuration's prefix, for hub topics and for a trial of hub run. */

#include "hub/config/config.h"

/* Makes those that are absent and says so on stdout. A trial's are small and forget within a day. */
bool topics_create(const Config *config, bool is_trial, Error *err);
