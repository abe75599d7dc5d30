#pragma once

/*
 * A rejected record on PREFIX.rejected.v1 (messages.md section 6). The key is the instance; the value is sealed: nonce
 * (12) + AES-256-GCM ciphertext + tag (16), additional data "instance:run:seq" (of hub_beside "instance:run:seq:beside"). Over REJECTED_VALUE_MOST bytes the
 * value is empty and the sealed bytes lie in the instance's state folder as rejected/RUN-SEQ. All headers are text;
 * numbers are decimal, times RFC 3339 UTC with milliseconds, absent ones are left out.
 *
 * Reasons, a closed list: bad_id (an id that was rounded, or is none), not_json, not_xml, not_csv, bad_charset,
 * bad_length, bad_check, missing_field, bad_value, bad_time, bad_position, too_large, too_deep, duplicate_key, doctype,
 * bad_signature, stale_signature, unknown_message, unsupported, crashed.
 */

#define REJECTED_INSTANCE     "hub_instance"
#define REJECTED_PLATFORM     "hub_platform"
#define REJECTED_ZONE         "hub_zone"
#define REJECTED_RUN          "hub_run"
#define REJECTED_SEQ          "hub_seq"
#define REJECTED_REASON       "hub_reason"  /* a code of the closed list */
#define REJECTED_TEXT         "hub_text"    /* for a person; names the field, never a personal value */
#define REJECTED_STAGE        "hub_stage"   /* "adapter" */
#define REJECTED_CHANNEL      "hub_channel" /* without user and query */
#define REJECTED_POSITION     "hub_position"
#define REJECTED_CONTENT_TYPE "hub_content_type"
#define REJECTED_RECEIVED     "hub_received"
#define REJECTED_SHA256       "hub_sha256" /* of the bytes before sealing, hex */
#define REJECTED_SIZE         "hub_size"   /* of the bytes before sealing */
#define REJECTED_KEY_VERSION  "hub_key_version"
#define REJECTED_BESIDE       "hub_beside" /* key and headers of the record (hub/pipe/beside.h), sealed, hex */

/* Of a retry's messages: RUN:SEQ of the rejected record. The tick that carries it ends the retry. */
#define REJECTED_RETRY "hub_retry"

enum { REJECTED_HEADERS = 17, REJECTED_VALUE_MOST = 512 * 1024 };
