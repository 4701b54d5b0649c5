"""The demo shop: a page as a customer's own shop would have, with the chat in it."""

from litestar import Controller, get
from litestar.params import FromQuery
from litestar.response import Template

from casework.identity import Identity
from desk.services import TheDesk


class Shop(Controller):
    """Harbour & Pine, a shop that does not exist."""

    path = "/"
    include_in_schema = False

    @get("/")
    async def home(self, desk: TheDesk, customer: FromQuery[str] = "") -> Template:
        """The home page, as a stranger or as one of the demo customers."""
        chosen = next((c for c in desk.parts.demo_customers if c.id == customer), None)
        token = desk.tokens.sign_identity(Identity(chosen.id, chosen.name)) if chosen else ""
        context = {
            "company": desk.parts.settings.company,
            "customers": desk.parts.demo_customers,
            "chosen": chosen,
            "token": token,
            "telegram": desk.deep_link(chosen.id) if chosen else "",
            "mail": desk.parts.demo_mail is not None,
        }
        return Template("shop.html", context=context)


@get("/demo/mail", include_in_schema=False)
async def demo_mail(desk: TheDesk) -> Template:
    """The mails that a real shop's customers would get. There is no such page outside the demo."""
    sent = await desk.parts.demo_mail() if desk.parts.demo_mail else ()
    mails = [{"to": m["To"], "subject": m["Subject"], "text": m.get_content(), "at": m["Date"]} for m in sent]
    return Template("demo_mail.html", context={"mails": mails}, headers={"Cache-Control": "no-store"})
