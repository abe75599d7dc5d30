#pragma once

/* Inside of privacy: the keys, highest version first. */

#include "hub/privacy/privacy.h"

#include <stdint.h>

enum { PRIVACY_KEY_SIZE = 32, PRIVACY_KEYS_MOST = 64 };

typedef struct {
        int version;
        uint8_t bytes[PRIVACY_KEY_SIZE];
} PrivacyKey;

typedef struct {
        PrivacyKey items[PRIVACY_KEYS_MOST];
        size_t size;
} PrivacyKeys;

struct Privacy {
        PrivacyKeys pseudonym, seal;
        bool test;
};

enum { PSEUDONYM_SIZE = 40 }; /* "p3:" + 26 characters, and more versions than anybody has */

void privacy_key_pseudonym(const PrivacyKey *key, const char *type, const char *value, char out[PSEUDONYM_SIZE]);
const char *privacy_reporter_type(const char *id); /* "phone", "person_id" or "account" */
