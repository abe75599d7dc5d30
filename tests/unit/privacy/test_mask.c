#include "hub/base/memory.h"
#include "hub/privacy/mask.h"
#include "tests/unit/base/run.h"

#include <string.h>

static void plate_note(void *context, const char *plate)
{
        buffer_text(context, plate);
        buffer_byte(context, ';');
}

static void masks(const char *text, const char *want)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(buffer_free) Buffer plates = { 0 };
        bool any = mask_text(&out, text, NULL, plate_note, &plates);

        ck_assert_str_eq(out.size ? out.bytes : "", want);
        ck_assert_int_eq(any, strcmp(text, want) != 0);
}

static void keeps(const char *text)
{
        masks(text, text);
}

START_TEST(telephones_are_hidden)
{
        masks("电话13812345678。", "电话***********。");
        masks("tel:138-1234-5678,", "tel:***-****-****,");
        masks("138 1234 5678 请回电", "*** **** **** 请回电");
        masks("+86 13812345678", "+** ***********");
        masks("+86-138-1234-5678", "+**-***-****-****");
        masks("8613812345678", "*************");
        masks("0086 138 1234 5678", "**** *** **** ****");
        masks("１３８１２３４５６７８", "***********");
        masks("138—1234—5678", "***—****—****");
        masks("13812345678/15912345678", "***********/***********");
        masks("0592-5550123", "****-*******");
        masks("(0592)5550123", "(****)*******");
        masks("（0592）5550123", "（****）*******");
        masks("05925550123", "***********");
        masks("010-12345678", "***-********");
        masks("+1 619 555 0123", "+* *** *** ****");
        masks("18 2023-12-05 13812345678", "18 2023-12-05 ***********");
        masks("电话5553302，", "电话*******，");
        masks("联系电话：5553302", "联系电话：*******");
        masks("座机是 555-3302", "座机是 ***-****");
        masks("138.0013.8000", "***.****.****");
        masks("138/0013/8000", "***/****/****");
        masks("138_0013_8000", "***_****_****");
        masks("138·0013·8000", "***·****·****");
        masks("138•0013•8000 138・0013・8000", "***•****•**** ***・****・****");
        masks("138*0013*8000", "***********"
                               "**");
        masks("138\n00138000", "***\n********");
        masks("1380\r\n0138000", "****\r\n*******");
        masks("138  0013　　8000", "***  ****　　****");
        masks("138 - 0013 - 8000", "*** - **** - ****");
        masks("1 3 8 0 0 1 3 8 0 0 0", "* * * * * * * * * * *");
        masks("13 800138000", "** *********");
        masks("1395920123 4", "********** *");
        masks("139 59 20 12 34", "*** ** ** ** **");
        masks("139-5920-12-34", "***-****-**-**");
        masks("(138)0013-8000 [138]00138000 【138】0013 8000", "(***)****-**** [***]******** 【***】**** ****");
        masks("１３８．００１３．８０００", "***．****．****");
        masks("一三八零零一三八零零零", "***********");
        masks("幺三八〇〇幺三八〇〇〇,打不通", "***********,打不通");
        masks("一三八 零零一三 八零零零", "*** **** ****");
        masks("1三8零零一3八000", "***********");
        masks("星期一一三八零零一三八零零零一直忙", "星期一***********一直忙");
        masks("周一13800138000一直忙", "周一***********一直忙");
        masks("+86.138.0013.8000", "+**.***.****.****");
        masks("(+86)138/0013/8000", "(+**)***/****/****");
        masks("0086_138_0013_8000", "****_***_****_****");
        masks("86138.0013.8000", "*****.****.****");
        masks("+1.619.555.0123", "+*.***.***.****");
        masks("+86.592.5551234", "+**.***.*******");
        masks("0592.5551234 0592/5551234", "****.******* ****/*******");
        masks("0592_555_1234 0592·5551234", "****_***_**** ****·*******");
        masks("（0592） 555　1234", "（****） ***　****");
        masks("0592\n5551234", "****\n*******");
        masks("零五九二五五五一二三四", "***********");
        masks("010.12345678", "***.********");
        masks("电话五五五三三零二 电话555.3302", "电话******* 电话***.****");
        masks("13959201234转8", "***********转8");
        masks("13959201234/0592-5551234", "***********/****-*******");
        masks("电话13 959 201 234，手机139592.01234", "电话** *** *** ***，手机******.*****");
        masks("139，5920，1234 139、5920、1234 139~5920~1234 139:5920:1234",
              "***，****，**** ***、****、**** ***~****~**** ***:****:****");
        masks("139        5920 1234", "139        5920 1234"); /* two columns */
        masks("139     5920 1234", "***     **** ****");
        masks("013959201234 17951-13959201234", "************ *****-***********");
        masks("0 5 9 2 5 5 5 1 2 3 4", "* * * * * * * * * * *");
        masks("00852 9123 4567", "***** **** ****");
        masks("联系方式5551234 tel: 5551234", "联系方式******* tel: *******");
        masks("1.13959201234 2.13959201235", "1.*********** 2.***********");
        keeps("来电时间20231205");
        keeps("来电 2023-12-05 08:30");
        keeps("工单5553302");
}
END_TEST

