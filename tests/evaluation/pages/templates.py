"""Kinds of sites: the same story with the navigation, banners, boxes, captions and links that each puts around it.

Modelled on how sites are built, not on any one site; all words are our own. Knows nothing of how pages are read.
"""

import json
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby

from tests.evaluation.pages.story import Block, Story

Template = Callable[[Story], str]
TAGS = {"paragraph": "p", "heading": "h2", "quote": "blockquote", "question": "p"}
OTHERS = [
    "Mussel farm wins ten more years",
    "Cape Sorrow lighthouse to open on Sundays",
    "Council delays new swimming hall again",
    "What a winter without ice has cost the valley",
    "Two hurt as crane topples on the mole",
    "The baker who delivers by rowing boat",
]
NAVIGATION = "".join(f"<li><a href='/{each.lower()}'>{each}</a></li>" for each in ("News", "Sport", "Sea", "Opinion"))
CAPTION = "The harbour seen from the mole on a grey morning in March. Photograph: Sigrid Aas/Herald"
COOKIES = "We use cookies and similar technologies to give you a better experience. Accept all Reject Manage settings"
PROMOTION = (
    "Get the Harbour Letter: the week's best stories in your inbox every Friday. By signing up you agree to our terms."
)


def markup(blocks: list[Block] | tuple[Block, ...], between: dict[int, str] | None = None) -> str:
    """Semantic HTML; `between[n]` is put after the n-th block or list."""
    out = []
    for number, (kind, group) in enumerate(_grouped(blocks)):
        texts = [escape(block.text, quote=False) for block in group]
        if kind in ("item", "number"):
            tag = "ul" if kind == "item" else "ol"
            out.append(f"<{tag}>" + "".join(f"<li>{text}</li>" for text in texts) + f"</{tag}>")
        elif kind == "row":
            rows = ["".join(f"<td>{cell}</td>" for cell in text.split(" | ")) for text in texts]
            out.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        elif kind == "quote":
            out.append(f"<blockquote><p>{texts[0]}</p></blockquote>")
        elif kind == "question":
            out.append(f"<p><strong>{texts[0]}</strong></p>")
        else:
            out.append(f"<{TAGS[kind]}>{texts[0]}</{TAGS[kind]}>")
        out.append((between or {}).get(number, ""))
    return "\n".join(out)


def _grouped(blocks: list[Block] | tuple[Block, ...]) -> Iterator[tuple[str, list[Block]]]:
    """Items and rows that follow one another together, all else alone."""
    for _, group in groupby(enumerate(blocks), lambda pair: pair[1].kind if pair[1].kind in JOINED else pair[0]):
        held = [block for _, block in group]
        yield held[0].kind, held


JOINED = ("item", "number", "row")


def teasers(tag: str = "li", count: int = 6) -> str:
    return "".join(f"<{tag}><a href='/a/{at}'>{title}</a></{tag}>" for at, title in enumerate(OTHERS[:count]))


def json_ld(story: Story, *, body: bool) -> str:
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": f"{story.date}T06:00:00Z",
        "author": {"@type": "Person", "name": story.author},
    }
    if body:
        told["articleBody"] = " ".join(block.text.replace(" | ", " ") for block in story.blocks)
    return f"<script type='application/ld+json'>{json.dumps(told)}</script>"


def page(story: Story, body: str, head: str = "") -> str:
    return (
        f"<!doctype html>\n<html lang='{story.language}'><head><meta charset='utf-8'>"
        f"<title>{escape(story.title)} | Northmere Herald</title><meta property='og:title' content=\"{escape(story.title)}\">"
        f"<meta name='author' content='{story.author}'><meta property='article:published_time' content='{story.date}'>"
        f"{head}<style>.x{{color:red}}</style></head><body>{body}</body></html>"
    )


