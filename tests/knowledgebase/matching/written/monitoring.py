"""What monitoring and the telephone exchange bring in."""

from tests.knowledgebase.matching.article import Article

MONITORING = (
    Article(
        code="job-failed",
        kind="how_to",
        title="Scheduled job failed in the job scheduler",
        symptom="A job failed or abended in job_scheduler.",
        cause="Mostly a lock, late input or a full file system; the log of the step"
        " says which.",
        for_agents="Read the log of the step, look whether the next run succeeded,"
        " restart once if the run book allows, else call the application's owner.",
        for_reporters="Reports of last night may be late. We restart the run.",
        service="Job scheduling",
        category="Batch job",
        signatures=(
            r"job \S+ failed in job_scheduler",
            r"abended job in job_scheduler",
        ),
        words=("job", "abended", "scheduler", "batch"),
    ),
    Article(
        code="job-backup-failed",
        kind="how_to",
        title="Backup job failed in the job scheduler",
        symptom="A backup job (bk, hot, cold, full, inc, arc) failed or abended in"
        " job_scheduler.",
        cause="Tape drive or device busy, connection reset between agent and backup"
        " server, or a database that was not ready.",
        for_agents="Read the session report, free the device, run the backup again"
        " before the working day. Two failures in a row: call the backup team.",
        for_reporters="Nothing to do. Yesterday's copy is still there.",
        service="Backup",
        category="Batch job",
        signatures=(
            r"job_scheduler: bk\w+",
            r"job bk\w+ failed",
            r"sid_\d+(hot|cold|arc)\w*",
            r"ipc read error",
            r"cannot write to device",
        ),
        words=("backup", "bkbackup_tool", "bkwin", "hot", "cold", "tape", "sicherung"),
    ),
    Article(
        code="job-payroll-failed",
        kind="known_error",
        title="Payroll job hr_payroll_na fails on Sunday night",
        symptom="Job hr_payroll_na_u1 to u6 failed in job_scheduler at 23:00.",
        cause="The jobs start while the payroll area is locked by the weekly close.",
        for_agents="Do not restart. Confirm with the payroll team that the lock is gone"
        " and let them start the runs on Monday.",
        for_reporters="Nothing to do. Pay is not affected.",
        service="Payroll",
        category="Batch job",
        signatures=(r"hr_payroll_na_u\d",),
        words=("payroll", "hr", "sunday"),
    ),
    Article(
        code="disk-space",
        kind="how_to",
        title="Volume of a server is nearly full",
        symptom="A volume on a server is over 85 % space consumed. Drive is now 96 %"
        " utilised. File system near capacity.",
        cause="Logs, temporary files or a grown database.",
        for_agents="Clear temporary files and old logs, look for the largest growth,"
        " extend the volume if under 10 % stay free.",
        for_reporters="Please empty folders that nobody needs.",
        service="Servers",
        category="Capacity",
        signatures=(
            r"is over \d+% space consumed",
            r"is now \d+% utilized",
            r"filesystem near capacity",
        ),
        words=("volume", "label", "server", "space available", "disk full"),
    ),
    Article(
        code="security-alert",
        kind="how_to",
        title="Alert of the security service: infection or blocked traffic",
        symptom="Security incident: possible malware, ransomware or trojan infection of"
        " a computer. Firewall drops traffic, repeated outbound connections.",
        cause="A computer visited a bad address or runs unwanted software; some alerts"
        " are scanners of our own.",
        for_agents="Find computer and user by the source address. Infection: take it"
        " off the network, full scan, rebuild. Blocked scan: note the address, close.",
        for_reporters="Leave the computer on, pull the network cable, call us.",
        service="Security",
        category="Security alert",
        signatures=(
            r"\bdsw (in|incident)",
            r"security incidents? - \(",
            r"\bvid\d{4,6}\b",
            r"incident overview",
        ),
        words=("malware", "trojan", "ransomware", "firewall", "asa", "isensor"),
    ),
    Article(
        code="blank-call",
        kind="faq",
        title="Record a call with nobody on the line",
        symptom="Blank call, ghost call, loud noise, nobody speaks.",
        cause="The line was cut or a number was dialled by chance.",
        for_agents="Say the greeting twice, wait 20 seconds, record it with the"
        " interaction id and close. Call back if a number was shown.",
        for_reporters="Call again, please. We could not hear you.",
        service="Service desk",
        category="Call",
        signatures=(r"\b(blank|ghost|silent) call\b",),
        words=("noise", "gso", "hung up", "disconnected"),
    ),
)
