"""ERP, CRM's neighbours, Skype, collaboration, engineering."""

from tests.knowledgebase.matching.article import Article

APPLICATIONS = (
    Article(
        code="erp-logon-balancing",
        kind="known_error",
        title="ERP logon balancing error 88",
        symptom="ERP does not open and says logon balancing error, could not connect to"
        " message server.",
        cause="The computer does not reach the company's network, or an entry of the"
        " services file is missing.",
        for_agents="Check VPN or cable first. Then the logon entry and the line of the"
        " message server in the services file.",
        for_reporters="Connect to VPN or the network cable and start ERP again.",
        service="ERP",
        category="Logon",
        signatures=(r"log ?on balancing", r"\berror 88\b", r"rc=9"),
        words=("message server", "network", "vpn"),
    ),
    Article(
        code="erp-slow",
        kind="known_error",
        title="ERP is slow",
        symptom="ERP is very slow, every transaction takes minutes, for many of us"
        " here.",
        cause="A loaded line of the site or a heavy report on the server.",
        for_agents="Ask how many and where. Measure the line (ping, loss), look at the"
        " load with the ERP team. One person only: clear the client.",
        for_reporters="Log off sessions you do not need and start long reports at"
        " night.",
        service="ERP",
        category="Performance",
        words=("langsam", "performance", "slow response", "hourglass"),
    ),
    Article(
        code="erp-print-fails",
        kind="known_error",
        title="ERP documents or labels are not printed",
        symptom="Production orders, delivery notes or labels do not print from ERP."
        " Connection to the printing system is faulty; nothing comes out.",
        cause="The output device in ERP is locked or points elsewhere, or the print"
        " interface lost its connection.",
        for_agents="Look at the spool and the output device. Restart the interface if"
        " the connection fails for all, then print again from the spool.",
        for_reporters="Choose another output device. Do not print the order a second"
        " time, the spool still has it.",
        service="ERP",
        category="Printing",
        signatures=(
            r"production_order_interface",
            r"rfc[- ](connection|verbindung)",
        ),
        words=("drucken", "spool", "zebra", "label", "production order", "printout"),
    ),
    Article(
        code="business-client-fails",
        kind="known_error",
        title="Business client does not start or log in",
        symptom="business_client is not working, NetWeaver Business Client does not"
        " open, says .NET Framework is not installed, or the log-in fails. Drawings"
        " cannot be opened.",
        cause="The .NET Framework 4.5 is missing or damaged, or the connection entry is"
        " gone.",
        for_agents="Install .NET 4.5 from the software centre, restore the connection"
        " entry, then reinstall the client.",
        for_reporters="Install .NET 4.5 from the software centre and restart.",
        service="Business client",
        category="Client",
        signatures=(r"\.?net fram\w+ ?4\.5",),
        words=("business_client", "nwbc", "netweaver", "drawing"),
    ),
    Article(
        code="engineering-tool-login",
        kind="known_error",
        title="Engineering tool: log-in fails or the tool does not open",
        symptom="I cannot log in to the engineering tool. It says too many failed"
        " attempts, or it does not connect or open.",
        cause="The tool keeps its own password and locks after three attempts; the"
        " client loses its server after an update.",
        for_agents="Unlock in the administration page, set the password, delete the"
        " client's cache and start again.",
        for_reporters="Tell us your user id. Set the same password as in ERP with the"
        " password tool.",
        service="Engineering tool",
        category="Logon",
        words=("engineering_tool", "engineering tool", "eng tool", "locked"),
    ),
    Article(
        code="eu-tool-fails",
        kind="known_error",
        title="EU_tool does not work",
        symptom="EU_tool does not start, hangs, or reports an unknown error at the"
        " computer of a machine.",
        cause="The service on the plant's server stopped, or the data from ERP did not"
        " arrive.",
        for_agents="Look whether other computers are affected. Restart the service on"
        " the plant's server, check the last download from ERP.",
        for_reporters="Close the tool everywhere on this computer and restart it.",
        service="EU_tool",
        category="Application",
        words=("EU_tool", "funktioniert nicht", "geht nicht", "startet nicht"),
    ),
    Article(
        code="skype-no-sign-in",
        kind="known_error",
        title="Skype does not sign in",
        symptom="I cannot sign in to Skype. Skype shows a certificate error or does not"
        " accept my password.",
        cause="An expired certificate or an old password in Skype's cache.",
        for_agents="Delete the sign-in information, the Skype certificate and the cache"
        " folder, sign in with the full address.",
        for_reporters="Choose Delete my sign-in info in Skype and sign in anew.",
        service="Skype",
        category="Sign-in",
        words=("lync", "communicator", "anmelden", "certificate", "login"),
    ),
    Article(
        code="skype-no-audio",
        kind="known_error",
        title="No sound or microphone in Skype calls",
        symptom="I cannot hear anyone on Skype, they cannot hear me. Audio, microphone"
        " or headset fails in a call or on the tablet.",
        cause="The wrong device is chosen, or the sound driver of the tablet models is"
        " out of date.",
        for_agents="Choose the device in Skype, test call, update driver and BIOS"
        " (7350: known), try another headset.",
        for_reporters="Click the gear, Audio device, choose your headset. Dial in by"
        " telephone meanwhile.",
        service="Skype",
        category="Audio",
        words=("ton", "mikrofon", "headset", "speaker", "sound", "7350"),
    ),
    Article(
        code="skype-addin-missing",
        kind="known_error",
        title="Skype meeting button is missing in Outlook",
        symptom="The Skype meeting add-in is gone from Outlook. I cannot create a Skype"
        " meeting, the add-in gets disabled.",
        cause="Outlook disables it after a slow start.",
        for_agents="Enable the add-in, set its load behaviour to 3 in the registry,"
        " repair Office if it does not stay.",
        for_reporters="File, Options, Add-ins, Disabled items: enable Skype and restart"
        " Outlook.",
        service="Skype",
        category="Outlook",
        words=("add-in", "addin", "meeting", "invitation", "besprechung"),
    ),
    Article(
        code="collaboration-no-access",
        kind="known_error",
        title="Collaboration platform: cannot log in or open a page",
        symptom="I cannot open or log in to collaboration_platform. Access denied on a"
        " site or a link, or it keeps loading.",
        cause="A second account signed in, a stale browser session, or no right on the"
        " site.",
        for_agents="Private window first. Access denied: name the site's owner, who"
        " grants it. All pages: check licence and sign-in status.",
        for_reporters="Close all browser windows, sign in with your mail address. For"
        " Access denied press Request access.",
        service="Collaboration",
        category="Access",
        words=("collaboration_platform", "sharepoint", "site", "access denied", "hub"),
    ),
    Article(
        code="collaboration-not-syncing",
        kind="known_error",
        title="Files or notebooks do not sync with the collaboration platform",
        symptom="Files do not sync to collaboration_platform. OneNote does not sync or"
        " open, upload hangs.",
        cause="Forbidden characters or long paths, a full quota, or an old password in"
        " the sync client.",
        for_agents="Read the list of faults in the client, repair, set the connection"
        " up anew. Check path length.",
        for_reporters="Rename the files named in the list, pause and resume syncing.",
        service="Collaboration",
        category="Sync",
        words=("onedrive", "onenote", "one note", "sync", "notebook", "upload"),
    ),
    Article(
        code="ethics-training",
        kind="known_error",
        title="Ethics training does not open, play or finish",
        symptom="I cannot open the ethics course. The training page asks for Flash"
        " Player, is stuck on a page, or shows no course for me.",
        cause="Flash is off in the browser, or the learner's record is not assigned.",
        for_agents="Enable the Flash add-on in Internet Explorer and compatibility"
        " view. Missing record: pass to the compliance team.",
        for_reporters="Use Internet Explorer, allow Flash, open the course from the"
        " hub.",
        service="Training",
        category="E-learning",
        words=("ethics", "flash player", "course", "kurs", "schulung", "training"),
    ),
)
