#pragma once

/*
 * Inside of adapter petition: how often something says that it is secret, whatever it is written in. A word that is neither yes nor no
 * is a yes.
 */

#include "hub/document/record.h"

size_t petition_secrets(const json_t *tree); /* texts within it count, too */

bool petition_may_be_secret(const Record *record); /* of bytes that could not be read */
