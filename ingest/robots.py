"""What a site's robots.txt allows. The one module that knows protego. Knows no network."""


class Rules:
    """The rules of one site for one program."""

    def __init__(self, text: str, agent: str) -> None:
        from protego import Protego

        self._rules = Protego.parse(text)
        self._agent = agent

    def allow(self, url: str) -> bool:
        return bool(self._rules.can_fetch(url, self._agent))
