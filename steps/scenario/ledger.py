"""The ledger of a scenario: everything that the app did to the world since the When, against what
the scenario says it did.

What a scenario does not state did not happen: a scenario without a word about effects has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from steps.scenario.driver import Driver, Pair
from steps.scenario.effects import PARTIES, Effect, Party


class Ledger:
    """``before`` is the pair that was stored when the When came."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._named: Mapping[Party, Sequence[str]] = {}
        self.before: Pair | None = None
        self.stored_before: bytes | None = None
        self.keys_before: list[str] = []
        self.windows_before = 0

    def begin(self) -> None:
        """The When comes."""
        self._driver.rest()
        self.before = self._driver.tokens()
        self.stored_before = self._driver.stored()
        self.keys_before = self._driver.keys()
        self.windows_before = self._driver.windows()
        self._driver.begin()

    def name(self, table: Sequence[Sequence[str]]) -> None:
        """Take what the scenario names:
        one row for each party, its effects in order with commas between.

        Raises:
            AssertionError: a row that can't be read.
        """
        named: dict[Party, list[str]] = {}
        for row in table:
            assert len(row) == 2, f"a row names a party and what happened there: {row}"
            party, what = row
            assert party in PARTIES, f"{party!r} is none of {', '.join(PARTIES)}"
            assert party not in named or party == "notice", f"{party} has two rows"
            named.setdefault(party, []).extend([what] if party == "notice" else what.split(", "))
        self._named = named
        self.check()

    def check(self) -> None:
        """Compare, party by party.

        Raises:
            AssertionError: something else happened, or in another order.
        """
        can_tell, meant = self._driver.can_tell, self._driver.meant
        wanted = {
            party: self._driver.owed(
                party,
                [
                    meant(what) if party == "notice" else what
                    for what in self._named.get(party, ())
                    if can_tell(party, what)
                ],
            )
            for party in PARTIES
        }
        happened = self._happened()
        try:
            assert happened == wanted
        except AssertionError as error:
            # pytest shortens what it shows of both.
            error.add_note("\n".join(_differences(happened, wanted)))
            raise

    def demand_an_end(self) -> None:
        """What the When began has come to its end, or waits for time.

        Raises:
            AssertionError: it goes on and on.
        """
        endless = self._driver.endless()
        assert not endless, endless

    def order(self) -> list[str]:
        """What happened, of all parties, in order."""
        return [effect.what for effect in self._driver.effects()]

    def close(self) -> None:
        """The scenario is over.

        Raises:
            AssertionError:
            something happened that it did not name, the window is not as it should be, a request
            carried what it should not, something of the app is left, or a secret is where it must
            not be.
        """
        self._driver.rest()
        self.check()
        amiss = self._driver.amiss()
        assert not amiss, amiss
        leaks = self._driver.unknown_leaks()
        assert not leaks, leaks

    def _happened(self) -> dict[Party, list[str]]:
        effects: list[Effect] = self._driver.effects()
        return {
            party: self._driver.owed(
                party, [effect.what for effect in effects if effect.party == party]
            )
            for party in PARTIES
        }


def _differences(
    happened: Mapping[Party, Sequence[str]], wanted: Mapping[Party, Sequence[str]]
) -> Iterator[str]:
    for party in PARTIES:
        if happened[party] != wanted[party]:
            yield f"{party}, as the scenario says: {', '.join(wanted[party]) or 'nothing'}"
            yield f"{party}, as it happened: {', '.join(happened[party]) or 'nothing'}"