def broadsheet(story: Story) -> str:
    """Semantic markup; figures, an aside of related links, a newsletter box and a promotion line inside the text."""
    between = {
        0: f"<figure><img src='a.jpg' alt=''><figcaption>{CAPTION}</figcaption></figure>",
        1: f"<aside class='related'><h3>Related</h3><ul>{teasers(count=3)}</ul></aside>",
        2: f"<p><strong>Read more: <a href='/a/9'>{OTHERS[4]}</a></strong></p>",
        3: f"<div class='newsletter-box'><h3>The Harbour Letter</h3><p>{PROMOTION}</p><form><input><button>Sign up"
        "</button></form></div>",
    }
    return page(
        story,
        f"<div id='cookie-consent' role='dialog'>{COOKIES}</div><header><nav><ul>{NAVIGATION}</ul></nav></header>"
        f"<main><article><header><h1>{escape(story.title)}</h1><p class='byline'>By <a href='/x'>{story.author}</a></p>"
        f"<time>{story.date}</time><ul class='share'><li>Facebook</li><li>X</li><li>Email</li></ul></header>"
        f"{markup(story.blocks, between)}<footer><p>Topics: <a href='/t'>Harbour</a> <a href='/u'>Council</a></p></footer>"
        f"</article><section class='most-read'><h2>Most read</h2><ol>{teasers()}</ol></section></main>"
        "<footer>© 2024 Northmere Herald. All rights reserved.</footer>",
        json_ld(story, body=False),
    )


def modules(story: Story) -> str:
    """Class names made by a build tool, a div for every block, captions and promotions told by nothing but place."""
    blocks = []
    for at, block in enumerate(story.blocks):
        tag = TAGS.get(block.kind, "p")
        text = escape(block.text.replace(" | ", " "))
        blocks.append(f"<div class='sc-1x{at % 3} kQz'><{tag} class='sc-9f kTn'>{text}</{tag}></div>")
        if at == 0:
            blocks.append(
                f"<div class='sc-7d qWe'><div><img src='a.jpg'></div><div class='sc-4r'><span>{CAPTION}</span></div></div>"
            )
        if at == 2:
            blocks.append(
                f"<div class='sc-2p'><p class='sc-9f'>Don't miss: <a href='/a/1'>{OTHERS[1]}</a></p></div>"
                "<div class='sc-ad'><span>Advertisement</span></div>"
            )
    recommended = "".join(
        f"<div class='sc-cc'><a href='/a/{at}'><h3>{each}</h3><p>A short text that tells what the story is about and why"
        " you may want to read it.</p></a></div>"
        for at, each in enumerate(OTHERS)
    )
    return page(
        story,
        f"<div id='root'><div class='sc-a1'><div class='sc-b2'>{''.join(f'<a href=/x{n}>Part {n}</a>' for n in range(9))}"
        f"</div></div><div class='sc-m1'><h1 class='sc-h1'>{escape(story.title)}</h1><div class='sc-by'><span>{story.author}"
        f"</span><span>{story.date} 06:00</span><span>3 min read</span></div><div class='sc-body'>{''.join(blocks)}</div>"
        f"<div class='sc-rr'><h2>More for you</h2>{recommended}</div></div><div class='sc-ft'>About us Contact Terms</div>"
        "</div><script id='__NEXT_DATA__' type='application/json'>{\"props\":{}}</script>",
        json_ld(story, body=True),
    )


def press(story: Story) -> str:
    """A blog's theme: captions as paragraphs with a class, a list of share links, an author's box, comments, tags."""
    figure = f"<div id='attachment_7' class='wp-caption aligncenter'><img src='a.jpg'><p class='wp-caption-text'>{CAPTION}</p></div>"
    end = max(1, len(story.blocks) - 2)
    between = {1: figure, end: f"<p><em>Also read: <a href='/a/2'>{OTHERS[2]}</a></em></p>"}
    comments = "".join(
        f"<li class='comment'><div class='comment-author'>{name} says:</div><p>{text}</p></li>"
        for name, text in [
            ("gull61", "I said this would happen in 2016 and nobody listened to me at the time."),
            ("Anna", "Well written, thank you. My grandfather worked there for thirty years."),
        ]
    )
    return page(
        story,
        f"<div id='page'><div id='masthead'><a href='/'>Herald</a><ul class='menu'>{NAVIGATION}</ul></div>"
        f"<div id='content'><div class='post type-post'><h1 class='entry-title'>{escape(story.title)}</h1>"
        f"<div class='entry-meta'>Posted on {story.date} by {story.author} | 2 Comments</div>"
        f"<div class='entry-content'>{markup(story.blocks, between)}"
        "<div class='sharedaddy'><h3>Share this:</h3><ul><li><a href='#'>Facebook</a></li><li><a href='#'>Print</a></li></ul>"
        f"</div><div class='jp-relatedposts'><h3>Related</h3>{teasers('p', 3)}</div></div>"
        f"<div class='author-box'><h4>About {story.author}</h4><p>{story.author} has written about the coast for the Herald"
        " since 2009 and lives with two dogs in Upper Vale.</p></div>"
        f"<div class='tags'>Tags: <a href='/t'>harbour</a>, <a href='/t'>council</a></div></div>"
        f"<div id='comments'><h2>2 thoughts on this</h2><ol class='commentlist'>{comments}</ol>"
        "<p>Leave a Reply. Your email address will not be published.</p></div></div>"
        f"<div id='secondary' class='widget-area'><h3>Recent posts</h3><ul>{teasers()}</ul></div></div>",
    )


