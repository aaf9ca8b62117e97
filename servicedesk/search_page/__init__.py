"""One search box over tickets, articles and people."""
