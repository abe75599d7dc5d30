#pragma once

/*
 * Whom bytes may speak of, for who has to find a person in what nobody could translate: every telephone and ID number and
 * plate that mask.h knows, and every value between the signs that part values in JSON, XML, CSV and forms, which may be an
 * account. Each is told as its pseudonym under each key that there is. Characters as charset.h reads them. What stands in
 * escapes (\u5c0f, %E5) or in compressed parts is not found.
 */

#include "hub/privacy/privacy.h"

typedef void PrivacyNamed(void *context, const char *pseudonym); /* may tell the same twice */

void privacy_named(const Privacy *privacy, const char *bytes, size_t size, PrivacyNamed *named, void *context);
