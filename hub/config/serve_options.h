#pragma once

/* The `serve` section of the configuration: what hub serve is told, read with the rest of the file. */

#include "hub/base/options.h"

typedef struct {
        char *listen;                /* "127.0.0.1:8080" */
        char *certificate, *key;     /* paths of PEM files; NULL: no TLS */
        TextList proxies;            /* addresses without port of who speaks TLS in front of us */
        char *www;                   /* folder of the console's files; NULL: none */
        char *basemap, *attribution; /* NULL: the schematic alone */
        int64_t workers, queue, connections, stream_versions, stream_bytes;
        char *users, *api_keys; /* paths; NULL: none */
        int64_t session_idle, session_most, login_tries, login_window, requests;
        char *oidc_issuer, *oidc_client, *oidc_secret_file, *oidc_redirect, *oidc_scope, *oidc_ca_file;
        char *oidc_name_claim, *oidc_role_claim, *oidc_zones_claim; /* NULL: every zone */
        TextTable oidc_roles;                                       /* value of the role claim: role */
        int anybody; /* index: nothing, viewer, dispatcher, supervisor, administrator */
} ServeOptions;

extern const Option serve_options[];
extern const size_t serve_options_size;
