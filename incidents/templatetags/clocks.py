"""Amounts of time in templates."""

from django import template

from incidents.clocks.faces import in_hours, to_the_second

register = template.Library()
register.filter("hours", in_hours)
register.filter("exactly", to_the_second)