/* What a person reads as a digit is one, and what nobody sees parts nothing. */
START_TEST(digits_of_every_writing_are_hidden)
{
        masks("①③⑨⑤⑨②⓪①②③④", "***********");
        masks("❶❸❾-❺❾❷⓿-❶❷❸❹", "***-****-****");
        masks("⑴⑶⑼⑸⑼⑵0⑴⑵⑶⑷ ⒈⒊⒐⒌⒐⒉0⒈⒉⒊⒋", "*********** ***********");
        masks("¹³⁹⁵⁹²⁰¹²³⁴ ₁₃₉₅₉₂₀₁₂₃₄", "*********** ***********");
        masks("١٣٩٥٩٢٠١٢٣٤ ۱۳۹۵۹۲۰۱۲۳۴ १३९५९२०१२३४", "*********** *********** ***********");
        masks("𝟏𝟑𝟗𝟓𝟗𝟐𝟎𝟏𝟐𝟑𝟒 ㈠㈢㈨㈤㈨㈡〇㈠㈡㈢㈣", "*********** ***********");
        masks("壹參玖伍玖貳零壹貳參肆 洞五九二五五五幺两三四", "*********** ***********");
        masks("1️⃣3️⃣9️⃣5️⃣9️⃣2️⃣0️⃣1️⃣2️⃣3️⃣4️⃣",
              "*********************************");
        masks("①13959201234②13959201235", "①***********②***********");
        masks("139\xe2\x80\x8e"
              "5920\xe2\x80\x8c"
              "1234\xe2\x80\x8b",
              "**************");
        masks("\xef\xbb\xbf"
              "13959201234",
              "************");
        masks("139\x01"
              "59201234",
              "************");
        masks("139592O1234, l395920l234 O592-555l234", "***********, *********** ****-*******");
        masks("139592О1234", "***********");
        keeps("①②③④⑤⑥⑦⑧⑨ m² m³");
        keeps("OIL IO 13 LOLLIPOP 1O1 SO2 20231205E001");
        keeps("型号LO1234567IL8 HLO2023120500231");
}
END_TEST

START_TEST(id_numbers_are_hidden)
{
        masks("三五零二零六一九八零零一零一一二三四", "******************");
        masks("３５０２０６１９８００１０１１２３Ｘ 35020619800101123Х", "****************** ******************");
        masks("350206.19800101.1234 350206/1980/0101/123X", "******.********.**** ******/****/****/****");
        masks("3 5 0 2 0 6 1 9 8 0 0 1 0 1 1 2 3 4", "* * * * * * * * * * * * * * * * * *");
        masks("身份证号：35 0206 19 800101 1234", "身份证号：** **** ** ****** ****");
        masks("350206\n19800101\n1234", "******\n********\n****");
        keeps("35 02 06 19 80 01 01 12 35");
        masks("身份证11010519491231002X。", "身份证******************。");
        masks("11010519491231002x", "******************");
        masks("110105 19491231 002X", "****** ******** ****");
        masks("110105194912310021", "******************"); /* mistyped: still somebody's */
        masks("110105491231002", "***************");
        masks("一一０一０５"
              "１１０１０５１９４９１２３１００２Ｘ",
              "一一０一０５"
              "１１０１０５１９４９１２３１００２Ｘ");
}
END_TEST

START_TEST(bank_cards_are_hidden)
{
        masks("卡号4111111111111111", "卡号****************");
        masks("6222 0212 3456 7894", "**** **** **** ****");
        keeps("4111111111111112");
}
END_TEST

START_TEST(addresses_of_mail_are_hidden)
{
        masks("写信到lin.wei_2@example.com.cn。", "写信到***.*****@*******.***.**。");
        masks("ａ@ｂ.ｃｎ", "*@*.**");
        keeps("@厦门湖里 a@b @x.y z@");
}
END_TEST

