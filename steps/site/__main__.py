"""Builds the site of the specification: ``python -m steps.site``.

Exit codes: 0 built, and nothing that ran failed;
1 built, and something did; 2 it could not be built.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from refapp.trusted.errors import RefappError
from steps.gherkin.specification import NotGherkin
from steps.kit import verdicts
from steps.site import frame, needed, record, site
from steps.site.pages import peers_page
from steps.site.results import State

CHECKOUT = Path(__file__).parents[2]
USAGE = 2


def main(words: list[str]) -> int:
    """Write the site to ``--out``; the exit code."""
    said, _, codes = (__doc__ or "").replace("``", "").partition("\n")
    parser = argparse.ArgumentParser(
        prog="python -m steps.site", description=said, epilog=codes.strip()
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("build/spec/site"),
        metavar="DIR",
        help="where the site goes",
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="DIR",
        help="other records, such as build/spec of another checkout",
    )
    parser.add_argument(
        "--reports",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="reports of the conformance kit, for a page of peers",
    )
    parser.add_argument(
        "--single-file", action="store_true", help="all of it as one file too, to be mailed"
    )
    parser.add_argument(
        "--messages", action="store_true", help="the records as Cucumber Messages too, beside them"
    )
    parser.add_argument(
        "--run", action="store_true", help="run first what has no result, or one of older code"
    )
    chosen = parser.parse_args(words)
    out: Path = chosen.out
    try:
        if chosen.against is not None:
            site.demand_a_record(chosen.against)
        if chosen.run:
            needed.run(CHECKOUT, CHECKOUT / record.PLACE)
        results = site.build(
            CHECKOUT,
            CHECKOUT / record.PLACE,
            out,
            chosen.against,
            single=chosen.single_file,
            reports=chosen.reports,
        )
        messages = site.write_messages(CHECKOUT, CHECKOUT / record.PLACE) if chosen.messages else []
    except RefappError as error:
        sys.stderr.write(f"{error.sentence} {error.cure}\n")
        return USAGE
    except (verdicts.Unreadable, NotGherkin) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return USAGE
    failed = 0
    for one in results.standings.values():
        if one.run is None:
            sys.stdout.write(
                f"{frame.NAMES[one.driver]}: never run "
                f"(pytest features --driver={one.driver} --record)\n"
            )
            continue
        failed += one.states[State.FAILED]
        passed = f"{one.states[State.PASSED]} passed, {one.states[State.FAILED]} failed"
        sys.stdout.write(
            f"{frame.NAMES[one.driver]}: {passed}{'; old' * one.old}{'; partial' * one.partial}\n"
        )
    sys.stdout.write("".join(f"Cucumber Messages: {one.as_uri()}\n" for one in messages))
    pages = [
        "index.html",
        *[peers_page.FILE] * bool(chosen.reports),
        *["compared.html"] * (chosen.against is not None),
        *[site.SINGLE] * chosen.single_file,
    ]
    sys.stdout.write("".join(f"The site: {(out / page).absolute().as_uri()}\n" for page in pages))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
