"""How answers look: the only room that draws. Every shape comes from the same models."""
