"""Random queries over random events, answered by the engine and by Saxon-HE: equal, or explained here."""

import base64
import os
import pathlib
import re
import subprocess
import sys

from generate import Generator

SAXON = pathlib.Path("/usr/share/java/Saxon-HE.jar")
HERE = pathlib.Path(__file__).parent
SKIPPED = 77
COUNT = int(os.environ.get("CLACKS_DIFFERENTIAL_COUNT", "2000"))
SEED = int(os.environ.get("CLACKS_DIFFERENTIAL_SEED", "1"))


def explained(query, ours, theirs):
    """Why two answers may differ, or None."""
    if re.fullmatch("![a-z-]+", ours):
        return None  # a limit of our own, or something that is not evaluated
    if theirs == "!internal":
        # Of Java: substring() beyond what its arrays hold, an optimizer that never ends.
        return "Saxon fails by itself"
    if ours.startswith("!") and theirs.startswith("!"):
        # XQuery 3.1, 2.3.4: with several errors in an expression it is free which is raised.
        return "both are errors"
    if "!" in (ours[:1], theirs[:1]):
        # The same section: an operand that is not needed need not be evaluated, so its error may be missed.
        return "an error in an operand that one of them does not need"
    if " div " in query and ours.replace("decimal:", "integer:") == theirs.replace("decimal:", "integer:"):
        # Functions and Operators 3.1, 4.2.4: the quotient of two integers is a decimal; floor() keeps that.
        return "Saxon makes an integer of a quotient"
    return None


def answers(command, lines):
    output = subprocess.run(command, input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True, check=True)
    return output.stdout.split("\n")[: len(lines)]


def shown(answer):
    return answer if answer.startswith("!") else "= " + base64.b64decode(answer[1:]).decode()


def main():
    if not SAXON.exists():
        print("skipped: Saxon-HE is not installed (package libsaxonhe-java)")
        return SKIPPED
    cases = []
    for i in range(COUNT):
        generator = Generator(SEED * 1_000_000 + i)
        cases.append((generator.event(), generator.query()))
    lines = [" ".join(base64.b64encode(part.encode()).decode() for part in case) for case in cases]
    ours = answers([pathlib.Path(os.environ["CLACKS_BIN"]) / "xquery-answers"], lines)
    theirs = answers(["java", "-cp", SAXON, HERE / "Answers.java"], lines)
    different, reasons = 0, {}
    for case, mine, other in zip(cases, ours, theirs):
        if mine == other:
            continue
        reason = explained(case[1], shown(mine), shown(other))
        if reason:
            reasons[reason] = reasons.get(reason, 0) + 1
            continue
        different += 1
        print("event", *case, "ours   " + shown(mine), "Saxon  " + shown(other), "", sep="\n")
    for reason, count in reasons.items():
        print(f"{count} of {COUNT} differ: {reason}")
    print(f"{different} of {COUNT} differ without a reason")
    return 1 if different else 0


sys.exit(main())
