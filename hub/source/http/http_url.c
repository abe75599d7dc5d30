#include "hub/source/http/http_client.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

static void url_drop(CURLU **url)
{
        curl_url_cleanup(*url);
}

static void part_drop(char **part)
{
        curl_free(*part);
}

static CURLU *url_parse(const char *text)
{
        CURLU *url = curl_url();

        if (url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK)
                return url;
        curl_url_cleanup(url);
        return NULL;
}

static char *part_get(CURLU *url, CURLUPart which)
{
        char *part = NULL;

        return curl_url_get(url, which, &part, 0) == CURLUE_OK ? part : NULL;
}

char *http_url_public(const char *text)
{
        CLEANUP(url_drop) CURLU *url = url_parse(text);
        CLEANUP(part_drop) char *whole = NULL;
        static const CURLUPart hidden[] = { CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY,
                                            CURLUPART_FRAGMENT };

        for (size_t i = 0; url && i < sizeof(hidden) / sizeof(hidden[0]); i++)
                curl_url_set(url, hidden[i], NULL, 0);
        whole = url ? part_get(url, CURLUPART_URL) : NULL;
        return text_copy(whole ? whole : "(no URL)");
}

char *http_url_host(const char *text)
{
        CLEANUP(url_drop) CURLU *url = url_parse(text);
        CLEANUP(part_drop) char *host = url ? part_get(url, CURLUPART_HOST) : NULL;
        CLEANUP(part_drop) char *port = url ? part_get(url, CURLUPART_PORT) : NULL;

        return host ? text_format("%s%s%s", host, port ? ":" : "", port ? port : "") : NULL;
}

static bool is_loopback(const char *host)
{
        struct in_addr address;

        if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
                return true;
        return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

bool http_url_check(const char *text, Error *err)
{
        CLEANUP(url_drop) CURLU *url = url_parse(text);
        CLEANUP(part_drop) char *scheme = url ? part_get(url, CURLUPART_SCHEME) : NULL;
        CLEANUP(part_drop) char *host = url ? part_get(url, CURLUPART_HOST) : NULL;
        CLEANUP(part_drop) char *user = url ? part_get(url, CURLUPART_USER) : NULL;

        if (!scheme || !host || (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
                return error_set(err, ERR_FATAL, NULL, "must be an https:// URL");
        if (user)
                return error_set(err, ERR_FATAL, NULL, "holds a user: it belongs in user and password_file");
        if (strcmp(scheme, "http") == 0 && !is_loopback(host))
                return error_set(err, ERR_FATAL, NULL, "must be HTTPS: only this machine itself is asked over HTTP");
        return true;
}
