"""Computers and printers."""

from tests.knowledgebase.matching.article import Article

WORKPLACE = (
    Article(
        code="pc-no-boot",
        kind="known_error",
        title="Computer does not start or shows a blue screen",
        symptom="My laptop does not boot or turn on. The computer shows a blue screen"
        " or startup repair.",
        cause="An empty dock or battery, a bad update, or a failing disk.",
        for_agents="Power drain: no dock, no battery, hold the button 30 seconds. Then"
        " startup repair, hardware test, loaner and rebuild.",
        for_reporters="Take it off the dock, hold the power button for 30 seconds, plug"
        " it straight into the mains.",
        service="Workplace",
        category="Hardware",
        signatures=(r"blue ?screen", r"startup repair"),
        words=("startet nicht", "bluescreen", "fährt nicht hoch", "boot", "rechner"),
    ),
    Article(
        code="pc-setup-new",
        kind="how_to",
        title="Set up a new or exchanged computer",
        symptom="Setup new workstation or laptop. Install the computer for a user,"
        " reinstall the operating system.",
        cause="Planned replacement or a new colleague.",
        for_agents="Image of the fiscal year, name by the asset tag, standard software,"
        " copy the profile, printer, hand over with a signature.",
        for_reporters="Save your files on a network drive before the exchange.",
        service="Workplace",
        category="Installation",
        signatures=(r"setup new (ws|laptop)",),
        words=("einrichten", "rechner", "installation", "ws", "new pc", "image"),
    ),
    Article(
        code="printer-not-printing",
        kind="known_error",
        title="Printer does not print",
        symptom="I cannot print. The printer is offline, jams, prints nothing or badly,"
        " or Windows wants a driver.",
        cause="A stopped queue, an outdated driver, or the device itself.",
        for_agents="Clear the queue, delete and add the printer again, then the device:"
        " paper, toner, service firm.",
        for_reporters="Switch the printer off and on, use the next one meanwhile, tell"
        " us its name.",
        service="Printing",
        category="Printer",
        words=("drucker", "druckt nicht", "defekt", "queue", "toner", "driver"),
    ),
)
