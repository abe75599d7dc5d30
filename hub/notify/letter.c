#include "hub/notify/letter.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/text.h"

#include <stdio.h>
#include <string.h>

enum { MARKDOWN_MOST = 4000, NUMBER_ROOM = 32, PATH_MOST = 64, SECOND = 1000 };

/* ---- robots' messages ---- */

/* Of others' texts: neither links nor pictures nor a call to everybody. Signs that Markdown knows become their full-width twins. */
static void plain_add(Buffer *out, const char *text)
{
        static const char signs[] = "[]()<>*_#`@!|\\~";

        for (; *text; text++) {
                if ((unsigned char)*text < ' ')
                        buffer_byte(out, ' ');
                else if (strchr(signs, *text))
                        text_put(out, 0xFF00U + ((unsigned char)*text - 0x20U));
                else
                        buffer_byte(out, *text);
        }
}

static void value_add(Buffer *out, const json_t *value)
{
        if (json_is_string(value))
                plain_add(out, json_string_value(value));
        else if (json_is_number(value))
                buffer_format(out, "%.10g", json_number_value(value));
        for (size_t i = 0; i < json_array_size(value); i++) {
                buffer_text(out, i ? " " : "");
                value_add(out, json_array_get(value, i));
        }
}

static void member_add(Buffer *out, const char *name, size_t size, const json_t *version, const char *link)
{
        char path[PATH_MOST];

        if (size >= sizeof(path))
                return;
        memcpy(path, name, size);
        path[size] = '\0';
        if (!text_same(path, "link"))
                value_add(out, json_at(version, path));
        else if (link)
                buffer_format(out, "[%s](%s%s)", json_text(version, "number") ? json_text(version, "number") : "", link,
                              json_text(version, "incident") ? json_text(version, "incident") : "");
}

void letter_text(Buffer *out, const char *text, const json_t *version, const char *link)
{
        for (const char *end; *text; text = end) {
                const char *brace = strchr(text, '}');

                if (*text == '{' && brace) {
                        member_add(out, text + 1, (size_t)(brace - text - 1), version, link);
                        end = brace + 1;
                } else {
                        end = text + 1 + strcspn(text + 1, "{");
                        buffer_add(out, text, (size_t)(end - text));
                }
        }
}

static json_t *text_of(const char *template, const Target *target, const json_t *version)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        buffer_text(&text, "");
        letter_text(&text, template, version, target->options.link);
        return json_stringn(text.bytes, text_cut(text.bytes, MARKDOWN_MOST));
}

static json_t *robot_body(const Target *target, const json_t *version)
{
        json_t *text = text_of(target->options.text, target, version);

        if (target->options.form == FORM_WECOM)
                return json_pack("{s:s, s:{s:o}}", "msgtype", "markdown", "markdown", "content", text);
        return json_pack("{s:s, s:{s:o, s:o}}", "msgtype", "markdown", "markdown", "title",
                         text_of(target->options.title, target, version), "text", text);
}

/* ---- body ---- */

static json_t *event_body(const json_t *version, bool is_left)
{
        json_t *body = json_object();

        json_object_set_new(body, "type", json_sprintf("incident.%s", json_text(version, "change")));
        json_object_set(body, "timestamp", json_object_get(version, "at"));
        if (is_left)
                json_object_set_new(body, "left", json_true());
        json_object_set_new(body, "data", json_deep_copy(version));
        return body;
}

void letter_body(Buffer *out, const Target *target, const json_t *version, bool is_left)
{
        CLEANUP(json_drop)
        json_t *body = target->options.form == FORM_EVENT ? event_body(version, is_left) : robot_body(target, version);

        json_write_value(out, body);
}

/* ---- one try ---- */

static const char *signatures(const PushSecrets *secrets, const char *id, long long seconds, const Buffer *body,
                              Arena *arena)
{
        CLEANUP(buffer_free) Buffer text = { 0 }, out = { 0 };
        uint8_t mac[SHA256_SIZE];

        buffer_format(&text, "%s.%lld.", id, seconds);
        buffer_add(&text, body->bytes, body->size);
        for (size_t i = 0; i < secrets->size; i++) {
                hmac_sha256(secrets->lines[i].bytes, secrets->lines[i].size, text.bytes, text.size, mac);
                buffer_text(&out, i ? " v1," : "v1,");
                base64_text(&out, mac, sizeof(mac));
        }
        return arena_format(arena, "webhook-signature: %s", out.bytes);
}

static void percent_add(Buffer *out, const char *text)
{
        for (; *text; text++) {
                if (strchr("+/=", *text))
                        buffer_format(out, "%%%02X", (unsigned)(unsigned char)*text);
                else
                        buffer_byte(out, *text);
        }
}

/* DingTalk, "custom robot security settings": HMAC-SHA256 of "TIMESTAMP\nSECRET" under the secret. */
static const char *dingtalk_url(const char *url, const Buffer *secret, int64_t now, Arena *arena)
{
        CLEANUP(buffer_free) Buffer text = { 0 }, sign = { 0 }, out = { 0 };
        uint8_t mac[SHA256_SIZE];

        buffer_format(&text, "%lld\n", (long long)now);
        buffer_add(&text, secret->bytes, secret->size);
        hmac_sha256(secret->bytes, secret->size, text.bytes, text.size, mac);
        base64_text(&sign, mac, sizeof(mac));
        buffer_format(&out, "%s%stimestamp=%lld&sign=", url, strchr(url, '?') ? "&" : "?", (long long)now);
        percent_add(&out, sign.bytes);
        return arena_copy(arena, out.bytes, out.size);
}

Letter letter_address(const Target *target, const PushSecrets *secrets, const char *id, const Buffer *body, int64_t now,
                      Arena *arena)
{
        Letter letter = { .url = target->options.url, .headers = { "Content-Type: application/json; charset=utf-8" } };
        size_t size = 1;

        if (target->options.form == FORM_DINGTALK && secrets->size)
                letter.url = dingtalk_url(letter.url, &secrets->lines[0], now, arena);
        if (target->options.form != FORM_EVENT)
                return letter;
        letter.headers[size++] = arena_format(arena, "webhook-id: %s", id);
        letter.headers[size++] = arena_format(arena, "webhook-timestamp: %lld", (long long)(now / SECOND));
        if (secrets->size)
                letter.headers[size++] = signatures(secrets, id, now / SECOND, body, arena);
        return letter;
}

bool letter_taken(const Target *target, const char *answer, size_t size)
{
        CLEANUP(json_drop) json_t *json = NULL;

        if (target->options.form == FORM_EVENT)
                return true;
        json = json_loadb(answer ? answer : "", size, 0, NULL);
        return json_is_integer(json_object_get(json, "errcode")) &&
               json_integer_value(json_object_get(json, "errcode")) == 0;
}
