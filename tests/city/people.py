"""
Made-up persons, and the personal data that they leave in what they write. Everything handed out is remembered: plant()ed texts must never
be seen again. Names stand only in members of their own: in free text they cannot be found surely.
"""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FAMILY = "欧阳 司徒 上官 陈 林 黄 张 李 王 吴 蔡 刘 杨 许 郑 谢 郭 洪 曾 邱 苏 叶 庄".split()
GIVEN = "惠 建 志 明 丽 国 雅 文 金 秀 海 振 晓 玉 德 伟 淑 俊 嘉 宗 泽 桂 鸿 翠".split()
MOBILE = "134 135 138 139 150 158 177 186 189 199".split()


class People:
    def __init__(self, random):
        self.random, self.planted = random, {}

    def view(self, random):
        """The same memory, with dice of somebody's own."""
        other = People(random)
        other.planted = self.planted
        return other

    def plant(self, kind, text):
        self.planted[text] = kind
        return text

    def digits(self, size):
        return "".join(self.random.choice("0123456789") for _ in range(size))

    def name(self):
        name = self.random.choice(FAMILY) + self.random.choice(GIVEN) + self.random.choice(GIVEN)
        return self.plant("name", name)

    def phone(self):
        number = self.random.choice(MOBILE) + self.digits(8)
        forms = (number, number, "%s-%s-%s" % (number[:3], number[3:7], number[7:]), "+86 " + number, "%s %s %s" % (number[:3], number[3:7], number[7:]))
        self.plant("phone", number)
        return self.plant("phone", self.random.choice(forms))

    def member_phone(self):
        return self.plant("phone", self.random.choice(MOBILE) + self.digits(8))

    def person_id(self):
        body = "3502" + self.random.choice(("03", "05", "06", "11")) + "19%02d%02d%02d" % (
            self.random.randint(50, 99), self.random.randint(1, 12), self.random.randint(1, 28)) + self.digits(3)
        check = "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS)) % 11]
        return self.plant("person_id", body + check)

    def plate(self):
        """A plate in its plain form: province, letter, five or (green) six characters."""
        letters, digits = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"
        green = self.random.random() < 0.3
        tail = self.random.choice("DF") + self.digits(5) if green else self.digits(4) + self.random.choice(letters + digits)
        return self.plant("plate", self.random.choice("闽闽闽粤浙") + self.random.choice("DDDACE") + tail)

    def write_plate(self, plate):
        """The same plate in the way that people write it."""
        return self.plant("plate", plate[:2] + self.random.choice(("", "", "·", " ")) + plate[2:])

    def email(self):
        return self.plant("email", "".join(self.random.choice("abcdefghkmnprstw") for _ in range(9)) + "@example.cn")

    def remark(self):
        """A sentence with something personal in it, or nothing."""
        roll = self.random.random()
        if roll < 0.30:
            return self.random.choice(("请回电%s。", "联系电话：%s", "我的手机号是%s，随时可以打", "（电话 %s）")) % self.phone()
        if roll < 0.38:
            return self.random.choice(("本人身份证号%s。", "身份证 %s，可以实名")) % self.person_id()
        if roll < 0.46:
            return "可以发邮件到%s。" % self.email()
        return ""

    def plate_remark(self, plate):
        return self.random.choice(("车牌%s", "车牌是%s的那辆", "车号 %s 一直停着", "就是%s这辆车")) % self.write_plate(plate)

    def lines(self):
        return ["%s\t%s" % (kind, text) for text, kind in sorted(self.planted.items())]
