"""`manage.py up`: database, web server, worker, beat and watchdog in
one terminal."""
