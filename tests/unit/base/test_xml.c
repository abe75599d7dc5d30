#include "hub/base/buffer.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/xml.h"
#include "tests/unit/base/run.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const XmlSpace spaces[] = { { "http://www.w3.org/2005/Atom", "" },
                                   { "http://purl.org/dc/elements/1.1/", "dc" },
                                   { "http://www.w3.org/1999/xhtml", NULL },
                                   { 0 } };
static const XmlForm form = { .spaces = spaces, .lists = "entry link item" };
static const XmlForm folded = { .lists = "item", .fold = true };

static json_t *read_text(const XmlForm *of, const char *text)
{
        Error err = { 0 };
        json_t *tree = xml_read(text, strlen(text), of, &err);

        ck_assert_msg(tree != NULL, "%s: %s", text, err.text);
        return tree;
}

static void tree_assert(const XmlForm *of, const char *text, const char *want)
{
        CLEANUP(json_drop) json_t *tree = read_text(of, text);
        CLEANUP(json_drop) json_t *wanted = json_loads(want, 0, NULL);
        CLEANUP(mem_drop) char *got = json_dumps(tree, JSON_COMPACT);

        ck_assert_ptr_nonnull(wanted);
        ck_assert_msg(json_equal(tree, wanted), "%s: %s", text, got);
}

static void refused_assert(const char *bytes, size_t size, const char *reason, const char *text)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *tree = xml_read(bytes, size, &form, &err);

        ck_assert_ptr_null(tree);
        ck_assert_int_eq(err.kind, ERR_INPUT);
        ck_assert_str_eq(err.reason, reason);
        ck_assert_msg(strstr(err.text, text) != NULL, "%s", err.text);
}

#define REFUSED(text, reason, why) refused_assert((text), strlen(text), (reason), (why))

START_TEST(the_example_of_the_contract)
{
        tree_assert(&form, "<entry id=\"7\"><title type=\"html\">a</title><link rel=\"x\" href=\"u\"/></entry>",
                    "{\"entry\": [{\"@id\": \"7\", \"title\": \"a\", \"title@type\": \"html\","
                    " \"link\": [{\"@rel\": \"x\", \"@href\": \"u\"}]}]}");
}
END_TEST

START_TEST(the_form_decides_what_is_a_list)
{
        tree_assert(&form, "<a><item>1</item></a>", "{\"a\": {\"item\": [{\"#text\": \"1\"}]}}");
        tree_assert(&form, "<a><item>1</item><b/><item>2</item></a>",
                    "{\"a\": {\"item\": [{\"#text\": \"1\"}, {\"#text\": \"2\"}], \"b\": \"\"}}");
        tree_assert(&form, "<a><item/></a>", "{\"a\": {\"item\": [{}]}}");
        tree_assert(&form, "<a><b k=\"1\">x</b><b k=\"2\" l=\"3\"><c>y</c></b></a>",
                    "{\"a\": {\"b\": \"x\", \"b@k\": \"1\"}}");
        tree_assert(&form, "<a><items>1</items></a>", "{\"a\": {\"items\": \"1\"}}");
}
END_TEST

START_TEST(texts_are_trimmed_and_whole)
{
        tree_assert(&form, "<a>\n  x <![CDATA[<y>]]>&amp;&#x6e56; \t</a>", "{\"a\": \"x <y>&湖\"}");
        tree_assert(&form, "<a>  </a>", "{\"a\": \"\"}");
        tree_assert(&form, "<a> one <b> two </b> three </a>", "{\"a\": {\"#text\": \"one  three\", \"b\": \"two\"}}");
        tree_assert(&form, "<item> one <b/> two </item>", "{\"item\": [{\"#text\": \"one  two\", \"b\": \"\"}]}");
        tree_assert(&form, "<a>x<!-- no --><?p i?>y</a>", "{\"a\": \"xy\"}");
}
END_TEST

