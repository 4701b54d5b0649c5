"""Signing in, staying in, getting out."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from casework.ports import Staff
from desk.pages.guarding import csrf_of
from store.tables import sessions

PASSWORD = "correct horse battery"


@pytest.mark.parametrize("path", ["", "/queue", "/rail", "/conversations/x", "/log", "/alerts", "/looks", "/stream"])
async def test_without_a_session_nothing_of_the_desk_is_shown(company: Any, path: str) -> None:
    async with company.browser() as nobody:
        answer = await nobody.get(f"/desk{path}")
        by_script = await nobody.http.get(f"/desk{path}", headers={"X-Desk": "1"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/sign-in")
    assert by_script.status_code == 401
    assert by_script.json() == {"error": "You are signed out. Sign in again."}


async def test_after_signing_in_people_are_where_they_wanted_to_be(company: Any, asha: Staff) -> None:
    async with company.browser() as browser:
        answer = await browser.sign_in("ASHA@harbour.example ", PASSWORD, to="/desk?view=mine")
        assert answer.headers["location"] == "/desk?view=mine" or answer.headers["location"] == "/desk"
        assert "Asha" in await browser.page("/desk")


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/desk//evil.example", "/\\evil", "/chat"])
async def test_a_sign_in_never_leads_off_the_desk(company: Any, asha: Staff, to: str) -> None:
    async with company.browser() as browser:
        answer = await browser.sign_in(asha.email, PASSWORD, to=to)
    assert answer.headers["location"] == "/desk"


async def test_a_wrong_password_and_an_unknown_address_are_told_alike(company: Any, asha: Staff) -> None:
    async with company.browser() as browser:
        wrong = await browser.sign_in(asha.email, "not the password")
        unknown = await browser.sign_in("nobody@harbour.example", "not the password")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    sentence = "That e-mail address and password do not belong together."
    assert sentence in wrong.text
    assert sentence in unknown.text


async def test_after_ten_wrong_passwords_even_the_right_one_must_wait(company: Any, asha: Staff) -> None:
    async with company.browser() as browser:
        for _ in range(10):
            await browser.sign_in(asha.email, "not the password")
        answer = await browser.sign_in(asha.email, PASSWORD)
    assert answer.status_code == 429
    assert "Please wait a quarter of an hour" in answer.text


async def test_the_cookie_is_kept_from_scripts_and_the_table_keeps_only_its_hash(company: Any, asha: Staff) -> None:
    async with company.browser() as browser:
        answer = await browser.sign_in(asha.email, PASSWORD)
        token = browser.http.cookies["redress_desk"]
    flags = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("redress_desk=")).lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags
    async with company.store.database.begin() as connection:
        keys = list((await connection.execute(select(sessions.c.key))).scalars())
    assert keys == [hashlib.sha256(token.encode()).hexdigest()]


async def test_signing_out_ends_the_session_and_not_only_the_cookie(company: Any, asha: Staff) -> None:
    async with company.browser(asha) as browser:
        token = browser.http.cookies["redress_desk"]
        assert (await browser.do("/desk/sign-out")).status_code == 303
        browser.http.cookies.set("redress_desk", token, path="/desk")
        assert (await browser.get("/desk")).status_code == 303


async def test_who_is_disabled_is_out_at_once_and_cannot_come_back(company: Any, asha: Staff) -> None:
    async with company.browser(asha) as browser:
        await company.store.users.set_disabled(asha.id, True)
        assert (await browser.get("/desk")).status_code == 303
        assert (await browser.sign_in(asha.email, PASSWORD)).status_code == 401


async def test_the_sign_in_form_must_be_our_own(company: Any, asha: Staff) -> None:
    async with company.browser() as browser:
        await browser.page("/desk/sign-in")
        form = {"email": asha.email, "password": PASSWORD, "csrf": "0" * 64}
        answer = await browser.http.post("/desk/sign-in", data=form)
    assert answer.status_code == 403
    assert "redress_desk=" not in str(answer.headers)


async def test_a_sign_in_without_the_cookie_of_its_form_is_refused(company: Any, asha: Staff) -> None:
    async with company.browser() as browser:
        form = {"email": asha.email, "password": PASSWORD, "csrf": csrf_of("")}
        answer = await browser.http.post("/desk/sign-in", data=form)
    assert answer.status_code == 403
    assert "redress_desk=" not in str(answer.headers)


async def test_pages_forbid_scripts_that_are_not_ours(company: Any, asha: Staff) -> None:
    async with company.browser(asha) as browser:
        answer = await browser.get("/desk")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>" not in answer.text