def breaks(story: Story) -> str:
    """An old site: tables for layout, no paragraphs, two line breaks between them, a caption in small italics."""
    text = "<br><br>\n".join(
        (f"<b>{escape(b.text)}</b>" if b.kind in ("heading", "question") else escape(b.text.replace(" | ", " ")))
        for b in story.blocks
    )
    return page(
        story,
        f"<table width=100%><tr><td colspan=3><a href='/'>Home</a> | <a href='/n'>News</a> | <a href='/c'>Contact</a></td>"
        f"</tr><tr><td width=150 valign=top><font size=1>{teasers('div')}</font></td><td valign=top>"
        f"<font size=5><b>{escape(story.title)}</b></font><br><font size=1>{story.author}, {story.date}</font><br><br>"
        f"<table align=right width=200><tr><td><img src=a.jpg></td></tr><tr><td><font size=1><i>{CAPTION}</i></font></td>"
        f"</tr></table>{text}<br><br><a href='javascript:print()'>Print this page</a> | <a href='mailto:x'>Send to a friend"
        "</a></td><td width=120 valign=top><b>Weather</b><br>Cape Sorrow 7°<br>Sand Point 9°</td></tr><tr><td colspan=3>"
        "Copyright 2003 Northmere Herald</td></tr></table>",
    )


def tabloid(story: Story) -> str:
    """Galleries, videos, a repeated headline, inline boxes with headings and teasers, 'scroll down', affiliate lines."""
    box = (
        f"<div class='inline-teaser-box'><span class='label'>TOP STORY</span><a href='/a/3'><h4>{OTHERS[3]}</h4></a>"
        "<a href='/a/4'>Read the full story here</a></div>"
    )
    video = (
        "<div class='video-player'><p>To view this video please enable JavaScript and consider upgrading to a web browser"
        f" that supports HTML5 video</p><span class='video-title'>{OTHERS[0]}</span></div>"
    )
    between = {
        0: video,
        1: f"<div class='image-wrap'><img src='b.jpg'><span class='copyright'>Image:</span> <p class='imageCaption'>{CAPTION}"
        "</p></div>",
        2: box,
        3: "<p>SCROLL DOWN FOR VIDEO</p>",
        4: f"<ul class='links'>{teasers(count=3)}</ul>",
    }
    return page(
        story,
        f"<div class='top'><ul>{NAVIGATION}</ul></div><div class='content-wrapper'><div class='story-header'>"
        f"<h1>{escape(story.title)}</h1><div class='social-bar'>Share 41 Tweet 12 Comments (7)</div></div>"
        f"<div class='story-content'><h2>{escape(story.title)}</h2>{markup(story.blocks, between)}"
        "<p>Do you have a story? Email us at tips@herald.example or call 555 0101.</p>"
        "<p>Follow us on Facebook and sign up to our newsletter for more news.</p></div>"
        f"<div class='most-popular'><h3>Most popular</h3>{teasers('p')}</div></div>",
    )