START_TEST(name_spaces_go_by_the_forms_prefixes)
{
        tree_assert(&form,
                    "<f:feed xmlns:f=\"http://www.w3.org/2005/Atom\" xmlns:q=\"http://purl.org/dc/elements/1.1/\">"
                    "<f:entry q:k=\"1\"><q:date>d</q:date></f:entry></f:feed>",
                    "{\"feed\": {\"entry\": [{\"@dc:k\": \"1\", \"dc:date\": \"d\"}]}}");
        tree_assert(&form, "<x xmlns=\"urn:other\" xmlns:p=\"urn:p\"><p:y xml:lang=\"zh\">1</p:y></x>",
                    "{\"x\": {\"p:y\": \"1\", \"p:y@xml:lang\": \"zh\"}}");
        tree_assert(&form, "<x><dc:date>1</dc:date><b:c>2</b:c></x>", "{\"x\": {\"dc:date\": \"1\", \"b:c\": \"2\"}}");
        /* A prefix means something until its element ends, and an inner one hides it. */
        tree_assert(&form,
                    "<x><y xmlns:q=\"http://purl.org/dc/elements/1.1/\"><q:z/><w xmlns:q=\"urn:q\"><q:z/></w></y>"
                    "<q:v/></x>",
                    "{\"x\": {\"y\": {\"dc:z\": \"\", \"w\": {\"q:z\": \"\"}}, \"q:v\": \"\"}}");
        tree_assert(&folded, "<ROOT><Item ID=\"A\"/><ITEM/></ROOT>", "{\"root\": {\"item\": [{\"@id\": \"A\"}, {}]}}");
}
END_TEST

START_TEST(markup_stays_text)
{
        tree_assert(&form,
                    "<entry xmlns=\"http://www.w3.org/2005/Atom\"><content type=\"xhtml\">"
                    "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p a=\"&quot;\">1 &lt; 2</p><br/><q "
                    "xmlns=\"urn:q\">3</q></div>"
                    "</content><title>t</title></entry>",
                    "{\"entry\": [{\"content\": \"<div><p a=\\\"&quot;\\\">1 &lt; 2</p><br></br><q>3</q></div>\","
                    " \"content@type\": \"xhtml\", \"title\": \"t\"}]}");
        tree_assert(&form, "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>x</body></html>",
                    "{\"html\": \"<body>x</body>\"}");
}
END_TEST

START_TEST(links_are_whole_under_a_base)
{
        tree_assert(&form,
                    "<a xml:base=\"http://h/x/\"><b xml:base=\"y/\"><link href=\"z\" rel=\"k\"/></b><link href=\"/w\"/>"
                    "<img src=\"s\">t</img></a>",
                    "{\"a\": {\"b\": {\"link\": [{\"@href\": \"http://h/x/y/z\", \"@rel\": \"k\"}]}, \"b@xml:base\": "
                    "\"y/\","
                    " \"link\": [{\"@href\": \"http://h/w\"}], \"img\": \"t\", \"img@src\": \"http://h/x/s\"},"
                    " \"a@xml:base\": \"http://h/x/\"}");
        tree_assert(&form, "<a><link href=\"z\"/></a>", "{\"a\": {\"link\": [{\"@href\": \"z\"}]}}");
}
END_TEST

START_TEST(the_root_comes_first)
{
        CLEANUP(json_drop)
        json_t *tree = read_text(&form, "\xef\xbb\xbf\n <?xml version=\"1.0\" encoding=\"gb2312\"?><r v=\"1\">湖</r>");

        ck_assert_str_eq(json_object_iter_key(json_object_iter(tree)), "r");
        ck_assert_str_eq(json_text(tree, "r"), "湖");
        ck_assert_str_eq(json_text(tree, "r@v"), "1");
}
END_TEST

START_TEST(what_is_refused_says_why_and_where)
{
        REFUSED("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "doctype", "line 1");
        REFUSED("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "doctype", "line 1");
        REFUSED("\n<a>\n<b></a>", "not_xml", "line 3: mismatched tag");
        REFUSED("<a>&nbsp;</a>", "not_xml", "line 1: undefined entity");
        REFUSED("<a b=\"1\" b=\"2\"/>", "not_xml", "duplicate attribute");
        REFUSED("<a>\xff</a>", "not_xml", "line 1");
        REFUSED("<a/><b/>", "not_xml", "line 1");
        REFUSED("", "not_xml", "no element found");
        REFUSED("{\"a\": 1}", "not_xml", "line 1");
        refused_assert("<a>\0</a>", 8, "not_xml", "line 1");
}
END_TEST

static void repeat(Buffer *out, const char *text, size_t times)
{
        for (size_t i = 0; i < times; i++)
                buffer_text(out, text);
}

START_TEST(depth_is_bounded_as_json_counts_it)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };

        repeat(&text, "<a>", 32);
        repeat(&text, "</a>", 32);
        {
                CLEANUP(json_drop) json_t *tree = xml_read(text.bytes, text.size, &form, &err);
                CLEANUP(mem_drop) char *json = tree ? json_dumps(tree, 0) : NULL;
                CLEANUP(json_drop) json_t *again = json ? json_read(json, strlen(json), &err) : NULL;

                ck_assert_msg(tree && again, "%s", err.text);
        }
        buffer_clear(&text);
        repeat(&text, "<a>", 33);
        REFUSED(text.bytes, "too_deep", "line 1");
        buffer_clear(&text);
        repeat(&text, "<item>", 17);
        REFUSED(text.bytes, "too_deep", "line 1");
        buffer_clear(&text);
        repeat(&text, "<a>", 100000);
        REFUSED(text.bytes, "too_deep", "line 1");
        /* also where nothing is kept of it, and in markup */
        buffer_clear(&text);
        buffer_text(&text, "<a><b/>");
        repeat(&text, "<b>", 100000);
        REFUSED(text.bytes, "too_deep", "line 1");
        buffer_clear(&text);
        buffer_text(&text, "<a><x:b xmlns:x=\"http://www.w3.org/1999/xhtml\">");
        repeat(&text, "<x:b>", 100000);
        REFUSED(text.bytes, "too_deep", "line 1");
}
END_TEST

