"""Files that people attach: what we take, how we keep it, how we hand it out."""