def amp(story: Story) -> str:
    """AMP: its own elements, an ad between paragraphs, a list of further stories."""
    between = {
        0: f"<amp-img src='a.jpg' width=1 height=1></amp-img><p class='caption'>{CAPTION}</p>",
        2: "<amp-ad width=300 height=250><div placeholder>Advertisement</div></amp-ad>",
    }
    return page(
        story,
        f"<amp-sidebar id='s'><ul>{NAVIGATION}</ul></amp-sidebar><amp-consent id='c'><div>{COOKIES}</div></amp-consent>"
        f"<article><h1>{escape(story.title)}</h1><div class='meta'>{story.author} · {story.date}</div>"
        f"<div class='article-content'>{markup(story.blocks, between)}</div></article>"
        f"<section class='more'><h3>Read next</h3><ul>{teasers()}</ul></section>",
        json_ld(story, body=False),
    )


def hidden_body(story: Story) -> str:
    """The page is drawn by a script: its HTML has a teaser, the article is in the page's JSON-LD alone."""
    return page(
        story,
        f"<div id='app'><h1>{escape(story.title)}</h1><p>{escape(story.blocks[0].text)}</p><p>Loading …</p>"
        f"<div>{teasers('p')}</div></div>",
        json_ld(story, body=True),
    )


def agency(story: Story) -> str:
    """Short paragraphs in divs, a dateline, a key-points list above, standards and contacts below."""
    body = "".join(
        f"<div class='text__text paragraph-{at}' data-testid='paragraph-{at}'>{escape(b.text.replace(' | ', ' '))}</div>"
        for at, b in enumerate(story.blocks)
    )
    return page(
        story,
        f"<nav><ul>{NAVIGATION}</ul></nav><main><div class='article-header'><h1>{escape(story.title)}</h1>"
        f"<div>By {story.author}</div><div>{story.date} 6:00 AM UTC · Updated 2 hours ago</div>"
        "<div class='toolbar'><button>Text</button><button>Small Text</button><button>Share</button></div></div>"
        f"<div class='article-body__content'><div class='figure'><img src='a.jpg'><div class='figure__caption'>{CAPTION}"
        "<a href='/licence'>Purchase Licensing Rights</a></div></div>"
        f"{body}<p class='sign-off'>Reporting by {story.author}; Editing by Ola Berg</p>"
        "<p>Our Standards: <a href='/s'>The Herald Trust Principles</a></p></div>"
        f"<div class='suggested'><p>Suggested Topics:</p>{teasers()}</div></main>",
    )


