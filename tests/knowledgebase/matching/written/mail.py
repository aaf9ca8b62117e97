"""Outlook, mail on telephones, suspicious mail."""

from tests.knowledgebase.matching.article import Article

MAIL = (
    Article(
        code="outlook-not-opening",
        kind="known_error",
        title="Outlook does not open",
        symptom="I cannot open Outlook. Outlook does not start, stays at loading the"
        " profile, or closes at once with an error.",
        cause="A damaged profile or an add-in that crashes at the start.",
        for_agents="Start with outlook /safe, switch the add-ins off, build a new"
        " profile, then repair Office.",
        for_reporters="Restart the computer. Until it works use mail in the browser.",
        service="E-mail",
        category="Outlook",
        words=("öffnet nicht", "startet nicht", "launch", "load", "crash"),
    ),
    Article(
        code="outlook-freezes",
        kind="known_error",
        title="Outlook hangs or does not respond",
        symptom="Outlook is not responding, freezes while I open or write mails, is"
        " very slow.",
        cause="A large cached mailbox, a slow line, or the CRM add-in tracking in the"
        " foreground.",
        for_agents="End the process, switch off the CRM add-in for a test, rebuild the"
        " cache file, shorten the cached period.",
        for_reporters="Close Outlook, wait a minute, open it again. Mail in the browser"
        " is not affected.",
        service="E-mail",
        category="Outlook",
        words=("hängt", "langsam", "not responding", "freezing", "hang"),
    ),
    Article(
        code="outlook-not-receiving",
        kind="known_error",
        title="Outlook is disconnected or shows no new mail",
        symptom="My mailbox is not updating, mails do not arrive or stay in the outbox,"
        " Outlook shows disconnected or trying to connect.",
        cause="Outlook works offline, or lost the connection to the mail server.",
        for_agents="Check Work Offline, VPN, and the same mailbox in the browser. Then"
        " repair the profile.",
        for_reporters="Click Send / Receive, Work Offline, so that it is not marked."
        " Look at mail in the browser meanwhile.",
        service="E-mail",
        category="Outlook",
        words=("disconnected", "offline", "verbindung", "update", "receive", "sync"),
    ),
    Article(
        code="outlook-asks-password",
        kind="known_error",
        title="Outlook asks for the password or a certificate again and again",
        symptom="Outlook keeps asking for my password. It does not take the password. A"
        " security certificate warning comes up all the time.",
        cause="An old stored password, or a server name that the certificate lacks.",
        for_agents="Remove the stored credentials, sign out of Office, sign in with the"
        " full address. For the certificate: check date and proxy.",
        for_reporters="Enter your mail address as user name and your newest password.",
        service="E-mail",
        category="Outlook",
        words=("prompt", "credentials", "zertifikat", "passwort", "certificate"),
    ),
    Article(
        code="outlook-old-mail-missing",
        kind="how_to",
        title="Older mails, folders or archives are not shown in Outlook",
        symptom="I cannot see my old mails, only those of some days. A folder or my"
        " archive is missing in Outlook.",
        cause="The cached period is short, or the archive file was not attached after a"
        " new computer.",
        for_agents="Set the cached period to all, attach archive files, look in the"
        " online archive and in the recoverable items.",
        for_reporters="At the end of the list click on more mails on the server. Look"
        " for the folder Online archive.",
        service="E-mail",
        category="Outlook",
        words=("archiv", "archive", "old mails", "pst", "folder missing"),
    ),
    Article(
        code="mailbox-membership",
        kind="how_to",
        title="Shared mailboxes and distribution lists: members, adding to Outlook",
        symptom="I need access to a shared mailbox. Please add members to a group or a"
        " distribution list. The shared mailbox is not in my Outlook.",
        cause="Owners decide about members; a new profile does not bring shared ones"
        " back.",
        for_agents="Have the owner approve, add the member, then open the mailbox in"
        " the account settings.",
        for_reporters="Send the list or mailbox, who is to be added, and the owner's"
        " consent.",
        service="E-mail",
        category="Mailbox",
        words=("verteiler", "distribution list", "dl", "postfach", "members"),
    ),
    Article(
        code="crm-outlook-addin",
        kind="known_error",
        title="CRM is missing or fails in Outlook",
        symptom="The CRM tab is gone from the Outlook ribbon. The CRM add-in is greyed"
        " out. CRM and Outlook do not sync; configure CRM in Outlook.",
        cause="Outlook disabled the add-in after a slow start, or it is not configured"
        " for the new address of CRM.",
        for_agents="Enable the add-in, run the configuration wizard with the"
        " organisation, repair, restart Outlook.",
        for_reporters="File, Options, Add-ins, Disabled items: enable CRM and restart"
        " Outlook. Meanwhile use CRM in the browser.",
        service="CRM",
        category="Outlook",
        words=("dynamics", "mscrm", "ribbon", "addin", "track", "sync"),
    ),
    Article(
        code="mobile-mail-quarantine",
        kind="how_to",
        title="Release a telephone for company mail (ActiveSync quarantine)",
        symptom="Please activate my new iPhone. I got a message that Exchange"
        " ActiveSync is blocked until an administrator grants access. I want mail on my"
        " phone.",
        cause="Every new device waits in quarantine until it is approved.",
        for_agents="Check ownership and approval, allow the device id in quarantine. It"
        " takes up to 30 minutes.",
        for_reporters="Forward the quarantine message and say whether the phone is the"
        " company's or your own. Your own needs your manager's consent.",
        service="Mobile devices",
        category="Activation",
        signatures=(r"exchange active ?sync", r"mobile device activation"),
        words=("iphone", "handy", "blockiert", "quarantine", "smartphone"),
    ),
    Article(
        code="mobile-mail-not-syncing",
        kind="known_error",
        title="Telephone or tablet no longer fetches company mail",
        symptom="Mails do not come to my phone any more. My iPhone does not sync, the"
        " account settings are out of date.",
        cause="The password on the device is the old one, or the account has to be made"
        " anew after an upgrade.",
        for_agents="Have the password set on the device, else remove and add the"
        " account, then check the quarantine.",
        for_reporters="Enter the new password in the account settings of the phone and"
        " restart it.",
        service="Mobile devices",
        category="E-mail",
        words=("iphone", "samsung", "windows phone", "synchronisiert", "sync"),
    ),
    Article(
        code="suspicious-mail",
        kind="how_to",
        title="What to do with a suspicious mail",
        symptom="I received a strange mail, is this spam or phishing? Somebody tries to"
        " get my password. I clicked a link.",
        cause="Advertising or an attempt to steal a password passed the filter.",
        for_agents="Do not open links. Take the mail as an attachment, block the"
        " sender, reset the password if it was typed anywhere.",
        for_reporters="Do not click, do not answer. Send it to us as an attachment and"
        " delete it. Tell us at once if you have typed a password.",
        service="Security",
        category="Phishing",
        words=("spam", "phishing", "phish", "verdächtig", "fake", "virus"),
    ),
)
