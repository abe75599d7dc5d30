#pragma once

/* What brokers and the TLS library answer, in words. */

#include <stddef.h>

const char *mqtt_refusal(int code); /* of CONNACK, MQTT 3.1.1 section 3.2.2.3; NULL: none of its codes */

/* The reason of "THREAD:error:CODE:LIBRARY:FUNCTION:REASON:FILE:LINE", as ERR_print_errors_cb() writes it. */
void mqtt_tls_reason(const char *text, size_t size, char *out, size_t out_size);