def paywalled(story: Story) -> str:
    """Everything is there, with a box that asks for money before the last blocks and one more after them."""
    box = (
        "<div class='subscribe-panel'><h3>Keep reading for one crown</h3><p>Independent reporting costs money. Become a"
        " member today and read everything the Herald writes, on every device you own.</p><a href='/join'>Join now</a></div>"
    )
    half = max(1, len(story.blocks) // 2)
    return page(
        story,
        f"<header><ul>{NAVIGATION}</ul><a href='/login'>Log in</a></header><div class='layout'><div class='column-main'>"
        f"<span class='kicker'>Harbour</span><h1 itemprop='headline'>{escape(story.title)}</h1>"
        f"<div class='author'>{story.author}</div><div itemprop='articleBody' class='rich'>{markup(story.blocks, {half: box})}"
        f"<hr><p><i>{story.author} is a reporter at the Herald.</i></p>{box}</div></div>"
        f"<aside class='column-side'><h3>Latest</h3>{teasers('div')}</aside></div>",
    )


def sections(story: Story) -> str:
    """A publisher's system: every block in a section of its own, promotions in sections like the others."""
    parts = []
    for number, (kind, group) in enumerate(_grouped(story.blocks)):
        parts.append(f"<section data-component='{kind}-block'><div class='wrap'>{markup(group)}</div></section>")
        if number == 0:
            parts.append(
                f"<section data-component='image-block'><figure><img src='a.jpg'><div><span>Image source, Herald</span>"
                f"<figcaption><span>Image caption,</span> {CAPTION}</figcaption></div></figure></section>"
            )
        if number == 2:
            parts.append(
                f"<section data-component='links-block'><div><h2>More on this story</h2><ul>{teasers(count=4)}</ul></div></section>"
            )
    return page(
        story,
        f"<nav><ul>{NAVIGATION}</ul></nav><main id='main-content'><article><section data-component='headline-block'>"
        f"<h1>{escape(story.title)}</h1></section><section data-component='byline-block'><span>{story.author}</span>"
        f"<time>14 hours ago</time></section>{''.join(parts)}<section data-component='tag-list'><ul><li><a href='/t'>Harbour"
        f"</a></li><li><a href='/t'>Northmere</a></li></ul></section></article></main><footer>Copyright Herald</footer>",
        json_ld(story, body=False),
    )


def brief(story: Story) -> str:
    """A page with far more furniture than article: teasers with texts of their own on every side."""
    cards = "".join(
        f"<div class='card'><h3><a href='/a/{at}'>{each}</a></h3><p>The harbour office said on Monday that it would look into"
        f" the matter and answer before the end of the year, as it did in {2010 + at}.</p></div>"
        for at, each in enumerate(OTHERS * 2)
    )
    return page(
        story,
        f"<div class='grid'><div class='left'>{cards}</div><div class='middle'><h1>{escape(story.title)}</h1><p class='date'>"
        f"{story.date}</p><div class='txt'>{markup(story.blocks)}</div></div><div class='right'>{cards}</div></div>"
        f"<div class='bottom'>{COOKIES}</div>",
    )


def misnamed(story: Story) -> str:
    """The article itself stands in elements named after furniture: sharing, sidebars, tags, ads, promotions."""
    half = len(story.blocks) // 2
    return page(
        story,
        f"<div class='page with-sidebar has-ads'><div class='social-share-enabled newsletter-active'><div class='nav-offset'>"
        f"<h1 class='share-title'>{escape(story.title)}</h1><div class='article-tags-top promo-free' id='content-ad-wrapper'>"
        f"<div class='related-wrapper__body'>{markup(story.blocks[:half])}</div><div class='sponsored-false'>"
        f"{markup(story.blocks[half:])}</div></div></div></div><div class='sidebar'><ul>{teasers()}</ul></div></div>",
    )


def posts(story: Story) -> str:
    """A live blog's markup: every heading begins a post of its own, with a time, a permanent link and share links."""
    out: list[str] = []
    held: list[Block] = []
    groups: list[list[Block]] = []
    for block in story.blocks:
        if block.kind == "heading" and held:
            groups.append(held)
            held = []
        held.append(block)
    groups.append(held)
    for at, group in enumerate(groups):
        heading = ""
        if group[0].kind == "heading":
            heading = f"<h2><a href='/live/bridge?post={at}'>{escape(group[0].text)}</a></h2>"
            group = group[1:]
        out.append(
            f"<article class='post'><header><time>{at} min ago</time>{heading}</header><div class='post__text'>{markup(group)}"
            "</div><ul class='post__share'><li><a href='#f'>Facebook</a></li><li><a href='#x'>X</a></li></ul></article>"
        )
    return page(
        story,
        f"<nav><ul>{NAVIGATION}</ul></nav><main><div class='live'><h1>{escape(story.title)}</h1>{''.join(out)}</div></main>"
        f"<div class='rail'><h2>Latest</h2>{teasers('p')}</div>",
    )


def gallery(story: Story) -> str:
    """A picture before every block, with a caption in small italics in the same paragraph; a credit after each."""
    out = []
    for at, block in enumerate(story.blocks):
        if at % 2 == 0:
            out.append(
                f"<p><img src='{at}.jpg'><br><em>A view of the quay, number {at}</em></p><p class='foto'><small>Foto: Aas</small></p>"
            )
        out.append(markup([block]))
    return page(
        story,
        f"<header><a href='/'>Herald</a><ul>{NAVIGATION}</ul></header><div id='main'><h1>{escape(story.title)}</h1>"
        f"<p class='info'>{story.date} | {story.author}</p><div class='bodytext'>{''.join(out)}</div></div>"
        f"<div id='right'><h4>Most read</h4><ul>{teasers()}</ul></div>",
    )


def fields(story: Story) -> str:
    """A content management system's fields, each in three elements; caption, tags and teaser are fields like the text."""

    def field(name: str, inside: str) -> str:
        return f"<div class='field field-name-{name} field-type-text'><div class='field-items'><div class='field-item even'>{inside}</div></div></div>"

    return page(
        story,
        f"<div id='page-wrapper'><div id='header'><ul class='links'>{NAVIGATION}</ul></div><div id='content' class='column'>"
        f"<h1 class='title' id='page-title'>{escape(story.title)}</h1><div class='node node-article clearfix'>"
        f"{field('field-image', '<img src=a.jpg>')}{field('field-image-caption', CAPTION)}"
        f"{field('body', markup(story.blocks))}{field('field-tags', '<a href=/t/1>Harbour</a> <a href=/t/2>Council</a>')}"
        f"<ul class='links inline'><li><a href='/login'>Log in to post comments</a></li></ul></div></div>"
        f"<div class='region-sidebar-second'>{teasers('div')}</div></div>",
    )


def articles(story: Story) -> str:
    """Every teaser on the page is an `article` with a heading and a text, before and after the one that was asked for."""
    others = "".join(
        f"<article class='teaser'><h3><a href='/a/{at}'>{each}</a></h3><p>{each}, and that is not all that happened on the coast this week.</p></article>"
        for at, each in enumerate(OTHERS)
    )
    return page(
        story,
        f"<div class='top'>{others}</div><article class='full'><h1>{escape(story.title)}</h1><p class='standfirst'></p>"
        f"{markup(story.blocks)}</article><div class='bottom'>{others}</div>",
    )


def with_links(text: str) -> str:
    """Words of a paragraph as links, several of them."""
    words = escape(text, quote=False).split(" ")
    for at in range(1, len(words) - 1, 5):
        words[at] = f"<a href='/topic/{at}'>{words[at]}</a>"
    return " ".join(words)


def encyclopaedic(story: Story) -> str:
    """Every paragraph is full of links to topics; a box of one story, linked and told, stands in the text."""
    box = f"<div class='m-rec'><span>Also here</span><h4><a href='/a/2'>{OTHERS[2]}</a></h4><p>Three bids were above the sum that was set aside.</p></div>"
    body = []
    for number, (kind, group) in enumerate(_grouped(story.blocks)):
        body.append(f"<p>{with_links(group[0].text)}</p>" if kind == "paragraph" else markup(group))
        body.append(box if number == 1 else "")
    return page(
        story,
        f"<div class='t-head'>{NAVIGATION}</div><div class='t-main'><h1>{escape(story.title)}</h1><div class='t-by'>By "
        f"{story.author}</div><div class='t-text'>{''.join(body)}</div><div class='t-rel'><h3>Elsewhere</h3>"
        f"{teasers('p', 4)}</div></div>",
    )


def cells(story: Story) -> str:
    """Tables in tables and no classes; stories told under their links around the text, and below it in its own cell."""
    told = "It was told on Monday, and a vote could come as soon as next month."
    rows = "".join(
        f"<tr><td><a href='/a/{at}'><b>{each}</b></a><br>{told}</td></tr>" for at, each in enumerate(OTHERS[:3])
    )
    below = "".join(f"<a href='/a/{at}'><b>{each}</b></a><br>{told}<br><br>" for at, each in enumerate(OTHERS[3:]))
    text = "<br><br>".join(escape(block.text.replace(" | ", " ")) for block in story.blocks)
    return page(
        story,
        f"<center><table><tr><td><a href='/'>Home</a> : <a href='/n'>News</a></td></tr></table><table><tr><td width=150>"
        f"<b>Letter</b><br>{PROMOTION}</td><td><table><tr><td><h3>{escape(story.title)}</h3><font size=1>{story.date}</font>"
        f"<br><br>{text}<br><br><font size=1>{below}</font></td></tr></table><hr><table>{rows}</table></td><td width=150><b>Poll"
        "</b><br>Should it have been done sooner?<br>Yes No</td></tr></table></center>",
    )


TEMPLATES: tuple[Template, ...] = (
    broadsheet, modules, press, breaks, tabloid, amp, hidden_body, agency, paywalled, sections, brief,
    misnamed, posts, gallery, fields, articles, encyclopaedic, cells,
)  # fmt: skip
