"""`manage.py up`: database, web server, worker and beat in one terminal."""
