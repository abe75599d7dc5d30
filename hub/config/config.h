#pragma once

/*
 * The configuration (messages.md section 8): --config FILE, else HUB_CONFIG, else /etc/hub/hub.yaml; conf.d/<any>.yaml
 * beside it adds instances. Each part's option table parses its own section; what is wrong is ERR_FATAL with file:line.
 * A setting of a section may come from the environment instead: kafka.brokers from HUB_KAFKA_BROKERS. `hub check` is
 * this very code.
 */

#include "hub/adapter.h"
#include "hub/config/serve_options.h"
#include "hub/db/db.h"
#include "hub/event/category.h"
#include "hub/event/platform.h"
#include "hub/event/zone.h"
#include "hub/geo/gazetteer.h"
#include "hub/geo/regions.h"
#include "hub/http/monitor.h"
#include "hub/kafka/kafka.h"
#include "hub/privacy/privacy.h"
#include "hub/source/source.h"

typedef struct {
        char *name; /* the key under instances: */
        const Adapter *adapter;
        void *options;            /* of the adapter, read by its table */
        const SourceKind *source; /* NULL: an instance for `hub translate` only */
        void *source_options;
        char *platform;   /* the adapter's unless set */
        char *zone;       /* default "350206" */
        const char *file; /* that names it; borrowed from the Config */
        int line;
} Instance;

typedef struct {
        char *path; /* of the file */
        KafkaOptions kafka;
        DbOptions postgres;
        MonitorOptions metrics;
        ServeOptions serve;
        struct {
                char *keys;
        } privacy;
        struct {
                char *keys;
        } commands;
        struct {
                char *rules;
                int64_t batch_events, batch_ms;
        } correlate;
        char *zones_path, *categories_path, *platforms_path, *regions_path, *gazetteer_path;
        char *state; /* folder for instances' state; default /var/lib/hub */
        Zones *zones;
        Categories *categories;
        Platforms *platforms;
        Regions *regions;     /* NULL: none named */
        Gazetteer *gazetteer; /* the same */
        Instance *instances;
        size_t instances_size;
        TextList files; /* that were read: the one of path, then conf.d in name order */
        bool is_for;    /* config_load_for() */
        const char *instance_for;
} Config;

/* For help: the option tables of the file's sections from index 0 on, name NULL for the scalars of the root; false behind the last. */
bool config_section(size_t index, const char **name, const Option **options, size_t *size);

/* What an instance consists of; ends with a NULL name. */
typedef struct {
        const char *name, *about;
} ConfigMember;

extern const ConfigMember config_members[];

bool config_load(Config *config, const char *path, Error *err); /* path NULL: as said above */

/*
 * For a process that is one instance's, or with instance NULL nobody's: the others' sources and options, whose files may be secrets
 * that it must not read, are left unread (NULL), and their faults keep nobody from working.
 */
bool config_load_for(Config *config, const char *path, const char *instance, Error *err);
const Instance *config_instance(const Config *config, const char *name,
                                Error *err); /* unknown: ERR_FATAL with the nearest name */
/* Reads one instance's adapter options anew (SIGHUP): a fresh struct, or NULL and err. */
void *config_adapter_options(const Config *config, const char *instance, Error *err);
void config_free(Config *config); /* also for CLEANUP */
