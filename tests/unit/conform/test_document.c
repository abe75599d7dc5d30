#include "hub/base/memory.h"
#include "hub/conform/document.h"
#include "tests/unit/base/run.h"

#include <string.h>

typedef struct {
        Document document;
        Arena *arena;
} Read;

static Read read_text(const char *text, DocumentKind kind)
{
        Read read = { .arena = arena_new() };

        document_read(&read.document, text, strlen(text), read.arena);
        ck_assert_msg(read.document.kind == kind, "%s: kind %d", text, (int)read.document.kind);
        return read;
}

static void read_drop(Read *read)
{
        document_close(&read->document);
        arena_free(read->arena);
}

static void with_is(const Document *document, Span span, const char *text, const char *wanted)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        document_with(document, span, text, &out);
        ck_assert_str_eq(out.bytes, wanted);
}

START_TEST(a_member_of_json_is_replaced_or_taken_out_with_its_comma)
{
        CLEANUP(read_drop)
        Read read = read_text("{\"a\": \"x\\\"}\", \"b\": [1, {\"c\": null}], \"d\" : 2 }", DOCUMENT_JSON);
        const Leaf *leaves = read.document.leaves;

        ck_assert_uint_eq(read.document.leaves_size, 4);
        ck_assert_str_eq(leaves[0].path, "a");
        ck_assert_str_eq(leaves[1].path, "b[]");
        ck_assert_str_eq(leaves[2].path, "b[].c");
        with_is(&read.document, leaves[0].value, "7", "{\"a\": 7, \"b\": [1, {\"c\": null}], \"d\" : 2 }");
        with_is(&read.document, leaves[0].whole, "", "{ \"b\": [1, {\"c\": null}], \"d\" : 2 }");
        with_is(&read.document, leaves[2].whole, "", "{\"a\": \"x\\\"}\", \"b\": [1, {}], \"d\" : 2 }");
        with_is(&read.document, leaves[3].whole, "", "{\"a\": \"x\\\"}\", \"b\": [1, {\"c\": null}] }");
        ck_assert_uint_eq(leaves[1].whole.end, 0);
        ck_assert_uint_eq(read.document.items_size, 1);
        with_is(&read.document, read.document.items[0].whole, "!", "{\"a\": \"x\\\"}\", \"b\": [1, !], \"d\" : 2 }");
}
END_TEST

START_TEST(elements_and_attributes_of_xml)
{
        CLEANUP(read_drop)
        Read read =
                read_text("<?xml version=\"1.0\"?><p xmlns=\"u\"><r n='1'><id>7</id><t><![CDATA[<b>]]></t></r><e/></p>",
                          DOCUMENT_XML);
        const Document *document = &read.document;

        ck_assert_uint_eq(document->leaves_size, 3);
        ck_assert_str_eq(document->leaves[0].path, "p.r@n");
        ck_assert_str_eq(document->leaves[1].path, "p.r.id");
        ck_assert_str_eq(document->leaves[2].path, "p.r.t");
        with_is(document, document->leaves[1].whole, "",
                "<?xml version=\"1.0\"?><p xmlns=\"u\"><r n='1'><t><![CDATA[<b>]]></t></r><e/></p>");
        with_is(document, document->leaves[2].value, "x",
                "<?xml version=\"1.0\"?><p xmlns=\"u\"><r n='1'><id>7</id><t>x</t></r><e/></p>");
        ck_assert_uint_eq(document->items_size, 1);
        ck_assert_str_eq(document->items[0].name, "r");
}
END_TEST

/* A title above the header is no row, a line feed in quotes ends none. */
START_TEST(cells_of_a_table_go_by_their_header)
{
        CLEANUP(read_drop)
        Read read = read_text("list of letters,,\r\nnumber,text,state\r\n1,\"a\nb, \"\"c\"\"\",open\r\n2,d,\r\n",
                              DOCUMENT_TABLE);
        const Document *document = &read.document;

        ck_assert_uint_eq(document->items_size, 2);
        ck_assert_uint_eq(document->leaves_size, 6);
        ck_assert_str_eq(document->leaves[1].path, "text");
        with_is(document, document->leaves[1].value, "-",
                "list of letters,,\r\nnumber,text,state\r\n1,-,open\r\n2,d,\r\n");
        with_is(document, document->leaves[5].value, "-",
                "list of letters,,\r\nnumber,text,state\r\n1,\"a\nb, \"\"c\"\"\",open\r\n2,d,-\r\n");
        with_is(document, document->items[0].whole, "", "list of letters,,\r\nnumber,text,state\r\n2,d,\r\n");
}
END_TEST

START_TEST(what_is_none_of_them_has_no_leaves)
{
        static const char *const texts[] = { "",          "##0101QN=1;ST=22",    "{\"a\":",
                                             "<a><b></a", "<!DOCTYPE html><p>x", "one line, no more" };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                CLEANUP(read_drop) Read read = read_text(texts[i], DOCUMENT_OTHER);

                ck_assert_uint_eq(read.document.leaves_size, 0);
        }
}
END_TEST

/* Length and CRC are those of the changed packet: made by a program in Python of HJ 212's annex A. */
START_TEST(a_packet_is_sealed_anew)
{
        static const char packet[] = "##0065MN=7;CN=2011;CP=&&DataTime=20231205083000;LA-Rtd=50.1,LA-Flag=N&&0B40\r\n";
        CLEANUP(read_drop) Read read = read_text(packet, DOCUMENT_PACKET);
        const Leaf *leaves = read.document.leaves;

        ck_assert_uint_eq(read.document.leaves_size, 5);
        ck_assert_str_eq(leaves[0].path, "MN");
        ck_assert_str_eq(leaves[2].path, "CP.DataTime");
        ck_assert_str_eq(leaves[3].path, "CP.LA-Rtd");
        with_is(&read.document, leaves[3].value, "631.25",
                "##0067MN=7;CN=2011;CP=&&DataTime=20231205083000;LA-Rtd=631.25,LA-Flag=N&&9E81\r\n");
        with_is(&read.document, leaves[2].whole, "", "##0041MN=7;CN=2011;CP=&&LA-Rtd=50.1,LA-Flag=N&&B2C1\r\n");
        with_is(&read.document, leaves[0].whole, "",
                "##0060CN=2011;CP=&&DataTime=20231205083000;LA-Rtd=50.1,LA-Flag=N&&9481\r\n");
}
END_TEST

RUN("document", a_packet_is_sealed_anew, a_member_of_json_is_replaced_or_taken_out_with_its_comma,
    elements_and_attributes_of_xml, cells_of_a_table_go_by_their_header, what_is_none_of_them_has_no_leaves)
