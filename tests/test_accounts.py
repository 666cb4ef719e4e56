"""Accounts of a story: its body, headings and captions, each where the file prints it."""

from assistant.records import Block, Role, Source, Span, Story, StoryKind
from ingest import accounts
from ingest.measure import reading

TEXT = """修文县茶园面积破万亩

青禾日报记者 林小满

2024年，修文县新建茶园3200亩，全县茶园面积突破1万亩。

## 鲜叶有了好价钱

每公斤鲜叶卖12元。

茶农采摘春茶，一天可采5公斤。（林小满 摄）
"""


def read() -> tuple[accounts.Printed, ...]:
    return reading.read("2025-03 a.txt", TEXT).accounts


def test_every_claim_is_printed_where_its_account_says() -> None:
    """The offsets of an account lead to the letters of the file."""
    for printed in read():
        for claim in printed.account.claims:
            figure = claim.figure
            assert TEXT[printed.at(figure.start) : printed.at(figure.end - 1) + 1] == figure.text


def test_a_headline_takes_what_the_body_tells_of_its_figure() -> None:
    """破万亩 has no figure of its own value here; 1万亩 of the body has the year that a headline lacks."""
    text = TEXT.replace("修文县茶园面积破万亩", "茶园面积突破1万亩")
    printed = reading.read("2025-03 a.txt", text).accounts
    heading = next(one for one in printed if one.account.text.startswith("茶园面积"))
    body = next(one for one in printed if one.account.text.startswith("2024年"))
    (claim,) = heading.account.claims
    told = next(claim for claim in body.account.claims if claim.figure.text == "突破1万亩")
    assert (claim.subject, claim.metric, claim.period) == (told.subject, told.metric, told.period)
    assert text[heading.at(claim.figure.start) :].startswith("突破1万亩")


def test_a_sub_heading_stands_where_what_it_heads_begins() -> None:
    """A heading of two lines is one; what stands before all of the body heads nothing."""
    rows = [
        (Role.HEADING, "标题"),
        (Role.BODY, "第一段。"),
        (Role.HEADING, "上半"),
        (Role.HEADING, "下半"),
        (Role.BODY, "第二段。"),
    ]
    blocks = tuple(Block(role, text, (Span(0, at * 10, at * 10 + len(text)),)) for at, (role, text) in enumerate(rows))
    story = Story("s", "p", Source("a.txt"), StoryKind.NEWS, blocks)
    assert [(words, story.text[at:]) for at, words in accounts.sections(story)] == [("上半下半", "第二段。")]
