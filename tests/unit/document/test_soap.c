#include "hub/document/soap.h"

#include "tests/unit/dialect/output.h"

static const XmlSpace spaces[] = { { SOAP11, "soap11" }, { SOAP12, "soap12" }, { 0 } };
static const XmlForm form = { .spaces = spaces, .declarations = true };

#define HEAD11 "<e:Envelope xmlns:e=\"" SOAP11 "\">"
#define HEAD12 "<Envelope xmlns=\"" SOAP12 "\">"
#define TOLD   "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\""

static json_t *document_of(const char *text, const char *content_type, Error *err)
{
        const Record record = { .bytes = text, .size = strlen(text), .content_type = content_type };
        Output output = { 0 };

        return soap_document(&record, &form, &output, err);
}

/* What the operation in `text` is answered. */
static void result_assert(const char *text, const char *content_type, const char *body)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *tree = document_of(text, NULL, &err);
        Output output = { 0 };
        Soap soap;

        ck_assert_msg(soap_read(tree, &soap), "%s: %s", text, err.text);
        soap_result(&soap, "<r>&</r>", &output);
        ck_assert_uint_eq(output.status, 200);
        ck_assert_str_eq(output.content_type, content_type);
        ck_assert_str_eq(output.body, body);
}

#define RETURN "&lt;r&gt;&amp;&lt;/r&gt;"

START_TEST(the_answer_bears_the_operations_own_name_and_space)
{
        static const char text[] = "text/xml; charset=utf-8", soap[] = "application/soap+xml; charset=utf-8";

        result_assert(HEAD11 "<e:Body><service><xml>x</xml></service></e:Body></e:Envelope>", text,
                      TOLD SOAP11 "\"><soap:Body><serviceResponse><return>" RETURN
                                  "</return></serviceResponse></soap:Body></soap:Envelope>");
        result_assert(HEAD11 "<e:Body><n:Put xmlns:n=\"http://a/?b=1&amp;c\"><p>x</p></n:Put></e:Body></e:Envelope>",
                      text,
                      TOLD SOAP11 "\"><soap:Body><n:PutResponse xmlns:n=\"http://a/?b=1&amp;c\"><return>" RETURN
                                  "</return></n:PutResponse></soap:Body></soap:Envelope>");
        result_assert(HEAD11 "<e:Body xmlns:n=\"u\"><n:Put><n:p>x</n:p></n:Put></e:Body></e:Envelope>", text,
                      TOLD SOAP11 "\"><soap:Body><n:PutResponse xmlns:n=\"u\"><n:return>" RETURN
                                  "</n:return></n:PutResponse></soap:Body></soap:Envelope>");
        result_assert("<e:Envelope xmlns:n=\"u\" xmlns:e=\"" SOAP11
                      "\"><e:Header/><e:Body><n:Put/></e:Body></e:Envelope>",
                      text,
                      TOLD SOAP11 "\"><soap:Body><n:PutResponse xmlns:n=\"u\"><return>" RETURN
                                  "</return></n:PutResponse></soap:Body></soap:Envelope>");
        result_assert(HEAD12 "<Body><service xmlns=\"v\"><xml/></service></Body></Envelope>", soap,
                      TOLD SOAP12 "\"><soap:Body><serviceResponse xmlns=\"v\"><return>" RETURN
                                  "</return></serviceResponse></soap:Body></soap:Envelope>");
}
END_TEST

static void fault_assert(SoapVersion version, unsigned status, const char *inside)
{
        const Error why = { .kind = ERR_INPUT, .reason = "not_xml", .text = "line 1: <" };
        Output output = { 0 };

        soap_fault(version, &why, &output);
        ck_assert_uint_eq(output.status, status);
        ck_assert_msg(strstr(output.body, inside) != NULL, "%s", output.body);
}

START_TEST(a_fault_is_the_senders)
{
        fault_assert(SOAP_11, 500,
                     "<soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>not_xml: line 1: "
                     "&lt;</faultstring></soap:Fault></soap:Body>");
        fault_assert(SOAP_12, 400,
                     "<soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code><soap:Reason><soap:Text "
                     "xml:lang=\"en\">not_xml: line 1: &lt;</soap:Text></soap:Reason></soap:Fault>");
        ck_assert_int_eq(soap_version(&(Record){ .content_type = "Application/SOAP+xml; charset=utf-8" }), SOAP_12);
        ck_assert_int_eq(soap_version(&(Record){ .content_type = "text/xml" }), SOAP_11);
        ck_assert_int_eq(soap_version(&(Record){ 0 }), SOAP_11);
}
END_TEST

static bool is_soap(const char *text, bool *has_envelope)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *tree = document_of(text, NULL, &err);
        Soap soap;
        bool called = soap_read(tree, &soap);

        *has_envelope = soap.envelope;
        return called;
}

START_TEST(what_calls_nothing_is_no_call)
{
        bool has_envelope;

        ck_assert(!is_soap(HEAD11 "<e:Body/></e:Envelope>", &has_envelope) && has_envelope);
        ck_assert(!is_soap(HEAD11 "<e:Header/></e:Envelope>", &has_envelope) && has_envelope);
        ck_assert(!is_soap("<Envelope><Body><a/></Body></Envelope>", &has_envelope) && !has_envelope);
        ck_assert(!is_soap("[1]", &has_envelope) && !has_envelope);
}
END_TEST

START_TEST(parts_are_not_supported)
{
        Error err = { 0 };

        ck_assert_ptr_null(document_of("--b\r\n\r\n<a/>", NULL, &err));
        ck_assert_str_eq(err.reason, "unsupported");
        err = (Error){ 0 };
        ck_assert_ptr_null(document_of("<a/>", "multipart/related; boundary=b", &err));
        ck_assert_str_eq(err.reason, "unsupported");
}
END_TEST

START_TEST(markup_is_found_behind_other_texts)
{
        CLEANUP(json_drop)
        json_t *node = json_loads("{\"a\": \"1 < 2\", \"b\": {\"c\": [\"<no/>\"], \"d\": \"\\n <x/>\"}}", 0, NULL);

        ck_assert_str_eq(soap_markup(node), "<x/>");
        ck_assert_ptr_null(soap_markup(json_object_get(node, "a")));
        ck_assert_ptr_null(soap_markup(NULL));
}
END_TEST

RUN("soap", the_answer_bears_the_operations_own_name_and_space, a_fault_is_the_senders, what_calls_nothing_is_no_call,
    parts_are_not_supported, markup_is_found_behind_other_texts)
