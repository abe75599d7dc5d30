#pragma once

/*
 * SOAP 1.1 and 1.2 (w3.org/TR/2000/NOTE-SOAP-20000508, w3.org/TR/soap12-part1), as far as who is called needs it: what is in the body,
 * and an answer under the operation's own name, prefix and name space. The tree is one of a form whose spaces
 * have SOAP11 as soap11 and SOAP12 as soap12, with `declarations` and without `fold`. Headers are not read: none that must be understood is.
 */

#include "hub/document/record.h"

#define SOAP11 "http://schemas.xmlsoap.org/soap/envelope/"
#define SOAP12 "http://www.w3.org/2003/05/soap-envelope"

typedef enum { SOAP_11, SOAP_12 } SoapVersion;

typedef struct {
        SoapVersion version;
        json_t *envelope, *body;       /* NULL: not there */
        const char *operation, *space; /* "ns2:service"; its address, NULL: of none */
        size_t prefix;                 /* bytes of "ns2:" */
        bool is_qualified;             /* so were its parameters */
} Soap;

/* What one call holds: as record_read(), but that a message in parts (SOAP with attachments) is `unsupported`; the form is for XML. */
json_t *soap_document(const Record *record, const XmlForm *form, Output *output, Error *err);

/* The first text in it that is markup, whatever operation and parameter are called: XML that is sent as text; NULL: there is none. */
const char *soap_markup(json_t *node);

bool soap_read(json_t *tree, Soap *soap);       /* borrowed of the tree; false: nothing in its body */
SoapVersion soap_version(const Record *record); /* of what cannot be read: by its content type */

/* 200: what the operation returns, a text. 500, or 400 in 1.2: the sender's fault. */
void soap_result(const Soap *soap, const char *text, Output *output);
void soap_fault(SoapVersion version, const Error *why, Output *output);