START_TEST(a_hundred_thousand_attributes_are_read)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };

        buffer_text(&text, "<a><b");
        for (int i = 0; i < 100000; i++)
                buffer_format(&text, " a%d=\"\"", i);
        buffer_text(&text, "/></a>");
        {
                CLEANUP(json_drop) json_t *tree = xml_read(text.bytes, text.size, &form, &err);

                ck_assert_msg(tree != NULL, "%s", err.text);
                ck_assert_uint_eq(json_object_size(json_object_get(tree, "a")), 100001);
        }
        buffer_clear(&text);
        buffer_text(&text, "<a");
        for (int i = 0; i < 100000; i++)
                buffer_format(&text, " xmlns:a%d=\"\"", i);
        buffer_text(&text, "/>");
        REFUSED(text.bytes, "too_large", "line 1");
}
END_TEST

START_TEST(what_would_fill_memory_is_refused)
{
        static const char *const units[] = { "<a%zu/>", "<item/>", "<item>%zu</item>", "<a b%zu=\"\"/>",
                                             "<b><a%zu/></b>" };
        CLEANUP(buffer_free) Buffer text = { 0 };

        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
                buffer_clear(&text);
                buffer_text(&text, "<r>");
                for (size_t k = 0; text.size < 15 * 1024 * 1024; k++) {
                        const char *mark = strstr(units[i], "%zu");

                        buffer_add(&text, units[i], mark ? (size_t)(mark - units[i]) : strlen(units[i]));
                        if (mark)
                                buffer_format(&text, "%zu%s", k, mark + 3);
                }
                buffer_text(&text, "</r>");
                REFUSED(text.bytes, "too_large", "line 1: a tree of over");
        }
        buffer_clear(&text);
        buffer_text(&text, "<a b=\"");
        repeat(&text, "0123456789abcdef", 128 * 1024);
        buffer_text(&text, "\"/>");
        REFUSED(text.bytes, "too_large", "a tag of over 1 MiB");
        repeat(&text, "0123456789abcdef", 1024 * 1024);
        REFUSED(text.bytes, "too_large", "more than 16 MiB");
}
END_TEST

START_TEST(a_text_of_eight_mib_is_read)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };

        buffer_text(&text, "<a>");
        repeat(&text, "0123456789abcde\n", 8 * 1024 * 64);
        buffer_text(&text, "</a>");
        {
                CLEANUP(json_drop) json_t *tree = xml_read(text.bytes, text.size, &form, &err);

                ck_assert_msg(tree != NULL, "%s", err.text);
                ck_assert_uint_eq(json_string_length(json_object_get(tree, "a")), 8 * 1024 * 1024 - 1);
        }
        memcpy(text.bytes + text.size - 4, "xxxx", 4);
        REFUSED(text.bytes, "too_large", "a text of over 8 MiB");
}
END_TEST

static void encoding_assert(const char *text, const char *want)
{
        char encoding[32] = "";

        ck_assert_msg(xml_encoding(text, strlen(text), encoding, sizeof(encoding)) == (want != NULL), "%s", text);
        if (want)
                ck_assert_str_eq(encoding, want);
}

