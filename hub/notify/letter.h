#pragma once

/*
 * What a target is sent: the body of a version in its form, and the headers and the address of one try of it.
 *
 * event: {"type": "incident.CHANGE", "timestamp", "data": the version}, with "left": true beside where it no longer is what the target
 * wants; signed as Standard Webhooks 1.0 says: webhook-id is INCIDENT:EPOCH:VERSION, the same in each try, webhook-timestamp the try's,
 * webhook-signature one "v1,BASE64" for each secret. dingtalk and wecom: a Markdown message made of a template, in which nothing of the version can be
 * Markdown; DingTalk's robots are signed to in the address (timestamp, sign).
 */

#include "hub/base/memory.h"
#include "hub/notify/target.h"
#include "hub/source/http_push/push_secret.h"

void letter_body(Buffer *out, const Target *target, const json_t *version, bool is_left);

typedef struct {
        const char *url;
        const char *headers[8]; /* "Name: value", ends with NULL; texts in the arena */
} Letter;

Letter letter_address(const Target *target, const PushSecrets *secrets, const char *id, const Buffer *body, int64_t now,
                      Arena *arena);

/* Robots say in an answer of 200 that they did not take it: {"errcode": 310000, "errmsg": "..."}. */
bool letter_taken(const Target *target, const char *answer, size_t size);

/* A template's {member} and {member.within} of the version; what there is none of is left out. Appends. */
void letter_text(Buffer *out, const char *text, const json_t *version, const char *link);
