#pragma once

/*
 * HJ 212-2017 and HJ 212-2025, how monitoring devices speak over TCP (HJ/T 212-2005, too, which has no Flag). A packet is `##`, four
 * digits, so many bytes of data segment, four hexadecimal digits of CRC, an end of line. The segment is
 * QN=..;ST=..;CN=..;PW=..;MN=..;Flag=..;PNUM=..;PNO=..;CP=&&code-Rtd=..,code-Flag=..;...&&, keys in letters of either case.
 *
 * Of 2025 whole blocks of 16 bytes between the && may be encrypted (SM4, ECB), so that any byte may stand there: a packet ends where its
 * length says. Length and CRC are those of the clear text; what stands in front of CP= is never encrypted.
 */

#include "hub/adapter.h"
#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/secret.h"

enum { HJ212_ASKS = 1, HJ212_PARTS = 2, HJ212_VERSION = 2 /* bits above those */, HJ212_2025 = 2 }; /* Flag */

typedef struct {
        const char *qn, *cn, *pw, *mn; /* NULL: absent or empty */
        const char *part;              /* PNO of a packet that was split; NULL: it was not */
        int64_t flag;                  /* 0: absent */
        char *content;                 /* between the &&, in the clear; "" */
} Hj212;

/* For Adapter.frame. An end of line alone is a record, too, which says nothing: it may come apart from its packet. */
FrameResult hj212_cut(const char *bytes, size_t size, size_t *used);
bool hj212_is_line_end(const char *bytes, size_t size);

/* The key of the encryption: 16 characters, or as many bytes in hexadecimal. */
bool hj212_key(const Secret *secret, uint8_t key[SM4_SIZE]);
bool hj212_key_check(const char *option, const void *secret,
                     Error *err); /* for Option.check: there is none, or it is one */

/* key: NULL, or of SM4_SIZE bytes. ERR_INPUT bad_length, bad_check. Texts are the arena's. */
bool hj212_open(const char *bytes, size_t size, const uint8_t *key, Arena *arena, Hj212 *packet, Error *err);
bool hj212_open_with(const Secret *secret, const char *bytes, size_t size, Arena *arena, Hj212 *packet, Error *err);

/* Appends a packet of that segment, with length, CRC and CR LF: HJ212_HEAD bytes in front of it, HJ212_TAIL behind it. */
enum { HJ212_HEAD = 6, HJ212_TAIL = 6 };
void hj212_seal(const char *segment, size_t size, Buffer *out);

/* What says "taken" (CN 9014) to a packet that asks; NULL: it asks for nothing, or is an answer or a command itself. */
const char *hj212_answer(const Hj212 *packet, Arena *arena);

/* What a command (CN) is that carries no readings: "heartbeat". */
const char *hj212_other(const char *cn);

/* ---- content ---- */

enum { HJ212_ITEMS_MOST = 256 }; /* more do not fit into a packet of 1,024 bytes */

typedef enum { HJ212_NONE, HJ212_BARE, HJ212_MEAN, HJ212_MOMENT } Hj212Rank; /* no value; without suffix; -Avg; -Rtd */

typedef struct {
        const char *code, *name,
                *unit;           /* as annex B has them where it knows the factor, else code as told, visible ASCII */
        const char *text, *flag; /* of several values the last one of the highest rank; NULL: absent or empty */
        Hj212Rank rank;
        double value;    /* of text; NAN: it is no number, or stands for none */
        bool is_nothing; /* 32767, -32768: what a register of 16 bits holds when it holds nothing */
} Hj212Item;

typedef struct {
        Hj212Item items[HJ212_ITEMS_MOST];
        size_t size;
        bool is_partial; /* a key, or a value with a suffix, was none */
} Hj212Content;

/* The last of several suffixes counts, so that LA-Rtd-Rtd is LA-Rtd. Changes packet->content, where its texts lie. */
void hj212_read(Hj212 *packet, Hj212Content *content);

/* Of a member without suffix, DataTime, by its names parted by |; NULL: absent. */
const char *hj212_text(const Hj212Content *content, const char *names);

/* A time as devices have it: with the digit of a weekday behind the date, with CST for China's time. */
bool hj212_time(const char *text, Arena *arena, int64_t *ms, TimePrecision *precision, Error *err);

/* Visible ASCII, not empty, at most so long: what ids and codes are made of. */
bool hj212_is_word(const char *text, size_t most);
