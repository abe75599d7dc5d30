"""Public opinion: a forum's feed in RSS 2.0, the newest forty posts: of the city's problems, some copied word for word, some edited later, and chatter."""

from email.utils import formatdate
from html import escape

import ident
from lines import State
from server import Answer

PLATFORM = "p16"
PATH, NEWEST, SHARE = "/opinion/feed.xml", 40, 0.12
QUIET = {PATH: ('<rss version="2.0"><channel><title>鹭岛论坛</title><link>https://bbs.example.cn/</link><description>-</description></channel></rss>',
                "application/rss+xml; charset=utf-8")}
CHATTER = (("湖里区哪里的沙茶面好吃", "求推荐，周末想带朋友去。"), ("五缘湾的晚霞", "今天的晚霞真好看，随手拍一张。"), ("地铁几点末班", "从湖里创业园站出发的末班车是几点？"))


def post(number, at, title, text, author):
    """Markup in the text is written twice escaped, as forums do."""
    return ('<item><title>%s</title><link>https://bbs.example.cn/t/%s?utm_source=rss</link><guid isPermaLink="false">%s</guid><pubDate>%s</pubDate><author>%s</author>'
            "<description>%s</description></item>" % (escape(title), number, number, formatdate(at, localtime=False), author, escape("<p>%s</p>" % escape(text))))


def prepare(town):
    line, subjects = town.line(), {}

    def add(number, at, texts, author, title):
        """One post and what its texts become, hours apart."""
        shown = [(at + 4 * 3600 * count, post(number, at, title, text, author)) for count, text in enumerate(texts)]
        line.add([State(when, at, item) for when, item in shown])
        subject = ident.subject_id(PLATFORM, "", number)
        subjects.update((item, subject) for _, item in shown)
        return subject

    count = 0
    for problem in town.problems(share=SHARE):
        report, author = town.report(problem), town.people.name()
        for copy in range(2 if town.random.random() < 0.15 else 1):
            count += 1
            number = "wb-%06d" % town.number(count)
            texts = [report.text] + ([report.text + "更新：还是没有人管。"] if town.random.random() < 0.15 else [])
            town.tell(add(number, report.at + 60 * copy, texts, author, report.title), problem)
    for title, text in CHATTER:
        count += 1
        add("wb-%06d" % town.number(count), town.at(town.random.uniform(0.1, 0.9)), [text], town.people.name(), title)

    def answer(asked):
        states = sorted(line.present(asked.now), key=lambda state: state.updated)[-NEWEST:]

        def shown():
            line.shown(states)
            for state in states:
                town.shown(subjects[state.item], state.item)
        return Answer('<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>鹭岛论坛</title><link>https://bbs.example.cn/</link><description>-</description>%s'
                      "</channel></rss>" % "".join(state.item for state in reversed(states)), "application/rss+xml; charset=utf-8", shown=shown)
    town.serve(PATH, answer)