START_TEST(the_declared_encoding)
{
        encoding_assert("<?xml version=\"1.0\" encoding=\"gb2312\"?><a/>", "gb2312");
        encoding_assert("\n<?xml version='1.0' encoding = 'GB18030' standalone='yes' ?>", "GB18030");
        encoding_assert("<?xml version=\"1.0\"?><a encoding=\"x\"/>", NULL);
        encoding_assert("<?xml version=\"1.0\" encoding=\"\"?>", NULL);
        encoding_assert("<?xml version=\"1.0\" encoding=\"a b\"?>", NULL);
        encoding_assert("<?xml version=\"1.0\" encoding=\"gb2312", NULL);
        encoding_assert("<?xml version=\"1.0\" encoding=\"0123456789012345678901234567890123456789\"?>", NULL);
        encoding_assert("<a encoding=\"x\"?>", NULL);
        encoding_assert("", NULL);
}
END_TEST

START_TEST(declarations_stay_where_the_form_wants_them)
{
        static const XmlForm declaring = { .spaces = spaces, .declarations = true };
        static const char text[] = "<p:a xmlns:p=\"u\"><b xmlns=\"v\" c=\"1\"/></p:a>";

        tree_assert(&declaring, text,
                    "{\"p:a\": {\"b\": \"\", \"b@xmlns\": \"v\", \"b@c\": \"1\"}, \"p:a@xmlns:p\": \"u\"}");
        tree_assert(&form, text, "{\"p:a\": {\"b\": \"\", \"b@c\": \"1\"}}");
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
        static const char tree[] =
                "{\"a\": {\"item\": [{\"b\": \"湖 <]]> & \\\"x\\\" \\n'\"}, {\"b\": \"\"}], \"c\": \"2\"}}";
        CLEANUP(json_drop) json_t *told = json_loads(tree, 0, NULL);
        CLEANUP(buffer_free) Buffer out = { 0 };

        xml_write_tree(&out, told);
        ck_assert_str_eq(
                out.bytes,
                "<a><item><b>湖 &lt;]]&gt; &amp; &quot;x&quot; \n'</b></item><item><b></b></item><c>2</c></a>");
        tree_assert(&form, out.bytes, tree);
        buffer_clear(&out);
        xml_write_text(&out, "a\x01\0b\t\x7f", 6);
        ck_assert_str_eq(out.bytes, "ab\t\x7f");
}
END_TEST

/* Whatever the bytes: a tree, or a refusal with a reason. */
START_TEST(cuts_and_flips_never_crash)
{
        static const char whole[] =
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><f:feed xmlns:f=\"http://www.w3.org/2005/Atom\" "
                "xml:base=\"http://h/a/\">"
                "<f:entry id=\"湖\"><f:title type=\"html\">a &amp; b</f:title><link rel=\"x\" href=\"../u?v#w\"/>"
                "<c><d xmlns=\"http://www.w3.org/1999/xhtml\"><p>x<br/></p></d></c><![CDATA[<z>]]></f:entry><!-- c "
                "--></f:feed>";
        const size_t size = sizeof(whole) - 1;
        uint32_t chance = 2463534242u;

        for (size_t round = 0; round < 20000; round++) {
                CLEANUP(mem_drop) char *bytes = mem_copy(whole, size);
                size_t cut = round < size ? round : size;
                Error err = { 0 };

                for (size_t flips = round < size ? 0 : 1 + round % 4; flips; flips--) {
                        chance ^= chance << 13, chance ^= chance >> 17, chance ^= chance << 5;
                        bytes[chance % size] = (char)(chance >> 24);
                }
                {
                        CLEANUP(mem_drop) char *exact = cut ? mem_copy(bytes, cut) : NULL;
                        CLEANUP(json_drop) json_t *tree = xml_read(exact, cut, &form, &err);

                        ck_assert(tree ? err.kind == ERR_NONE : err.kind == ERR_INPUT && err.reason);
                }
        }
}
END_TEST

RUN("xml", the_example_of_the_contract, the_form_decides_what_is_a_list, texts_are_trimmed_and_whole,
    name_spaces_go_by_the_forms_prefixes, markup_stays_text, links_are_whole_under_a_base, the_root_comes_first,
    what_is_refused_says_why_and_where, depth_is_bounded_as_json_counts_it, a_hundred_thousand_attributes_are_read,
    what_would_fill_memory_is_refused, a_text_of_eight_mib_is_read, the_declared_encoding,
    declarations_stay_where_the_form_wants_them, what_is_written_is_read_again, cuts_and_flips_never_crash)
