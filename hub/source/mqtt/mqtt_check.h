#pragma once

/* What the option table of mqtt cannot say: forms of URL, client id and topic filters; certificate and key go together. */

#include "hub/source/mqtt/mqtt.h"

bool mqtt_check(const void *options, Error *err);

/* Owned. "hub-INSTANCE" in A-Z a-z 0-9 _ - (brokers' access rules read other bytes as patterns), or the option. */
char *mqtt_client_id(const MqttOptions *options, const char *instance);
