#pragma once

/* "HOST:PORT" and the socket that listens there. */

#include "hub/base/error.h"

#include <sys/socket.h>

enum { ADDRESS_TEXT_SIZE = 64 };

typedef struct {
        struct sockaddr_storage bytes;
        socklen_t size;
} Address;

bool address_read(const char *text, Address *address, Error *err); /* "127.0.0.1:9464", "[::1]:0"; ERR_FATAL */
char *address_text(const Address *address, char out[ADDRESS_TEXT_SIZE]);
bool address_listen(Address *address, int *descriptor, Error *err); /* the port that it got is put into the address */
