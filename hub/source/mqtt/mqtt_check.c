#include "hub/source/mqtt/mqtt_check.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <string.h>

enum { CLIENT_ID_MOST = 128, TOPIC_MOST = 65535, PORT_MOST = 65535 };

static const char id_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

static bool port_check(const char *port)
{
        int64_t number;

        return port[0] >= '0' && port[0] <= '9' && text_read_integer(port, &number) && number > 0 &&
               number <= PORT_MOST;
}

static bool url_check(const char *url, Error *err)
{
        static const char *const schemes[] = { "tcp://", "mqtt://", "ssl://", "mqtts://" };
        const char *host = NULL, *colon;

        for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]) && !host; i++)
                host = text_starts(url, schemes[i]) ? url + strlen(schemes[i]) : NULL;
        if (!host)
                return error_set(err, ERR_FATAL, NULL, "url must begin with tcp:// or ssl://");
        if (strchr(host, '@'))
                return error_set(err, ERR_FATAL, NULL, "url holds a user: it belongs in user and password_file");
        colon = strrchr(host, ':');
        if (!colon || colon == host || strpbrk(host, "/?# \t") || !port_check(colon + 1))
                return error_set(err, ERR_FATAL, NULL, "url: \"%.200s\" is not tcp://HOST:PORT", url);
        return true;
}

/* MQTT 3.1.1 section 4.7: "#" is the last level, "#" and "+" stand alone in theirs. */
static bool is_filter(const char *topic)
{
        size_t size = strlen(topic);

        for (const char *at = topic; *at; at++) {
                bool begins = at == topic || at[-1] == '/';
                bool ends = !at[1] || (at[1] == '/' && *at == '+');

                if ((*at == '#' || *at == '+') && !(begins && ends))
                        return false;
        }
        return size > 0 && size <= TOPIC_MOST;
}

static bool topics_check(const TextList *topics, Error *err)
{
        if (!topics->size)
                return error_set(err, ERR_FATAL, NULL, "topics: at least one is required");
        for (size_t i = 0; i < topics->size; i++)
                if (!is_filter(topics->items[i]))
                        return error_set(err, ERR_FATAL, NULL, "topics: \"%.200s\" is no topic filter",
                                         topics->items[i]);
        return true;
}

static bool tls_check(const MqttOptions *of, Error *err)
{
        bool tls = text_starts(of->url, "ssl://") || text_starts(of->url, "mqtts://");

        if (!of->certificate_file != !of->key_file)
                return error_set(err, ERR_FATAL, NULL, "certificate_file and key_file go together");
        if (!tls && (of->ca_file || of->certificate_file))
                return error_set(err, ERR_FATAL, NULL, "ca_file and certificate_file need an ssl:// url");
        return true;
}

bool mqtt_check(const void *options, Error *err)
{
        const MqttOptions *of = options;

        if (of->password_file && !of->user)
                return error_set(err, ERR_FATAL, NULL, "password_file needs user");
        if (of->client_id && (!of->client_id[0] || strlen(of->client_id) > CLIENT_ID_MOST ||
                              of->client_id[strspn(of->client_id, id_bytes)]))
                return error_set(err, ERR_FATAL, NULL, "client_id: up to %d of A-Z a-z 0-9 _ -", CLIENT_ID_MOST);
        return url_check(of->url, err) && topics_check(&of->topics, err) && tls_check(of, err);
}

/* Two instances whose names differ only in what is replaced must not share an id: they would evict each other for ever. */
char *mqtt_client_id(const MqttOptions *options, const char *instance)
{
        bool plain = !instance[strspn(instance, id_bytes)];
        char *id;

        if (options->client_id)
                return text_copy(options->client_id);
        if (plain)
                return text_format("hub-%s", instance);
        id = text_format("hub-%s-%08x", instance, (unsigned)hash64(instance, strlen(instance)));
        for (char *at = id; *at; at++)
                *at = (char)(strchr(id_bytes, *at) ? *at : '_');
        return id;
}
