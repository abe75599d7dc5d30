#include "hub/document/soap.h"

#include "hub/base/text.h"

#include <string.h>

enum { FINE = 200, SENDER = 400, SERVER = 500 };

static const struct {
        const char *envelope, *body, *space, *content_type;
} versions[] = {
        [SOAP_11] = { "soap11:Envelope", "soap11:Body", SOAP11, "text/xml; charset=utf-8" },
        [SOAP_12] = { "soap12:Envelope", "soap12:Body", SOAP12, "application/soap+xml; charset=utf-8" },
};

SoapVersion soap_version(const Record *record)
{
        return record->content_type && strcasestr(record->content_type, "soap+xml") ? SOAP_12 : SOAP_11;
}

/* ---- what came ---- */

json_t *soap_document(const Record *record, const XmlForm *form, Output *output, Error *err)
{
        if (record_sign(record) != '-' && (!record->content_type || !text_starts(record->content_type, "multipart/")))
                return record_read(record, form, output, err);
        (void)error_set(err, ERR_INPUT, "unsupported", "a message in parts: SOAP with attachments");
        return NULL;
}

const char *soap_markup(json_t *node)
{
        const char *text = json_string_value(node), *name, *found;
        size_t size = text ? strlen(text) : 0;
        json_t *value;

        text = text_trim(text ? text : "", &size);
        if (*text == '<')
                return text;
        json_object_foreach(node, name, value)
                if ((found = soap_markup(value)))
                        return found;
        return NULL;
}

/* Attributes stand behind an element, with an @ in their names. */
static const char *element_first(json_t *parent)
{
        const char *name;
        json_t *value;

        json_object_foreach(parent, name, value)
                if (!strchr(name, '@') && name[0] != '#')
                        return name;
        return NULL;
}

/* What an element says that the operation's prefix means. */
static const char *space_said(const json_t *parent, const char *element, const Soap *soap)
{
        const int size = soap->prefix ? (int)soap->prefix - 1 : 0;
        CLEANUP(mem_drop)
        char *name = text_format("%s@xmlns%s%.*s", element, size ? ":" : "", size, soap->operation);

        return json_string_value(json_object_get(parent, name));
}

static void operation_read(json_t *tree, Soap *soap)
{
        const char *colon = strchr(soap->operation, ':');
        const char *parameter = element_first(json_object_get(soap->body, soap->operation));

        soap->prefix = colon ? (size_t)(colon - soap->operation) + 1 : 0;
        soap->is_qualified = soap->prefix && parameter && strncmp(parameter, soap->operation, soap->prefix) == 0;
        soap->space = space_said(soap->body, soap->operation, soap);
        if (!soap->space)
                soap->space = space_said(soap->envelope, versions[soap->version].body, soap);
        if (!soap->space)
                soap->space = space_said(tree, versions[soap->version].envelope, soap);
}

bool soap_read(json_t *tree, Soap *soap)
{
        *soap = (Soap){ 0 };
        for (SoapVersion version = SOAP_11; version <= SOAP_12; version++) {
                json_t *envelope = json_object_get(tree, versions[version].envelope);

                if (!envelope)
                        continue;
                *soap = (Soap){ version, envelope, json_object_get(envelope, versions[version].body), NULL, NULL,
                                0,       false };
                soap->operation = element_first(soap->body);
                if (soap->operation)
                        operation_read(tree, soap);
        }
        return soap->operation;
}

/* ---- what goes back ---- */

static void envelope_send(SoapVersion version, const Buffer *inside, unsigned status, Output *output)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        buffer_format(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"%s\"><soap:Body>",
                      versions[version].space);
        buffer_add(&out, inside->bytes, inside->size);
        buffer_text(&out, "</soap:Body></soap:Envelope>");
        reply(output, &(Reply){ status, versions[version].content_type, out.bytes, out.size });
}

/* <ns2:serviceResponse xmlns:ns2="..."><return>text</return></ns2:serviceResponse> */
void soap_result(const Soap *soap, const char *text, Output *output)
{
        const int prefix = (int)soap->prefix, qualified = soap->is_qualified ? prefix : 0;
        CLEANUP(buffer_free) Buffer out = { 0 };

        buffer_format(&out, "<%sResponse", soap->operation);
        if (soap->space) {
                buffer_format(&out, " xmlns%s%.*s=\"", prefix ? ":" : "", prefix ? prefix - 1 : 0, soap->operation);
                xml_write_text(&out, soap->space, strlen(soap->space));
                buffer_byte(&out, '"');
        }
        buffer_format(&out, "><%.*sreturn>", qualified, soap->operation);
        xml_write_text(&out, text, strlen(text));
        buffer_format(&out, "</%.*sreturn></%sResponse>", qualified, soap->operation, soap->operation);
        envelope_send(soap->version, &out, FINE, output);
}

void soap_fault(SoapVersion version, const Error *why, Output *output)
{
        static const char *const before[] = {
                [SOAP_11] = "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>",
                [SOAP_12] = "<soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code><soap:Reason>"
                            "<soap:Text xml:lang=\"en\">"
        };
        static const char *const behind[] = {
                [SOAP_11] = "</faultstring></soap:Fault>", [SOAP_12] = "</soap:Text></soap:Reason></soap:Fault>"
        };
        CLEANUP(buffer_free) Buffer out = { 0 };

        buffer_text(&out, before[version]);
        if (why->reason)
                buffer_format(&out, "%s: ", why->reason);
        xml_write_text(&out, why->text, strlen(why->text));
        buffer_text(&out, behind[version]);
        envelope_send(version, &out, version == SOAP_12 ? SENDER : SERVER, output);
}
