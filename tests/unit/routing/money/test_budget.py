"""Accounts: for any sequence of claims the limit holds, and nothing counts twice."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.brief.board import Board
from routing.brief.money import claim_usd, in_flight_usd
from routing.money.budget import Account, Denied, book, denial_reason, lower, reserve, settle
from routing.planning.plan import WAVE
from schemas.money import Claim, Posting
from tests.support.factories import NOW, make_brief, make_scorecard

BY = "test"


def take(account: Account, wanted: Posting | Denied | None) -> Posting | Denied | None:
    if isinstance(wanted, Posting):
        account.post(wanted)
    return wanted


def want(account: Account, brief: str, usd: float, limit: float = 1.0) -> Posting | Denied | None:
    return take(account, reserve(account, brief, usd, limit, now=NOW, by=BY))


def end(account: Account, brief: str, usd: float, in_flight: float = 0.0) -> Posting | None:
    wanted = settle(account, brief, usd, in_flight, now=NOW, by=BY)
    take(account, wanted)
    return wanted


def test_repeating_a_reservation_changes_nothing() -> None:
    account = Account()
    assert isinstance(want(account, "brf-1", 0.6), Posting)
    assert want(account, "brf-1", 0.6) is None
    assert want(account, "brf-1", 0.5) is None
    assert account.total_usd == pytest.approx(0.6)


def test_a_claim_rises_by_the_difference() -> None:
    account = Account()
    want(account, "brf-1", 0.6)
    assert isinstance(want(account, "brf-1", 0.9), Posting)
    assert account.total_usd == pytest.approx(0.9)
    assert want(account, "brf-1", 1.1) == Denied(pytest.approx(0.2), pytest.approx(0.9), 1.0)


def test_unspent_money_is_returned_once() -> None:
    account = Account()
    want(account, "brf-1", 0.8)
    assert isinstance(want(account, "brf-2", 0.5), Denied)
    assert isinstance(end(account, "brf-1", 0.3, in_flight=0.1), Posting)
    assert end(account, "brf-1", 0.0) is None
    assert account.claim_of("brf-1") == Claim(usd=0.4, in_flight_usd=0.1, settled=True)
    assert isinstance(want(account, "brf-2", 0.5), Posting)
    assert want(account, "brf-1", 0.9) is None, "the brief has ended: nothing more is reserved for it"


def test_spent_money_is_booked_even_above_the_limit() -> None:
    account = Account()
    want(account, "brf-1", 0.9)
    take(account, book(account, "brf-1", 1.2, now=NOW, by=BY))
    assert account.total_usd == pytest.approx(1.2)
    assert book(account, "brf-1", 1.2, now=NOW, by=BY) is None
    take(account, lower(account, "brf-1", 0.4, now=NOW, by=BY))
    assert account.total_usd == pytest.approx(0.4)
    assert lower(account, "brf-1", 0.4, now=NOW, by=BY) is None


def test_a_posting_out_of_order_is_rejected() -> None:
    account = Account()
    posting = reserve(account, "brf-1", 0.1, 1.0, now=NOW, by=BY)
    assert isinstance(posting, Posting)
    account.post(posting)
    with pytest.raises(ValueError, match="does not follow"):
        account.post(posting)


def test_a_denial_says_which_limit_would_be_enough() -> None:
    denied = Denied(needed_usd=0.8, given_usd=19.6, limit_usd=20.0)
    said = denial_reason(denied, "day", "per_day_usd", "or wait")
    assert said.startswith("the budget of the day is spent: $19.60 of $20.00 are held or spent, and $0.80 more")
    assert "raise per_day_usd to at least 20.40, or wait" in said
    account = Account()
    want(account, "brf-1", 19.6, 20.0)
    assert isinstance(want(account, "brf-2", 0.8, denied.enough_usd), Posting)


def test_tiny_prices_are_not_rounded_away() -> None:
    account = Account()
    want(account, "brf-1", 4e-7, 5e-7)
    assert isinstance(want(account, "brf-2", 4e-7, 5e-7), Denied)
    assert "$0.0000004 of $0.0000005" in denial_reason(Denied(4e-7, 4e-7, 5e-7), "day", "per_day_usd", "")


def test_the_oldest_ended_briefs_are_forgotten_but_their_money_still_counts() -> None:
    account = Account()
    for number in range(5):
        want(account, f"brf-{number}", 0.1)
        if number:
            end(account, f"brf-{number}", 0.1)
    account.forget_settled(2)
    assert set(account.claims) == {"brf-0", "brf-3", "brf-4"}
    assert account.total_usd == pytest.approx(0.5)


steps = st.tuples(
    st.sampled_from(["reserve", "settle", "lower"]), st.integers(0, 6), st.floats(0.0, 2.0), st.booleans()
)


@settings(max_examples=200)
@given(st.lists(steps, max_size=40), st.floats(0.1, 5.0))
def test_the_limit_holds_for_any_sequence_of_claims(
    asked: Iterable[tuple[str, int, float, bool]], limit: float
) -> None:
    account, written = Account(), []
    for what, number, usd, restart in asked:
        brief = f"brf-{number}"
        if what == "reserve":
            wanted = reserve(account, brief, usd, limit, now=NOW, by=BY)
        elif what == "lower":
            wanted = lower(account, brief, usd, now=NOW, by=BY)
        else:
            wanted = settle(account, brief, min(usd, account.claim_of(brief).usd), 0.0, now=NOW, by=BY)
        if isinstance(take(account, wanted), Posting):
            written.append(wanted)
        assert account.total_usd <= limit + 1e-6
        assert account.total_usd == pytest.approx(sum(claim.usd for claim in account.claims.values()), abs=1e-6)
        if restart:  # another process, from a balance
            account = Account(account.balance())
    folded = Account()
    for posting in written:
        folded.post(posting)
    assert folded.balance() == account.balance()


def test_a_board_claims_what_is_spent_and_in_flight() -> None:
    brief = make_brief(draft_usd=0.01, refine_usd=0.1)
    board, _ = Board.new(brief.brief_id).apply(brief, NOW)
    assert claim_usd(board.state, brief) == pytest.approx(brief.plan.drafts * 0.01)
    board, _ = board.apply(make_scorecard(price_usd=0.02), NOW)
    assert claim_usd(board.state, brief) == pytest.approx(0.02 + (brief.plan.drafts - 1) * 0.01)
    assert in_flight_usd(board.state, brief) == pytest.approx((brief.plan.drafts - 1) * 0.01)


def test_drafts_that_were_never_sent_are_not_in_flight() -> None:
    brief = make_brief(draft_usd=0.01)
    many = brief.model_copy(update={"plan": brief.plan.model_copy(update={"drafts": 500})})
    board, _ = Board.new(many.brief_id).apply(many, NOW)
    assert in_flight_usd(board.state, many) == pytest.approx(WAVE * 0.01)
