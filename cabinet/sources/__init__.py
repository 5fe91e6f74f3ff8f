"""Where rows come from. A source yields rows of text with their place; it understands none of them."""
