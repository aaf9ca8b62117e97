"""Django's PostgreSQL engine, which has the embedded server run when it is needed.

Settings name the engine, the socket directory as HOST and the data directory:
{"ENGINE": "servicedesk.embedded.engine", "HOST": str(socket_directory(DATA_DIR)),
"NAME": "servicedesk", "USER": "servicedesk", "DATA_DIR": str(DATA_DIR)}.
"""