/* Numbers of cases, times, money and places are what a report is about. */
START_TEST(other_numbers_stay)
{
        keeps("工单250912101108115409");
        keeps("SourceID 35020601138123456781234567890123456789012");
        keeps("2023-12-05 08:42:10");
        keeps("20231205083107");
        keeps("20231205083107123");
        keeps("350206202312050017");
        keeps("HLWG2023120500231");
        keeps("118.1147685, 24.5098473");
        keeps("118.13812345678");
        keeps("138123456789");
        keeps("枋湖南路123号456室");
        keeps("350206");
        keeps("价格 1380 元, 12345678 元");
        keeps("1701736215.12-ab12cd");
        keeps("1501/1502/150");
        keeps("1301/1302/1303室 0301/1302/1303");
        keeps("15/16/17/18/19/2");
        keeps("15-16-17-18-19-2");
        keeps("15 16 17 18 19 2");
        keeps("13 800 138 000元");
        keeps("13800.138000");
        keeps("1380.0138000");
        keeps("15 20231205 3");
        keeps("13 45 120 56 78 12");
        keeps("131 128 95 140");
        keeps("13.12.2023 08:30:15.123");
        keeps("2023.12.15 13.45.10.1");
        keeps("2023/12/15/13/45/10/12");
        keeps("1500*2000*300");
        keeps("1381234567.5");
        keeps("1701742800.123456-abc123");
        keeps("138****8000");
        keeps("+0.12345678 +12.345678");
        keeps("192.168.100.101 158.123.123.12:8080");
        keeps("二零二三年十二月五日一三五号");
        keeps("一三五七九，二四六八十");
        keeps("三五一十五，一五一十地说");
        keeps("一般一三九路公交");
        keeps("0592 0593 0594");
        keeps("13-12-05 138");
        keeps("13-12-05-10-11-1");
        keeps("");
}
END_TEST

static void tells(const char *text, const char *want, const char *plates)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(buffer_free) Buffer told = { 0 };

        mask_text(&out, text, NULL, plate_note, &told);
        ck_assert_str_eq(out.bytes, want);
        ck_assert_str_eq(told.size ? told.bytes : "", plates);
}

START_TEST(plates_are_hidden_and_told)
{
        tells("车牌闽D12345违停", "车牌*******违停", "闽D12345;");
        tells("闽D·12345", "**·*****", "闽D12345;");
        tells("闽 D 12345", "* * *****", "闽D12345;");
        tells("闽d1234a, 粤B12345D", "*******, ********", "闽D1234A;粤B12345D;");
        tells("闽DD12345", "********", "闽DD12345;");
        tells("闽Ｄ１２３４５", "*******", "闽D12345;");
        tells("闽D1234挂 闽D1234警", "******* *******", "闽D1234挂;闽D1234警;");
        tells("粤Z1234港", "*******", "粤Z1234港;");
        tells("使014578", "*******", "使014578;");
        tells("新ABCDEF 新AB1C2D3 闽D123456 藏B2层 川A店", "新ABCDEF 新AB1C2D3 闽D123456 藏B2层 川A店", "");
        tells("闽D12", "闽D12", "");
        tells("闽", "闽", "");
}
END_TEST

START_TEST(words_that_name_somebody_are_hidden)
{
        static const char *const known[] = { "陈小明", "Lin", "陈", NULL };
        CLEANUP(buffer_free) Buffer out = { 0 };

        ck_assert(mask_text(&out, "联系人陈小明（陈先生），Linking LIN", known, NULL, NULL));
        ck_assert_str_eq(out.bytes, "联系人***（陈先生），Linking ***");
}
END_TEST

START_TEST(broken_text_is_copied_as_it_is)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        ck_assert(mask_text(&out, "\xff\xe5 13812345678 \xe9\x97", NULL, NULL, NULL));
        ck_assert_str_eq(out.bytes, "\xff\xe5 *********** \xe9\x97");
}
END_TEST

START_TEST(a_number_alone_has_a_kind)
{
        ck_assert_int_eq(mask_number_kind("138-1234-5678"), NUMBER_PHONE);
        ck_assert_int_eq(mask_number_kind("11010519491231002X"), NUMBER_PERSON);
        ck_assert_int_eq(mask_number_kind("350206199003071454"), NUMBER_PERSON); /* passes Luhn as well */
        ck_assert_int_eq(mask_number_kind("4111111111111111"), NUMBER_CARD);
        ck_assert_int_eq(mask_number_kind("13812345678 x"), NUMBER_NONE);
        ck_assert_int_eq(mask_number_kind("lin"), NUMBER_NONE);
        ck_assert_int_eq(mask_number_kind(""), NUMBER_NONE);
}
END_TEST

RUN("mask", telephones_are_hidden, digits_of_every_writing_are_hidden, id_numbers_are_hidden, bank_cards_are_hidden,
    addresses_of_mail_are_hidden, other_numbers_stay, plates_are_hidden_and_told, words_that_name_somebody_are_hidden,
    broken_text_is_copied_as_it_is, a_number_alone_has_a_kind)
