"""VPN, wireless, file service, and what only monitoring reports about networks."""

from tests.knowledgebase.matching.article import Article

NETWORK = (
    Article(
        code="vpn-no-connect",
        kind="known_error",
        title="VPN does not connect or drops",
        symptom="I cannot connect to VPN. VPN is not working, disconnects, or its page"
        " gives an error.",
        cause="A stale client session, a home network that blocks it, or the add-on of"
        " the browser is blocked.",
        for_agents="Test the internet first. Clear the browser's cache, allow the"
        " add-on, try the other gateway, reinstall the client.",
        for_reporters="Check that the internet works, restart, use Internet Explorer,"
        " and try the second address of VPN.",
        service="VPN",
        category="Remote access",
        words=("verbindung", "remote", "home office", "anyconnect", "disconnect"),
    ),
    Article(
        code="vpn-access-request",
        kind="how_to",
        title="Ask for VPN access",
        symptom="I need VPN access. A new employee or a vendor has to work from home"
        " and has no right to VPN.",
        cause="VPN is only for members of a group; it is not given with the account.",
        for_agents="Obtain the manager's approval, add the user to the group, send the"
        " instructions. Vendors get an end date.",
        for_reporters="Let your manager approve, name user id and computer.",
        service="VPN",
        category="Access",
        words=("zugang", "antrag", "remote access", "new employee", "vendor"),
    ),
    Article(
        code="wifi-no-connect",
        kind="known_error",
        title="Computer does not join the office wireless network",
        symptom="I cannot connect to the wifi at the office. The wireless network is"
        " not found or very slow on my laptop.",
        cause="The switch of the wireless card is off, the certificate is missing, or"
        " the access point nearby is down.",
        for_agents="One person: switch, driver, forget and join again, group policy."
        " Several: treat as a fault of the access point.",
        for_reporters="Switch wireless off and on, restart, and use the cable until"
        " then.",
        service="Wireless network",
        category="Connection",
        words=("wlan", "wi-fi", "wireless", "funknetz"),
    ),
    Article(
        code="drives-not-mapped",
        kind="known_error",
        title="Network drives are missing or cannot be reached",
        symptom="I cannot see my network drives. A drive is disconnected, not mapped,"
        " or mapped to the wrong server.",
        cause="The log-in script did not run, mostly because the log-in was without"
        " network or VPN, or the home site is wrong in the directory.",
        for_agents="Ping the server. Run the log-in script by hand, check site and"
        " group. If nobody reaches the server, treat as an outage.",
        for_reporters="Connect the cable or VPN, log off and on. The drives come back"
        " within a minute.",
        service="File service",
        category="Drives",
        words=("laufwerk", "keine verbindung", "mapped", "drive", "server"),
    ),
    Article(
        code="files-restore",
        kind="how_to",
        title="Get back a deleted or overwritten file or folder",
        symptom="I deleted or overwrote a file on the server by mistake. A folder is"
        " gone. Please restore it from the backup.",
        cause="Shares are copied every night; earlier versions stay for 30 days.",
        for_agents="Try previous versions first. Else pass path, date and time to the"
        " backup team. Local disks are not in the backup.",
        for_reporters="Right-click the folder, Previous versions. Else send us the path"
        " and when it was last good.",
        service="File service",
        category="Restore",
        words=("wiederherstellen", "gelöscht", "restore", "backup", "recover"),
    ),
    Article(
        code="site-outage",
        kind="how_to",
        title="Site, circuit or power outage reported by monitoring",
        symptom="Network outage: site is hard down since. Circuit outage, router is"
        " down, site runs on the backup line. Power outage.",
        cause="The provider's line or the power of the site failed; seldom a router.",
        for_agents="Ask the site for power, look for planned maintenance, open a case"
        " with the provider, write its number down, inform the site contact.",
        for_reporters="We know about your site and are in contact with the provider."
        " Use mobile data meanwhile.",
        service="Network",
        category="Outage",
        signatures=(
            r"(network|circuit|power) outage",
            r"site is (hard )?down",
            r"what type of outage",
        ),
        words=("router", "mpls", "dmvpn", "telecom", "provider", "hard down"),
    ),
    Article(
        code="switch-port-down",
        kind="how_to",
        title="Switch, access point or interface down in monitoring",
        symptom="Switch is down since. Interface GigabitEthernet on an access switch is"
        " down. An access point is down or defective.",
        cause="Power of a cabinet, a pulled patch cable, or a defective device.",
        for_agents="Look at the neighbour port and the cabinet's power, ask the site to"
        " check the cable, restart the device, replace it.",
        for_reporters="Use another socket or the wireless network until it is back.",
        service="Network",
        category="Device down",
        signatures=(
            r"switch is down",
            r"interface:? ?(fast|gigabit)?ethernet\S* ",
            r"access-sw\d+",
        ),
        words=("cisco", "uplink", "stack", "access point", "aircap", "interface"),
    ),
)
