"""Chat models: asked with numbered paragraphs, read as they write, held to what the articles carry."""
