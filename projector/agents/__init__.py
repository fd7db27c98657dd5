"""For agents: the public calls as tools of the Model Context Protocol."""
