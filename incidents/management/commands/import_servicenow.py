from incidents.codes import ImportSource
from incidents.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Bring in a ServiceNow incident audit log (CSV, plain or .xz): every change as"
        " it happened, at its own time. Interrupted, it goes on; run again, it changes"
        " nothing."
    )
    source = ImportSource.SERVICENOW
