"""Accounts, passwords and rights."""

from tests.knowledgebase.matching.article import Article

ACCOUNTS = (
    Article(
        code="windows-password-reset",
        kind="how_to",
        title="Reset a forgotten Windows password",
        symptom="I forgot my Windows password. I need a password reset. I cannot log in"
        " to my computer, the password is wrong.",
        cause="The password was forgotten or mistyped, often after a holiday.",
        for_agents="Identify the caller by staff number and manager. Reset the password"
        " in the directory, tick that it must be changed, stay on the line for the"
        " first log-in.",
        for_reporters="Use the self-service page from a colleague's computer, or call"
        " us with your staff number at hand.",
        service="Windows account",
        category="Password",
        words=("passwort", "kennwort", "zurücksetzen", "windows", "login"),
    ),
    Article(
        code="windows-account-locked",
        kind="how_to",
        title="Unlock a network account that is locked out",
        symptom="My account is locked. I am locked out of Windows. Please unlock my"
        " user in the directory (AD).",
        cause="Too many attempts with a wrong password; often a telephone or a second"
        " session keeps sending an old one.",
        for_agents="Unlock the account in the directory. If it locks again within the"
        " hour, find the device that sends the old password.",
        for_reporters="Wait 30 minutes or call us. Enter your newest password on every"
        " device, telephone included.",
        service="Windows account",
        category="Account",
        words=("gesperrt", "konto", "sperre", "unlock", "locked out", "ad"),
    ),
    Article(
        code="windows-password-expired",
        kind="how_to",
        title="Change a Windows password that has expired or soon will",
        symptom="My password has expired. My password expires in a few days. I am told"
        " to change my password and the new one is not accepted.",
        cause="Passwords last 90 days. Away from the office the change only works"
        " through VPN, and the new one must meet the rules.",
        for_agents="Have the caller connect by VPN, then Ctrl+Alt+Del. If it is expired"
        " already, reset it. Explain length, history and characters.",
        for_reporters="Connect to VPN, press Ctrl+Alt+Del and choose Change a password."
        " Do not repeat any of the last ten.",
        service="Windows account",
        category="Password",
        words=("abgelaufen", "läuft ab", "ändern", "expiry", "expire"),
    ),
    Article(
        code="password-self-service",
        kind="how_to",
        title="Change the passwords of several systems in the password tool",
        symptom="I want to reset my passwords with password_management_tool, the"
        " self-service password manager. The password tool does not open or refuses"
        " me.",
        cause="The tool sets Windows, ERP and portal passwords in one go; it needs an"
        " enrolled user and an allowed browser.",
        for_agents="Check that the user is enrolled. Do the reset with them in the"
        " tool, all systems ticked. If the page fails, reset by hand.",
        for_reporters="Open the password tool from the intranet, answer your questions,"
        " tick all systems, choose one new password.",
        service="Password self-service",
        category="Password",
        signatures=(r"using password_management_tool password reset",),
        words=("password_management_tool", "password manager", "password_manager_tool"),
    ),
    Article(
        code="password-not-in-sync",
        kind="known_error",
        title="New password works in one system and not in the others",
        symptom="I changed my password and now something else no longer accepts it."
        " Passwords are not synchronised; the old one is still asked for.",
        cause="The systems keep passwords of their own and stored credentials survive"
        " the change.",
        for_agents="Clear the credential manager, set the passwords equal with the"
        " password tool, lock and unlock Windows while on VPN.",
        for_reporters="Restart while connected to the network, enter the new password"
        " wherever you are asked, and set it in the password tool for all systems.",
        service="Windows account",
        category="Password",
        words=("sync", "synchronisation", "after password change"),
    ),
    Article(
        code="erp-password-reset",
        kind="how_to",
        title="Reset a forgotten ERP password",
        symptom="Please reset my password for ERP SID_34 (or another ERP system). I"
        " cannot log on to ERP, name or password is incorrect.",
        cause="ERP passwords are apart from Windows and are forgotten more often.",
        for_agents="Identify the caller, take system and user id, set an initial"
        " password, have it changed at once. Unlock in the same step.",
        for_reporters="Use the password tool, or tell us system and user id.",
        service="ERP",
        category="Password",
        words=("SID_34", "SID_37", "SID_39", "logon", "anmelden", "passwort"),
    ),
    Article(
        code="erp-account-locked",
        kind="how_to",
        title="Unlock an ERP user",
        symptom="My ERP account is locked. Please unlock my user in SID_34. Too many"
        " failed attempts in ERP.",
        cause="Wrong password several times, or the administrator's lock after the"
        " validity has ended.",
        for_agents="Look at the kind of lock. Wrong attempts: unlock, do not reset"
        " unless asked. Lock by an administrator or validity ended: manager's"
        " approval.",
        for_reporters="Tell us system and user id. Your password stays as it is.",
        service="ERP",
        category="Account",
        words=("SID_34", "gesperrt", "unlock", "entsperren", "locked"),
    ),
    Article(
        code="erp-access-missing",
        kind="how_to",
        title="Ask for missing rights in ERP",
        symptom="I have no authorisation for a transaction. I need access to an ERP"
        " system or role, the same as my colleague.",
        cause="The role is not assigned, or was lost when the job changed.",
        for_agents="Have the authorisation check (SU53) sent along, name role and"
        " approver, pass to the authorisation team.",
        for_reporters="Run /nSU53 right after the refusal and send us the picture with"
        " user, system and transaction.",
        service="ERP",
        category="Access",
        signatures=(r"\bsu53\b", r"not authori[sz]ed"),
        words=("berechtigung", "role", "transaction", "authorization", "tcode"),
    ),
    Article(
        code="crm-no-access",
        kind="how_to",
        title="Cannot log in to CRM: user disabled or without licence",
        symptom="I cannot log in to CRM. Dynamics says insufficient access or that my"
        " user is disabled.",
        cause="No licence or no security role is assigned, or the user was disabled.",
        for_agents="Check licence, business unit and role. Enable the user with the"
        " manager's approval, wait 30 minutes for the licence.",
        for_reporters="Close the browser, try again in half an hour after we confirm."
        " Tell us your manager for the approval.",
        service="CRM",
        category="Access",
        words=("dynamics", "mscrm", "msd crm", "insufficient access", "licence"),
    ),
    Article(
        code="hr-portal-login",
        kind="how_to",
        title="Employee portal or time recording refuses the log-in",
        symptom="I cannot log in to the ESS portal. I cannot see my pay slip. hr_tool"
        " or etime does not let me in; reset my portal password.",
        cause="The portal has its own password, and new staff numbers arrive a day"
        " late.",
        for_agents="Check the staff number, reset the portal password, have the page"
        " opened in Internet Explorer.",
        for_reporters="Send staff number and user id. Managers may ask for their"
        " staff.",
        service="Employee portal",
        category="Password",
        words=("ess", "hr_tool", "etime", "pay slip", "paystub", "lohnzettel"),
    ),
    Article(
        code="wifi-guest-account",
        kind="how_to",
        title="Wireless access for guests",
        symptom="A visitor needs internet. Please create a guest account or a wireless"
        " password for consultants. The guest account does not work.",
        cause="Guests get their own network; an employee must sponsor them.",
        for_agents="Create it in the sponsor portal for at most two weeks, send name"
        " and password to the sponsor only.",
        for_reporters="Open the sponsor portal, enter the guest's name, firm and dates."
        " Longer stays need your manager.",
        service="Wireless network",
        category="Access",
        words=("guest", "companyguest", "gast", "wlan", "visitor", "wifi", "sponsor"),
    ),
    Article(
        code="drive-access-request",
        kind="how_to",
        title="Ask for rights on a shared folder",
        symptom="I need access to a folder on the M drive. Please give read and write"
        " permission for a department folder on the server.",
        cause="Rights follow groups, and each folder has an owner who decides.",
        for_agents="Find the folder's owner, obtain the approval in writing, add the"
        " person to the group, ask them to log in anew.",
        for_reporters="Send the full path, the user id, read or write, and the owner if"
        " you know. Log off and on afterwards.",
        service="File service",
        category="Access",
        words=("freigabe", "schreibberechtigung", "ordner", "laufwerk", "permission"),
    ),
)
