"""What people fill in. Every form has the look of templates/django/forms."""
