"""Amounts of time in templates."""

from django import template

from incidents.clocks.faces import in_hours

register = template.Library()
register.filter("hours", in_hours)
