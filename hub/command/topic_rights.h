#pragma once

/* What each process's login may do to our topics, for brokers with an authorizer: hub topics --rights. */

#include "hub/config/config.h"

/* Grants all of them, and says so on stdout. The configuration's own user must be one that may alter rights. */
bool topic_rights_grant(const Config *config, Error *err);

/* One right on a topic of somebody else: "LOGIN:read|write|all:TOPIC". ERR_INPUT when it is written otherwise. */
bool topic_right_grant(const Config *config, const char *text, Error *err);
