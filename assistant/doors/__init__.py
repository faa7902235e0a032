"""The ways in for programs: the HTTP API, OpenAI's shape, MCP, and who gets in."""
