"""Cleans clicks: one blank between fields, the page without its query, the user in lower case."""

import nstack


class ClickCleaning(nstack.BaseService):
    def clean(self, message: str) -> str:
        user, page, time = message.split()
        return f"{user.lower()} {page.partition('?')[0]} {time}"
