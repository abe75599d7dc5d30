#include "hub/config/serve_options.h"

const Option serve_options[] = {
        { "listen", OPTION_TEXT, offsetof(ServeOptions, listen), .value = "127.0.0.1:8080",
          .about =
                  "address:port of the console and its interface; other than loopback only with TLS or a named proxy" },
        { "certificate", OPTION_PATH, offsetof(ServeOptions, certificate),
          .about = "PEM file for TLS, those that signed it behind it" },
        { "key", OPTION_PATH, offsetof(ServeOptions, key), .about = "PEM file of its key; mode 0400" },
        { "proxies", OPTION_LIST, offsetof(ServeOptions, proxies),
          .about = "addresses of who speaks TLS in front of us and hands requests on" },
        { "www", OPTION_PATH, offsetof(ServeOptions, www), .about = "folder of the console, as its build makes it" },
        { "basemap", OPTION_TEXT, offsetof(ServeOptions, basemap),
          .about = "pictures under the console's map, https://host/{z}/{x}/{y}; browsers ask that host for them. Else "
                   "a schematic" },
        { "attribution", OPTION_TEXT, offsetof(ServeOptions, attribution),
          .about = "what is said of the basemap: whose it is, and its approval number" },
        { "workers", OPTION_INTEGER, offsetof(ServeOptions, workers), .value = "3", .least = 1, .most = 64,
          .about = "threads that answer, each with its own connection to PostgreSQL" },
        { "queue", OPTION_INTEGER, offsetof(ServeOptions, queue), .value = "64", .least = 1, .most = 10000,
          .about = "requests that wait for a worker; one more is told to come again" },
        { "connections", OPTION_INTEGER, offsetof(ServeOptions, connections), .value = "2000", .least = 8,
          .most = 20000, .about = "clients at a time, streams included" },
};
const size_t serve_options_size = sizeof(serve_options) / sizeof(serve_options[0]);
