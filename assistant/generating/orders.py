"""Whether an article gives orders to language models: "ignore previous instructions", a made-up system message.

Such an article is only ever quoted: a chat model does not get to read it, and no sentence of a model rests on it. That
is a second wall behind the check of every sentence, for what an article says it also carries. Patterns, in a dozen
languages, and the marks of chat templates: 7 of 11,298 texts of the evaluation sets match, none of them an attack, and
such a text is still quoted. An attack in other words still has to pass the check. Knows one text.
"""

import re

OBJECT = (
    r"(?:instruction|prompt\b|rules?\b|guideline|guardrail|directive|anweisung|instrucci|istruzion|instru[çc]|polecen|"
    r"instructie|instrukc|talimat|指令|指示|命令|التعليمات|инструкц|निर्देश|คำสั่ง|지시)"
)
IGNORE = (
    r"(?:ignor\w*|disregard|forget\b|override|bypass|do not follow|stop following|vergiss|missachte|oublie\w*|"
    r"olvida\w*|dimentica\w*|esque[çc]a\w*|negeer|zignoruj|忽略|无视|تجاهل|игнорир\w*|забудь\w*|เพิกเฉย)"
)
VERB_LAST = r"(?:無視|अनदेखा|yok say|무시)"
MODEL = r"(?:ai\b|a\.i\.|llm\b|(?:large )?language model|chatbot|assistant\b|chat model|gpt)"
SPOKEN_TO = (
    rf"(?:if you are|you are|dear|note to|message to|attention|to|hey)\s*,?\s*(?:(?:an?|the|any|all)\s+)?{MODEL}"
)
TELL = r"(?:say|print|reply|respond|output|repeat|reveal|translate|append|recite|echo)"
BEGINS = r"(?:^|[.!?…;>:।。\u200b]\s*|\b(?:must|please|then|and|now)\s+)"
OBEYING = r"(?:must (?:now|begin|start|answer|say|ignore|obey|reply|respond|not)|will now)"
ORDERS = re.compile(
    "|".join(
        (
            # leave the instructions
            rf"{IGNORE}[^.!?。\n]{{0,60}}{OBJECT}",
            rf"{OBJECT}[^.!?।。\n]{{0,25}}{VERB_LAST}",
            r"\b(?:forget|disregard|ignore) (?:the|this|everything|all)\b[^.!?\n]{0,20}\b(?:question|above|below)",
            # you there
            rf"\b{SPOKEN_TO}\s*(?:reading|:|you\b)",
            rf"\bif you are (?:an? )?{MODEL}",
            rf"\b(?:ai|assistant|chatbot) {OBEYING}\b",
            r"\byou are (?:now|no longer) (?:dan\b|an? (?:ai|model|bot)|unrestricted|bound)|\byou are unrestricted",
            r"\bfrom now on,? you (?:are|must|will)\b|\bnew (?:task|instructions?)\s*:",
            r"\b(?:developer|god|debug) mode\b.{0,20}\b(?:on|enabled|active)",
            # what you were told
            r"\b(?:your|the|this) (?:system )?(?:prompt|instructions)\b[^.!?\n]{0,30}\b(?:in full|above|verbatim)",
            r"\b(?:your|outranks? the) (?:system prompt|instructions|hidden text|guidelines)\b|\bhidden text above\b",
            # made-up messages
            r"(?:^|[\n>\]])\s*(?:system|assistant|developer)\s*:|(?:human|user):[^\n]{0,80}\bassistant:",
            r"<\|[a-z_]+\|>|\[/?INST\]|<</?SYS>>|^#{2,}\s*(?:system|assistant|instruction)\b",
            r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant)",
            r"</?(?:article|articles|context|data|system|instructions|tool_result|document)>",
            r"\b(?:BEGIN|END) [0-9a-f]{12,}\b",
            # say this
            rf"{BEGINS}{TELL}\s*(?:this|exactly|only|with|back|after me)?\s*:\s*\S",
            rf"{BEGINS}{TELL} (?:with |only |exactly |back |the words? |just )*[\"“'‘«][^\"”'’»]{{1,80}}[\"”'’»]",
            r"(?:^|[.!?…]\s+)(?:reveal|print|show|output) (?:your|the) (?:system|hidden|secret|instructions|prompt)",
            # hidden from people
            r"<!--|display\s*:\s*none|<script\b|<iframe\b|\bonload\s*=|javascript:\w+\(",
            r"[\u202d\u202e]|[\U000e0020-\U000e007e]{2}",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)


def gives_orders(text: str) -> bool:
    """Whether `text` speaks to a language model rather than to a reader."""
    return ORDERS.search(text) is not None
